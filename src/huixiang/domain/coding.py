"""What do coded utterances tell? How alike two coders coded, what is settled, and whether more talks bring more.

Coders choose a set of codes for each utterance, each by herself; an empty set says "nothing of it", None "not yet".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from huixiang.domain.statistics import Interval
from huixiang.domain.statistics.sets import Chosen, compared, masi

FEWEST = 20  # utterances coded by both, below which no figure is told: one more could turn it over
FEWEST_OF_CODE = 5  # in which at least one of the two saw the code, below which its own figure is not told
RESAMPLES = 400
Pair = tuple[Chosen | None, Chosen | None]


class Unknown(StrEnum):
    """Why is there no figure?"""

    FEW = "few"
    SAME = "same"  # all were coded alike and with one value: chance alone would do the same


@dataclass(frozen=True, slots=True)
class Agreed:
    """Krippendorff's alpha with its 95 % bootstrap interval over utterances, or why there is none.

    `of`: utterances coded by both; `named`: those in which at least one saw the code, of one code's figure.
    Utterances of one person hang together, so the true interval is somewhat wider than this.
    """

    of: int
    alpha: Interval | None
    why: Unknown | None = None
    named: int = 0


def agreement(pairs: Iterable[Pair], dice: np.random.Generator) -> Agreed:
    """How alike did both choose? With MASI's distance: who chose less is nearer than who chose otherwise.

    Sources: Krippendorff (2011), Passonneau (2006).
    """
    both = [pair for pair in pairs if None not in pair]
    return _agreed(both, dice, masi) if len(both) >= FEWEST else Agreed(len(both), None, Unknown.FEW)


def agreement_by_code(pairs: Iterable[Pair], dice: np.random.Generator) -> dict[str, Agreed]:
    """Code by code: was it seen in the same utterances? The least agreed on first, those without a figure last."""
    both = [(one, other) for one, other in pairs if one is not None and other is not None]
    found: dict[str, Agreed] = {}
    for code in sorted({code for pair in both for chosen in pair for code in chosen}):
        named = sum(any(code in chosen for chosen in pair) for pair in both)
        if len(both) < FEWEST or named < FEWEST_OF_CODE:
            found[code] = Agreed(len(both), None, Unknown.FEW, named)
            continue
        seen: list[Pair] = [(one & {code}, other & {code}) for one, other in both]
        told = _agreed(seen, dice, _differs)
        found[code] = Agreed(told.of, told.alpha, told.why, named)
    return dict(sorted(found.items(), key=lambda item: (item[1].alpha.value if item[1].alpha else 2.0, item[0])))


def _differs(one: Chosen, other: Chosen) -> float:
    return float(one != other)


def _agreed(both: Sequence[Pair], dice: np.random.Generator, distance: object) -> Agreed:
    # Utterances coded alike are one kind: to draw utterances is to draw how often each kind comes, and far quicker.
    kinds = Counter(both)
    known, times = compared(list(kinds), distance), np.array(list(kinds.values()))  # type: ignore[arg-type]
    value = known.alphas(times[np.newaxis])[0]
    if np.isnan(value):
        return Agreed(len(both), None, Unknown.SAME)
    drawn = known.alphas(dice.multinomial(len(both), times / len(both), size=RESAMPLES))
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Agreed(len(both), Interval(float(value), min(float(low), float(value)), max(float(high), float(value))))


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
