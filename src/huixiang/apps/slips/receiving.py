"""How does a scan or photo come in? Kept sealed at once, once for all; its pages become slips in the background."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback import attachments
from huixiang.apps.feedback.identity import voice_key
from huixiang.apps.feedback.models import Attachment, Tombstone
from huixiang.apps.intake.models import RETENTION_DAYS, PostBox
from huixiang.apps.slips.models import SERIES, File, Slip, source_id
from huixiang.channels.contract import Fault
from huixiang.channels.paper import pages
from huixiang.channels.pictures import Picture
from huixiang.domain import feedback

ATTACHED = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of one file: it is new, was there before, or cannot be read (`fault`)."""

    name: str
    file: File | None = None
    is_new: bool = False
    fault: Fault | None = None


def keep(name: str, content: bytes, unit: Unit, said_on: date | None, by: Staff | None) -> Arrival:
    """One file. Whose reading failed before is tried anew; any other that was here before adds nothing."""
    try:
        pages.refuse(len(content), content[:1024], name)
    except Fault as fault:
        return Arrival(name, fault=fault)
    digest = attachments.digest(content)
    known = File.objects.filter(digest=digest).first()
    if known and known.fault is None:
        return Arrival(name, known)
    fresh = File(unit=unit, digest=digest) if known is None else known
    # Before the transaction begins: 60 MB take a second to seal and to write, and the database has one pen.
    sealed = attachments.sealed_away(content, voice_id=fresh.place, name=name, media_type=ATTACHED)
    with transaction.atomic():
        file, is_new = File.objects.get_or_create(digest=digest, defaults={"pk": fresh.pk, "unit": unit, "name": ""})
        file = File.objects.select_for_update().get(pk=file.pk)
        is_ours = is_new or (file.pk == fresh.pk and file.fault is not None)
        if is_ours:
            # Of what was kept before there is no page, or some: those to come go where this person says, and to her.
            file.fault, file.unit, file.said_on, file.by, file.received_at = None, unit, said_on, by, timezone.now()
            file.name = sealed.name
            if not is_new:
                attachments.let_go([file.place])
            sealed.save(force_insert=True)
            file.save()
    if not is_ours:  # the same file came twice in this moment
        attachments.drop(sealed)
    return Arrival(name, file, is_new=is_ours)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A slip with its picture sealed away; both rows are still to be saved."""

    slip: Slip
    photo: Attachment | None

    def save(self) -> Slip | None:
        """In the caller's transaction. None where it is there, or was erased meanwhile; its picture goes at night."""
        slip = self.slip
        if Slip.objects.filter(of=slip.of, page=slip.page, part=slip.part).exists() or _is_erased(slip):
            return None
        if self.photo:
            self.photo.save(force_insert=True)
        slip.save(force_insert=True)
        return slip


def prepared(file: File, page: int, part: str, picture: Picture | None, unit: Unit) -> Prepared | None:
    """A slip of this page, its picture sealed away; None where it is there, or was erased. Before the transaction."""
    if Slip.objects.filter(of=file, page=page, part=part).exists():
        return None
    slip = Slip(of=file, page=page, part=part, unit=unit, said_on=file.said_on, received_at=file.received_at)
    slip.voice_id = id_of(file, page, part)
    if _is_erased(slip):
        return None  # erased at its customer's request: it does not come back with its file
    slip.keep_until = timezone.localdate(file.received_at) + timedelta(days=days_kept(unit))
    if picture is None:
        slip.state, slip.reason, slip.settled_at = Slip.State.REJECTED, Slip.Reason.BROKEN, timezone.now()
        return Prepared(slip, None)
    slip.width, slip.height = picture.width, picture.height
    name = f"{file.name}-{slip.number}.jpg"
    return Prepared(slip, attachments.photo_sealed_away(picture, voice_id=slip.voice_id, name=name))


def id_of(file: File, page: int, part: str) -> str:
    """The voice that this page or part is, or would be."""
    return feedback.voice_id(feedback.Channel.SUGGESTION_BOX, source_id(file, page, part), voice_key(), series=SERIES)


def _is_erased(slip: Slip) -> bool:
    return Tombstone.objects.filter(voice_id=slip.voice_id).exists()


def picture_of(slip: Slip) -> Picture | None:
    """Raises Unsealable. None where there is none: a page that could not be drawn."""
    found = Attachment.objects.filter(voice_id=slip.voice_id, is_photo=True).last()
    return Picture(attachments.content(found), slip.width, slip.height) if found else None


def sealed_picture(slip: Slip, picture: Picture) -> Attachment:
    """The page as it was turned or put together, sealed away before the transaction in which it takes its place."""
    former = Attachment.objects.filter(voice_id=slip.voice_id).last()
    name = former.name if former else f"{slip.number}.jpg"
    return attachments.photo_sealed_away(picture, voice_id=slip.voice_id, name=name)


def replace_picture(slip: Slip, sealed: Attachment, picture: Picture) -> None:
    """The old one goes, its file too: what an erasure cannot find any more must not lie there. In a transaction."""
    attachments.let_go([slip.voice_id])
    sealed.save(force_insert=True)
    slip.width, slip.height = picture.width, picture.height


def days_kept(unit: Unit) -> int:
    """As the unit's suggestion box promises its customers, where it has one."""
    box = PostBox.objects.filter(unit=unit, kind=PostBox.Kind.BOX).order_by("retention_days").first()
    return box.retention_days if box else RETENTION_DAYS


def counted(arrivals: Iterable[Arrival]) -> tuple[int, int, list[Fault]]:
    """How many are new, how many were here, and what is wrong with the others?"""
    told = list(arrivals)
    faults = [each.fault for each in told if each.fault]
    new = sum(each.is_new for each in told)
    return new, len(told) - new - len(faults), faults
