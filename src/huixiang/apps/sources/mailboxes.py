"""What is new in a source's mailbox? Written beside the uploads as an mbox, which the import reads like any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from huixiang.apps.sources.models import Source
from huixiang.polling import mailbox
from huixiang.polling.doors import Door

FORMAT, SUFFIX = "mbox", ".mbox"


@dataclass(slots=True)
class Coming:
    """What a source has that is not in yet: its bytes in pieces, and up to where that is, once they were read."""

    pieces: Iterator[bytes]
    reached: dict[str, Any]
    is_empty: bool
    more: bool = False


@contextmanager
def coming(source: Source, door: Door, most: int | None = None) -> Iterator[Coming]:
    """Raises Fault."""
    since = mailbox.Reached(source.reached.get("validity", 0), source.reached.get("uid", 0))
    with mailbox.opened(_box(source), since, door, most) as box:
        same = box.reached.validity == since.validity
        reached = asdict(box.reached) | {"marked": source.reached.get("marked", 0) if same else 0}
        found = Coming(iter(()), reached, not box.new, box.more)
        found.pieces = _pieces(box, found)
        yield found


def _pieces(box: mailbox.Box, found: Coming) -> Iterator[bytes]:
    yield from map(mailbox.boxed, box.mails())
    found.reached, found.more = found.reached | asdict(box.reached), box.more


def finish(source: Source, door: Door) -> bool:
    """Mark as read on the server what was taken in; was there anything to do? Raises Fault."""
    reached = mailbox.Reached(source.reached.get("validity", 0), source.reached.get("uid", 0))
    marked = source.reached.get("marked", 0)
    if source.after != Source.After.SEEN or marked >= reached.uid:
        return False
    mailbox.mark(_box(source), marked, reached, door)
    source.reached = source.reached | {"marked": reached.uid}
    return True


def _box(source: Source) -> mailbox.Mailbox:
    return mailbox.Mailbox(source.address, source.account, source.secret, source.folder or "INBOX")
