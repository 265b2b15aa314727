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
    with transaction.atomic():
        file, is_new = File.objects.get_or_create(
            digest=digest, defaults={"unit": unit, "said_on": said_on, "by": by, "name": ""}
        )
        file = File.objects.select_for_update().get(pk=file.pk)
        if not is_new and file.fault is None:
            return Arrival(name, file)
        # Of what was kept before there is no page, or some: those to come go where this person says, and to her.
        file.fault, file.unit, file.said_on, file.by, file.received_at = None, unit, said_on, by, timezone.now()
        if not Attachment.objects.filter(voice_id=file.place).exists():
            kept = attachments.keep(content, voice_id=file.place, name=name, media_type=ATTACHED)
            file.name = kept.name
        file.save()
    return Arrival(name, file, is_new=True)


def cut(file: File, page: int, part: str, picture: Picture | None, unit: Unit) -> Slip | None:
    """A slip of this page, with its picture; None where it is there, or was erased. In the caller's transaction."""
    if Slip.objects.filter(of=file, page=page, part=part).exists():
        return None
    slip = Slip(of=file, page=page, part=part, unit=unit, said_on=file.said_on, received_at=file.received_at)
    slip.voice_id = feedback.voice_id(
        feedback.Channel.SUGGESTION_BOX, source_id(file, page, part), voice_key(), series=SERIES
    )
    if Tombstone.objects.filter(voice_id=slip.voice_id).exists():
        return None  # erased at its customer's request: it does not come back with its file
    slip.keep_until = timezone.localdate(file.received_at) + timedelta(days=days_kept(unit))
    if picture is None:
        slip.state, slip.reason, slip.settled_at = Slip.State.REJECTED, Slip.Reason.BROKEN, timezone.now()
    else:
        slip.width, slip.height = picture.width, picture.height
        attachments.keep_photo(picture, voice_id=slip.voice_id, name=f"{file.name}-{slip.number}.jpg")
    slip.save(force_insert=True)
    return slip


def picture_of(slip: Slip) -> Picture | None:
    """Raises Unsealable. None where there is none: a page that could not be drawn."""
    found = Attachment.objects.filter(voice_id=slip.voice_id, is_photo=True).last()
    return Picture(attachments.content(found), slip.width, slip.height) if found else None


def replace_picture(slip: Slip, picture: Picture) -> None:
    """The page as it was turned: the old one goes. In the caller's transaction, but for the file on the disk."""
    former = list(Attachment.objects.filter(voice_id=slip.voice_id))
    name = former[-1].name if former else f"{slip.number}.jpg"
    attachments.keep_photo(picture, voice_id=slip.voice_id, name=name)
    Attachment.objects.filter(pk__in=[each.pk for each in former]).delete()  # its files are swept at night
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
