"""Which version of the app was out when, and when were the systems down? The calendars behind the clicks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.journeys import SYSTEMS
from huixiang.simulation.planting import Planting

WEEKS_BETWEEN = 6
NEAR = timedelta(days=16)  # no ordinary release this near to a planted one
STARTS_AT = (8, 1, 0)
MONTHS_AN_OUTAGE = 6


@dataclass(frozen=True, slots=True)
class Release:
    """One version of the app, and its first day in the stores."""

    version: str
    day: date


@dataclass(frozen=True, slots=True)
class Outage:
    """One incident: day of the history, seconds of it, system (place in SYSTEMS), and the share of tries that fail."""

    day: int
    begins: int
    ends: int
    system: int
    share: float


def releases(bank: Bank, planting: Planting) -> tuple[Release, ...]:
    """Every version from before the history's first day to its last, in order of day.

    A planted broken release comes out on its first day, and a repaired one on the day after its last. The ordinary
    versions before it are numbered down from it and those after it up, so that numbers always rise.
    """
    dice, day = bank.dice.of("releases"), bank.scenario.first_day - timedelta(days=50)
    planned = []
    while day <= bank.scenario.until:
        planned.append(day)
        day += timedelta(days=7 * WEEKS_BETWEEN + int(dice.integers(-6, 7)))
    fixed = {effect.start: effect.version for effect, _ in planting.of("broken_release")}
    mended = [e.end + timedelta(days=1) for e, _ in planting.of("broken_release") if e.end < bank.scenario.until]
    kept = [one for one in planned if all(abs(one - other) > NEAR for other in [*fixed, *mended])]
    days = sorted({*kept, *fixed, *mended})
    return tuple(Release(version, one) for version, one in zip(_versions(days, fixed), days, strict=True))


def outages(bank: Bank) -> tuple[Outage, ...]:
    """The incidents of the history, in order: one in half a year, 10 to 60 minutes, by day."""
    dice, days = bank.dice.of("outages"), len(bank.scenario.days())
    found = [
        Outage(
            day=int(dice.integers(0, days)),
            begins=(begins := int(dice.integers(8 * 3600, 21 * 3600))),
            ends=begins + int(dice.integers(600, 3601)),
            system=int(dice.integers(0, len(SYSTEMS) - 3)),  # the three that every errand needs
            share=round(float(dice.uniform(0.4, 0.95)), 2),
        )
        for _ in range(max(2, round(bank.scenario.months / MONTHS_AN_OUTAGE)))
    ]
    return tuple(sorted(found, key=lambda outage: (outage.day, outage.begins)))


def _versions(days: list[date], fixed: dict[date, str]) -> list[str]:
    planted = [n for n, day in enumerate(days) if day in fixed]
    versions: list[tuple[int, ...]] = [STARTS_AT] * len(days)
    if planted:
        first = planted[0]
        versions[first] = _parsed(fixed[days[first]])
        for n in range(first - 1, -1, -1):
            versions[n] = _before(versions[n + 1])
    for n in range((planted[0] if planted else 0) + 1, len(days)):
        if days[n] in fixed:
            versions[n] = _parsed(fixed[days[n]])
            continue
        after = next((_parsed(fixed[d]) for d in days[n:] if d in fixed), None)
        versions[n] = _after(versions[n - 1])
        if after is not None and versions[n] >= after:  # no number left in between: a fourth part
            last = versions[n - 1]
            versions[n] = (*last[:3], (last[3] if len(last) > 3 else 0) + 1)
    return [".".join(str(part) for part in version) for version in versions]


def _parsed(version: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in version.split("."))
    except ValueError as error:
        raise ValueError(f"version {version!r} of the broken release is not of the form 8.4.0") from error


def _after(version: tuple[int, ...]) -> tuple[int, ...]:
    """8.1.0 → 8.1.1 → 8.2.0: a small release follows every large one."""
    major, minor, patch = (*version, 0, 0)[:3]
    return (major, minor, 1) if patch == 0 else (major, minor + 1, 0)


def _before(version: tuple[int, ...]) -> tuple[int, ...]:
    major, minor, patch = (*version, 0, 0)[:3]
    if patch:
        return (major, minor, 0)
    return (major, minor - 1, 1) if minor else (major - 1, 9, 1)


def version_in_use(
    calendar: tuple[Release, ...], first_day: date, day: NDArray[np.int32], lag: NDArray[np.float32]
) -> NDArray[np.int8]:
    """Which version (place in the calendar) has a person on `day` who installs each `lag` days after it came out?"""
    out = np.array([(release.day - first_day).days for release in calendar], dtype=np.float32)
    place: NDArray[np.int64] = np.searchsorted(out, day.astype(np.float32) - lag, side="right") - 1
    return np.maximum(place, 0).astype(np.int8)
