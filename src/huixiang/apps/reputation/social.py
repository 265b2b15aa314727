"""How much is spoken of us in public, how far does it go, and whom else is it about? Reach, chains, share of voice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from huixiang.domain.reputation.brands import Book
from huixiang.domain.statistics import Interval, share
from huixiang.lake import questions
from huixiang.lake.questions import ANY, Chain, PostSlice, Spread
from huixiang.lake.store import Lake

MOST_BANKS = 12
FEWEST = 5  # voices that name a bank in a month, below which no share is drawn


@dataclass(frozen=True, slots=True)
class BankLine:
    """One bank: the share of the voices naming any bank that name it, and the mood of those that name it alone."""

    code: str
    title: str
    is_own: bool
    voices: int
    of: int
    alone: int
    negative: int
    months: tuple[Interval | None, ...]

    @property
    def share(self) -> Interval | None:
        return share(self.voices, self.of)

    @property
    def negative_share(self) -> Interval | None:
        return share(self.negative, self.alone)


@dataclass(frozen=True, slots=True)
class Measures:
    """All that the page tells. `rivals`: voices that speak of other banks alone, which nothing else counts."""

    total: Spread
    by_platform: tuple[Spread, ...]
    by_month: tuple[Spread, ...]
    chains: tuple[Chain, ...]
    banks: list[BankLine]
    months: list[str]
    named: int
    rivals: int
    own: int
    negative: Interval | None


def measures(lake: Lake, book: Book, slice_: PostSlice) -> Measures:
    """Of the posts of a slice."""
    banks, months, named = _banks(lake, book, slice_)
    everything = questions.count(lake, slice_.voices)
    own = questions.shares(lake, _own(slice_), "channel")
    counted = own[0] if own else None
    return Measures(
        questions.spread(lake, slice_)[0],
        tuple(sorted(questions.spread(lake, slice_, "platform"), key=lambda each: -each.voices)),
        questions.spread(lake, slice_, "month"),
        questions.chains(lake, slice_),
        banks,
        months,
        named,
        everything - (counted.total if counted else 0),
        counted.total if counted else 0,
        share(counted.negative, counted.total) if counted else None,
    )


def _own(slice_: PostSlice) -> questions.Slice:
    whole = slice_.voices
    return questions.Slice(whole.branches, whole.channels, whole.since, whole.until, platforms=whole.platforms)


def _banks(lake: Lake, book: Book, slice_: PostSlice) -> tuple[list[BankLine], list[str], int]:
    """One's own first, then the most spoken of."""
    voices, alone, negative = Counter[str](), Counter[str](), Counter[str]()
    by_month: Counter[tuple[str, str]] = Counter()
    for each in questions.named(lake, book, slice_):
        voices[each.bank] += each.voices
        alone[each.bank] += each.alone
        negative[each.bank] += each.alone if each.sentiment == "negative" else 0
        by_month[f"{each.day:%Y-%m}", each.bank] += each.voices
    months = sorted({month for month, _bank in by_month})

    def shares(code: str) -> tuple[Interval | None, ...]:
        totals = [by_month[month, ANY] for month in months]
        return tuple(
            share(by_month[month, code], of) if of >= FEWEST else None for month, of in zip(months, totals, strict=True)
        )

    lines = [
        BankLine(brand.code, brand.title, brand.is_own, voices[brand.code], voices[ANY], alone[brand.code],
                 negative[brand.code], shares(brand.code))
        for brand in book.brands
        if brand.is_own or voices[brand.code]
    ]  # fmt: skip
    lines.sort(key=lambda line: (not line.is_own, -line.voices, line.code))
    return lines[:MOST_BANKS], months, voices[ANY]


def chart(found: Measures, most: int = 5) -> dict[str, Any]:
    """What reputation.js draws: each bank's share by month, in percent, with the own bank's interval."""

    def percent(each: Interval | None, end: str = "value") -> float | None:
        return None if each is None else round(100 * float(getattr(each, end)), 1)

    own = next((line for line in found.banks if line.is_own), None)
    band = {end: [percent(each, end) for each in own.months] for end in ("low", "high")} if own else {}
    banks = [
        {"title": line.title, "own": line.is_own, "shares": [percent(each) for each in line.months]}
        for line in found.banks[:most]
    ]
    is_drawn = any(each is not None for line in found.banks for each in line.months)
    return {"labels": found.months, "banks": banks, **band} if is_drawn else {}


def header() -> list[str]:
    return [
        _("分组"),
        _("值"),
        _("声音"),
        _("占比"),
        _("区间下限"),
        _("区间上限"),
        _("只转发"),
        _("平台转发数"),
        _("负面占比"),
    ]


def rows(found: Measures) -> Iterator[list[Any]]:
    """All lines as cells for a spreadsheet."""
    groups = ((_("合计"), (found.total,)), (_("月"), found.by_month), (_("平台"), found.by_platform))
    for title, lines in groups:
        for each in lines:
            key = f"{each.key:%Y-%m}" if isinstance(each.key, date) else each.key
            yield [title, key, each.voices, "", "", "", each.passed_on, each.told_reposts, ""]
    for line in found.banks:
        yield [_("声量占比"), line.title, line.voices, *_ends(line.share), "", "", _part(line.negative_share)]
    yield [_("只说他行，不计入本行"), "", found.rivals, *[""] * 6]


def _ends(found: Interval | None) -> list[Any]:
    return [""] * 3 if found is None else [round(each, 6) for each in (found.value, found.low, found.high)]


def _part(found: Interval | None) -> Any:
    return "" if found is None else round(found.value, 6)
