"""What does a monitoring vendor export of social media? JSON lines: posts, each followed by its reposts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from huixiang.simulation.bank import Bank
from huixiang.simulation.exports.waiting import Text
from huixiang.simulation.moments import aware

FILE = "social/posts.jsonl"
PLATFORMS = ("微博", "小红书", "抖音", "知乎", "黑猫投诉")
LOUD = 0.06  # share of posts that are reposted
MOST_REPOSTS = 40


class Posts:
    """`social/posts.jsonl`, in order of posts, each followed by its reposts."""

    def __init__(self, folder: Path, bank: Bank) -> None:
        self._bank, self._dice, self._count = bank, bank.dice.of("social"), 0
        path = folder / FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8")

    def write(self, texts: Iterable[Text]) -> Iterator[tuple[str, str, Text]]:
        """The next in order of time; yields each with file and number."""
        dice = self._dice
        for place, voice in enumerate(texts, self._count + 1):
            number, self._count = f"S{place:07d}", place
            followers = int(np.exp(dice.normal(5.5, 1.8)))
            reposts = int(min(dice.pareto(1.1) + 1, MOST_REPOSTS)) if dice.random() < LOUD else 0
            self._file.write(_line(self._bank, number, voice, followers, reposts))
            self._repost(number, voice, reposts)
            yield FILE, number, voice

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    def _repost(self, number: str, voice: Text, reposts: int) -> None:
        dice, scenario = self._dice, self._bank.scenario
        for again in range(reposts):
            second = voice.second + 60 * (again + 1) * int(dice.integers(1, 30))
            later = aware(scenario.first_day, voice.day, second)
            if later.date() > scenario.until:
                break
            self._file.write(json.dumps({
                "id": f"{number}-R{again + 1}", "repost_of": number, "platform": _platform(number),
                "posted_at": later.isoformat(), "author": f"u{int(dice.integers(10**8)):08d}", "text": "转发微博",
                "followers": int(np.exp(dice.normal(5.0, 1.5))),
            }, ensure_ascii=False) + "\n")  # fmt: skip


def _platform(number: str) -> str:
    return PLATFORMS[int(number[1:]) % len(PLATFORMS)]


def _line(bank: Bank, number: str, voice: Text, followers: int, reposts: int) -> str:
    at = aware(bank.scenario.first_day, voice.day, voice.second)
    post = {
        "id": number,
        "repost_of": None,
        "platform": _platform(number),
        "posted_at": at.isoformat(),
        "author": f"u{int(bank.customers.known_as[voice.customer]) * 7919 % 10**8:08d}",
        "text": voice.text,
        "place": bank.network.titles[voice.outlet] if voice.outlet >= 0 else "",
        "followers": followers,
        "likes": followers // 90,
        "reposts": reposts,
    }
    return json.dumps(post, ensure_ascii=False) + "\n"
