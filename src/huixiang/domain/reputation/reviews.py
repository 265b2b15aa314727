"""When do reviews come in a burst, and what may have caused it? Each store held against its own past, copies apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from huixiang.domain.statistics import Interval, difference
from huixiang.domain.statistics.panel import Floats, Panel

LOW, HIGH = 2, 4  # stars, inclusive
COPIED_FROM = 12  # characters of the normal form: 很好用 is said by many who never met
KINDS = ("all", "low", "high", "copied")
SLOW = 3  # days by which the second review of a version may come after the first angry ones
RELEASE_NEAR = 14  # days before a burst within which a release may have caused it
FEWEST_OF_VERSION = 3


@dataclass(frozen=True, slots=True)
class Cause:
    """The release that stands out in a burst: of `of` reviews of the burst's kind so many are of this version.

    `gap`: by how much its share is larger than among the other reviews of those days.
    """

    version: str
    first_on: date
    count: int
    of: int
    gap: Interval | None

    @property
    def is_proven(self) -> bool:
        return self.gap is not None and self.gap.low > 0


def panel(
    days: Iterable[tuple[str, date, Mapping[str, int]]],
    since: date,
    until: date,
    fewest: int,
    holidays: frozenset[date] = frozenset(),
    make_up: frozenset[date] = frozenset(),
) -> Panel:
    """Each store's reviews by day and kind, and those of all stores together ("").

    The volume is the same every day: not the share of low stars is watched but how many there are, since a burst of
    reviews is itself the finding. What weekdays, holidays, season and drift explain is allowed for.
    """
    length = (until - since).days + 1
    counts: dict[tuple[str, str], Floats] = {}
    for platform, day, told in days:
        for kind in KINDS:
            for where in {"", platform}:
                counts.setdefault((kind, where), np.zeros(length))[(day - since).days] += told[kind]
    keys = tuple(sorted(key for key, row in counts.items() if row.sum() >= fewest))
    rows = np.array([counts[key] for key in keys]).reshape(len(keys), length)
    return Panel(keys, since, rows, np.ones_like(rows), holidays, make_up)


def cause(
    begin: date, first_days: Sequence[tuple[str, date]], burst: Mapping[str, int], everything: Mapping[str, int]
) -> Cause | None:
    """Which release of the days before may explain a burst that began on `begin`?

    `burst`: the reviews of the burst's kind by version; `everything`: all others of those days. Of the releases that
    came near enough, the one whose version the burst holds most of. None where none did, or too few tell a version.
    """
    near = [each for each in first_days if -SLOW <= (begin - each[1]).days <= RELEASE_NEAR]
    of, others = sum(burst.values()), sum(everything.values())
    near = [each for each in near if burst.get(each[0], 0) >= FEWEST_OF_VERSION]
    if not near:
        return None
    version, day = max(near, key=lambda each: (burst[each[0]], each[1]))
    inside, outside = burst[version], everything.get(version, 0)
    return Cause(version, day, inside, of, difference((outside, others), (inside, of)))
