"""How does one need stand, as its page shows it? Importance, trend, reach and number, from one reading."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from huixiang.apps.feedback import findings, landed, tiers
from huixiang.apps.feedback.comparison import under
from huixiang.apps.feedback.forms.filters import Reach
from huixiang.apps.feedback.names import CHANNELS
from huixiang.apps.needs.evidence import asked
from huixiang.apps.needs.lifecycle import HEARD
from huixiang.apps.needs.models import Need
from huixiang.apps.needs.tiers import ENDS, by_tier
from huixiang.apps.needs.weighing import DAYS, Weighed
from huixiang.domain.calendar import mainland
from huixiang.domain.needs.importance import Tally, importance
from huixiang.domain.statistics import Interval, difference, share
from huixiang.domain.statistics.panel import Panel
from huixiang.domain.statistics.surveillance import SHORTEST_PAST, Finding, Rule, look
from huixiang.lake import questions
from huixiang.lake.locks import patient
from huixiang.lake.questions import Count, Part, Slice
from huixiang.lake.store import Lake

MONTHS = 12  # shown
PAST_DAYS = 400  # that the surveillance learns from
log = logging.getLogger(__name__)


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


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it within one reader's reach: `total` of all time, the rest of the DAYS days of `period`."""

    weighed: Weighed
    period: Slice
    total: int
    trend: Trend
    channels: list[Share]


def standing(lake: Lake, reach: Slice, need: Need) -> Standing:
    """One reading of the voices tells them all, so that no two figures of a page speak of different versions."""
    parts = questions.portrait(lake, replace(reach, dated=None), asked(need), findings.urgent())
    dated = [part for part in parts if part.day]
    last = max((part.day for part in dated if part.day), default=None)
    if last is None:
        return Standing(Weighed(need, 0, 0, None), reach, _sum(parts, "mine"), Trend([], None, None), [])
    first = last - timedelta(days=DAYS - 1)
    now, before = _between(dated, first, last), _between(dated, first - timedelta(days=DAYS), first - timedelta(days=1))
    count, of = _sum(now, "mine"), _sum(now, "voices")
    period, known = replace(reach, since=first, until=last), tiers.in_force()
    mine = questions.by_tier_of(lake, period, asked(need), findings.urgent())
    classes = by_tier(mine, questions.by_tier(lake, period), known)
    tally = Tally(count, _sum(now, "negative"), _sum(now, "urgent"), classes.counted)
    old = (_sum(before, "mine"), _sum(before, "voices"))
    return Standing(
        Weighed(need, count, of, importance(tally, of, known), tiers=classes),
        period,
        _sum(parts, "mine"),
        Trend(_months(dated, last), difference(old, (count, of)), surge(dated, last)),
        _by_channel(now),
    )


@landed.counts("voices")
def count_anew(lake: Lake, waiting: Callable[[], None] = patient) -> int:
    """Read the months that changed for every need whose voices count, so that nobody waits for it. How many needs?"""
    needs = Need.objects.filter(state__in=HEARD).prefetch_related("pins")
    for need in needs:
        waiting()
        count(lake, need)
    return len(needs)


def count(lake: Lake, need: Need) -> None:
    """Read the texts for its rules, so that nobody who opens it waits. A failure is left to whoever asks next."""
    try:
        questions.count_rules(lake, asked(need), findings.urgent())
    except Exception as failure:  # its message is left out: it may quote a row
        log.error("could not count need %s: %s", need.pk, type(failure).__name__)


def surge(parts: Iterable[Part], until: date) -> Finding | None:
    """Does it stand out today against its own past, season and volume allowed for? None where there is no past.

    Of originals alone: one text posted forty times is one voice.
    """
    first, rule = until - timedelta(days=PAST_DAYS - 1), Rule()
    counts, volumes = np.zeros((1, PAST_DAYS)), np.zeros((1, PAST_DAYS))
    for part in parts:
        if part.day and part.day >= first:
            counts[0, (part.day - first).days] += part.my_originals
            volumes[0, (part.day - first).days] += part.originals
    if np.count_nonzero(volumes[:, : -rule.guard]) < SHORTEST_PAST:
        return None
    off = mainland()
    panel = Panel((("", ""),), first, counts, volumes, frozenset(off.holidays), off.make_up)
    return look(panel, PAST_DAYS - 1, rule).finding(0)


def by_unit(lake: Lake, period: Slice, need: Need, reach: Reach, nowhere: str) -> list[Share]:
    """Which units below the reader's own does it concern? `nowhere` names voices without a unit."""
    names = {unit.code: unit.name for unit in reach.units}
    parts = questions.by_branch(lake, period, asked(need), findings.urgent())
    mine, whole = (
        {str(each.key): each.total for each in under(counts, reach.units, None)}
        for counts in (
            [Count(part.branch, part.mine, 0, 0) for part in parts],
            [Count(part.branch, part.voices, 0, 0) for part in parts],
        )
    )
    return _shares({key: (mine[key], whole[key]) for key in whole}, lambda key: names.get(key, key) or nowhere)


def ceiling(lines: Sequence[Share]) -> float:
    """A round end of the scale, beyond all intervals."""
    highest = max((line.share.high for line in lines), default=1.0)
    return next(end for end in ENDS if end >= highest)


def _between(parts: Iterable[Part], first: date, last: date) -> list[Part]:
    return [part for part in parts if part.day and first <= part.day <= last]


def _sum(parts: Iterable[Part], name: str) -> int:
    return sum(getattr(part, name) for part in parts)


def _months(parts: Iterable[Part], last: date) -> list[Share]:
    """Shares, so that more voices in all are no rise of the need."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for part in _between(parts, last - timedelta(days=MONTHS * 31), last):
        assert part.day is not None
        for place, number in enumerate((part.mine, part.voices)):
            sums[f"{part.day:%Y-%m}"][place] += number
    return [_share(month, month, *sums[month]) for month in sorted(sums)][-MONTHS:]


def _by_channel(parts: Iterable[Part]) -> list[Share]:
    """Where is it told? As a share of each channel's voices, the most voices first."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for part in parts:
        for place, number in enumerate((part.mine, part.voices)):
            sums[part.channel][place] += number
    return _shares({key: (mine, of) for key, (mine, of) in sums.items()}, lambda key: str(CHANNELS.get(key, key)))


def _shares(counts: dict[str, tuple[int, int]], name: Callable[[str], str]) -> list[Share]:
    lines = [_share(key, name(key), mine, of) for key, (mine, of) in counts.items() if of]
    return sorted(lines, key=lambda line: (-line.count, line.name))


def _share(key: str, name: str, count: int, of: int) -> Share:
    found = share(count, of)
    assert found is not None, "steps without voices are left out"
    return Share(key, name, count, of, found)
