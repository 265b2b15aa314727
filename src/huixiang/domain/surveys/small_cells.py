"""What may not be shown, so that nobody is recognised by it? Small groups, and what would give them away.

A hidden number that can be reckoned from the others is not hidden: where one part of a known sum is small, the next
smallest is hidden with it (complementary suppression; Hundepool et al. 2012, Statistical Disclosure Control, 4.3).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


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


def hidden_cells(counts: Counts, fewest: int, *, also_empty: bool = False) -> NDArray[np.bool_]:
    """Which cells of a table whose sums by row and column are shown are hidden?

    Then no row and no column hides a single cell, nor cells that hold less than `fewest` together: two hidden ones of
    two people were one and one. `also_empty`: where a line has nobody else, its empty cells are hidden too, or the one
    among noughts were known. That is no proof against who solves all equations of a table at once, and keeps what
    can be read off a line from being read.
    """
    out = (counts > 0) & (counts < fewest)
    changed = bool(out.any())
    while changed:
        changed = False
        for cells, marks in ((counts, out), (counts.T, out.T)):
            for line, mark in zip(cells, marks, strict=True):
                few = mark.any() and (mark.sum() == 1 or line[mark].sum() < fewest)
                if few and (more := _next(line, mark, also_empty)) is not None:
                    mark[more] = changed = True
    return out


def sums_tell(counts: Counts, hidden: NDArray[np.bool_], groups: Sequence[NDArray[np.bool_]], fewest: int) -> bool:
    """Would the sums of these groups of cells give away what a table hides whose sums by row and column are known?

    They do where what a group hides is one cell or less than `fewest` people, and where some hidden cell follows from
    all sums together: its own direction lies among theirs.
    """
    parts = [hidden & group for group in groups]
    if any(part.any() and (part.sum() < 2 or counts[part].sum() < fewest) for part in parts):
        return True
    places = np.flatnonzero(hidden)
    if not len(places):
        return False
    rows, columns = np.unravel_index(places, hidden.shape)
    lines = [rows == each for each in np.unique(rows)] + [columns == each for each in np.unique(columns)]
    known = np.array([*lines, *(part.ravel()[places] for part in parts)], np.float64)
    return bool(np.diag(np.linalg.pinv(known) @ known).max() > 1 - 1e-9)


def _next(line: Counts, mark: NDArray[np.bool_], also_empty: bool) -> int | None:
    """The smallest cell of a line that is shown and not empty; where there is none, perhaps an empty one."""
    open_ = np.flatnonzero(~mark & (line > 0))
    if also_empty and not len(open_):
        open_ = np.flatnonzero(~mark)
    return int(open_[np.argmin(line[open_])]) if len(open_) else None
