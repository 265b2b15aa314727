"""How does what a mail encloses come to its voice? Kept before the import's first batch, each file once.

A mail that will not become a voice by itself (a machine's, a broken one, one out of reach, one that would take the
place of another unit's voice, one erased before) has nothing kept. That is asked under the lake's lock, as when a
voice lands. Killed half-way it is done again, and what is there is known by its digest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from django.db import transaction

from huixiang.apps.feedback import attachments
from huixiang.apps.feedback.classification import Entry
from huixiang.apps.feedback.landing import told_apart
from huixiang.apps.feedback.models import Attachment, Tombstone
from huixiang.apps.feedback.reading import Reader
from huixiang.channels import pictures
from huixiang.channels.contract import Fault, Row
from huixiang.channels.mail.enclosures import Enclosure
from huixiang.channels.mail.formats import MailFormat
from huixiang.lake import questions
from huixiang.lake.store import Lake

Mail = tuple[Entry, list[Enclosure]]
_AT_ONCE, _BYTES_AT_ONCE = 50, 16 << 20  # so long nobody else writes to the lake


def keep(path: Path, through: Reader, lake: Lake, meanwhile: Callable[[], None]) -> int:
    """Keep the files of all mails of this box; how many? Of other formats there are none."""
    if not isinstance(through.format, MailFormat):
        return 0
    kept = 0
    for mails in _portions(through, through.format.enclosing(path)):
        meanwhile()
        with lake.writing(meanwhile):
            entries = {entry.row for entry in _admitted(lake, through, [entry for entry, _files in mails])}
            kept += sum(_keep(each, entry.voice_id) for entry, files in mails if entry.row in entries for each in files)
    return kept


def _portions(through: Reader, enclosing: Iterable[tuple[Row, list[Enclosure]]]) -> Iterator[list[Mail]]:
    found: list[Mail] = []
    size = 0
    for row, files in enclosing:
        try:
            found.append((through.entry(row), files))
        except Fault:
            continue  # it waits in quarantine
        size += sum(len(each.content) for each in files)
        if len(found) == _AT_ONCE or size > _BYTES_AT_ONCE:
            yield found
            found, size = [], 0
    if found:
        yield found


def _admitted(lake: Lake, through: Reader, entries: Sequence[Entry]) -> list[Entry]:
    """Those that were not erased and take no other unit's place."""
    erased = Tombstone.objects.among({entry.voice_id for entry in entries})
    coming = [entry for entry in entries if entry.voice_id not in erased]
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
