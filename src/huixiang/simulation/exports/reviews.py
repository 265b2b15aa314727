"""What do the app stores export? Apple's customer-review feed as JSON, and the Android stores' reviews as CSV."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from huixiang.simulation.events.voices import Said
from huixiang.simulation.exports.tables import CsvFile
from huixiang.simulation.moments import aware

APPLE_FIRST = 9_000_000_000
PHONES = ("HUAWEI Mate 60", "Xiaomi 15", "OPPO Find X7", "vivo X100", "HONOR 90", "Redmi K70")
STORES = ("华为应用市场", "小米应用商店", "OPPO软件商店", "vivo应用商店", "应用宝", "荣耀应用市场")
ANDROID = ("评论ID", "应用市场", "用户昵称", "评分", "评论标题", "评论内容", "评论时间", "版本号", "机型")


def apple(folder: Path, first_day: date, said: Sequence[Said]) -> list[tuple[str, Said]]:
    """`reviews/app-store.json`, newest first as the feed has them. Returns each voice with its source's number."""
    told = [(str(APPLE_FIRST + place), voice) for place, voice in enumerate(said)]
    entries = [
        {
            "author": {"name": {"label": f"用户{voice.customer % 1_000_003:07d}"}},
            "updated": {"label": aware(first_day, voice.day, voice.second).isoformat()},
            "im:rating": {"label": str(voice.rating)},
            "im:version": {"label": voice.version},
            "id": {"label": number},
            "title": {"label": voice.title},
            "content": {"label": voice.utterance.text, "attributes": {"type": "text"}},
        }
        for number, voice in reversed(told)
    ]
    path = folder / "reviews" / "app-store.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"feed": {"entry": entries}}, ensure_ascii=False, indent=0) + "\n", "utf-8")
    return told


def android(folder: Path, first_day: date, said: Sequence[Said]) -> list[tuple[str, Said]]:
    """`reviews/应用市场评论.csv` in GB18030, with the two unreadable rows that no export is free of."""
    told = [(f"A{place:07d}", voice) for place, voice in enumerate(said, 1)]
    file = CsvFile(folder / "reviews" / "应用市场评论.csv", ANDROID, encoding="gb18030")
    for place, (number, voice) in enumerate(told):
        at = f"{aware(first_day, voice.day, voice.second):%Y年%m月%d日 %H:%M}"
        file.write([(number, STORES[place % len(STORES)], f"机友{voice.customer % 1_000_003}", f"{voice.rating}星",
                     voice.title, voice.utterance.text, at, voice.version, PHONES[place % len(PHONES)])])  # fmt: skip
    if said:
        at = f"{aware(first_day, said[-1].day, said[-1].second):%Y/%m/%d %H:%M}"
        file.write([("A-bad-1", STORES[0], "机友", "5星", "", "日期写错的一行", "2026年13月45日 10:00", "", PHONES[0]),
                    ("A-bad-2", STORES[1], "机友", "9星", "", "评分超出范围的一行", at, "", PHONES[1])])  # fmt: skip
    file.close()
    return told
