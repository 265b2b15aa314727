"""How does a customer's message arrive? Durable at once, once for all, in one small transaction; no lake, no waiting.

The form carries a key, made for one message and never used for another. What comes again with the same key and the
same words is the same message (a double tap, a telephone that lost the answer and tries again) and gets the same
receipt; other words under an old key, as after "back", are another message.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from huixiang.apps.access.sealing import key_for, seal
from huixiang.apps.feedback import attachments
from huixiang.apps.feedback.identity import voice_key
from huixiang.apps.feedback.models import Attachment
from huixiang.apps.intake import codes
from huixiang.apps.intake.models import PostBox, Submission, keep_until
from huixiang.channels.pictures import Picture
from huixiang.domain.contacts import reached_at
from huixiang.domain.feedback import Precision, Record

MOST_PHOTOS = 3
PAGE = "page"


@dataclass(frozen=True, slots=True)
class Message:
    """What the customer wrote. `key` is the form's: made anew for each page, and kept by a browser that tries again."""

    key: str
    text: str
    rating: int | None = None  # 1..5
    contact: str = ""  # only with consent
    photos: Sequence[tuple[str, Picture]] = ()  # name, photo
    sender: str = PAGE  # or which token: nobody meets another's message, or its receipt, by naming its key

    def once(self, box: PostBox) -> str:
        """Keyed, as all that is kept of what people say."""
        hasher = hmac.new(key_for("intake once v2"), digestmod="sha256")
        for part in (box.slug, self.sender, self.key, self.text, str(self.rating or "")):
            encoded = part.encode("utf-8", "surrogatepass")
            hasher.update(len(encoded).to_bytes(8, "big") + encoded)
        return hasher.hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the customer takes home."""

    submission: Submission
    is_new: bool

    @property
    def code(self) -> str:
        return codes.made(self.submission.once, self.submission.draw)


def receive(box: PostBox, message: Message, now: datetime) -> Receipt:
    """Keep it. It is on the disk, with its photos, when this returns."""
    once = message.once(box)
    try:
        with transaction.atomic():
            submission = _kept(box, message, once, now)
            _add_photos(submission, message.photos)
        return Receipt(submission, is_new=True)
    except IntegrityError:
        with transaction.atomic():
            there = Submission.objects.select_for_update().filter(once=once).first()
            if there is None:
                raise
            _add_photos(there, message.photos)  # those that the first try could not bring
            _add_contact(box, there, message, now)
        return Receipt(there, is_new=False)


def known(box: PostBox, message: Message) -> Submission | None:
    """Has it arrived before? Then it is no further message, whatever the limits say."""
    return Submission.objects.filter(once=message.once(box)).first()


def has_photos(submission: Submission) -> int:
    """How many of its photos are kept?"""
    return Attachment.objects.filter(voice_id=submission.voice_id, is_photo=True).count()


def _kept(box: PostBox, message: Message, once: str, now: datetime) -> Submission:
    draw, code = next((draw, made) for draw in range(9) if not _is_taken(made := codes.made(once, draw), once))
    return Submission.objects.create(
        box=box,
        once=once,
        voice_id=record(box, once, {}, "", now).voice_id(voice_key()),
        sealed=seal({"text": message.text, "rating": message.rating}),
        contact=seal({"contact": message.contact}) if message.contact else None,
        agreed_to=box.terms if message.contact else "",
        notice=box.notice_version if message.sender == PAGE else "",
        code=codes.hashed(code),
        draw=draw,
        received_at=now,
        keep_until=keep_until(timezone.localdate(now), box),
    )


def _add_contact(box: PostBox, there: Submission, message: Message, now: datetime) -> None:
    """Left only with the second try. What was withdrawn, or whose time is over, does not come back."""
    is_over = there.keep_until < timezone.localdate(now)
    if message.contact and there.contact is None and not (there.withdrawn_at or is_over):
        there.contact, there.agreed_to = seal({"contact": message.contact}), box.terms
        there.save(update_fields=["contact", "agreed_to"])


def _is_taken(code: str, once: str) -> bool:
    """By another message: one in a hundred million, and then the next code is drawn."""
    return Submission.objects.filter(code=codes.hashed(code)).exclude(once=once).exists()


def _add_photos(submission: Submission, photos: Sequence[tuple[str, Picture]]) -> None:
    there = set(Attachment.objects.filter(voice_id=submission.voice_id).values_list("digest", flat=True))
    for name, picture in photos:
        digest = attachments.digest(picture.jpeg)
        if digest not in there and len(there) < MOST_PHOTOS:
            attachments.keep_photo(picture, voice_id=submission.voice_id, name=name)
            there.add(digest)


def record(
    box: PostBox, once: str, words: dict[str, object], contact: str, received_at: datetime, photos: tuple[str, ...] = ()
) -> Record:
    """The voice as every channel tells one. Who left a contact is known by it again, as a pseudonym."""
    rating = words.get("rating")
    return Record(
        channel=box.channel,
        series=box.slug,
        source_id=once[:24],
        text=str(words.get("text", "")),
        said_at=received_at,
        said_precision=Precision.TIME,
        received_at=received_at,
        branch=box.unit.code,
        customer=reached_at(contact) or contact or None,
        rating=float(rating) if isinstance(rating, int) else None,
        attachments=photos,
    )
