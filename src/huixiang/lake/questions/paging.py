"""Which voices come next? Lists of any length, a page at a time, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

import ibis
import ibis.expr.types as ir

from huixiang.lake.questions.reading import KEYS, Glimpse, glimpses, moment
from huixiang.lake.questions.slices import Slice, ask, voices, within
from huixiang.lake.schema import PARTITION
from huixiang.lake.store import Lake


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where does the next page begin? After this voice, newest first: a place that new arrivals do not shift."""

    at: datetime
    id: str

    def text(self) -> str:
        return f"{self.at.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError for what `text` never made."""
        at, _, id_ = text.partition("-")
        moment = datetime.strptime(at, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
        if len(id_) != 24 or not id_.isalnum() or not 1970 <= moment.year < 9999:  # a day is added to it
            raise ValueError(f"{text[:60]!r} is no cursor")
        return cls(moment, id_)


@dataclass(frozen=True, slots=True)
class Page:
    """Some voices, and where the next page begins; None: that was all."""

    voices: list[Glimpse]
    next: Cursor | None


def page(lake: Lake, slice_: Slice, before: Cursor | None = None, size: int = 50) -> Page:
    """Which voices of the slice come next, newest first? What a list shows of each, since of hits that are rare and far
    apart all that is known takes twice the reading; see `voice` and `stream`.
    """
    # All steps ask one version: nobody's voice comes into reach, or twice, because another process writes meanwhile.
    everything = voices(lake)
    found = within(everything, slice_)
    if before:
        at = moment(before.at)
        found = found.filter(found.said_at <= at, (found.said_at < at) | (found.id < before.id))
    keys = _chosen(lake, found, _recent(lake, slice_, before), size + 1)
    rows = glimpses(lake, everything, keys[:size])
    if len(keys) <= size:
        return Page(rows, None)
    last = keys[size - 1]  # not of the rows: it may have been erased between the two steps
    return Page(rows, Cursor(last["said_at"].replace(tzinfo=UTC), last["id"]))


def _chosen(lake: Lake, found: ir.Table, recent: date | None, number: int) -> list[dict[str, Any]]:
    """The newest of these: looked for in the newest months first, where most pages lie, and then in the others."""
    if recent is None:
        return _newest(lake, found, number)
    month, cut = f"{recent:%Y-%m}", moment(_cut(recent))
    keys = _newest(lake, found.filter(found[PARTITION] >= month, found.said_at >= cut), number)
    if len(keys) < number:
        older = found.filter(found[PARTITION] <= month, found.said_at < cut)
        keys += _newest(lake, older, number - len(keys))
    return keys


def _newest(lake: Lake, found: ir.Table, number: int) -> list[dict[str, Any]]:
    return ask(lake, found.select(*KEYS).order_by(ibis.desc("said_at"), ibis.desc("id")).limit(number))


def _recent(lake: Lake, slice_: Slice, before: Cursor | None) -> date | None:
    """The first day of the last two months that can hold the page; None where two steps would be no quicker."""
    if not slice_.copies:  # families are told apart over all of the slice, in each step
        return None
    last = min(day for day in (slice_.until, before and (before.at + timedelta(days=1)).date(), date.max) if day)
    months = [month for month in lake.months("voices") if month <= f"{last:%Y-%m}"]
    return date.fromisoformat(f"{months[-2]}-01") if len(months) > 2 else None


def _cut(month: date) -> datetime:
    """From when on are all voices in this month or later, and before it in this one or earlier?

    A local day begins up to 12 hours after UTC's, and up to 14 before.
    """
    return datetime(month.year, month.month, 1, 12, tzinfo=UTC)
