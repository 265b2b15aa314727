"""How does a need stand? Its importance, its trend against its own past and its reach, in what the reader may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from huixiang.apps.feedback import findings
from huixiang.apps.feedback.comparison import under
from huixiang.apps.feedback.forms.filters import Reach
from huixiang.apps.feedback.names import CHANNELS
from huixiang.apps.feedback.standing import known_until
from huixiang.apps.needs.evidence import asked, heard
from huixiang.apps.needs.models import Need
from huixiang.domain.calendar import mainland
from huixiang.domain.needs.importance import Importance, importance
from huixiang.domain.statistics import Interval, difference, share
from huixiang.domain.statistics.panel import Panel
from huixiang.domain.statistics.surveillance import SHORTEST_PAST, Finding, Rule, look
from huixiang.lake import questions
from huixiang.lake.questions import Count, Slice
from huixiang.lake.store import Lake

DAYS = 90  # of the period that importance counts, and of the one before it
MONTHS = 12  # shown
PAST_DAYS = 400  # that the surveillance learns from
AT_ONCE = 60  # needs counted in one reading


@dataclass(frozen=True, slots=True)
class Weighed:
    """A need in the last DAYS days: `importance` None where nobody spoke of it; `of` all voices in reach."""

    need: Need
    count: int
    of: int
    importance: Importance | None


@dataclass(frozen=True, slots=True)
class Share:
    """One line of the trend or the reach: so many of so many, with the 95 % interval of the share."""

    key: str
    name: str
    count: int
    of: int
    share: Interval


@dataclass(frozen=True, slots=True)
class Trend:
    """The share by month; what changed against the DAYS days before; and whether it just rose out of its own past."""

    months: list[Share]
    change: Interval | None
    surge: Finding | None

    @property
    def is_proven(self) -> bool:
        return self.change is not None and (self.change.low > 0 or self.change.high < 0)

    @property
    def ceiling(self) -> float:
        return ceiling(self.months)


def recent(lake: Lake, reach: Slice) -> Slice:
    """The last DAYS days of which anything is known, within reach."""
    last = known_until(lake, reach)
    return reach if last == date.max else replace(reach, since=last - timedelta(days=DAYS - 1), until=last)


def weighed(lake: Lake, reach: Slice | None, needs: Sequence[Need]) -> list[Weighed]:
    """The most important first. Without any reach nothing is counted."""
    if reach is None:
        return [Weighed(need, 0, 0, None) for need in needs]
    period, urgent = recent(lake, reach), findings.urgent()
    of = questions.count(lake, period)
    found = []
    for start in range(0, len(needs), AT_ONCE):
        part = needs[start : start + AT_ONCE]
        tallies = questions.tallies(lake, period, tuple(asked(need) for need in part), urgent)
        found += [Weighed(need, t.count, of, importance(t, of)) for need, t in zip(part, tallies, strict=True)]
    return sorted(found, key=lambda each: (-(each.importance.points.value if each.importance else 0.0), each.need.pk))


def trend(lake: Lake, reach: Slice, need: Need) -> Trend:
    """Shares, so that more voices in all are no rise of the need."""
    period = recent(lake, reach)
    year = replace(reach, since=period.until - timedelta(days=MONTHS * 31)) if period.until else reach
    counts = {str(each.key): each.total for each in questions.volume(lake, heard(year, need), by="month")}
    months = [
        _share(str(each.key), f"{each.key:%Y-%m}", counts.get(str(each.key), 0), each.total)
        for each in questions.volume(lake, year, by="month")
    ]
    if period.since is None or period.until is None:
        return Trend(months[-MONTHS:], None, None)
    before = replace(period, since=period.since - timedelta(days=DAYS), until=period.since - timedelta(days=1))
    old, new = ((questions.count(lake, heard(each, need)), questions.count(lake, each)) for each in (before, period))
    return Trend(months[-MONTHS:], difference(old, new), surge(lake, reach, need, period.until))


def surge(lake: Lake, reach: Slice, need: Need, until: date) -> Finding | None:
    """Does it stand out today against its own past, season and volume allowed for? None where there is no past."""
    first, rule = until - timedelta(days=PAST_DAYS - 1), Rule()
    panel_slice = replace(reach, since=first, until=until, copies=False)  # one text posted forty times is one voice
    volumes = _daily(questions.volume(lake, panel_slice, by="day"), first)
    if np.count_nonzero(volumes[:, : -rule.guard]) < SHORTEST_PAST:
        return None
    counts = _daily(questions.volume(lake, heard(panel_slice, need), by="day"), first)
    off = mainland()
    panel = Panel((("", ""),), first, counts, volumes, frozenset(off.holidays), off.make_up)
    return look(panel, PAST_DAYS - 1, rule).finding(0)


def _daily(counts: Sequence[Count], first: date) -> np.ndarray:
    days = np.zeros((1, PAST_DAYS))
    for each in counts:
        assert isinstance(each.key, date)
        days[0, (each.key - first).days] = each.total
    return days


def by_channel(lake: Lake, period: Slice, need: Need) -> list[Share]:
    """Where is it told? As a share of each channel's voices, the most voices first."""
    # The part first: what comes in between two questions makes the whole larger, never the part.
    mine, whole = (questions.shares(lake, each, "channel") for each in (heard(period, need), period))
    return _shares(whole, mine, lambda key: str(CHANNELS.get(key, key)))


def by_unit(lake: Lake, period: Slice, need: Need, reach: Reach, nowhere: str) -> list[Share]:
    """Which units below the reader's own does it concern? `nowhere` names voices without a unit."""
    names = {unit.code: unit.name for unit in reach.units}
    mine, whole = (
        under(questions.shares(lake, each, "branch"), reach.units, None) for each in (heard(period, need), period)
    )
    return _shares(whole, mine, lambda key: names.get(key, key) or nowhere)


def ceiling(lines: Sequence[Share]) -> float:
    """A round end of the scale, beyond all intervals."""
    highest = max((line.share.high for line in lines), default=1.0)
    return next(end for end in (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0) if end >= highest)


def _shares(whole: Sequence[Count], mine: Sequence[Count], name: Callable[[str], str]) -> list[Share]:
    counts = {str(each.key): each.total for each in mine}
    lines = [_share(str(w.key), name(str(w.key)), counts.get(str(w.key), 0), w.total) for w in whole if w.total]
    return sorted(lines, key=lambda line: (-line.count, line.name))


def _share(key: str, name: str, count: int, of: int) -> Share:
    found = share(count, of)
    assert found is not None, "steps without voices are left out"
    return Share(key, name, count, of, found)
