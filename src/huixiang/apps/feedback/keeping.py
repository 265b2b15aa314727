"""What personal data does each channel store, how long, and when was it last removed? Every app registers its own.

Enforced by the nightly round through here alone, so that what the page says was removed is what was removed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise

from huixiang.apps.feedback.models import Clearing

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Terms:
    """What the customer is told, and which version of it; "" where nothing is shown to her."""

    words: Text = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Keeping:
    """One way in which something personal is kept. `days`: in words. `due` counts, `clear` removes; None: no limit."""

    code: str
    channel: Text
    holds: Text
    days: Callable[[], Text]
    ground: Text
    stored: Callable[[], int]
    due: Callable[[datetime], int] | None = None
    clear: Callable[[datetime], int] | None = None
    terms: Callable[[], Terms] = Terms
    settings: tuple[str, ...] = ()  # name and arguments of the page where it is set
    within: Callable[[frozenset[str]], int] | None = None  # how much of it is of these units; None: nobody can tell


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the page. `stored` is None where how much is of the reader's units cannot be told."""

    keeping: Keeping
    days: str
    stored: int | None
    due: int | None
    terms: Terms
    last: Clearing | None


KEEPINGS: dict[str, Keeping] = {}


def keeps(keeping: Keeping) -> Keeping:
    """Register it. The module must be imported by its app's `AppConfig.ready`."""
    KEEPINGS[keeping.code] = keeping
    return keeping


def clear(now: datetime, *codes: str) -> int:
    """Remove what is over of these, and note how much; doing it again removes nothing more.

    One that fails keeps none of the others from it; then its failure is raised.
    """
    total, failures = 0, list[Exception]()
    for code in codes:
        keeping = KEEPINGS[code]
        try:
            removed = keeping.clear(now) if keeping.clear else 0
        except Exception as failure:
            failures.append(failure)
            continue
        Clearing.objects.update_or_create(code=code, defaults={"at": timezone.now(), "removed": removed})
        total += removed
    if failures:
        raise failures[0]
    return total


def told(now: datetime, reach: frozenset[str] | None = None) -> list[Told]:
    """All of it, with what would go if the round turned now; nothing is removed by asking.

    `reach`: for staff of these units. What is kept and how long everybody may know; how much, of one's own units.
    """
    if reach is not None:
        return [_told_of(keeping, reach) for keeping in KEEPINGS.values()]
    last = {one.code: one for one in Clearing.objects.all()}
    return [_told(keeping, now, last.get(code)) for code, keeping in KEEPINGS.items()]


def _told(keeping: Keeping, now: datetime, last: Clearing | None) -> Told:
    due = keeping.due(now) if keeping.due else None
    return Told(keeping, str(keeping.days()), keeping.stored(), due, keeping.terms(), last)


def _told_of(keeping: Keeping, reach: frozenset[str]) -> Told:
    stored = keeping.within(reach) if keeping.within else None
    return Told(keeping, str(keeping.days()), stored, None, keeping.terms(), None)
