"""Is it one branch, or all of a region? Open shifts of one figure that may have begun together follow one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from huixiang.apps.standards import charting
from huixiang.apps.standards.models import Shift
from huixiang.domain.statistics.control import grouped

MOST_OF = 2 / 3  # of what came on top of the usual: then it is that unit's
Paths = Mapping[str, tuple[str, ...]]
Leaders = dict[int, Shift]  # who follows, by key


def lead(charted: Sequence[tuple[str, str]]) -> int:
    """Each night anew of what is open: told is one shift, and what follows it stands with it.

    `charted`: figure and unit of all that has a chart. How many follow another?
    """
    paths = charting.above()
    rows = list(Shift.objects.open().order_by("figure", "unit"))
    leaders: Leaders = {}
    for figure, its in groupby(rows, lambda shift: shift.figure):
        units = {shift.unit: shift for shift in its}
        leaders |= _beneath(units, paths)
        leaders |= _together(units, leaders, paths, [unit for code, unit in charted if code == figure])
    for shift in rows:
        shift.led_by = leaders.get(shift.pk)
    Shift.objects.bulk_update(rows, ["led_by"])
    return len(leaders)


def _beneath(units: Mapping[str, Shift], paths: Paths) -> Leaders:
    """Of units one beneath the other: told is where most of it lies, else the highest, which the next ones follow."""
    found: Leaders = {}
    for unit, shift in sorted(units.items(), key=lambda item: len(paths.get(item[0], ()))):
        if shift.pk in found:
            continue
        below = [
            its
            for each, its in units.items()
            if unit in paths.get(each, ())[:-1] and its.pk not in found and _alike(its, shift)
        ]
        if home := _home(shift, below, paths):
            found[shift.pk] = home
        else:
            found |= {each.pk: _nearest(each, units, paths) for each in below}
    return found


def _nearest(shift: Shift, units: Mapping[str, Shift], paths: Paths) -> Shift:
    """Who sees a part of the bank alone is told the highest unit there, so each follows the next above it."""
    superiors = (units[each] for each in reversed(paths[shift.unit][:-1]) if each in units)
    return next(each for each in superiors if _alike(shift, each))


def _home(shift: Shift, below: Sequence[Shift], paths: Paths) -> Shift | None:
    """The lowest unit that holds most of what came on top of the usual, where no unit beside it moved alike."""
    most = [
        each
        for each in below
        if each.excess
        and each.excess / (shift.excess or 1.0) >= MOST_OF
        and all(other.unit in paths[each.unit] or each.unit in paths[other.unit] for other in below)
    ]
    return max(most, key=lambda each: len(paths[each.unit]), default=None)


def _together(units: Mapping[str, Shift], led: Leaders, paths: Paths, charted: Sequence[str]) -> Leaders:
    """At least half of a superior's charted parts, and three: the surest is told with the others."""
    above = {unit: path[-2] for unit, path in paths.items() if len(path) > 1}
    alone = {unit: shift for unit, shift in units.items() if shift.pk not in led}
    parts = Counter(above[unit] for unit in charted if unit in above)
    found: Leaders = {}
    for group in grouped({unit: [shift.alert] for unit, shift in alone.items()}, above, parts):
        surest = min((alone[unit] for unit in group.parts), key=lambda shift: shift.p)
        found |= {alone[unit].pk: surest for unit in group.parts if alone[unit] is not surest}
    return found


def _alike(one: Shift, other: Shift) -> bool:
    overlap = one.since_earliest <= other.since_latest and other.since_earliest <= one.since_latest
    return one.is_up == other.is_up and overlap
