"""How fast are the pages on app reviews and social media, and is a planted release found where nothing else alarms?

`python -m benchmarks.reputation` measures on a million made-up voices; `--truth FOLDER` reads the reviews that
`huixiang simulate` wrote there instead, and holds the bursts that would have been told against truth.json.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from huixiang.channels import registry
from huixiang.channels.contract import Defaults, Fault, Refused
from huixiang.domain.calendar import mainland
from huixiang.domain.reputation import reviews
from huixiang.domain.reputation.book import read
from huixiang.domain.reputation.chains import own_words, reaches, roots
from huixiang.domain.statistics.episodes import replay
from huixiang.domain.statistics.surveillance import Rule

VOICES, REPOSTS = 1_000_000, 200_000
BANK = ZoneInfo("Asia/Shanghai")
FIRST, DAYS = date(2025, 1, 1), 730
RULE = Rule(false_alarms_a_year=0.5, fewest=5)  # as apps.reputation.bursts
SAYINGS = (
    "手机银行登不上去，急死人", "转账很方便，好用", "建行比这里快多了", "网点排队排了一个小时",
    "工行和海川银行哪家好", "柜员态度真好", "去招行办的卡，年费贵", "更新之后老是闪退，希望修一修",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--voices", type=int, default=VOICES)
    args = parser.parse_args()
    if args.truth:
        _truth(args.truth)
    else:
        _domain()
        _pages(args.voices)


def _timed(name: str, of: int, unit: str, work: Callable[[], object]) -> None:
    begin = time.process_time()
    work()
    took = time.process_time() - begin
    rate = f"{of / took:,.0f} {unit}/s" if unit else ""
    print(f"{name:58} {1000 * took:10,.1f} ms CPU  {rate}")


def _domain() -> None:
    dice = np.random.default_rng(7)
    ids = dice.integers(1, 2**63, REPOSTS).astype(np.uint64)
    parents = np.where(dice.random(REPOSTS) < 0.3, np.roll(ids, 1), dice.integers(1, 2**63, REPOSTS).astype(np.uint64))
    _timed("chains: originals of 200,000 reposts", REPOSTS, "posts", lambda: roots(ids, parents))
    root, steps = roots(ids, parents)
    posts = {"root": root, "steps": steps, "author": ids, "followers": np.full(REPOSTS, 90),
             "told": np.zeros(REPOSTS, int), "speaks": steps > 1}  # fmt: skip
    _timed("chains: reach of the ten widest", REPOSTS, "posts", lambda: reaches(posts, 10))
    texts = [f"{SAYINGS[n % 8]}//@某人{n}:转发微博" for n in range(100_000)]
    _timed("chains: own words of reposts", len(texts), "posts", lambda: [own_words(text) for text in texts])
    book = _book()
    _timed(
        "names: banks named in 100,000 posts", len(texts), "posts", lambda: [book.named(text, FIRST) for text in texts]
    )
    days = [(store, FIRST + timedelta(days=day), {kind: int(dice.poisson(9)) for kind in reviews.KINDS})
            for store in ("A", "B", "C", "D", "E", "F", "G") for day in range(DAYS)]  # fmt: skip
    until = FIRST + timedelta(days=DAYS - 1)
    panel = reviews.panel(days, FIRST, until, RULE.fewest)
    count = sum(told["all"] for _store, _day, told in days)
    _timed("bursts: a year of nights, 32 series", count, "reviews",
           lambda: replay(panel, until - timedelta(days=365), until, RULE))  # fmt: skip
    _timed("bursts: one night, 32 series", 0, "", lambda: replay(panel, until, until, RULE))


def _book() -> Any:
    from huixiang.apps import reputation

    given = (Path(reputation.__file__).parent / "data" / "banks.toml").read_text("utf-8")
    return read('[[bank]]\ncode="own"\ntitle="海川银行"\nown=true\nnames=["海川银行"]\n' + given)


def _pages(count: int) -> None:
    import os

    os.environ.setdefault("HUIXIANG_MODE", "test")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huixiang.web.settings")
    import django

    django.setup()
    from huixiang.apps.reputation import app_reviews, social
    from huixiang.lake import questions
    from huixiang.lake.questions import PostSlice, Slice
    from huixiang.lake.store import Lake

    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(Path(folder))
        _fill(lake, count)
        until = FIRST + timedelta(days=DAYS - 1)
        since, book = until - timedelta(days=91), _book()
        window = Slice(None, ("app_review",), since, until)
        posts = PostSlice(None, since, until)
        app_reviews.measures(lake, Slice(None, ("app_review",), until, until))  # compiles
        social.measures(lake, book, PostSlice(None, until, until))
        _timed(f"page: app reviews, three months of {count:,} voices, new version", 0, "",
               lambda: app_reviews.chart(app_reviews.measures(lake, window)))  # fmt: skip
        _timed("page: the same asked again", 0, "", lambda: app_reviews.chart(app_reviews.measures(lake, window)))
        _timed("page: social media, three months, names never counted", 0, "",
               lambda: social.chart(social.measures(lake, book, posts)))  # fmt: skip
        _timed("page: the same asked again", 0, "", lambda: social.chart(social.measures(lake, book, posts)))
        _add(lake, count * 2, until)
        _timed("page: app reviews, after an import into the newest month", 0, "",
               lambda: app_reviews.chart(app_reviews.measures(lake, window)))  # fmt: skip
        _timed("page: social media, after an import into the newest month", 0, "",
               lambda: social.chart(social.measures(lake, book, posts)))  # fmt: skip
        whole = Slice(None, ("app_review",), dated=True)
        _timed("form: app reviews, its stores and days", 0, "",
               lambda: (questions.span(lake, whole), questions.distinct(lake, "platform", whole)))  # fmt: skip


def _fill(lake: Any, count: int) -> None:
    """Of ten voices three are of social media, four app reviews; every fourth post was passed on."""
    from huixiang.lake.schema import POSTS, VOICES

    dice = np.random.default_rng(11)
    at_once = 50_000
    for begin in range(0, count, at_once):
        voices, posts = [], []
        for number in range(begin, min(count, begin + at_once)):
            kind, day = number % 10, FIRST + timedelta(days=int(dice.integers(DAYS)))
            channel = "social" if kind < 3 else "app_review" if kind < 7 else "website"
            voices.append(_voice(number, day, channel, int(dice.integers(1, 6))))
            if channel == "social":
                posts.append(_post(number, day, None, is_voice=True))
                if number % 4 == 0:
                    posts.append(_post(count + number, day, number, is_voice=False))
        batch = begin // at_once + 1
        lake.append_once("voices", pa.Table.from_pylist(voices, schema=VOICES), writer="b", batch=batch)
        lake.append_once("posts", pa.Table.from_pylist(posts, schema=POSTS), writer="b", batch=batch)
    lake.tidy()


def _add(lake: Any, begin: int, day: date) -> None:
    """A hundred more voices of one day, posts among them: what a bank imports every night."""
    from huixiang.lake.schema import POSTS, VOICES

    numbers = range(begin, begin + 100)
    voices = [_voice(n, day, "social" if n % 2 else "app_review", 1 + n % 5) for n in numbers]
    posts = [_post(n, day, None, is_voice=True) for n in numbers if n % 2]
    lake.append_once("voices", pa.Table.from_pylist(voices, schema=VOICES), writer="more", batch=1)
    lake.append_once("posts", pa.Table.from_pylist(posts, schema=POSTS), writer="more", batch=1)


def _voice(number: int, day: date, channel: str, star: int) -> dict[str, Any]:
    at, text = datetime(day.year, day.month, day.day, 3, tzinfo=UTC), f"{SAYINGS[number % 8]}，第{number}次"
    mood = ("negative", "neutral", "positive")[number % 3]
    replied = at + timedelta(hours=number % 60) if number % 3 == 0 else None
    return {
        "id": f"{number:024x}", "version": 1, "content_hash": "", "channel": channel, "source_id": str(number),
        "said_at": at, "said_on": day, "said_precision": "time", "month": f"{day:%Y-%m}", "received_at": at,
        "branch": None, "product": "手机银行", "product_version": f"8.{(day - FIRST).days // 45}.0",
        "rating": float(star) if channel == "app_review" else None, "title": "", "text": text,
        "reply": "您好" if replied else "", "searchable": text, "attachments": [], "extra": "{}", "sentiment": mood,
        "negative": 0.3, "neutral": 0.3, "positive": 0.4, "understood_by": "rules-1", "words": [], "phrases": [],
        "kind": "demand", "topics": [], "risks": [], "aspects": [], "findings": "{}", "bands": [],
        "duplicate_of": None, "import_id": "b", "import_row": number,
        "platform": ("华为应用市场", "App Store", "微博")[number % 3], "replied_at": replied, "about": None,
    }  # fmt: skip


def _post(number: int, day: date, parent: int | None, *, is_voice: bool) -> dict[str, Any]:
    at = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    return {
        "id": f"{number:024x}", "version": 1, "content_hash": "", "platform": "微博",
        "parent": None if parent is None else f"{parent:024x}", "is_voice": is_voice,
        "author": f"{number % 90_000:032x}", "followers": number % 5000,
        "reposts": number % 40, "comments": 1, "likes": 2, "hands": 0, "url": "",
        "said_at": at, "said_on": day, "branch": None, "month": f"{day:%Y-%m}", "import_id": "b", "import_row": number,
    }  # fmt: skip


def _truth(folder: Path) -> None:
    """Bursts that the nights of the last year would have told, by store and kind, and what was planted."""
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    first, until = (date.fromisoformat(truth[key]) for key in ("from", "to"))
    files = {"reviews/app-store.json": "apple-reviews", "reviews/应用市场评论.csv": "android-reviews"}
    days = [each for name, form in files.items() for each in _days(folder / name, form)]
    panel = reviews.panel(days, first, until, RULE.fewest, frozenset(mainland().holidays), mainland().make_up)
    found = replay(panel, max(first + timedelta(days=RULE.guard), until - timedelta(days=365)), until, RULE)
    for planted in truth["planted"]:
        if planted["kind"] == "broken_release":
            print(f"planted: {planted['version']} {planted['effective_from']}..{planted['effective_to']}")
    print(f"reviews: {len(days):,}; series: {len(panel.keys)}; bursts: {len(found)}")
    for each in found:
        at = each.alert
        told = f"since {at.since} told {at.on} {at.observed} for {at.expected:.1f} q={at.q:.2g}"
        print(f"  {at.topic:6} {at.where or '*':12} {told}")


def _days(path: Path, name: str) -> list[tuple[str, date, dict[str, int]]]:
    form, found = registry.find(name), []
    for row in form.rows(path):
        try:
            record: Any = None if isinstance(row, Refused) else form.record(row, Defaults())
        except Fault:
            continue
        if record is not None and record.said_at and record.rating:
            stars = round(record.rating)
            told = {"all": 1, "low": int(stars <= reviews.LOW), "high": int(stars >= reviews.HIGH), "copied": 0}
            found.append((record.platform, record.said_at.astimezone(BANK).date(), told))
    return found


if __name__ == "__main__":
    main()
