"""What does a monitoring vendor export of social media? JSON lines: posts, each followed by its reposts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from huixiang.simulation import exact
from huixiang.simulation.bank import Bank
from huixiang.simulation.exports.waiting import Text
from huixiang.simulation.moments import aware

FILE = "social/posts.jsonl"
# Each platform with its share of posts, and what a repost there says; where there are no words, nothing is reposted.
PLATFORMS = (
    ("微博", 0.40, "转发微博"),
    ("小红书", 0.24, "分享笔记"),
    ("抖音", 0.17, "分享视频"),
    ("知乎", 0.07, "转发想法"),
)
FOR_COMPLAINTS, SHARE_OF_COMPLAINTS = "黑猫投诉", 0.2  # of posts that blame; nothing else stands there
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
            platform, words = self._platform(voice)
            followers = int(exact.exp(dice.normal(5.5, 1.8)))
            reposts = int(min(dice.pareto(1.1) + 1, MOST_REPOSTS)) if words and dice.random() < LOUD else 0
            post = _post(self._bank, number, voice, followers)
            self._file.write(_line({**post, "platform": platform, "reposts": reposts}))
            self._repost({"repost_of": number, "platform": platform, "text": words}, voice, reposts)
            yield FILE, number, voice

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    def _platform(self, voice: Text) -> tuple[str, str]:
        """Where it is posted, and what is said there where somebody posts it again."""
        if voice.sentiment == "negative" and self._dice.random() < SHARE_OF_COMPLAINTS:
            return FOR_COMPLAINTS, ""
        edges = np.cumsum([share for _, share, _ in PLATFORMS])
        name, _, words = PLATFORMS[int(np.searchsorted(edges / edges[-1], self._dice.random(), side="right"))]
        return name, words

    def _repost(self, post: Mapping[str, str], voice: Text, reposts: int) -> None:
        dice, scenario = self._dice, self._bank.scenario
        for again in range(reposts):
            second = voice.second + 60 * (again + 1) * int(dice.integers(1, 30))
            later = aware(scenario.first_day, voice.day, second)
            if later.date() > scenario.until:
                break
            self._file.write(_line({
                "id": f"{post['repost_of']}-R{again + 1}", "repost_of": post["repost_of"], "platform": post["platform"],
                "posted_at": later.isoformat(), "author": f"u{int(dice.integers(10**8)):08d}", "text": post["text"],
                "followers": int(exact.exp(dice.normal(5.0, 1.5))),
            }))  # fmt: skip


def _line(post: Mapping[str, object]) -> str:
    return json.dumps(post, ensure_ascii=False) + "\n"


def _post(bank: Bank, number: str, voice: Text, followers: int) -> dict[str, object]:
    at = aware(bank.scenario.first_day, voice.day, voice.second)
    return {
        "id": number,
        "repost_of": None,
        "platform": "",
        "posted_at": at.isoformat(),
        "author": f"u{int(bank.customers.known_as[voice.customer]) * 7919 % 10**8:08d}",
        "text": voice.text,
        "place": bank.network.titles[voice.outlet] if voice.outlet >= 0 else "",
        "followers": followers,
        "likes": followers // 90,
        "reposts": 0,
    }
