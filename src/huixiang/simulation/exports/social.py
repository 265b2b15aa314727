"""What does a monitoring vendor export of social media? JSON lines: posts, each followed by its reposts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.voices import Said
from huixiang.simulation.moments import aware

PLATFORMS = ("微博", "小红书", "抖音", "知乎", "黑猫投诉")
LOUD = 0.06  # share of posts that are reposted
MOST_REPOSTS = 40


def write(folder: Path, bank: Bank, said: Sequence[Said]) -> list[tuple[str, Said]]:
    """`social/posts.jsonl`, in order of posts, each followed by its reposts. Returns the posts with their numbers."""
    dice, first, told = bank.dice.of("social"), bank.scenario.first_day, []
    path = folder / "social" / "posts.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for place, voice in enumerate(said, 1):
            number = f"S{place:07d}"
            told.append((number, voice))
            followers = int(np.exp(dice.normal(5.5, 1.8)))
            reposts = int(min(dice.pareto(1.1) + 1, MOST_REPOSTS)) if dice.random() < LOUD else 0
            file.write(_line(bank, number, voice, followers, reposts))
            for again in range(reposts):
                later = aware(first, voice.day, voice.second + 60 * (again + 1) * int(dice.integers(1, 30)))
                if later.date() > bank.scenario.until:
                    break
                file.write(json.dumps({
                    "id": f"{number}-R{again + 1}", "repost_of": number, "platform": PLATFORMS[place % len(PLATFORMS)],
                    "posted_at": later.isoformat(), "author": f"u{int(dice.integers(10**8)):08d}", "text": "转发微博",
                    "followers": int(np.exp(dice.normal(5.0, 1.5))),
                }, ensure_ascii=False) + "\n")  # fmt: skip
    return told


def _line(bank: Bank, number: str, voice: Said, followers: int, reposts: int) -> str:
    at = aware(bank.scenario.first_day, voice.day, voice.second)
    post = {
        "id": number,
        "repost_of": None,
        "platform": PLATFORMS[int(number[1:]) % len(PLATFORMS)],
        "posted_at": at.isoformat(),
        "author": f"u{voice.customer * 7919 % 10**8:08d}",
        "text": voice.utterance.text,
        "place": bank.network.titles[voice.outlet] if voice.outlet >= 0 else "",
        "followers": followers,
        "likes": followers // 90,
        "reposts": reposts,
    }
    return json.dumps(post, ensure_ascii=False) + "\n"
