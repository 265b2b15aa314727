"""What may not be shown, so that nobody is recognised by it? Small groups, and what would give them away.

A hidden number that can be reckoned from the others is not hidden: where one part of a known sum is small, the next
smallest is hidden with it (complementary suppression; Hundepool et al. 2012, Statistical Disclosure Control, 4.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Traits = tuple[object, ...]


def hidden(counts: Sequence[int], fewest: int) -> frozenset[int]:
    """Which parts (by place) of a sum that is shown are hidden? Empty ones tell nothing of anybody and stay.

    Those hidden are at least two, and together at least `fewest` people.
    """
    order = sorted((number, place) for place, number in enumerate(counts) if number > 0)
    out = [place for number, place in order if number < fewest]
    rest = [place for number, place in order if number >= fewest]
    while out and rest and (len(out) < 2 or sum(counts[place] for place in out) < fewest):
        out.append(rest.pop(0))
    return frozenset(out)


def hidden_cells(counts: Counts, fewest: int) -> NDArray[np.bool_]:
    """Which cells of a table whose sums by row and column are shown are hidden?

    Then no row and no column hides a single cell, nor cells that hold less than `fewest` together: two hidden ones of
    two people were one and one. That is no proof against who solves all equations of a table at once, and keeps what
    can be read off a line from being read.
    """
    out = (counts > 0) & (counts < fewest)
    changed = bool(out.any())
    while changed:
        changed = False
        for cells, marks in ((counts, out), (counts.T, out.T)):
            for line, mark in zip(cells, marks, strict=True):
                few = mark.any() and (mark.sum() == 1 or line[mark].sum() < fewest)
                if few and (more := _next(line, mark)) is not None:
                    mark[more] = changed = True
    return out


def blocks(counts: Sequence[int], fewest: int) -> list[tuple[int, int]]:
    """Between which months may a reader cut? First and last place of each run that holds enough people.

    Spans made of whole runs differ by none or by enough, so no two of them tell what a few answered.
    """
    found: list[tuple[int, int]] = []
    start, people = 0, 0
    for place, number in enumerate(counts):
        people += number
        if people >= fewest:
            found.append((start, place))
            start, people = place + 1, 0
    if start < len(counts):  # what is left at the end goes with the run before
        first = found.pop()[0] if found else start
        found.append((first, len(counts) - 1))
    return found


def traits_told(groups: Mapping[Traits, int], fewest: int) -> dict[Traits, int]:
    """How many traits, from the first on, may stand beside each single answer? So many that `fewest` show the same.

    `groups`: how many people have all of these traits. Counted are those whom nothing finer tells apart: a rest of few
    is not left to be known by what it lacks, but gets the smallest group beside it, which then tells no more than it.
    """
    # What is told → those of whom it is.
    left: dict[Traits, list[Traits]] = {(): list(groups)}
    classes: dict[Traits, list[Traits]] = {}
    depth = max(map(len, groups), default=0)

    def people(of: Traits, kept: dict[Traits, list[Traits]]) -> int:
        return sum(groups[traits] for traits in kept[of])

    for many in range(depth, -1, -1):
        left = _parted([traits for some in left.values() for traits in some], many)
        beside = _parted(sorted(classes, key=lambda of: (people(of, classes), str(of))), many)
        for told in [told for told in left if people(told, left) < fewest and beside.get(told)]:
            left[told] += classes.pop(beside[told][0])
        for told in [told for told in left if people(told, left) >= fewest or not many]:
            classes[told] = left.pop(told)
    return {traits: len(told) for told, some in classes.items() for traits in some}


def _parted(traits: Iterable[Traits], many: int) -> dict[Traits, list[Traits]]:
    """By the first of them."""
    found: dict[Traits, list[Traits]] = {}
    for each in traits:
        found.setdefault(each[:many], []).append(each)
    return found


def _next(line: Counts, mark: NDArray[np.bool_]) -> int | None:
    """The smallest cell of a line that is shown and not empty."""
    open_ = np.flatnonzero(~mark & (line > 0))
    return int(open_[np.argmin(line[open_])]) if len(open_) else None
