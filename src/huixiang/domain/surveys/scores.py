"""How are NPS, CSAT and CES reckoned from answers? One scale each, with what counts as good and as bad.

NPS: 9 and 10 are promoters, 0 to 6 detractors; the score is the difference of their shares, -100 to 100
(Reichheld 2003, Harvard Business Review 81:46-54). CSAT: the share of the two best points, and the mean. CES: the mean
of "made it easy", 1 to 7, and the share of 5 and more (Dixon, Freeman and Toman 2010, Harvard Business Review 88).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from huixiang.domain.statistics import Interval
from huixiang.domain.surveys.questionnaire import Kind, Question
from huixiang.domain.surveys.weighting import (
    DRAWS,
    Floats,
    Means,
    Places,
    Sample,
    bootstrap,
    means,
    percentiles,
    share,
)

SCORED = (Kind.NPS, Kind.CSAT, Kind.CES)
POINTS = {Kind.NPS: 10, Kind.CSAT: 5, Kind.CES: 7}
SEED = 20260101  # the same answers give the same interval, whoever asks and whenever
FEWEST = 10  # below it nothing is told of a group: neither reliable nor, in a small team, anonymous


@dataclass(frozen=True, slots=True)
class Scale:
    """What do the points of a question mean?"""

    kind: Kind
    most: int

    @classmethod
    def of(cls, question: Question) -> Scale | None:
        """None for questions without points."""
        if question.kind not in SCORED:
            return None
        return cls(question.kind, question.most or POINTS[question.kind])

    @property
    def least(self) -> int:
        return 0 if self.kind is Kind.NPS else 1

    @property
    def good(self) -> int:
        """From this point on an answer is good: a promoter, satisfied, easy."""
        return {Kind.NPS: 9, Kind.CSAT: self.most - 1, Kind.CES: (self.most + 1) // 2 + 1}[self.kind]

    @property
    def bad(self) -> int:
        """Up to this point an answer is bad."""
        return {Kind.NPS: 6, Kind.CSAT: (self.most - 1) // 2, Kind.CES: (self.most + 1) // 2 - 1}[self.kind]

    @property
    def ends(self) -> tuple[float, float]:
        """Between which values does the score lie?"""
        return (-100.0, 100.0) if self.kind is Kind.NPS else (float(self.least), float(self.most))

    def headline(self, points: Floats) -> Floats:
        """What is averaged: of NPS 100, 0 or -100 an answer; of the others the points."""
        if self.kind is not Kind.NPS:
            return points
        return 100.0 * ((points >= self.good).astype(np.float64) - (points <= self.bad))


@dataclass(frozen=True, slots=True)
class Score:
    """One question's score. `good`, `middle`, `bad` are shares; `n` answers, as sure as `effective` of equal weight."""

    scale: Scale
    score: Interval
    good: Interval
    bad: Interval
    n: int
    effective: float

    @property
    def middle(self) -> float:
        return max(0.0, 1.0 - self.good.value - self.bad.value)


def scored(scale: Scale, points: Sample, draws: int = DRAWS) -> Score | None:
    """The score of all answers, its interval by bootstrap; None without answers. `points.y` are the points given."""
    if not points.count:
        return None
    headline = points.of(scale.headline(points.y))
    value = float(means(headline).value[0])
    drawn = bootstrap(headline, np.random.default_rng(SEED), draws)
    good = share(points.of((points.y >= scale.good).astype(np.float64)))
    bad = share(points.of((points.y <= scale.bad).astype(np.float64)))
    assert good is not None
    assert bad is not None
    return Score(scale, percentiles(value, drawn), good, bad, points.count, points.effective)


def by_group(scale: Scale, points: Sample, group: Places, groups: int) -> Means:
    """The score of each group, with its linearised variance: many at once, where a bootstrap of each would be slow."""
    return means(points.of(scale.headline(points.y)), group, groups)


def stars(kind: Kind, points: int, most: int = 0) -> float:
    """Points of any scale as the rating 1..5 that a voice carries."""
    scale = Scale(kind, most or POINTS[kind])
    return 1.0 + 4.0 * (points - scale.least) / (scale.most - scale.least)
