"""Which mails have come since? Asked by IMAP (RFC 3501) by number, without touching the mailbox while it is read.

What was taken in is marked as read afterwards only, and only where the bank says so; nothing is ever deleted.
"""

from __future__ import annotations

import imaplib
import logging
import re
import socket
import ssl
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

import imapclient
from imapclient.exceptions import IMAPClientError

from huixiang.channels.contract import Fault
from huixiang.channels.mail.letters import LARGEST
from huixiang.polling.doors import MAILBOXES, Door, Limits, Place
from huixiang.polling.hanging import Watch, within

# Its debugging log holds whole mails; ours holds no customer's word.
logging.getLogger("imapclient").setLevel(logging.ERROR)
_AT_ONCE, _BYTES_AT_ONCE = 50, 1 << 20
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


class _Imap(imaplib.IMAP4):
    """A connection that is under the watch from its first byte on."""

    def __init__(self, place: Place, context: ssl.SSLContext | None, seconds: float, watch: Watch) -> None:
        self._context, self._watch = context, watch
        super().__init__(place.host, place.port, seconds)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((self.host, self.port), timeout)
        self._watch.over(plain)
        return self._context.wrap_socket(plain, server_hostname=self.host) if self._context else plain


class _Client(imapclient.IMAPClient):  # type: ignore[misc]  # it has no types
    def __init__(self, place: Place, context: ssl.SSLContext | None, limits: Limits, watch: Watch) -> None:
        self._opened = partial(_Imap, place, context, limits.connect, watch)
        timeout = imapclient.SocketTimeout(limits.connect, limits.read)
        super().__init__(place.host, place.port, ssl=place.is_encrypted, ssl_context=context, timeout=timeout)

    def _create_IMAP4(self) -> imaplib.IMAP4:
        return self._opened()


@dataclass(slots=True)
class Box:
    """An open mailbox with the mails that are new in it."""

    reached: Reached  # when all of `mails` was read
    new: list[tuple[int, int]]  # number and bytes of each mail of this poll
    more: bool  # do others wait for the next poll?
    _client: imapclient.IMAPClient
    _watch: Watch

    def mails(self) -> Iterator[bytes]:
        """One after the other as the server has them; of one that is too large for a letter the headers alone.

        What a slow line brought by the deadline is kept, and the next poll goes on behind it.
        """
        whole = 0
        for some in _portions(self.new):
            try:
                yield from self._fetched(some)
            except (OSError, IMAPClientError):
                if not whole or not self._watch.is_over:
                    raise
                self.reached, self.more = Reached(self.reached.validity, whole), True
                return
            whole = some[-1][0]

    def _fetched(self, some: list[tuple[int, int]]) -> Iterator[bytes]:
        large = {uid for uid, size in some if size > LARGEST}
        for uids, part in (([u for u, _ in some if u not in large], b"BODY[]"), (sorted(large), b"BODY[HEADER]")):
            if not uids:
                continue
            found = self._client.fetch(uids, [part.replace(b"BODY", b"BODY.PEEK").decode()])
            yield from (_content(found, uid, part) for uid in uids)


def _content(found: Mapping[int, Mapping[bytes, Any]], uid: int, part: bytes) -> bytes:
    """What the server gave; nothing at all is a mail too, which is then refused as one and so told. Raises Fault."""
    content = _given(found, uid).get(part)
    return content if isinstance(content, bytes) else b""


def _given(found: Mapping[int, Mapping[bytes, Any]], number: int) -> Mapping[bytes, Any]:
    if number not in found:
        raise Fault("邮箱没有给出第 %(uid)s 号邮件，多半是刚被移走；会稍后再试", uid=number)
    return found[number]


@contextmanager
def opened(mailbox: Mailbox, since: Reached, door: Door, most: int | None = None) -> Iterator[Box]:
    """The mails after `since`, at most so many. Raises Fault, also while they are being read."""
    with _session(mailbox, door, readonly=True) as (client, watch, about):
        validity = about[b"UIDVALIDITY"]
        after = since.uid if validity == since.validity else 0  # renumbered: all are read again, none counts twice
        limits = door.limits
        waiting, more = _waiting(client, after, about[b"EXISTS"], most or limits.mails)
        new: list[tuple[int, int]] = []
        total = 0
        for uid, size in waiting:
            if new and total + size > limits.bytes:
                more = True
                break
            new.append((uid, size))
            total += min(size, LARGEST)
        reached = Reached(validity, new[-1][0] if new else after)
        yield Box(reached, new, more, client, watch)


def _waiting(client: imapclient.IMAPClient, after: int, exists: int, most: int) -> tuple[list[tuple[int, int]], bool]:
    """Numbers and bytes of the first mails after `after`, and whether there are more.

    By their places, in which the numbers ascend: a search would answer with one line, of a large mailbox too long a
    one. Between these commands a server may move no place (RFC 3501, 7.4.1).
    """
    client.use_uid = False
    try:
        first = 1 + bisect_right(range(1, exists + 1), after, key=lambda place: _uid(client, place))
        last = min(exists, first + most - 1)
        told = client.fetch(range(first, last + 1), ["UID", "RFC822.SIZE"]) if first <= last else {}
    finally:
        client.use_uid = True
    found = sorted((int(each[b"UID"]), int(each.get(b"RFC822.SIZE", 0))) for each in told.values() if b"UID" in each)
    return [(uid, size) for uid, size in found if uid > after], last < exists


def _uid(client: imapclient.IMAPClient, place: int) -> int:
    return int(_given(client.fetch(place, ["UID"]), place)[b"UID"])


def mark(mailbox: Mailbox, above: int, reached: Reached, door: Door) -> None:
    """Mark as read the mails with numbers above `above` up to the one reached. Raises Fault."""
    if reached.uid <= above:
        return
    with _session(mailbox, door, readonly=False) as (client, _watch, about):
        if about[b"UIDVALIDITY"] != reached.validity:
            return  # renumbered meanwhile: the numbers may be other mails'
        # A range, so that the command stays short however many they are.
        client.add_flags(f"{above + 1}:{reached.uid}", [imapclient.SEEN], silent=True)


def boxed(mail: bytes) -> bytes:
    """A mail as it stands in an mbox, reversible: >From for From."""
    escaped = _FROM.sub(b">", mail.replace(b"\r\n", b"\n"))
    return _SEPARATOR + escaped + (b"\n" if escaped.endswith(b"\n") else b"\n\n")


@contextmanager
def _session(
    mailbox: Mailbox, door: Door, *, readonly: bool
) -> Iterator[tuple[imapclient.IMAPClient, Watch, dict[bytes, int]]]:
    place, limits = door.admitted(mailbox.address, MAILBOXES), door.limits
    context = door.trust() if place.is_encrypted else None
    with within(limits.total, place) as watch, _Client(place, context, limits, watch) as client:
        if not place.is_encrypted and client.has_capability("STARTTLS"):
            client.starttls(door.trust())
        _log_in(client, mailbox)
        yield client, watch, _selected(client, mailbox.folder, readonly=readonly)


def _log_in(client: imapclient.IMAPClient, mailbox: Mailbox) -> None:
    """LOGIN holds ASCII only; what else a bank's password has goes by SASL PLAIN (RFC 4616), as UTF-8."""
    if mailbox.account.isascii() and mailbox.secret.isascii():
        client.login(mailbox.account, mailbox.secret)
    else:
        pair = f"\0{mailbox.account}\0{mailbox.secret}".encode()
        client.sasl_login("PLAIN", lambda challenge: pair)


def _selected(client: imapclient.IMAPClient, folder: str, *, readonly: bool) -> dict[bytes, int]:
    """The validity of its numbers, and how many mails there are."""
    try:
        told = client.select_folder(folder, readonly=readonly)
        return {name: int(told[name]) for name in (b"UIDVALIDITY", b"EXISTS")}
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
