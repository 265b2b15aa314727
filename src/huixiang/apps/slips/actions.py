"""What can people do with slips? Bring them in, open, confirm, reject, mend, split and turn them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone
from PIL import Image

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.feedback import attachments
from huixiang.apps.feedback.models import Tombstone
from huixiang.apps.slips import reading, receiving
from huixiang.apps.slips.models import Slip
from huixiang.apps.slips.receiving import Arrival
from huixiang.channels import pictures
from huixiang.channels.contract import Fault
from huixiang.channels.paper import lines

RIGHT = "slip.enter"
MOST_FILES = 100  # at once
LONGEST_TEXT = 5_000
MOST_PARTS = 8
MOST_AT_ONCE = 200  # confirmed by one press
NARROWEST = 0.05  # of the page, that a part has at least


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person makes of a slip: `typed` line by line as it was read, `more` below; unit and day."""

    typed: Sequence[str]
    more: str
    unit: Unit
    said_on: date | None


@dataclass(frozen=True, slots=True)
class Box:
    """A line as channels.paper.lines sees one."""

    text: str
    box: tuple[float, float, float, float]


def bring_in(
    files: Iterable[tuple[str, bytes]], unit: Unit, said_on: date | None, *, by: Staff | str, source: str = ""
) -> list[Arrival]:
    """Keep these files; reading them begins at once, in the background. One at a time is held in memory."""
    if not isinstance(by, str) and not by.holds(RIGHT, unit):
        raise PermissionDenied
    if said_on and said_on > timezone.localdate():
        raise Fault("日期在今天以后；请核对", column="said_on")
    person = None if isinstance(by, str) else by
    arrivals = [receiving.keep(name, content, unit, said_on, person) for name, content in files]
    new, again, faults = receiving.counted(arrivals)
    with transaction.atomic():
        if new:
            reading.begin_due(timezone.now())
        told: dict[str, Any] = {"unit": unit.code, "files": new, "again": again, "refused": len(faults)}
        audit.record("slip.bring", by=by, on_kind="slip", source=source, **told)
    return arrivals


def look(pk: UUID, *, by: Staff, source: str = "") -> Slip:
    """Open one: its words and picture are not masked, so each look is on record. Raises ObjectDoesNotExist."""
    slip = _reached(pk, by)
    audit.record("slip.read", by=by, on_kind="slip", on_id=slip.pk, source=source)
    return slip


def confirm(pk: UUID, correction: Correction, *, by: Staff, source: str = "") -> Slip:
    """It becomes a voice, in the words as corrected; a second press does nothing more. Raises Fault."""
    with transaction.atomic():
        slip = _reached(pk, by, lock=True)
        if slip.state == Slip.State.CONFIRMED:
            return slip
        _refuse_unless(slip, Slip.State.READ)
        changed = _correct(slip, correction, by)
        if not slip.words().text:
            raise Fault("没有可入库的文字；读不出来请选“退回”", column="more")
        _end(slip, Slip.State.CONFIRMED, by)
        deed: dict[str, Any] = {"changed_lines": changed, "unit": slip.unit.code}
        audit.record("slip.confirm", by=by, on_kind="slip", on_id=slip.pk, source=source, **deed)
    return slip


def confirm_sure(pks: Sequence[UUID], *, by: Staff, source: str = "") -> int:
    """Those of them whose every line was read surely, as they were read; the others wait. How many?"""
    if RIGHT not in by.rights:
        raise PermissionDenied
    with transaction.atomic():
        rows = Slip.objects.visible_to(by).sure().select_for_update(of=("self",)).select_related("of", "unit")
        found = list(rows.filter(pk__in=list(pks)[:MOST_AT_ONCE]))
        erased = Tombstone.objects.among({slip.voice_id for slip in found})
        chosen = [slip for slip in found if slip.voice_id not in erased and _says_something(slip)]
        for slip in chosen:
            _end(slip, Slip.State.CONFIRMED, by)
        deeds = [audit.Deed("slip.confirm", "slip", slip.pk, {"in_bulk": True}) for slip in chosen]
        audit.record_many(deeds, by=by, source=source)
    return len(chosen)


def reject(pk: UUID, reason: str, *, by: Staff, source: str = "") -> Slip:
    """It becomes no voice, and is kept until its time is over: it can be taken up again."""
    if reason not in Slip.Reason.values:
        raise Fault("请选择退回的原因", column="reason")
    with transaction.atomic():
        slip = _reached(pk, by, lock=True)
        if slip.state == Slip.State.REJECTED:
            return slip
        _refuse_unless(slip, Slip.State.READ, Slip.State.WAITING)
        slip.reason = reason
        _end(slip, Slip.State.REJECTED, by)
        audit.record("slip.reject", by=by, on_kind="slip", on_id=slip.pk, source=source, reason=reason)
    return slip


def mend(pk: UUID, *, by: Staff, source: str = "") -> Slip:
    """A rejected one is taken up again: what was read is there still, or is typed in by hand."""
    with transaction.atomic():
        slip = _reached(pk, by, lock=True)
        if slip.state == Slip.State.READ:
            return slip
        _refuse_unless(slip, Slip.State.REJECTED)
        slip.reason, slip.settled_at, slip.settled_by, slip.state = "", None, None, Slip.State.READ
        slip.save(update_fields=["reason", "settled_at", "settled_by", "state"])
        audit.record("slip.mend", by=by, on_kind="slip", on_id=slip.pk, source=source)
    return slip


def turn(pk: UUID, degrees: int, *, by: Staff, source: str = "") -> Slip:
    """The page is turned clockwise, and read anew."""
    if degrees not in (90, 180, 270):
        raise Fault("只能转 90、180 或 270 度")
    with transaction.atomic():
        slip = _reached(pk, by, lock=True)
        _refuse_unless(slip, Slip.State.READ, Slip.State.REJECTED)
        receiving.replace_picture(slip, pictures.drawn(_image(slip).rotate(-degrees, expand=True)))
        slip.state, slip.sealed, slip.least, slip.reason = Slip.State.WAITING, None, None, ""
        slip.looks_like_several, slip.settled_at, slip.settled_by = False, None, None
        slip.save()
        reading.begin_due(timezone.now())
        audit.record("slip.turn", by=by, on_kind="slip", on_id=slip.pk, source=source, degrees=degrees)
    return slip


def split(pk: UUID, cuts: Sequence[float], *, down: bool, by: Staff, source: str = "") -> list[Slip]:
    """Several slips lie on one page: it is cut at these shares of its height (`down`) or width, each part is read."""
    edges = [0.0, *sorted(cuts), 1.0]
    if not 1 <= len(cuts) < MOST_PARTS or min(b - a for a, b in pairwise(edges)) < NARROWEST:
        raise Fault("请给出 1 到 %(most)s 个切口，彼此至少相隔 5 %%，例如 50", most=MOST_PARTS - 1, column="cuts")
    with transaction.atomic():
        slip = _reached(pk, by, lock=True)
        _refuse_unless(slip, Slip.State.READ, Slip.State.REJECTED)
        if len(slip.part) > 14:
            raise Fault("这一页已经拆过多次；请分开重新拍照")
        image, parts = _image(slip), []
        for place, (start, end) in enumerate(pairwise(edges), 1):
            part = f"{slip.part}.{place}".lstrip(".")
            made = receiving.cut(slip.of, slip.page, part, pictures.drawn(_cropped(image, start, end, down)), slip.unit)
            parts += [made] if made else []
        slip.sealed, slip.least, slip.looks_like_several = None, None, False
        _end(slip, Slip.State.SPLIT, by)
        attachments.let_go([slip.voice_id])  # its parts hold all of it
        reading.begin_due(timezone.now())
        audit.record("slip.split", by=by, on_kind="slip", on_id=slip.pk, source=source, parts=len(parts))
    return parts


def _correct(slip: Slip, correction: Correction, by: Staff) -> int:
    """How many lines are not as they were read? Raises Fault."""
    if sum(map(len, (*correction.typed, correction.more))) > 2 * LONGEST_TEXT:  # before anything looks at it
        raise Fault("最多 %(most)s 个字；请分成几张录入", most=LONGEST_TEXT, column="more")
    words = slip.words()
    if len(correction.typed) != len(words.lines):
        raise Fault("这张意见单刚被重新读过；请刷新页面再核对")
    if not by.holds(RIGHT, correction.unit):
        raise Fault("请选择您权限范围内的机构", column="unit")
    if correction.said_on and correction.said_on > timezone.localdate(slip.received_at):
        raise Fault("日期在收到这张意见单之后；请核对", column="said_on")
    pairs = zip(words.lines, correction.typed, strict=True)
    kept = [{**line, "typed": _plain(text).replace("\n", " ")} for line, text in pairs]
    told = [Box(line["typed"], tuple(line["box"])) for line in kept if not lines.is_date(line["typed"])]
    more = _plain(correction.more)
    text = "\n".join(filter(None, [lines.joined(told), more]))
    if len(text) > LONGEST_TEXT:
        raise Fault("最多 %(most)s 个字；请分成几张录入", most=LONGEST_TEXT, column="more")
    slip.sealed = replace(words, lines=kept, more=more, text=text).sealed()
    slip.unit, slip.said_on = correction.unit, correction.said_on
    return sum(line["typed"] != line["text"] for line in kept)


def _end(slip: Slip, state: str, by: Staff) -> None:
    slip.state, slip.settled_at, slip.settled_by = state, timezone.now(), by
    slip.save()


def _reached(pk: UUID, by: Staff, *, lock: bool = False) -> Slip:
    if RIGHT not in by.rights:
        raise PermissionDenied
    rows = Slip.objects.visible_to(by).select_related("of", "unit", "batch")
    slip = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if slip is None:
        raise ObjectDoesNotExist
    return slip


def _says_something(slip: Slip) -> bool:
    """Of a slip that bears a date alone there is no voice."""
    try:
        return bool(slip.words().text)
    except Unsealable:
        return False


def _refuse_unless(slip: Slip, *states: str) -> None:
    _refuse_erased(slip)
    if slip.state not in states:
        raise Fault("这张意见单现在是“%(state)s”，不能这样做；请刷新页面", state=str(slip.get_state_display()))


def _refuse_erased(slip: Slip) -> None:
    if Tombstone.objects.filter(voice_id=slip.voice_id).exists():
        raise Fault("这张意见单应客户要求正在删除")


def _image(slip: Slip) -> Image.Image:
    picture = receiving.picture_of(slip)
    if picture is None:
        raise Fault("这一页没有图像；请重新扫描")
    return Image.open(io.BytesIO(picture.jpeg), formats=("JPEG",)).convert("RGB")


def _cropped(image: Image.Image, start: float, end: float, down: bool) -> Image.Image:
    width, height = image.size
    if down:
        return image.crop((0, round(start * height), width, round(end * height)))
    return image.crop((round(start * width), 0, round(end * width), height))


def _plain(typed: str) -> str:
    return typed.replace("\x00", "").replace("\r\n", "\n").strip()
