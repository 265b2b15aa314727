"""Whom to ask? A sample drawn by chance from a frame, each customer with a probability that is known.

The units drawn are customers, not visits: who came ten times is asked once, about one visit drawn by chance. Within a
stratum everybody who may be asked has the same chance, so an answer stands for 1 / probability customers
(Horvitz and Thompson 1952, J. Am. Stat. Assoc. 47:663-685). Who may not be asked is outside the frame, and counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil
from typing import Any

import numpy as np

from huixiang.domain.statistics.intervals import Z95

YEAR = timedelta(days=365)


class Why(StrEnum):
    """Why is somebody of the frame not to be drawn?"""

    REPEATED = "repeated"  # a further visit of a customer who stands in the frame already
    OPTED_OUT = "opted_out"  # does not want to be asked
    OVER_ASKED = "over_asked"  # was asked a short while ago, or often enough this year
    NO_CONTACT = "no_contact"
    BY_HAND = "by_hand"  # a person took the customer off the list


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line of the frame: a customer and the visit, call or case that he would be asked about."""

    customer: str  # pseudonym
    unit: str
    tier: str = ""
    met_on: date | None = None
    asked_on: tuple[date, ...] = ()  # when any survey asked before
    can_be_reached: bool = True
    has_opted_out: bool = False
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class Rest:
    """How long is a customer left in peace after being asked, by whichever survey?"""

    least_days: int = 30
    most_a_year: int = 4

    def is_due(self, asked_on: Sequence[date], today: date) -> bool:
        """May the customer be asked again?"""
        lately = [day for day in asked_on if day > today - YEAR]
        return len(lately) < self.most_a_year and all((today - day).days >= self.least_days for day in lately)


@dataclass(frozen=True, slots=True)
class Rule:
    """How is the sample drawn? `share` of each stratum, or `size` in all."""

    by: tuple[str, ...] = ("unit",)  # strata: "unit", "tier", both, or none
    share: float | None = None  # in (0, 1]
    size: int | None = None
    is_even: bool = False  # the same number from each stratum, so that small ones can be judged too
    least: int = 0  # from each stratum, as far as it goes
    rest: Rest = Rest()

    def __post_init__(self) -> None:
        if (self.share is None) == (self.size is None):
            raise ValueError("either a share of each stratum or a size in all")
        if self.share is not None and not 0 < self.share <= 1:
            raise ValueError(f"a share of {self.share} is not in (0, 1]")
        if self.size is not None and self.size < 1:
            raise ValueError(f"{self.size} customers cannot be drawn")
        if set(self.by) - {"unit", "tier"}:
            raise ValueError(f"strata by {self.by}: unit and tier are known")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who is asked: which line of the frame, with which chance."""

    index: int
    stratum: str
    probability: float


@dataclass(frozen=True, slots=True)
class Stratum:
    """What became of one stratum of the frame? framed = eligible + left out, for each reason."""

    name: str
    framed: int
    eligible: int
    drawn: int
    left_out: dict[str, int]

    @property
    def coverage(self) -> float:
        """Which share of the frame's customers could be drawn at all? Below 1 the result says nothing of the rest."""
        customers = self.framed - self.left_out.get(Why.REPEATED, 0)
        return self.eligible / customers if customers else 0.0


@dataclass(frozen=True, slots=True)
class Sample:
    """Who was drawn, and the account of the frame."""

    chosen: tuple[Chosen, ...]
    strata: tuple[Stratum, ...]


def draw(frame: Sequence[Candidate], rule: Rule, today: date, chance: np.random.Generator) -> Sample:
    """Who is asked? The same frame, rule and seed give the same sample, whatever was drawn before."""
    reasons = _left_out(frame, rule, today, chance)
    names = [_stratum(candidate, rule.by) for candidate in frame]
    eligible: dict[str, list[int]] = defaultdict(list)
    for index, name in enumerate(names):
        if reasons[index] is None:
            eligible[name].append(index)
    sizes = allotted({name: len(those) for name, those in eligible.items()}, rule)
    chosen = []
    for name in sorted(eligible):
        those, size = eligible[name], sizes[name]
        picked = sorted(chance.choice(len(those), size=size, replace=False).tolist()) if size else []
        chosen += [Chosen(those[place], name, size / len(those)) for place in picked]
    return Sample(tuple(chosen), tuple(_accounts(names, reasons, sizes)))


def allotted(eligible: dict[str, int], rule: Rule) -> dict[str, int]:
    """How many from each stratum? In proportion or evenly, at least `least`, never more than there are."""
    if rule.share is not None:
        wanted = {name: ceil(count * rule.share - 1e-9) for name, count in eligible.items()}
    else:
        wanted = _spread(eligible, rule.size or 0, is_even=rule.is_even)
    return {name: min(count, max(wanted[name], rule.least)) for name, count in eligible.items()}


def needed(half_width: float, customers: int, answering: float = 1.0) -> int:
    """How many must be asked so that a share is known to ± `half_width`, at 95 %, whatever it is?

    `answering`: the share of the asked that answers. For a share of one half, with the correction for a finite number
    of customers (Cochran 1977, Sampling Techniques, 4.1). Never more than there are.
    """
    if not 0 < half_width < 1 or not 0 < answering <= 1 or customers < 0:
        raise ValueError(f"± {half_width} with {answering} answering of {customers} customers makes no sense")
    endless = (Z95 / (2 * half_width)) ** 2
    answers = endless / (1 + (endless - 1) / customers) if customers else 0.0
    return min(customers, ceil(answers / answering))


def _left_out(frame: Sequence[Candidate], rule: Rule, today: date, chance: np.random.Generator) -> list[Why | None]:
    lines: dict[str, list[int]] = defaultdict(list)
    for index, candidate in enumerate(frame):
        lines[candidate.customer].append(index)
    reasons: list[Why | None] = [Why.REPEATED] * len(frame)
    for indices in lines.values():
        kept = indices[int(chance.integers(len(indices)))] if len(indices) > 1 else indices[0]
        # One line may tell what the others do not: who opted out on one is not asked about another.
        reasons[kept] = _reason([frame[index] for index in indices], frame[kept], rule.rest, today)
    return reasons


def _reason(lines: Sequence[Candidate], kept: Candidate, rest: Rest, today: date) -> Why | None:
    asked = sorted({day for line in lines for day in line.asked_on})
    checks = (
        (Why.OPTED_OUT, any(line.has_opted_out for line in lines)),
        (Why.BY_HAND, any(line.is_left_out for line in lines)),
        (Why.OVER_ASKED, not rest.is_due(asked, today)),
        (Why.NO_CONTACT, not kept.can_be_reached),
    )
    return next((why for why, is_so in checks if is_so), None)


def _stratum(candidate: Candidate, by: Sequence[str]) -> str:
    return " / ".join(getattr(candidate, name) or "–" for name in by)


def _spread(eligible: dict[str, int], size: int, *, is_even: bool) -> dict[str, int]:
    """Whole numbers that add up to `size`, or to all there are; what one stratum lacks the others give."""
    size, given = min(size, sum(eligible.values())), dict.fromkeys(eligible, 0)
    while left := size - sum(given.values()):
        open_ = {name: count for name, count in eligible.items() if given[name] < count}
        parts = {name: (1 if is_even else count) for name, count in open_.items()}
        whole = sum(parts.values())
        exact = {name: min(left * part / whole, eligible[name] - given[name]) for name, part in parts.items()}
        for name, count in exact.items():
            given[name] += int(count)
        rest = size - sum(given.values())
        by_remainder = sorted(exact, key=lambda name: (int(exact[name]) - exact[name], name))
        for name in by_remainder[:rest]:
            given[name] += given[name] < eligible[name]
    return given


def _accounts(names: Sequence[str], reasons: Sequence[Why | None], sizes: dict[str, int]) -> list[Stratum]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name, reason in zip(names, reasons, strict=True):
        counts[name][str(reason) if reason else ""] += 1
    return [
        Stratum(
            name=name,
            framed=sum(found.values()),
            eligible=found[""],
            drawn=sizes.get(name, 0),
            left_out={why: count for why, count in sorted(found.items()) if why},
        )
        for name, found in sorted(counts.items())
    ]


def account(sample: Sample) -> list[dict[str, Any]]:
    """The account as JSON holds it."""
    return [
        {"stratum": s.name, "framed": s.framed, "eligible": s.eligible, "drawn": s.drawn, "left_out": s.left_out}
        for s in sample.strata
    ]
