"""What do coded utterances tell? How alike two coders coded, what is settled, and whether more talks bring more.

Coders choose a set of codes for each utterance, each by herself; an empty set says "nothing of it", None "not yet".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import sqrt

import numpy as np
import scipy
from numpy.typing import NDArray

from huixiang.domain.statistics import Interval
from huixiang.domain.statistics.sets import Chosen, compared, masi

FEWEST = 20  # utterances coded by both, below which no figure is told: one more could turn it over
FEWEST_OF_CODE = 5  # in which at least one of the two saw the code, below which its own figure is not told
FEWEST_TALKS = 3  # below which no interval is told: of how talks differ one or two say next to nothing
Pair = tuple[Chosen, Chosen]


@dataclass(frozen=True, slots=True)
class Judged:
    """What two coders said of one utterance, and in which talk it fell."""

    one: Chosen
    other: Chosen
    talk: Hashable

    @property
    def pair(self) -> Pair:
        return self.one, self.other


class Unknown(StrEnum):
    """Why is there no figure?"""

    FEW = "few"
    SAME = "same"  # all were coded alike and with one value: chance alone would do the same


@dataclass(frozen=True, slots=True)
class Agreed:
    """Krippendorff's alpha, or `why` there is none; its 95 % interval, or None where the talks are too few for one.

    `of`: utterances coded by both, in so many `talks`; `named`: those in which at least one saw the code, of one
    code's figure.
    """

    of: int
    value: float | None
    interval: Interval | None = None
    why: Unknown | None = None
    named: int = 0
    talks: int = 0


def agreement(judged: Iterable[Judged]) -> Agreed:
    """How alike did both choose? With MASI's distance: who chose less is nearer than who chose otherwise.

    Sources: Krippendorff (2011), Passonneau (2006).
    """
    both = list(judged)
    return _agreed(both, masi) if len(both) >= FEWEST else Agreed(len(both), None, why=Unknown.FEW)


def agreement_by_code(judged: Iterable[Judged]) -> dict[str, Agreed]:
    """Code by code: was it seen in the same utterances? The least agreed on first, those without a figure last."""
    both = list(judged)
    found: dict[str, Agreed] = {}
    for code in sorted({code for each in both for chosen in each.pair for code in chosen}):
        named = sum(any(code in chosen for chosen in each.pair) for each in both)
        if len(both) < FEWEST or named < FEWEST_OF_CODE:
            found[code] = Agreed(len(both), None, why=Unknown.FEW, named=named)
            continue
        seen = [Judged(each.one & {code}, each.other & {code}, each.talk) for each in both]
        found[code] = replace(_agreed(seen, _differs), named=named)
    return dict(sorted(found.items(), key=lambda item: (2.0 if item[1].value is None else item[1].value, item[0])))


def _differs(one: Chosen, other: Chosen) -> float:
    return float(one != other)


def _agreed(both: Sequence[Judged], distance: Callable[[Chosen, Chosen], float]) -> Agreed:
    talks = list(dict.fromkeys(each.talk for each in both))
    # Utterances coded alike are one kind: to leave a talk out is to count fewer of each kind, and far quicker.
    counts = {talk: Counter(each.pair for each in both if each.talk == talk) for talk in talks}
    kinds = list(dict.fromkeys(each.pair for each in both))
    times = np.array([[counts[talk][kind] for kind in kinds] for talk in talks])
    known = compared(kinds, distance)
    value = float(known.alphas(times.sum(0, keepdims=True))[0])
    if np.isnan(value):
        return Agreed(len(both), None, why=Unknown.SAME, talks=len(talks))
    without = known.alphas(times.sum(0) - times) if len(talks) >= FEWEST_TALKS else np.array([np.nan])
    return Agreed(len(both), value, _around(value, without), talks=len(talks))


def _around(value: float, without: NDArray[np.float64]) -> Interval | None:
    """Where does alpha lie for talks like these? By leaving out each talk in turn; None where that leaves no figure.

    What is said in one talk hangs together: one subject, one table, one person who is hard to code. To draw single
    utterances, as Hayes and Krippendorff's (2007) macro does, or single people, is to take each for news, and covers
    the truth in two of three cases where it promises nineteen of twenty. The jackknife over talks with Student's
    quantile covers it from three talks on (benchmarks/agreement.py); with three the interval is wide, and ought to be.
    Sources: Hughes (2022), Toward improved inference for Krippendorff's Alpha, for the jackknife over units;
    Cameron and Miller (2015), J. Human Resources 50:317-372, for clusters and their degrees of freedom.
    """
    count = len(without)
    if np.isnan(without).any():
        return None
    supposed = count * value - (count - 1) * without
    spread = float(scipy.special.stdtrit(count - 1, 0.975)) * float(supposed.std(ddof=1)) / sqrt(count)
    return Interval(value, max(-1.0, value - spread), min(1.0, value + spread))


class Standing(StrEnum):
    """How far is the coding of one utterance?"""

    OPEN = "open"  # fewer than two have coded it
    DISPUTED = "disputed"
    AGREED = "agreed"
    SETTLED = "settled"


def standing(given: Sequence[Chosen], settled: Chosen | None) -> Standing:
    """What a third settled stands; else what two said alike."""
    if settled is not None:
        return Standing.SETTLED
    if len(given) < 2:
        return Standing.OPEN
    return Standing.AGREED if given[0] == given[1] else Standing.DISPUTED


def final(given: Sequence[Chosen], settled: Chosen | None) -> Chosen | None:
    """The codes that count; None as long as nobody can tell."""
    found = standing(given, settled)
    if found is Standing.SETTLED:
        return settled
    return given[0] if found is Standing.AGREED else None


@dataclass(frozen=True, slots=True)
class Step:
    """One talk's part in the codebook: codes never seen before it, all seen up to it."""

    name: str
    new: int
    total: int


def saturation(talks: Sequence[tuple[str, Iterable[str]]]) -> list[Step]:
    """Talk by talk in their order: how many codes were new? Where talks bring none any more, more talks seldom pay.

    Source: Guest, Bunce and Johnson (2006), How Many Interviews Are Enough?, Field Methods 18:59-82.
    """
    seen: set[str] = set()
    steps = []
    for name, codes in talks:
        fresh = set(codes) - seen
        seen |= fresh
        steps.append(Step(name, len(fresh), len(seen)))
    return steps


def mix(wanted: Mapping[str, int], reached: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """Group by group: wanted, reached. Groups that nobody asked for come last."""
    return [
        (name, wanted.get(name, 0), reached.get(name, 0)) for name in [*wanted, *sorted(set(reached) - set(wanted))]
    ]
