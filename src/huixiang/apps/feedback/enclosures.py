"""How does what a mail encloses come to its voice? Kept before the import's first batch, each file once.

A mail that will not become a voice by itself (a machine's, a broken one, one out of reach, one erased before) has
nothing kept. Killed half-way it is done again, and what is there is known by its digest.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.db import transaction

from huixiang.apps.feedback import attachments
from huixiang.apps.feedback.models import Attachment, Tombstone
from huixiang.apps.feedback.reading import Reader
from huixiang.channels import pictures
from huixiang.channels.contract import Fault
from huixiang.channels.mail.enclosures import Enclosure
from huixiang.channels.mail.formats import MailFormat


def keep(path: Path, through: Reader, meanwhile: Callable[[], None]) -> int:
    """Keep the files of all mails of this box; how many? Of other formats there are none."""
    if not isinstance(through.format, MailFormat):
        return 0
    kept = 0
    for row, files in through.format.enclosing(path):
        meanwhile()
        try:
            voice_id = through.record(row).voice_id(through.key)
        except Fault:
            continue  # it waits in quarantine
        if not Tombstone.objects.filter(pk=voice_id).exists():
            kept += sum(_keep(each, voice_id) for each in files)
    return kept


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
