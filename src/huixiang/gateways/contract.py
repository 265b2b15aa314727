"""What is a message, and what became of it? The one form that every gateway takes and answers with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Fate(StrEnum):
    """What became of a message?"""

    SENT = "sent"  # the server has taken it: it answers for it now
    LATER = "later"  # nobody's fault: to be tried again
    UNSURE = "unsure"  # the line broke while it left: it may have been taken, and nobody can tell
    REFUSED = "refused"  # will never go: this number or address is none


@dataclass(frozen=True, slots=True)
class Attachment:
    """A PDF that goes with a mail."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `id` stays the same when it is tried again, so that the server can tell a repetition.

    The contact and the words are in no repr, and so in no log and no traceback.
    """

    id: str
    to: str = field(repr=False)
    text: str = field(repr=False)
    subject: str = field(default="", repr=False)
    is_reply: bool = False  # made by a machine in answer to a message, and says so where the way out can
    attachments: tuple[Attachment, ...] = ()  # by mail alone


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the message with this id; `why` names no contact."""

    id: str
    fate: Fate
    why: str = ""


Leaving = Callable[[Message], bool]


def may_leave(_message: Message) -> bool:
    """Nobody else sends these."""
    return True


class Gateway(Protocol):
    """A way out. Each message has its outcome as soon as it is known, in the order in which they were given."""

    @property
    def place(self) -> str:
        """Host and port, for the audit."""

    def send(self, messages: Sequence[Message], leaving: Leaving = may_leave) -> Iterator[Outcome]:
        """Send them; `leaving` is asked right before each is handed over, and at the first False nothing more is.

        What goes wrong is an outcome, never an exception.
        """
