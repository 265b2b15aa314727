"""Would customers miss it, expect it or be delighted by it? Kano's classes from paired answers of a survey.

Source: Kano, Seraku, Takahashi and Tsuji (1984), Journal of the Japanese Society for Quality Control 14(2):147-156; the
table and the two coefficients as in Berger and others (1993), Center for Quality of Management Journal 2(4):3-36.
Shares are weighted as in every result of a survey (domain/surveys/weighting.py); numbers of answers never are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

import numpy as np

from huixiang.domain.statistics import Interval
from huixiang.domain.surveys.kano_pairs import ANSWERS
from huixiang.domain.surveys.weighting import Floats, Sample, effective, means, wilson


class Kano(StrEnum):
    """What does having it, or missing it, do to a customer? Ties go to the earlier: to be missed costs more."""

    MUST_BE = "must_be"
    ONE_DIMENSIONAL = "one_dimensional"
    ATTRACTIVE = "attractive"
    INDIFFERENT = "indifferent"
    REVERSE = "reverse"
    QUESTIONABLE = "questionable"


M, O, A, I, R, Q = Kano  # noqa: E741  # as the literature writes the table
# Rows: the answer to "how do you feel if it is there?"; columns: "... if it is not there?"
_TABLE = {
    "like": (Q, A, A, A, O),
    "expect": (R, I, I, I, M),
    "neutral": (R, I, I, I, M),
    "tolerate": (R, I, I, I, M),
    "dislike": (R, R, R, R, Q),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """Customers of one stratum who answered so with it and so without it: how many, sum of weights, of squares."""

    functional: str
    dysfunctional: str
    n: float
    w: float
    q: float
    stratum: int = 0


@dataclass(frozen=True, slots=True)
class Classified:
    """The class most customers' answers fall into. `counts`: how many, of all six; `shares`: weighted.

    `margin` is how much further its share reaches than that of `second`; where its interval holds 0 the class is not
    proven. `better` and `worse` are the shares whom having it contents, and whom missing it makes discontent, of those
    in the first four classes.
    """

    kano: Kano
    second: Kano
    counts: dict[Kano, int]
    shares: dict[Kano, Interval]
    margin: Interval
    better: Interval | None
    worse: Interval | None

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    @property
    def is_proven(self) -> bool:
        return self.margin.low > 0


def class_of(functional: str, dysfunctional: str) -> Kano:
    """In which class does one customer's pair of answers fall? Each is one of ANSWERS."""
    return _TABLE[functional][ANSWERS.index(dysfunctional)]


def classified(answers: Iterable[tuple[str, str]]) -> Classified | None:
    """In which class is the need, by (functional, dysfunctional) answers that weigh alike? None without answers."""
    return weighed([Counted(*pair, 1, 1, 1) for pair in answers])


def weighed(cells: Sequence[Counted]) -> Classified | None:
    """In which class is the need, by answers counted with their weights? None without any that weigh."""
    if not sum(each.w for each in cells) > 0:
        return None
    classes = [class_of(each.functional, each.dysfunctional) for each in cells]
    n, w, q = (np.array([getattr(each, name) for each in cells], np.float64) for name in ("n", "w", "q"))
    sample = Sample(n * 0, np.array([each.stratum for each in cells], np.int64), n, w, q)
    is_of = {kano: np.array([one is kano for one in classes]) for kano in Kano}
    told = is_of[A] | is_of[O] | is_of[M] | is_of[I]
    all_of = np.ones_like(told)
    weight = {kano: float(w[mine].sum()) for kano, mine in is_of.items()}
    lead, second = sorted(Kano, key=lambda each: (-weight[each], list(Kano).index(each)))[:2]
    shares = {kano: found for kano, mine in is_of.items() if (found := _share(sample, mine, all_of))}
    return Classified(
        lead,
        second,
        {kano: int(n[mine].sum()) for kano, mine in is_of.items()},
        shares,
        ahead(shares[lead], shares[second]),
        _share(sample, is_of[A] | is_of[O], told),
        _share(sample, is_of[O] | is_of[M], told),
    )


def ahead(one: Interval, other: Interval) -> Interval:
    """How much further does one share reach than another of the same answers? Where one gains, the other loses.

    From the two intervals, with the correlation that two shares of one sample have: Zou and Donner (2008), Statistics
    in Medicine 27:1693-1702. That the two were picked as the largest needs no correction: Hung and Fithian (2019),
    Annals of Statistics 47:758-782.
    """
    p, r = one.value, other.value
    rest = (1 - p) * (1 - r)
    tied = -sqrt(min(1.0, p * r / rest)) if rest > 1e-12 else -1.0

    def spread(mine: float, its: float) -> float:
        return sqrt(mine**2 + its**2 - 2 * tied * mine * its)

    low, high = spread(p - one.low, other.high - r), spread(one.high - p, r - other.low)
    return Interval(p - r, max(-1.0, p - r - low), min(1.0, p - r + high))


def _share(sample: Sample, mine: np.ndarray, of: np.ndarray) -> Interval | None:
    """Which weighted share of those `of` are `mine`? They are a part of the sample: its strata keep their size.

    Wilson's interval with as many answers as the share's variance is worth; Kish's where all answer alike.
    """
    if not sample.w[of].sum() > 0:
        return None
    y: Floats = mine.astype(np.float64)
    found = means(sample.of(y), np.where(of, 0, 1), 2)
    p, variance = min(1.0, max(0.0, float(found.value[0]))), float(found.variance[0])
    many = effective(sample.w[of].sum(), sample.q[of].sum())
    if np.isfinite(variance) and variance > 1e-15 and 0 < p < 1:
        many = p * (1 - p) / variance
    return wilson(p, many)
