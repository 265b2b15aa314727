"""How is the app judged in the stores? Stars by week and version, answers and how fast, what was copied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import ibis
import ibis.expr.types as ir

from huixiang.domain.feedback import Channel
from huixiang.domain.reputation.reviews import COPIED_FROM, HIGH, LOW
from huixiang.lake.questions.counting import STEPS
from huixiang.lake.questions.slices import Slice, ask, once_a_version, voices
from huixiang.lake.store import Lake

BY = ("", "week", "month", "product_version", "platform")
APPS = (Channel.APP_REVIEW.value,)
ALIKE = 1e-9  # a variance that is rounding alone
_KEYS = {"week": "step", "month": "step"}
_ADDED = ("of", "rated", "one", "two", "three", "four", "five", "blamed", "praised", "copied")


@dataclass(frozen=True, slots=True)
class Stars:
    """The reviews under one key: "" for all, a week's Monday, a month's first, a version or a store.

    `blamed`: high stars and words that blame; `praised`: low stars and words that praise. `first`, `last`: days.
    """

    key: str | date
    of: int
    rated: int
    one: int
    two: int
    three: int
    four: int
    five: int
    blamed: int
    praised: int
    copied: int
    mean: float | None
    deviation: float | None
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Answers:
    """Which reviews did the bank answer, and after how long? `stars` 0: those without.

    `timed`: of the answered, those of which both moments are known to the hour, the answer the later one; `before`: the
    answer is older than the review, which was written anew since.
    """

    stars: int
    of: int
    answered: int
    timed: int
    before: int
    in_a_day: int
    in_three_days: int
    hours_p50: float | None
    hours_p90: float | None


@dataclass(frozen=True, slots=True)
class Copied:
    """Reviews that say the same as an earlier one, word for word or nearly: the first's id, and how many follow it.

    `hours`: between the first and the last copy. `stores`: on how many platforms. `text`: of the earliest copy, masked.
    """

    id: str
    copies: int
    first_on: date
    last_on: date
    hours: float
    stores: int
    mean: float | None
    text: str


@dataclass(frozen=True, slots=True)
class StoreDay:
    """The reviews of one day in one store ("": not told)."""

    platform: str
    day: date
    all: int
    low: int
    high: int
    copied: int


def stars(lake: Lake, slice_: Slice, by: str = "", copied: bool = True) -> tuple[Stars, ...]:
    """How many of each star, in the order of the key? `copied` False leaves out what copies an earlier review."""
    if by not in BY:
        raise ValueError(f"{by!r} is none of {BY}")
    parts: dict[Any, list[dict[str, Any]]] = {}
    for row in _smallest(lake, slice_, copied, "month" if by == "month" else "week"):
        parts.setdefault(row[_KEYS.get(by, by)] if by else "", []).append(row)
    return tuple(_summed(key, parts[key]) for key in sorted(parts))


@once_a_version
def _smallest(lake: Lake, slice_: Slice, copied: bool, step: str) -> tuple[dict[str, Any], ...]:
    """The reviews by step of time, version and store at once: a page asks for each of them, and they add up."""
    t = _reviews(lake, slice_, copied)
    rating, whole = t.rating.cast("float64"), _whole(t)
    told: dict[str, Any] = {
        name: t.count(where=whole == n) for n, name in enumerate(("one", "two", "three", "four", "five"), 1)
    }
    told |= {
        "of": t.count(),
        "rated": t.rating.count(),
        "blamed": t.count(where=(t.rating >= HIGH) & (t.sentiment == "negative")),
        "praised": t.count(where=(t.rating <= LOW) & (t.sentiment == "positive")),
        "copied": t.count(where=_is_copy(t)),
        "sum": rating.sum().fill_null(0.0),
        "squares": (rating * rating).sum().fill_null(0.0),
        "first": t.said_on.min(),
        "last": t.said_on.max(),
    }
    keys = {"step": t.said_on.truncate(STEPS[step])}
    keys |= {name: t[name].fill_null("") for name in ("product_version", "platform")}
    rows = ask(lake, t.group_by(**keys).aggregate(**told))
    return tuple(row | {"step": _day(row["step"])} for row in rows)


def _summed(key: str | date, parts: list[dict[str, Any]]) -> Stars:
    counts = {name: sum(row[name] for row in parts) for name in _ADDED}
    rated, total = counts["rated"], sum(row["sum"] for row in parts)
    mean = total / rated if rated else None
    around = max(0.0, sum(row["squares"] for row in parts) - total * total / rated) if rated else 0.0
    deviation = None if rated < 2 else 0.0 if around < ALIKE * rated else (around / (rated - 1)) ** 0.5
    first, last = min(row["first"] for row in parts), max(row["last"] for row in parts)
    return Stars(key=key, **counts, mean=mean, deviation=deviation, first=first, last=last)


@once_a_version
def answers(lake: Lake, slice_: Slice, copied: bool = True) -> tuple[Answers, ...]:
    """By stars, none first: what was answered and how fast."""
    t = _reviews(lake, slice_, copied)
    t = t.mutate(stars=_whole(t).fill_null(0))
    is_answered = t.reply != ""
    hours = (t.replied_at.epoch_seconds() - t.said_at.epoch_seconds()) / 3600
    is_known = is_answered & t.replied_at.notnull() & (t.said_precision == "time")
    is_timed = is_known & (hours >= 0)
    found = t.group_by("stars").aggregate(
        of=t.count(),
        answered=t.count(where=is_answered),
        timed=t.count(where=is_timed),
        before=t.count(where=is_known & (hours < 0)),
        in_a_day=t.count(where=is_timed & (hours <= 24)),
        in_three_days=t.count(where=is_timed & (hours <= 72)),
        hours_p50=hours.quantile(0.5, where=is_timed),
        hours_p90=hours.quantile(0.9, where=is_timed),
    )
    return tuple(Answers(**row) for row in ask(lake, found.order_by("stars")))


@once_a_version
def copied_reviews(lake: Lake, slice_: Slice, most: int = 20) -> tuple[Copied, ...]:
    """The families with most copies in the slice; their first may lie before it."""
    t = _reviews(lake, slice_, copied=True)
    t = t.filter(_is_copy(t))
    seconds = t.said_at.epoch_seconds()
    found = t.group_by(id=t.duplicate_of).aggregate(
        copies=t.count(),
        first_on=t.said_on.min(),
        last_on=t.said_on.max(),
        hours=(seconds.max() - seconds.min()) / 3600,
        stores=t.platform.nunique(),
        mean=t.rating.cast("float64").mean(),
        text=t.text.argmin(t.said_at),
    )
    rows = ask(lake, found.order_by([ibis.desc("copies"), "id"]).limit(most))
    return tuple(Copied(**row) for row in rows)


def review_days(lake: Lake, since: date, until: date) -> list[StoreDay]:
    """What a watch over bursts is fed with: reviews whose day is known, of the whole bank."""
    t = _reviews(lake, Slice(since=since, until=until, dated=True), copied=True)
    found = t.group_by(platform=t.platform.fill_null(""), day=t.said_on).aggregate(
        all=t.count(),
        low=t.count(where=t.rating <= LOW),
        high=t.count(where=t.rating >= HIGH),
        copied=t.count(where=_is_copy(t)),
    )
    return [StoreDay(**row) for row in ask(lake, found)]


@once_a_version
def first_days(lake: Lake, slice_: Slice, fewest: int = 2) -> tuple[tuple[str, date], ...]:
    """On which day had a version been reviewed so many times for the first time? In order of day.

    By the second review, not the first: one customer with a test version would be a release.
    """
    t = _reviews(lake, slice_, copied=True)
    t = t.filter(t.product_version != "")
    days = t.group_by(["product_version", "said_on"]).aggregate(n=t.count()).order_by("said_on")
    first, counted = dict[str, date](), Counter[str]()
    for row in ask(lake, days):
        counted[row["product_version"]] += row["n"]
        if counted[row["product_version"]] >= fewest:
            first.setdefault(row["product_version"], row["said_on"])
    return tuple(sorted(first.items(), key=lambda each: (each[1], each[0])))


def _reviews(lake: Lake, slice_: Slice, copied: bool) -> ir.Table:
    t = voices(lake, slice_)
    t = t.filter(t.channel.isin(APPS))
    return t if copied else t.filter(~_is_copy(t))


def _is_copy(t: ir.Table) -> ir.BooleanValue:
    """Short sayings repeat by themselves; what is longer is hardly thought of twice."""
    return t.duplicate_of.notnull() & (t.searchable.length() >= COPIED_FROM)


def _whole(t: ir.Table) -> ir.Value:
    return t.rating.cast("float64").round().cast("int8")


def _day(key: object) -> Any:
    """DuckDB truncates a date to a timestamp, although Ibis believes it a date."""
    return key.date() if isinstance(key, datetime) else key


def spelled(versions: Sequence[str]) -> list[str]:
    """Versions in the order of their numbers: 10.0 after 9.12."""
    return sorted(versions, key=lambda text: [(0, int(part)) if part.isdigit() else (1, 0) for part in text.split(".")])
