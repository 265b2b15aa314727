"""Of which customers are those who need it? Shares by class, where nobody is singled out, and how many are known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from huixiang.apps.feedback import tiers
from huixiang.domain.statistics import Interval, share
from huixiang.domain.surveys.scores import FEWEST
from huixiang.domain.surveys.small_cells import hidden
from huixiang.domain.tiers import UNKNOWN, Tiers

ENDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)  # of scales of shares


@dataclass(frozen=True, slots=True)
class TierLine:
    """So many of so many voices of one class. None: so few that somebody could be recognised, or it follows from these.

    `code` UNKNOWN: customers whose class the source does not tell, or not in the words of the list.
    """

    code: str
    name: str
    count: int | None
    of: int | None
    share: Interval | None

    @property
    def is_hidden(self) -> bool:
        return self.count is None


@dataclass(frozen=True, slots=True)
class ByTier:
    """All classes in the order of the list, the unknown last, among `of` voices in reach."""

    lines: list[TierLine]
    of: int
    fewest: int = FEWEST

    @property
    def known(self) -> int:
        """So many of them have a class that is shown: the number of the others would give away what is hidden."""
        return sum(line.of or 0 for line in self.lines if line.code != UNKNOWN)

    @property
    def coverage(self) -> Interval | None:
        return share(self.known, self.of)

    @property
    def ceiling(self) -> float:
        """A round end of the scale, beyond all intervals."""
        highest = max((line.share.high for line in self.lines if line.share), default=1.0)
        return next(end for end in ENDS if end >= highest)

    @property
    def counted(self) -> tuple[tuple[str, int], ...]:
        """The need's own voices by class, as far as they are shown. The rest weighs as unknown: from a mean weight one
        could reckon back how many few there are.
        """
        return tuple((line.code, line.count) for line in self.lines if line.count)


def by_tier(mine: Iterable[tuple[str, int]], every: Iterable[tuple[str, int]], found: Tiers) -> ByTier:
    """From the counts of the need's own voices and of all; a class that the list lost counts as unknown."""
    own, whole = _in_list(mine, found), _in_list(every, found)
    codes = [*found.codes, UNKNOWN]
    out = _hidden([own.get(code, 0) for code in codes], [whole.get(code, 0) for code in codes])
    lines = [
        _line(code, tiers.name(code, found), own.get(code, 0), whole[code], is_hidden=place in out)
        for place, code in enumerate(codes)
        if whole.get(code)
    ]
    return ByTier(lines, sum(whole.values()))


def _in_list(counts: Iterable[tuple[str, int]], found: Tiers) -> dict[str, int]:
    told: dict[str, int] = {}
    for code, number in counts:
        key = code if code in found.codes else UNKNOWN
        told[key] = told.get(key, 0) + number
    return told


def _hidden(own: list[int], whole: list[int]) -> frozenset[int]:
    """Of either sum what is small, and what would give it away; the class of a few voices is nobody's to read."""
    return hidden(own, FEWEST) | hidden(whole, FEWEST)


def _line(code: str, name: str, count: int, of: int, *, is_hidden: bool) -> TierLine:
    return TierLine(code, name, None, None, None) if is_hidden else TierLine(code, name, count, of, share(count, of))
