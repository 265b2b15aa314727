"""What do the app stores export? Apple's customer-review feed as JSON, and the Android stores' reviews as CSV."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from huixiang.simulation import exact
from huixiang.simulation.bank import Bank
from huixiang.simulation.events.visits import GOLDEN
from huixiang.simulation.exports.tables import CsvFile
from huixiang.simulation.exports.waiting import Shelf, Text
from huixiang.simulation.moments import aware

APPLE_FILE, ANDROID_FILE = "reviews/app-store.json", "reviews/应用市场评论.csv"
APPLE_FIRST = 9_000_000_000
# Telephones with their share and the store of their maker; some go to a store for all of them.
PHONES = (
    ("HUAWEI Mate 60", 0.26, "华为应用市场"), ("HUAWEI nova 12", 0.10, "华为应用市场"),
    ("Xiaomi 15", 0.10, "小米应用商店"), ("Redmi K70", 0.12, "小米应用商店"), ("OPPO Find X7", 0.15, "OPPO软件商店"),
    ("vivo X100", 0.15, "vivo应用商店"), ("HONOR 90", 0.12, "荣耀应用市场"),
)  # fmt: skip
FOR_ALL, TO_FOR_ALL = "应用宝", 0.15
ANDROID = (
    "评论ID",
    "应用市场",
    "用户昵称",
    "评分",
    "评论标题",
    "评论内容",
    "评论时间",
    "版本号",
    "机型",
    "回复内容",
    "回复时间",
)
# The bank answers those who blame sooner and more often; hours as exp of a normal.
ANSWERED = {1: 0.62, 2: 0.55, 3: 0.35, 4: 0.12, 5: 0.08}
HOURS, SPREAD = 9.0, 1.1
REPLY = "您好，感谢您的反馈。您说的问题已转给负责的同事，我们会尽快改进。如需帮助，请在手机银行内联系在线客服。"


class Apple:
    """`reviews/app-store.json`, newest first as the feed has them: so nothing is written before the last is there."""

    def __init__(self, folder: Path, bank: Bank) -> None:
        self._path, self._first_day, self._people = folder / APPLE_FILE, bank.scenario.first_day, bank.customers
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._entries = Shelf(folder)

    def write(self, texts: Iterable[Text]) -> Iterator[tuple[str, str, Text]]:
        """The next in order of time; yields each with file and number."""
        for voice in texts:
            number = str(APPLE_FIRST + len(self._entries))
            entry = {
                "author": {"name": {"label": f"用户{self._people.known_as[voice.customer] % 1_000_003:07d}"}},
                "updated": {"label": aware(self._first_day, voice.day, voice.second).isoformat()},
                "im:rating": {"label": str(voice.rating)},
                "im:version": {"label": voice.version},
                "id": {"label": number},
                "title": {"label": voice.title},
                "content": {"label": voice.text, "attributes": {"type": "text"}},
            }
            self._entries.put(json.dumps(entry, ensure_ascii=False, indent=0))
            yield APPLE_FILE, number, voice

    def close(self) -> None:
        """Write the file."""
        with self._path.open("w", encoding="utf-8") as file:
            file.write('{\n"feed": {\n"entry": [')
            for place, entry in enumerate(self._entries.take(reversed(range(len(self._entries))))):
                file.write(f",\n{entry}" if place else f"\n{entry}")
            file.write("\n]\n}\n}\n" if len(self._entries) else "]\n}\n}\n")
        self._entries.close()


class Android:
    """`reviews/应用市场评论.csv` in GB18030, with the two unreadable rows that no export is free of."""

    def __init__(self, folder: Path, bank: Bank) -> None:
        self._first_day, self._people, self._dice = bank.scenario.first_day, bank.customers, bank.dice.of("stores")
        self._file = CsvFile(folder / ANDROID_FILE, ANDROID, encoding="gb18030")
        self._last: Text | None = None
        self._replies, self._until = bank.dice.of("store replies"), bank.scenario.until

    def write(self, texts: Iterable[Text]) -> Iterator[tuple[str, str, Text]]:
        """The next in order of time; yields each with file and number."""
        for voice in texts:
            place, self._last = self._file.rows, voice
            number, at = f"A{place + 1:07d}", f"{aware(self._first_day, voice.day, voice.second):%Y年%m月%d日 %H:%M}"
            nick = f"机友{self._people.known_as[voice.customer] % 1_000_003}"
            phone, store = self._phone(int(self._people.known_as[voice.customer]))
            self._file.write([(
                number, store, nick, f"{voice.rating}星", voice.title, voice.text, at,
                voice.version, phone, *self._reply(voice),
            )])  # fmt: skip
            yield ANDROID_FILE, number, voice

    def _reply(self, voice: Text) -> tuple[str, str]:
        """What the bank answered and when, as far as it lies in the history."""
        hours = HOURS * exact.exp(SPREAD * self._replies.normal())
        if self._replies.random() >= ANSWERED[int(voice.rating or 5)]:
            return "", ""
        at = aware(self._first_day, voice.day, voice.second + int(3600 * hours))
        return (REPLY, f"{at:%Y年%m月%d日 %H:%M}") if at.date() <= self._until else ("", "")

    def _phone(self, customer: int) -> tuple[str, str]:
        """The customer's telephone, the same each time, and the store."""
        edges = np.cumsum([share for _, share, _ in PHONES])
        phone, _, store = PHONES[int(np.searchsorted(edges, customer * GOLDEN % 1, side="right"))]
        return phone, FOR_ALL if self._dice.random() < TO_FOR_ALL else store

    def close(self) -> None:
        """Finish the file."""
        if last := self._last:
            at = f"{aware(self._first_day, last.day, last.second):%Y/%m/%d %H:%M}"
            phone, _, store = PHONES[0]
            self._file.write([
                ("A-bad-1", store, "机友", "5星", "", "日期写错的一行", "2026年13月45日 10:00", "", phone, "", ""),
                ("A-bad-2", FOR_ALL, "机友", "9星", "", "评分超出范围的一行", at, "", phone, "", ""),
            ])  # fmt: skip
        self._file.close()
