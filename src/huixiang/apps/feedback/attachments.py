"""Where are a customer's photos and enclosures kept? Encrypted, outside the web root, until their voice is erased.

Each lies in a file of its own, so erasing one never touches another; nobody without the masking key can open it, or
tell whether a picture he has is among them. Names are masked; what is inside cannot be, so a right of its own opens it.
"""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Collection
from datetime import datetime
from functools import partial

from django.db import transaction

from huixiang.apps.access.sealing import key_for
from huixiang.apps.feedback import vault
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.feedback.models import Attachment, Bygone
from huixiang.channels.pictures import Picture

LONGEST_NAME = 120
VAULT = vault.Vault("attachments", "attachments v1")


def keep_photo(picture: Picture, *, voice_id: str, name: str) -> Attachment:
    """Keep a photo that was drawn anew (channels.pictures.cleaned): pages may show it."""
    kept = photo_sealed_away(picture, voice_id=voice_id, name=name)
    kept.save(force_insert=True)
    return kept


def photo_sealed_away(picture: Picture, *, voice_id: str, name: str) -> Attachment:
    """The same before the transaction begins."""
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rpartition(".")[0] or name
    return sealed_away(picture.jpeg, voice_id=voice_id, name=f"{stem}.jpg", media_type="image/jpeg", is_photo=True)


def keep(content: bytes, *, voice_id: str, name: str, media_type: str, is_photo: bool = False) -> Attachment:
    """Write the file, and its row in the caller's transaction: rolled back, the file is swept away at night."""
    kept = sealed_away(content, voice_id=voice_id, name=name, media_type=media_type, is_photo=is_photo)
    kept.save(force_insert=True)
    return kept


def sealed_away(content: bytes, *, voice_id: str, name: str, media_type: str, is_photo: bool = False) -> Attachment:
    """Write the file before the transaction begins in which its row is saved: 60 MB take long to seal and to write.

    `media_type` is what was found by looking at the content, never what the sender said. Nothing but a photo that was
    drawn anew is ever shown on a page; all else leaves as a download.
    """
    key = uuid.uuid4()
    VAULT.put(key, content)
    return Attachment(
        pk=key,
        voice_id=voice_id,
        name=masked_value("", _plain(name))[:LONGEST_NAME],
        media_type=media_type,
        is_photo=is_photo,
        bytes=len(content),
        digest=digest(content),
    )


def content(attachment: Attachment) -> bytes:
    """What stands in it. Raises Unsealable where the file is gone, was changed or sealed under another key."""
    return VAULT.content(attachment.pk)


def digest(content: bytes) -> str:
    """Is it the same content? Keyed: who has a picture cannot find out whether it was sent here."""
    return hmac.digest(key_for("attachment digests v1"), content, "sha256").hex()


def forget(voice_ids: Collection[str]) -> int:
    """Rows and files of these voices go, at the customer's request or because their time is over; how many?"""
    listed, count = sorted(voice_ids), 0
    for start in range(0, len(listed), 500):
        found = list(Attachment.objects.filter(voice_id__in=listed[start : start + 500]))
        for attachment in found:  # the file first: killed between, the row still tells that there is something to do
            VAULT.drop(attachment.pk)
        with transaction.atomic():
            Attachment.objects.filter(pk__in=[each.pk for each in found]).delete()
        count += len(found)
    return count


def expire(voice_ids: Collection[str]) -> int:
    """As `forget`, because their time is over: when the same mail comes again, they do not come with it."""
    listed = sorted(voice_ids)
    for start in range(0, len(listed), 500):
        had = Attachment.objects.filter(voice_id__in=listed[start : start + 500]).order_by()
        Bygone.objects.remember(set(had.values_list("voice_id", flat=True)), Bygone.What.FILES)
    return forget(voice_ids)


def drop(unsaved: Attachment) -> None:
    """What was sealed away and is not needed after all: its file goes at once."""
    VAULT.drop(unsaved.pk)


def let_go(voice_ids: Collection[str]) -> None:
    """As `forget`, but in the caller's transaction: rows go with it or stay with it; files right after, or at night."""
    found = list(Attachment.objects.filter(voice_id__in=voice_ids).values_list("pk", flat=True))
    Attachment.objects.filter(pk__in=found).delete()
    for key in found:
        transaction.on_commit(partial(VAULT.drop, key), robust=True)


def sweep(now: datetime) -> int:
    """The nightly round's part: files whose row never came, because its transaction was broken off; how many?"""
    count = 0
    for files in VAULT.unclaimed(now):
        known = Attachment.objects.filter(pk__in=vault.keys_of(files)).values_list("pk", flat=True)
        count += vault.swept(files, known)
    return count


def _plain(name: str) -> str:
    """The last part of the path that a sender may have written, without signs that a page cannot show."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in last if character.isprintable()) or "file"
