"""How is the hotline measured against its standards? From the calls in the lake: docs/methods/hotline.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby

from huixiang.apps.feedback import facts
from huixiang.apps.feedback.hotline import Line
from huixiang.apps.standards.measuring import measures
from huixiang.domain.hotline import SERVICE_SECONDS
from huixiang.domain.standards.conformance import Measured
from huixiang.domain.standards.values import Standard
from huixiang.domain.statistics import share
from huixiang.domain.statistics.order import percentile
from huixiang.lake import questions
from huixiang.lake.questions import CallSlice
from huixiang.lake.questions.hotline_waits import waits

# Measure → of a line, what is counted and of how many.
_COUNTED = {
    "hotline.service_level": lambda line: (line.tally.in_time, line.timed),
    "hotline.abandonment": lambda line: (line.abandoned, line.offered),
    "hotline.answer_rate": lambda line: (line.tally.answered, line.offered),
}


@measures(*_COUNTED, right="hotline.see")
def shares(standard: Standard, since: date, until: date) -> list[Measured]:
    """Sums of days are exact: each stay belongs to one day."""
    assert standard.aim is not None
    lake, within = facts.lake(), int(standard.aim.parameter("seconds") or SERVICE_SECONDS)
    if lake.version("calls") < 0:
        return []
    days = questions.tally(lake, CallSlice(since, until), "entered_on", within)
    counted = [(f"{tally.key}", _COUNTED[standard.aim.measure](Line(tally))) for tally in days]
    groups = {"": counted, **_grouped(counted, 7), **_grouped(counted, 10)}
    return [found for period, pairs in groups.items() if (found := _share((each for _day, each in pairs), period))]


Counted = list[tuple[str, tuple[int, int]]]


def _grouped(counted: Counted, letters: int) -> dict[str, Counted]:
    """By month (2026-10) or day (2026-10-31), as ISO writes them."""
    return {key: list(its) for key, its in groupby(counted, lambda each: each[0][:letters])}


def _share(counts: Iterable[tuple[int, int]], period: str) -> Measured | None:
    """In per cent; None where nothing was to be counted."""
    pairs = list(counts)
    count, of = sum(count for count, _of in pairs), sum(of for _count, of in pairs)
    found = share(count, of)
    if found is None:
        return None
    return Measured(of, 100 * found.value, 100 * found.low, 100 * found.high, period=period)


@measures("hotline.wait_p90", right="hotline.see")
def wait(standard: Standard, since: date, until: date) -> list[Measured]:
    """Of the answered, for the whole and each month: percentiles do not add up, so each is read by itself."""
    lake = facts.lake()
    if lake.version("calls") < 0:
        return []
    found = [
        _wait(CallSlice(begin, end), period) for period, begin, end in [("", since, until), *_months(since, until)]
    ]
    return [each for each in found if each]


def _wait(slice_: CallSlice, period: str) -> Measured | None:
    counted = waits(facts.lake(), slice_)
    found = percentile(counted, 0.9)
    if found is None:
        return None
    return Measured(sum(n for _s, n in counted), found.value, found.low, found.high, period=period)


def _months(since: date, until: date) -> Iterator[tuple[str, date, date]]:
    """Each month of the period, with its first and last day in it."""
    begin = since
    while begin <= until:
        end = (begin.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        yield f"{begin:%Y-%m}", begin, min(end, until)
        begin = end + timedelta(days=1)
