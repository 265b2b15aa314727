"""Which figures are watched day by day? A second registry: whoever has a figure's facts registers its daily counts.

A function `f(since, until)` answers with `Counts` by unit code ("": the whole bank, with what has no unit), for the
local days from `since` to `until`, both inclusive. A unit's counts are those of all below it too. No facts: {}.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Unit
from huixiang.domain.statistics.control import Kind
from huixiang.domain.statistics.control.series import Floats


@dataclass(frozen=True, slots=True)
class Counts:
    """Of each day: what is counted, and of how many (of SHARES and RATES); of TIMES and LEVELS the value itself."""

    values: Floats
    of: Floats | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """How is it told on a chart? A ratio so many `times`, and what stands behind the number."""

    times: int
    unit: str | Promise = ""


PER_CENT, PER_THOUSAND, MINUTES = Shown(100, "%"), Shown(1000, "‰"), Shown(1, _("分钟"))
Daily = Callable[[date, date], Mapping[str, Counts]]


@dataclass(frozen=True, slots=True)
class Figure:
    """What is watched. `right`: who may see it, in the units in which it holds. `is_whole`: the whole bank's alone,
    told to nobody less.
    """

    code: str
    title: str | Promise
    kind: Kind
    right: str
    daily: Daily
    shown: Shown
    is_whole: bool = False


_REGISTERED: dict[str, Figure] = {}


def charted(
    code: str, title: str | Promise, kind: Kind, *, right: str, shown: Shown = PER_CENT, is_whole: bool = False
) -> Callable[[Daily], Daily]:
    """Register a figure that is watched every night; from the `ready` of the app that knows."""

    def register(daily: Daily) -> Daily:
        _REGISTERED[code] = Figure(code, title, kind, right, daily, shown, is_whole)
        return daily

    return register


def figures() -> list[Figure]:
    """All that is watched, in the order of their codes."""
    return [_REGISTERED[code] for code in sorted(_REGISTERED)]


def figure(code: str) -> Figure | None:
    """None: it was watched once, and no part of the product knows it any more."""
    return _REGISTERED.get(code)


def above() -> dict[str, tuple[str, ...]]:
    """Unit → itself and all above it; "" in the place of the root, which is the whole bank."""
    paths = dict(Unit.objects.values_list("code", "path"))
    return {code: ("", *path.strip("/").split("/")[1:]) for code, path in paths.items()}


Row = tuple[str, date, float]


def by_unit(rows: Iterable[Row], since: date, until: date) -> dict[str, Floats]:
    """Sums of each day for each unit with all below it, from (unit, day, number); "" is the whole bank."""
    tree, days, found = above(), (until - since).days + 1, dict[str, Floats]()
    for unit, day, number in rows:
        for each in tree.get(unit, ("",)):
            found.setdefault(each, np.zeros(days))[(day - since).days] += number
    return found
