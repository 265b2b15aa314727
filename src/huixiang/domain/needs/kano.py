"""Would customers miss it, expect it or be delighted by it? Kano's classes from paired answers of a survey.

Source: Kano, Seraku, Takahashi and Tsuji (1984), Journal of the Japanese Society for Quality Control 14(2):147-156; the
table and the two coefficients as in Berger and others (1993), Center for Quality of Management Journal 2(4):3-36.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from huixiang.domain.statistics import Interval, difference, share


class Kano(StrEnum):
    """What does having it, or missing it, do to a customer? Ties go to the earlier: to be missed costs more."""

    MUST_BE = "must_be"
    ONE_DIMENSIONAL = "one_dimensional"
    ATTRACTIVE = "attractive"
    INDIFFERENT = "indifferent"
    REVERSE = "reverse"
    QUESTIONABLE = "questionable"


ANSWERS = ("like", "expect", "neutral", "tolerate", "dislike")
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
class Classified:
    """The class most customers' answers fall into; `counts` of all six.

    `margin` is how much further its share reaches than the next one's; where its interval holds 0 the class is not
    proven. `better` and `worse` are the shares whom having it contents, and whom missing it makes discontent, of those
    in the first four classes.
    """

    kano: Kano
    counts: dict[Kano, int]
    margin: Interval
    better: Interval | None
    worse: Interval | None

    @property
    def is_proven(self) -> bool:
        return self.margin.low > 0


def class_of(functional: str, dysfunctional: str) -> Kano:
    """In which class does one customer's pair of answers fall? Each is one of ANSWERS."""
    return _TABLE[functional][ANSWERS.index(dysfunctional)]


def classified(answers: Iterable[tuple[str, str]]) -> Classified | None:
    """In which class is the need, by (functional, dysfunctional) answers, one pair a customer? None without answers."""
    counts = Counter(class_of(*pair) for pair in answers)
    of = counts.total()
    if not of:
        return None
    order = sorted(Kano, key=lambda each: (-counts[each], list(Kano).index(each)))
    # Two shares of the same answers: Newcombe's interval for independent ones is near it while neither is near 1.
    margin = difference((counts[order[1]], of), (counts[order[0]], of))
    assert margin is not None
    told = counts[A] + counts[O] + counts[M] + counts[I]
    better, worse = share(counts[A] + counts[O], told), share(counts[O] + counts[M], told)
    return Classified(order[0], {each: counts[each] for each in Kano}, margin, better, worse)
