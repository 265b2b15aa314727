"""What do the standards add up to in an appraisal? By line, verdict and weight: docs/methods/conformance.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from huixiang.domain.standards.conformance import Measured, Verdict, judge
from huixiang.domain.standards.values import Standard

# How much of its weight a verdict brings. What is not proven counts neither for nor against: its weight is left out.
EARNED = {Verdict.MET: 1.0, Verdict.NEAR: 0.5, Verdict.MISSED: 0.0}


@dataclass(frozen=True, slots=True)
class Entry:
    """One standard on a scorecard. `found` None: nothing was measured here."""

    standard: Standard
    weight: float
    found: Measured | None
    verdict: Verdict

    @property
    def earned(self) -> float | None:
        """Of its weight; None where nothing is proven."""
        part = EARNED.get(self.verdict)
        return None if part is None else part * self.weight


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an appraisal with its standards."""

    title: str
    entries: tuple[Entry, ...]

    @property
    def weight(self) -> float:
        return sum(each.weight for each in self.entries)

    @property
    def proven(self) -> float:
        """The weight of which it can be told whether it was earned."""
        return sum(each.weight for each in self.entries if each.earned is not None)

    @property
    def score(self) -> float | None:
        """Of what can be told, which part was earned? Per cent; None where nothing can."""
        earned = sum(each.earned or 0.0 for each in self.entries)
        return 100 * earned / self.proven if self.proven else None


def scorecard(standards: Iterable[Standard], found: Mapping[str, Measured]) -> list[Line]:
    """The lines in the order of their names; `found` holds what was measured, by the standard's code."""
    lines: dict[str, list[Entry]] = {}
    for each in sorted(standards, key=lambda standard: standard.code):
        if each.appraisal:
            lines.setdefault(each.appraisal.line, []).append(_entry(each, each.appraisal.weight, found.get(each.code)))
    return [Line(title, tuple(entries)) for title, entries in sorted(lines.items())]


def _entry(standard: Standard, weight: float, found: Measured | None) -> Entry:
    verdict = judge(standard.aim, found) if standard.aim and found else Verdict.UNPROVEN
    return Entry(standard, weight, found, verdict)
