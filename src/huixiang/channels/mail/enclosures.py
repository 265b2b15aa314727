"""What did a mail enclose? Its files, each with the name under which the voice lists it, and their bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from huixiang.channels.mail import letters

LARGEST = 25 << 20  # bytes of one file: what mail servers take as a whole
MOST = 20  # files of one mail
# Where the look of a letter lies, not what its writer enclosed.
_NO_FILES = frozenset({"text/calendar", "application/pkcs7-signature", "application/pgp-signature", "text/x-vcard"})


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One file. `is_picture` is what the mail says of it: whoever shows it must look for himself."""

    name: str
    is_picture: bool
    content: bytes = field(repr=False)


def of(mail: bytes) -> Iterator[Enclosure]:
    """The first twenty that are not too large; of the others the voice tells the name alone."""
    found = 0
    for part in BytesParser(policy=compat32).parsebytes(mail).walk():
        name = letters.file_name(part)
        if part.is_multipart() or not name or part.get_content_type() in _NO_FILES or _is_inline(part):
            continue
        content = _content(part)
        if isinstance(content, bytes) and 0 < len(content) <= LARGEST:
            yield Enclosure(name, part.get_content_maintype() == "image", content)
            found += 1
        if found == MOST:
            return


def _content(part: Message) -> object:
    try:
        return part.get_payload(decode=True)
    except Exception:  # made to break its reader: the voice tells its name
        return None


def _is_inline(part: Message) -> bool:
    """A logo in somebody's signature is small and named by the letter; a photo that was pasted into it is not."""
    return "Content-ID" in part and len(part.get_payload()) < 20_000
