"""How does what a mail encloses come to its voice? Kept before the import's first batch, each file once.

Of a mail that waits in quarantine (a machine's, a broken one, one of an unknown branch) they wait beside its row. One
that would take the place of another unit's voice, or was erased before, has nothing kept, nor has one whose files went
with their time. That is asked under the lake's lock, as when a voice lands. Killed half-way it is done again, and what
is there is known by its digest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import transaction

from huixiang.apps.feedback import attachments, set_aside, terms
from huixiang.apps.feedback.classification import Entry
from huixiang.apps.feedback.landing import ids_of, told_apart
from huixiang.apps.feedback.models import Attachment, Bygone, Tombstone
from huixiang.apps.feedback.reading import Reader
from huixiang.channels import pictures
from huixiang.channels.contract import Fault, Refused, Row
from huixiang.channels.mail.enclosures import Enclosure
from huixiang.channels.mail.formats import MailFormat
from huixiang.lake import questions
from huixiang.lake.store import Lake

_AT_ONCE, _BYTES_AT_ONCE = 50, 16 << 20  # so long nobody else writes to the lake


@dataclass(frozen=True, slots=True)
class Mail:
    """What was read of it, or why it waits, and its files."""

    read: Entry | Refused
    files: list[Enclosure]


def keep(path: Path, through: Reader, lake: Lake, meanwhile: Callable[[], None], of: UUID) -> int:
    """Keep the files of all mails of this box; how many? Of other formats there are none."""
    if not isinstance(through.format, MailFormat):
        return 0
    kept = 0
    for mails in _portions(through, through.format.enclosing(path)):
        meanwhile()
        with lake.writing(meanwhile):
            admitted = {
                e.row for e in _admitted(lake, through, [m.read for m in mails if not isinstance(m.read, Refused)])
            }
            for mail in mails:
                if isinstance(mail.read, Refused):
                    kept += _set_aside(mail.read, mail.files, of)
                elif mail.read.row in admitted:
                    kept += sum(_keep(each, mail.read.voice_id) for each in mail.files)
    return kept


def _set_aside(refused: Refused, files: Sequence[Enclosure], of: UUID) -> int:
    ids = ids_of(refused)
    if Tombstone.objects.among(ids) or Bygone.objects.among(ids, Bygone.What.FILES):
        return 0
    kept = 0
    for each in files:
        if len(each.content) <= set_aside.room(of):
            kept += _keep(each, set_aside.place(of, refused.number))
    return kept


def _portions(through: Reader, enclosing: Iterable[tuple[Row | Refused, list[Enclosure]]]) -> Iterator[list[Mail]]:
    found: list[Mail] = []
    size = 0
    for row, files in enclosing:
        found.append(Mail(_read(through, row), files))
        size += sum(len(each.content) for each in files)
        if len(found) == _AT_ONCE or size > _BYTES_AT_ONCE:
            yield found
            found, size = [], 0
    if found:
        yield found


def _read(through: Reader, row: Row | Refused) -> Entry | Refused:
    if isinstance(row, Refused):
        return row
    try:
        return through.entry(row)
    except Fault as fault:
        return Refused(row.number, fault, row.fields)


def _admitted(lake: Lake, through: Reader, entries: Sequence[Entry]) -> list[Entry]:
    """Those that were not erased, whose time or files' time is not over, and that take no other unit's place."""
    ids = {entry.voice_id for entry in entries}
    gone = Tombstone.objects.among(ids) | Bygone.objects.among(ids, Bygone.What.FILES)
    over = terms.coming(ids)
    coming = [e for e in entries if e.voice_id not in gone and not terms.is_too_late(e, through.gate, over)]
    known = questions.known(lake, {entry.voice_id for entry in coming}) if through.gate.scope is not None else {}
    return told_apart(through.gate, coming, known)[0]


def _keep(file: Enclosure, voice_id: str) -> bool:
    try:
        picture = pictures.cleaned(file.content, file.name) if file.is_picture else None
    except Fault:
        return False  # a bomb, or no photo: the voice tells its name
    content = picture.jpeg if picture else file.content
    with transaction.atomic():
        if Attachment.objects.filter(voice_id=voice_id, digest=attachments.digest(content)).exists():
            return False
        if picture:
            attachments.keep_photo(picture, voice_id=voice_id, name=file.name)
        else:
            attachments.keep(content, voice_id=voice_id, name=file.name, media_type="application/octet-stream")
    return True
