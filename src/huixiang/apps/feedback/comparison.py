"""Where are customers least content? Shares of negative voices by channel, unit or version, with their intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from huixiang.apps.access.models import Unit
from huixiang.domain.statistics import Interval, share
from huixiang.lake.questions import Count

CEILINGS = (0.1, 0.2, 0.25, 0.4, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison: `key` filters the voices behind it; `total` says how many they are."""

    key: str
    name: str
    negative: int
    total: int
    share: Interval


@dataclass(frozen=True, slots=True)
class Comparison:
    """Lines from the worst down, on one scale; `overall` is the share of all voices together."""

    lines: list[Line]
    overall: Interval | None
    left_out: int

    @property
    def ceiling(self) -> float:
        """The scale's end: the first round number beyond all intervals."""
        highest = max((line.share.high for line in self.lines), default=1.0)
        return next(ceiling for ceiling in CEILINGS if ceiling >= highest)


def comparison(counts: Iterable[Count], name: Callable[[str], str], most: int = 12) -> Comparison:
    """Ordered by the interval's lower end, so that three angry customers do not outweigh three hundred."""
    counts = [count for count in counts if count.total]
    lines = []
    for count in counts:
        found = share(count.negative, count.total)
        assert found is not None  # total > 0
        lines.append(Line(str(count.key), name(str(count.key)), count.negative, count.total, found))
    lines.sort(key=lambda line: (-line.share.low, -line.total, line.name))
    overall = share(sum(line.negative for line in lines), sum(line.total for line in lines))
    return Comparison(lines[:most], overall, max(0, len(lines) - most))


def ranked(counts: Iterable[Count], name: Callable[[str], str], overall: Interval | None, most: int = 12) -> Comparison:
    """As `comparison`, by the number of negative voices: for what a voice can hold several of, such as topics."""
    found = comparison(counts, name, most=10_000)
    lines = sorted(found.lines, key=lambda line: (-line.negative, -line.total, line.name))
    return Comparison(lines[:most], overall, max(0, len(lines) - most))


def under(counts: Iterable[Count], units: Sequence[Unit], chosen: Unit | None) -> list[Count]:
    """Counts of single units, summed up to the level below the chosen one (or below the highest in reach).

    Voices of the chosen unit itself keep its own code; voices without a unit the empty one.
    """
    top = chosen.path if chosen else _common(units)
    home = {unit.code: _level(unit.path, top) for unit in units}
    sums: dict[str, list[int]] = {}
    for count in counts:
        key = home.get(str(count.key), "") if count.key else ""
        parts = sums.setdefault(key, [0, 0, 0])
        for place, number in enumerate((count.negative, count.neutral, count.positive)):
            parts[place] += number
    return [Count(key, *parts) for key, parts in sums.items()]


def _common(units: Sequence[Unit]) -> str:
    """The path that all units in reach share: "/HQ/" for the head office's people, "/HQ/N/" for a region's."""
    paths = [unit.path for unit in units]
    if not paths:
        return "/"
    shared = []
    for codes in zip(*(path.strip("/").split("/") for path in paths), strict=False):
        if len(set(codes)) > 1:
            break
        shared.append(codes[0])
    return "/" + "".join(f"{code}/" for code in shared)


def _level(path: str, top: str) -> str:
    codes, depth = path.strip("/").split("/"), len([code for code in top.split("/") if code])
    return codes[min(depth, len(codes) - 1)]
