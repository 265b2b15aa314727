"""Which files come in by these imports and this quarantine, though a later stage reads them? Each registers here.

One account, one quarantine, one way to go on after a kill, whatever a file holds: a guest says how its rows are read,
where they land and who may bring and mend them; all else is as for files of feedback.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from django.db.models import Q

if TYPE_CHECKING:
    from huixiang.apps.access.models import Staff
    from huixiang.apps.access.sentences import Sentence
    from huixiang.apps.feedback.classification import Told
    from huixiang.apps.feedback.landing import Approach
    from huixiang.apps.feedback.models import Batch, Import
    from huixiang.apps.feedback.reading import Reader
    from huixiang.channels.contract import Refused
    from huixiang.lake.store import Lake

# Any of these opens the door of the pages; which imports lie behind it for a person, the rows' own QuerySet tells.
RUN = ("import.run", "survey.manage", "complaint.import", "inspection.import")
MEND = ("quarantine.mend", "survey.manage", "complaint.import", "inspection.import")


class Lander(Protocol):
    """Where what an import reads lands: see landing.Landing."""

    @property
    def lake(self) -> Lake: ...
    def approach(self, entries: Sequence[Told[Any]], refused: Sequence[Refused] = ()) -> Approach: ...
    def land(self, approach: Approach, batch: Batch, within: Callable[[Batch], None] = ...) -> None: ...


class Guest(Protocol):
    """A format of a later stage. What was refused of it is forgotten as soon as it is mended or given up."""

    format: str
    title: str
    right: str  # to bring such files in, and to open and mend what was refused of them

    def visible_to(self, staff: Staff) -> Q:
        """Of whose imports may this person see the account?"""
        ...

    def opened_to(self, staff: Staff) -> Q:
        """Whose refused rows, which are unmasked, may this person read?"""
        ...

    def reader(self, imported: Import, units: frozenset[str] | None, now: datetime) -> Reader:
        """How is a row of this import read, fresh from the file and mended alike? Raises Fault."""
        ...

    def landing(
        self, imported: Import, through: Reader, waiting: Callable[[], None]
    ) -> AbstractContextManager[Lander]: ...

    def landed(self, imported: Import) -> None:
        """What else is due once rows are in; called again, it finds its work done."""
        ...

    def closing(self, imported: Import) -> Sentence:
        """The account in one sentence."""
        ...

    def beside(self, imported: Import) -> str:
        """What the sum of the account does not tell, in words; "" where it tells all."""
        ...

    def became(self, batch: Batch) -> str:
        """What a row that was just mended became, in words."""
        ...

    def about(self, imported: Import) -> tuple[str, str]:
        """To what it belongs, in words, and the address of that."""
        ...


G = TypeVar("G", bound=Guest)
GUESTS: dict[str, Guest] = {}


def welcome(guest: G) -> G:
    """Register it. The module must be imported by its app's `AppConfig.ready`."""
    GUESTS[guest.format] = guest
    return guest


def of(imported: Import) -> Guest | None:
    return GUESTS.get(imported.format)


def right_to_run(format_: str) -> str:
    return GUESTS[format_].right if format_ in GUESTS else RUN[0]


def right_to_mend(imported: Import) -> str:
    return GUESTS[imported.format].right if imported.format in GUESTS else MEND[0]


def theirs() -> Q:
    """Imports of guests."""
    return Q(format__in=sorted(GUESTS))


def visible_to(staff: Staff) -> Q:
    return _any(guest.visible_to(staff) for guest in GUESTS.values())


def opened_to(staff: Staff) -> Q:
    return _any(guest.opened_to(staff) for guest in GUESTS.values())


def _any(conditions: Any) -> Q:
    found = Q(pk__in=[])
    for each in conditions:
        found |= each
    return found
