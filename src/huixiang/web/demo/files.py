"""Which files would the made-up bank's channels export? Four, each in another format, ending on a given day.

Three stories are told: version 8.2.0 broke face log-in and 8.2.1 mended it; at 滨江中山路 the waiting grew in the last
two months; at 云岭人民路 a lobby manager is praised.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from huixiang.web.demo.sentences import APP, BRANCH, SIGNATURES

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = 200
BROKEN_DAYS_AGO, MENDED_DAYS_AGO, QUEUES_DAYS_AGO = 48, 30, 60
OUTLETS = ["HC010101", "HC010102", "HC010201", "HC010202", "HC020101", "HC020102"]
RATINGS = {"negative": [1, 1, 2], "neutral": [3, 3, 4], "positive": [4, 5, 5]}
WEBSITE_MAPPING = """\
format = "csv"
channel = "website"
[columns]
source_id = "留言编号"
said_at = "留言时间"
branch = "网点"
product = "业务"
customer = "客户号"
text = "内容"
"""
SUGGESTION_MAPPING = """\
format = "jsonl"
channel = "suggestion_box"
[columns]
source_id = "slip"
said_at = "date"
branch = "outlet"
text = "words"
"""


@dataclass(frozen=True, slots=True)
class Said:
    """One made-up voice before it is put into a file's form."""

    number: int
    at: datetime
    text: str
    rating: int
    version: str = ""
    outlet: str = ""


def write(folder: Path, ends_on: date, seed: int = 7) -> dict[str, Path]:
    """Write all files and say which is which. The same day and seed give the same bytes."""
    dice = Random(seed)
    app, branch = list(_app(dice, ends_on)), list(_branch(dice, ends_on))
    halves = [said for said in branch if said.number % 3], [said for said in branch if not said.number % 3]
    return {
        "apple-reviews": _apple(folder / "app-store.json", app[::2]),
        "android-reviews": _android(folder / "应用市场评论.csv", app[1::2]),
        "website": _website(folder / "官网留言.csv", halves[0]),
        "suggestions": _suggestions(folder / "意见箱.jsonl", halves[1]),
    }


def _app(dice: Random, ends_on: date) -> Iterator[Said]:
    number = 0
    for ago in range(DAYS, 0, -1):
        broken = MENDED_DAYS_AGO < ago <= BROKEN_DAYS_AGO
        version = "8.1.3" if ago > BROKEN_DAYS_AGO else "8.2.0" if broken else "8.2.1"
        for _ in range(dice.randrange(5, 10) + (6 if broken else 0)):
            number += 1
            topic = "login" if broken and dice.random() < 0.6 else dice.choice(list(APP))
            odds = (0.8, 0.1, 0.1) if broken and topic == "login" else (0.38, 0.17, 0.45)
            yield _said(dice, number, ends_on - timedelta(days=ago), APP[topic], odds, version=version)


def _branch(dice: Random, ends_on: date) -> Iterator[Said]:
    number = 0
    for ago in range(DAYS, 0, -1):
        for outlet in OUTLETS:
            if dice.random() > 0.75:
                continue
            number += 1
            queues = outlet == "HC010101" and ago <= QUEUES_DAYS_AGO
            topic = "waiting" if queues and dice.random() < 0.7 else dice.choice(list(BRANCH))
            odds = (0.85, 0.1, 0.05) if queues else (0.15, 0.15, 0.7) if outlet == "HC020101" else (0.35, 0.2, 0.45)
            yield _said(dice, number, ends_on - timedelta(days=ago), BRANCH[topic], odds, outlet=outlet)


def _said(
    dice: Random, number: int, day: date, topic: dict[str, list[str]], odds: tuple[float, ...], **where: str
) -> Said:
    feeling = dice.choices(("negative", "neutral", "positive"), odds)[0]
    text = dice.choice(topic[feeling])
    if dice.random() < 0.3:
        text += dice.choice(["，希望重视", "！", "。", "，谢谢", "，真的", "…"])
    if dice.random() < 0.06:
        text += dice.choice(SIGNATURES)
    at = datetime.combine(day, time(dice.randrange(8, 22), dice.randrange(60), dice.randrange(60)), SHANGHAI)
    return Said(number, at, text, dice.choice(RATINGS[feeling]), **where)


def _apple(path: Path, voices: list[Said]) -> Path:
    entries = [
        {
            "author": {"name": {"label": f"用户{said.number:05d}"}},
            "updated": {"label": said.at.isoformat()},
            "im:rating": {"label": str(said.rating)},
            "im:version": {"label": said.version},
            "id": {"label": str(90_000_000 + said.number)},
            "title": {"label": said.text[:8]},
            "content": {"label": said.text, "attributes": {"type": "text"}},
        }
        for said in voices
    ]
    path.write_text(json.dumps({"feed": {"entry": entries}}, ensure_ascii=False), "utf-8")
    return path


def _android(path: Path, voices: list[Said]) -> Path:
    with path.open("w", encoding="gb18030", newline="") as file:
        table = csv.writer(file)
        table.writerow(["评论ID", "用户昵称", "评分", "评论内容", "评论时间", "版本号", "机型"])
        for said in voices:
            phone = ["HW-60", "MI-15", "OP-9", "VV-100"][said.number % 4]
            at = said.at.strftime("%Y年%m月%d日 %H:%M")
            stars = f"{said.rating}星"
            table.writerow([f"A{said.number}", f"机友{said.number}", stars, said.text, at, said.version, phone])
        # Two rows that no bank's export is free of: they show what quarantine is for.
        at = f"{voices[-1].at:%Y/%m/%d %H:%M}"
        table.writerow(["A-bad-1", "机友", "5星", "日期写错的一行", "2026年13月45日 10:00", "8.2.1", "MI-15"])
        table.writerow(["A-bad-2", "机友", "9星", "评分超出范围的一行", at, "8.2.1", ""])
    return path


def _website(path: Path, voices: list[Said]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(["留言编号", "留言时间", "网点", "业务", "客户号", "内容"])
        for said in voices:
            business = ["储蓄", "借记卡", "信用卡", "个人贷款"][said.number % 4]
            at = said.at.strftime("%Y-%m-%d %H:%M:%S")
            table.writerow([f"W{said.number:06d}", at, said.outlet, business, f"C{said.number % 311:05d}", said.text])
        at = f"{voices[-1].at:%Y-%m-%d %H:%M}"
        table.writerow(["W-bad-1", at, "HC999999", "储蓄", "C00001", "机构号不存在的一行"])
    return path


def _suggestions(path: Path, voices: list[Said]) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for said in voices:
            slip = {"slip": said.number, "date": f"{said.at:%Y-%m-%d}", "outlet": said.outlet, "words": said.text}
            file.write(json.dumps(slip, ensure_ascii=False) + "\n")
    return path
