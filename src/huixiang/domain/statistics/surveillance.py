"""What is higher today than its own past, and is that proven? One look at all topics in all units of one day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import exp, sqrt

import numpy as np

from huixiang.domain.statistics.expectation import Expected, Past, learn
from huixiang.domain.statistics.intervals import Z95, Interval
from huixiang.domain.statistics.multiplicity import benjamini_hochberg, benjamini_yekutieli
from huixiang.domain.statistics.panel import Floats, Panel
from huixiang.domain.statistics.tails import at_least

WIDEST = 50.0  # of an interval, as a logarithm: with hardly a past it would leave the numbers
SHORTEST_PAST = 28  # days with voices, below which a unit's past is none


@dataclass(frozen=True, slots=True)
class Rule:
    """When is a rise an alarm? Everything a bank may set, with the promise that it makes.

    In a bank where nothing rises, all topics and units together give at most `false_alarms_a_year` on average: each day
    an alarm needs a q value of a 365th of it. `windows` are the sums looked at, in days; `guard` the days before today
    that the past leaves out; `fewest` the voices that an alarm needs, however rare the topic. `any_dependence` takes
    Benjamini and Yekutieli's q values in place of Benjamini and Hochberg's.
    """

    false_alarms_a_year: float = 0.5
    windows: tuple[int, ...] = (1, 3, 7, 14)
    guard: int = 28
    fewest: int = 3
    any_dependence: bool = False

    def __post_init__(self) -> None:
        if not self.windows or max(self.windows) > self.guard or min(self.windows) < 1:
            raise ValueError(f"windows {self.windows}: from 1 day to the guard's {self.guard}")

    @property
    def level(self) -> float:
        return self.false_alarms_a_year / 365


class Verdict(StrEnum):
    """What can be said of a topic today?"""

    NEW = "new"  # proven, and never heard in its past
    RISING = "rising"  # proven
    UNPROVEN = "unproven"  # no more than chance gives among so many topics
    TOO_FEW = "too_few"  # so few voices that even all of them would prove nothing
    NO_PAST = "no_past"  # nothing to hold it against


@dataclass(frozen=True, slots=True)
class Finding:
    """One topic in one unit on one day, held against its own past.

    `window` is the sum of days that stands out most, `since` the day from which on the counts lie highest above what
    was expected. `ratio` is observed to expected, as shares of the volume, with its 95 % interval. `p` is that of this
    topic alone, its windows allowed for; `q` allows for all topics and units of the day.
    """

    topic: str
    where: str
    on: date
    since: date
    window: int
    observed: int
    expected: float
    ratio: Interval | None
    p: float
    q: float
    verdict: Verdict

    @property
    def is_proven(self) -> bool:
        return self.verdict in {Verdict.NEW, Verdict.RISING}


@dataclass(frozen=True)
class Look:
    """All series of one day in numbers; `finding(row)` says one of them in words."""

    panel: Panel
    on: int
    rule: Rule
    expected: Expected
    observed: Floats  # series x windows
    each: Floats  # p values, series x windows
    p: Floats
    q: Floats

    def findings(self, at_most: int = 50) -> list[Finding]:
        """Those that stand out most, proven ones first."""
        return [self.finding(int(row)) for row in np.lexsort((self.p, self.q))[:at_most]]

    def finding(self, row: int) -> Finding:
        best = int(np.argmin(self.each[row]))
        observed, expected = float(self.observed[row, best]), float(self.expected.mean[row, best])
        ratio = None
        if observed and expected:
            dispersion = self.expected.variance[row, best] / expected - expected * self.expected.doubt[row, best] ** 2
            spread = min(WIDEST, Z95 * sqrt(dispersion / observed + self.expected.doubt[row, best] ** 2))
            ratio = Interval(observed / expected, observed / expected * exp(-spread), observed / expected * exp(spread))
        topic, where = self.panel.keys[row]
        return Finding(
            topic, where, self.panel.day(self.on), self.since(row), self.rule.windows[best], int(observed), expected,
            ratio, float(self.p[row]), float(self.q[row]), self._verdict(row, best),
        )  # fmt: skip

    def since(self, row: int) -> date:
        """From which day on do the counts lie highest above what was expected? By each beginning's likelihood ratio."""
        mean = np.cumsum(self.expected.days[row, ::-1])
        seen = np.cumsum(self.panel.counts[row, self.on : self.on - len(mean) : -1])
        above = (seen > mean) & (mean > 0)
        gain = np.where(above, seen * np.log(np.where(above, seen / np.maximum(mean, 1e-12), 1.0)) - (seen - mean), 0.0)
        return self.panel.day(self.on - int(np.argmax(gain)))

    def _verdict(self, row: int, best: int) -> Verdict:
        if self.expected.past_days[row] < SHORTEST_PAST:
            return Verdict.NO_PAST
        if self.q[row] <= self.rule.level:
            return Verdict.NEW if self.expected.past_count[row] == 0 else Verdict.RISING
        window = self.rule.windows[best]
        volume = self.panel.volumes[row, self.on - window + 1 : self.on + 1].sum()
        needed = self.rule.level / len(self.p) / len(self.rule.windows)
        most = at_least(volume, self.expected.mean[row, best], self.expected.variance[row, best])
        return Verdict.TOO_FEW if volume < self.rule.fewest or most > needed else Verdict.UNPROVEN


def look(panel: Panel, on: int, rule: Rule, weights: Floats | None = None) -> Look:
    """What stands out on day `on` (its place in the panel), of all topics in all units together?

    `weights`: what each day of the past counts, as in `learn`.
    """
    if weights is None:
        weights = np.ones_like(panel.counts)
    return judged(learn(panel, on - rule.guard + 1, rule.windows, weights), on, rule)


def judged(
    past: Past, on: int, rule: Rule, fresh: Sequence[int] | None = None, known: Collection[int] = frozenset()
) -> Look:
    """The counts that end with day `on` against what their past, learned before, lets expect.

    `fresh[i]`: how many days series i may look back on, where an earlier episode of its own has just ended. `known`:
    the series in an open episode. The others are judged without them: a rise that stays proven for weeks would lend
    its weight each day anew to whatever else looks high.
    """
    panel, expected = past.panel, past.expected(on)
    observed = np.column_stack([panel.counts[:, on - window + 1 : on + 1].sum(1) for window in rule.windows])
    each = at_least(observed, expected.mean, expected.variance)
    each[(observed < rule.fewest) | (expected.past_days[:, None] < SHORTEST_PAST)] = 1.0
    if fresh is not None:
        each[np.array(rule.windows)[None, :] > np.asarray(fresh)[:, None]] = 1.0
    p = np.minimum(1.0, each.min(1) * len(rule.windows))  # Bonferroni: windows overlap, so it errs to the safe side
    adjusted = benjamini_yekutieli if rule.any_dependence else benjamini_hochberg
    q = adjusted(p)
    others = np.setdiff1d(np.arange(len(p)), list(known))
    q[others] = adjusted(p[others])
    return Look(panel, on, rule, expected, observed, each, p, q)
