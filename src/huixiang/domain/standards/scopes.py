"""For whom does a standard hold, and which of several holds for somebody? Sets of codes, hours and days, exactly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from huixiang.domain.standards.values import Scope, Span, Standard

_KINDS = ("branch_kinds", "services", "tiers")
ALL_DAY: tuple[Span, ...] = ((0, 1440),)


@dataclass(frozen=True, slots=True)
class Place:
    """One customer's case: codes of where, what, who, and the minute of the day; None where it is not known.

    What is not known fits only standards that do not ask for it.
    """

    branch_kind: str | None = None
    service: str | None = None
    tier: str | None = None
    minute: int | None = None


def covers(scope: Scope, place: Place) -> bool:
    """Does the scope hold here?"""
    named = zip((scope.branch_kinds, scope.services, scope.tiers), (place.branch_kind, place.service, place.tier),
                strict=True)  # fmt: skip
    if not all(not codes or code in codes for codes, code in named):
        return False
    return not scope.hours or (place.minute is not None and any(a <= place.minute < b for a, b in scope.hours))


def overlap(one: Scope, other: Scope) -> bool:
    """Is there anybody for whom both hold?"""
    pairs = ((getattr(one, kind), getattr(other, kind)) for kind in _KINDS)
    return all(not a or not b or a & b for a, b in pairs) and any(
        max(a[0], b[0]) < min(a[1], b[1]) for a in one.hours or ALL_DAY for b in other.hours or ALL_DAY
    )


def within(one: Scope, other: Scope) -> bool:
    """Does `other` hold for everybody for whom `one` does?"""
    pairs = ((getattr(one, kind), getattr(other, kind)) for kind in _KINDS)
    return all(not b or (a and a <= b) for a, b in pairs) and all(
        any(b[0] <= a[0] and a[1] <= b[1] for b in other.hours or ALL_DAY) for a in one.hours or ALL_DAY
    )


def is_exception(one: Scope, other: Scope) -> bool:
    """Is one strictly within the other, so that it is clear which holds?"""
    return within(one, other) != within(other, one)


def days_meet(one: Standard, other: Standard) -> bool:
    """Is there a day on which both hold?"""
    since = max(one.effective_from, other.effective_from)
    until = min(one.effective_until or date.max, other.effective_until or date.max)
    return since <= until


def in_force(standards: Iterable[Standard], day: date, place: Place) -> Standard | None:
    """Which one holds on this day here? The most specific; of equals the later, then the first by code.

    Versions of one standard follow each other: of each code only the latest that has begun is asked.
    """
    held = [each for each in latest(standards, day) if each.holds_on(day) and covers(each.scope, place)]
    return min(held, key=_order, default=None)


def latest(standards: Iterable[Standard], day: date) -> list[Standard]:
    """Of each code the version that began last, until this day; it may have ended."""
    found: dict[str, Standard] = {}
    for each in sorted(standards, key=lambda each: each.effective_from):
        if each.effective_from <= day:
            found[each.code] = each
    return sorted(found.values(), key=lambda each: each.code)


def _order(standard: Standard) -> tuple[int, int, int, int, str]:
    """More kinds of conditions first, then the narrower, then the later."""
    scope = standard.scope
    named = [getattr(scope, kind) for kind in _KINDS]
    asked = sum(map(bool, named)) + bool(scope.hours)
    codes, minutes = sum(map(len, named)), sum(b - a for a, b in scope.hours)
    return -asked, codes, minutes, -standard.effective_from.toordinal(), standard.code
