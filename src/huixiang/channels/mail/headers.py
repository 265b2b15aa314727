"""What do a mail's headers say? Subjects in any encoding, names of files, dates with zones, who wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from functools import lru_cache

from huixiang.channels import charsets, dates
from huixiang.channels.encoding import shown

LONGEST = 1_000  # characters of a header that are kept
_MOST_READ = 20_000  # characters of a raw header that are looked at
_FOLDS = re.compile(r"\r?\n[ \t]*|[\x00-\x08\x0e-\x1f]")
_TORN_WORD = re.compile(r"\?=\s+=\?")
_ADDRESS = re.compile(r"[^\s<>,;:\"'()\[\]]{1,120}@[^\s<>,;:\"'()\[\]]{1,200}")
LATE = timedelta(days=1)


def raw(message: Message, name: str) -> str:
    """The header as it stands in the mail, bytes that are no ASCII as lone surrogates. Empty where there is none."""
    return _firsts(message).get(name.lower(), "")


@lru_cache(1)
def _firsts(message: Message) -> dict[str, str]:
    """The first of each name, of the mail at hand."""
    return {name.lower(): str(value)[:_MOST_READ] for name, value in reversed(list(message.raw_items()))}


def every(message: Message, name: str) -> Iterator[str]:
    wanted = name.lower()
    return (str(value)[:_MOST_READ] for found, value in message.raw_items() if found.lower() == wanted)


def text(message: Message, name: str) -> str:
    """The header in words: RFC 2047, torn characters and unmarked GBK included."""
    return readable(raw(message, name))


def readable(value: str) -> str:
    # Words that follow one another belong together, also where a mailer cut a character in two.
    found = _TORN_WORD.sub("?==?", _FOLDS.sub("", value))
    try:
        parts = decode_header(found.replace("?==?", "?= =?"))
    except (HeaderParseError, ValueError):
        parts = [(found, None)]
    return "".join(_part(part, named) for part, named in parts).strip()[:LONGEST]


def _part(part: bytes | str, named: str | None) -> str:
    if isinstance(part, str):
        if part.isascii():
            return part
        part = part.encode("utf-8", "surrogateescape")
    return charsets.decode(part, named or "")[0]


def sender(message: Message) -> str:
    """The address of who wrote, small letters. Kept as a pseudonym only; a display name is nobody's number."""
    for name in ("From", "Reply-To", "Sender", "Return-Path"):
        for _, address in getaddresses([_FOLDS.sub("", raw(message, name))]):
            if _ADDRESS.fullmatch(address):
                return address.casefold()
        if found := _ADDRESS.search(readable(raw(message, name))):
            return found[0].casefold()
    return ""


def identity(message: Message) -> str:
    """The Message-ID, without which a mail is known by what it says."""
    found = re.sub(r"\s+", "", shown(raw(message, "Message-ID")))
    return found.strip("<>")[:LONGEST]


def received_at(message: Message) -> datetime | None:
    """When did the bank's own server take it in? The topmost Received is the last one written."""
    for line in every(message, "Received"):
        return dates.mailed(line.rpartition(";")[2])
    return None


def said_at(message: Message, received: datetime | None) -> datetime | None:
    """The mail's Date; the server's where there is none, or where the writer's clock runs ahead."""
    written = dates.mailed(raw(message, "Date"))
    if written is None or (received and written > received + LATE):
        return received or written
    return written


def file_name(part: Message) -> str:
    """What an attachment is called: RFC 2231, and RFC 2047 where it does not belong, as many mailers write."""
    try:
        found = part.get_param("filename", None, "content-disposition") or part.get_param("name", None)
    except (ValueError, TypeError, AttributeError):
        return ""
    if isinstance(found, tuple):
        named, _, value = found
        return charsets.decode(value.encode("latin-1", "replace"), named or "")[0].strip()[:LONGEST]
    return readable(str(found or ""))
