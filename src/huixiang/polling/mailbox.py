"""Which mails have come since? Asked by IMAP (RFC 3501) by number, without touching the mailbox while it is read.

What was taken in is marked as read afterwards only, and only where the bank says so; nothing is ever deleted.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

import imapclient
from imapclient.exceptions import IMAPClientError

from huixiang.channels.contract import Fault
from huixiang.channels.mail.letters import LARGEST
from huixiang.polling.doors import MAILBOXES, Door
from huixiang.polling.hanging import within

# Its debugging log holds whole mails; ours holds no customer's word.
logging.getLogger("imapclient").setLevel(logging.ERROR)
_AT_ONCE, _BYTES_AT_ONCE = 50, 4 << 20
_FROM = re.compile(rb"(?m)^(?=>*From )")
_SEPARATOR = b"From huixiang Thu Jan  1 00:00:00 1970\n"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Whose mail, where. The secret is in no repr, and so in no log and no traceback."""

    address: str
    account: str
    secret: str = field(repr=False)
    folder: str = "INBOX"


@dataclass(frozen=True, slots=True)
class Reached:
    """Up to which mail was it read? A number counts only under the validity that the server gave with it."""

    validity: int = 0
    uid: int = 0


@dataclass(slots=True)
class Box:
    """An open mailbox with the mails that are new in it."""

    reached: Reached  # when all of `mails` was read
    new: list[tuple[int, int]]  # number and bytes of each mail of this poll
    more: bool  # do others wait for the next poll?
    _client: imapclient.IMAPClient

    def mails(self) -> Iterator[bytes]:
        """One after the other as the server has them; of one that is too large for a letter the headers alone."""
        for some in _portions(self.new):
            large = {uid for uid, size in some if size > LARGEST}
            for uids, part in (([u for u, _ in some if u not in large], b"BODY[]"), (sorted(large), b"BODY[HEADER]")):
                if not uids:
                    continue
                found = self._client.fetch(uids, [part.replace(b"BODY", b"BODY.PEEK").decode()])
                yield from (_content(found, uid, part) for uid in uids)


def _content(found: Mapping[int, Mapping[bytes, object]], uid: int, part: bytes) -> bytes:
    """What the server gave; nothing at all is a mail too, which is then refused as one and so told. Raises Fault."""
    if uid not in found:
        raise Fault("邮箱没有给出第 %(uid)s 号邮件，多半是刚被移走；会稍后再试", uid=uid)
    content = found[uid].get(part)
    return content if isinstance(content, bytes) else b""


@contextmanager
def opened(mailbox: Mailbox, since: Reached, door: Door, most: int | None = None) -> Iterator[Box]:
    """The mails after `since`, at most so many. Raises Fault, also while they are being read."""
    with _session(mailbox, door, readonly=True) as (client, validity):
        after = since.uid if validity == since.validity else 0  # renumbered: all are read again, none counts twice
        waiting = sorted(uid for uid in client.search(["UID", f"{after + 1}:*"]) if uid > after)
        limits = door.limits
        new: list[tuple[int, int]] = []
        total = 0
        for uid, told in sorted(client.fetch(waiting[: most or limits.mails], ["RFC822.SIZE"]).items()):
            size = int(told.get(b"RFC822.SIZE", 0))
            if new and total + size > limits.bytes:
                break
            new.append((uid, size))
            total += min(size, LARGEST)
        reached = Reached(validity, new[-1][0] if new else after)
        yield Box(reached, new, len(new) < len(waiting), client)


def mark(mailbox: Mailbox, above: int, reached: Reached, door: Door) -> None:
    """Mark as read the mails with numbers above `above` up to the one reached. Raises Fault."""
    if reached.uid <= above:
        return
    with _session(mailbox, door, readonly=False) as (client, validity):
        if validity != reached.validity:
            return  # renumbered meanwhile: the numbers may be other mails'
        # A range, so that the command stays short however many they are.
        client.add_flags(f"{above + 1}:{reached.uid}", [imapclient.SEEN], silent=True)


def boxed(mail: bytes) -> bytes:
    """A mail as it stands in an mbox, reversible: >From for From."""
    escaped = _FROM.sub(b">", mail.replace(b"\r\n", b"\n"))
    return _SEPARATOR + escaped + (b"\n" if escaped.endswith(b"\n") else b"\n\n")


@contextmanager
def _session(mailbox: Mailbox, door: Door, *, readonly: bool) -> Iterator[tuple[imapclient.IMAPClient, int]]:
    place, limits = door.admitted(mailbox.address, MAILBOXES), door.limits
    context = door.trust() if place.is_encrypted else None
    timeout = imapclient.SocketTimeout(limits.connect, limits.read)
    with within(limits.total, place) as watch:
        client = imapclient.IMAPClient(
            place.host, place.port, ssl=place.is_encrypted, ssl_context=context, timeout=timeout
        )
        with client:
            watch.over(client.socket())
            if not place.is_encrypted and client.has_capability("STARTTLS"):
                client.starttls(door.trust())
                watch.over(client.socket())
            _log_in(client, mailbox)
            yield client, _selected(client, mailbox.folder, readonly=readonly)


def _log_in(client: imapclient.IMAPClient, mailbox: Mailbox) -> None:
    """LOGIN holds ASCII only; what else a bank's password has goes by SASL PLAIN (RFC 4616), as UTF-8."""
    if mailbox.account.isascii() and mailbox.secret.isascii():
        client.login(mailbox.account, mailbox.secret)
    else:
        pair = f"\0{mailbox.account}\0{mailbox.secret}".encode()
        client.sasl_login("PLAIN", lambda challenge: pair)


def _selected(client: imapclient.IMAPClient, folder: str, *, readonly: bool) -> int:
    try:
        return int(client.select_folder(folder, readonly=readonly)[b"UIDVALIDITY"])
    except (OSError, imapclient.IMAPClient.AbortError):
        raise
    except (IMAPClientError, KeyError):
        raise Fault("邮箱里没有文件夹“%(folder)s”；请核对名称，如 INBOX", folder=folder) from None


def _portions(mails: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """So many that one answer fits into memory."""
    begins, total = [0], 0
    for place, (_, size) in enumerate(mails):
        if place > begins[-1] and (place - begins[-1] == _AT_ONCE or total + size > _BYTES_AT_ONCE):
            begins.append(place)
            total = 0
        total += min(size, LARGEST)
    yield from (mails[begin:end] for begin, end in pairwise([*begins, len(mails)]) if end > begin)
