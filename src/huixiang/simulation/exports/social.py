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
WITH_WORDS, OF_A_REPOST = 0.2, 0.3  # shares of reposts
WORDS = ("我也遇到过。", "同感，等了好久。", "客服怎么说？", "希望早点解决", "已经换了别家", "上次去办业务也这样")
# Talk of banks that customers did not ask for: who is named in what share of it, and what is said.
TALK, OWN_SHARE = 0.25, 0.5  # of posts so many are followed by one; in so many the own bank is named
RIVALS = (("招商银行", 0.3), ("建行", 0.25), ("工行", 0.25), ("农行", 0.2))
SAYINGS = (
    ("{}的App今天又登不上去了，急死人", "negative"),
    ("{}网点排队排了一个小时", "negative"),
    ("想问一下{}的信用卡年费怎么免？", "neutral"),
    ("{}柜员态度真好，点赞", "positive"),
    ("刚在{}办完房贷，流程挺快", "positive"),
)
TAILS = (
    "",
    "，大家有没有遇到过",
    "。坐标滨江",
    "，说来话长，改天细说",
    "，陪爸妈去的",
    "。中午趁休息去的，人不少",
    "，第一次发帖",
    "！",
)


class Posts:
    """`social/posts.jsonl`, in order of posts, each followed by its reposts."""

    def __init__(self, folder: Path, bank: Bank) -> None:
        self._bank, self._dice, self._count = bank, bank.dice.of("social"), 0
        # Of their own, so that what is said is the same with and without them.
        self._spread, self._talk, self._talks = bank.dice.of("reposts"), bank.dice.of("talk of banks"), 0
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
            if self._talk.random() < TALK:
                self._say(voice)
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
            parent, text = self._passed_on(post, again)
            self._file.write(_line({
                "id": f"{post['repost_of']}-R{again + 1}", "repost_of": parent, "platform": post["platform"],
                "posted_at": later.isoformat(), "author": f"u{int(dice.integers(10**8)):08d}", "text": text,
                "followers": int(exact.exp(dice.normal(5.0, 1.5))),
            }))  # fmt: skip

    def _passed_on(self, post: Mapping[str, str], again: int) -> tuple[str, str]:
        """Which post is passed on, the original or an earlier repost of it, and what is said with it."""
        dice, text = self._spread, post["text"]
        deeper, speaks = dice.random() < OF_A_REPOST, dice.random() < WITH_WORDS
        which, word = int(dice.integers(max(1, again))), WORDS[int(dice.integers(len(WORDS)))]
        parent = f"{post['repost_of']}-R{which + 1}" if deeper and again else post["repost_of"]
        text = f"//@网友{which}:{text}" if deeper and again else text
        return parent, f"{word}{text}" if speaks and text.startswith("//@") else word if speaks else text

    def _say(self, beside: Text) -> None:
        """Somebody speaks of a bank, the own or another, an hour after another post."""
        dice, scenario = self._talk, self._bank.scenario
        is_own, edges = dice.random() < OWN_SHARE, np.cumsum([share for _, share in RIVALS])
        rival = RIVALS[int(np.searchsorted(edges, dice.random(), side="right"))][0]
        saying, _mood = SAYINGS[int(dice.integers(len(SAYINGS)))]
        at, author = aware(scenario.first_day, beside.day, beside.second + 3600), int(dice.integers(10**8))
        if at.date() > scenario.until:
            return
        self._talks += 1
        text = saying.format(scenario.bank if is_own else rival) + TAILS[int(dice.integers(len(TAILS)))]
        self._file.write(_line({
            "id": f"T{self._talks:07d}", "repost_of": None, "platform": PLATFORMS[self._talks % 3][0],
            "posted_at": at.isoformat(), "author": f"u{author:08d}", "text": text, "place": "", "followers": 150,
            "likes": 1, "reposts": 0,
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
