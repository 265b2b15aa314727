"""What can people do with slips? Bring them in, open, confirm, reject and mend them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.feedback.models import Tombstone
from huixiang.apps.slips import reading, receiving
from huixiang.apps.slips.actions.reaching import RIGHT, end, reached, refuse_unless
from huixiang.apps.slips.models import Slip
from huixiang.apps.slips.receiving import Arrival
from huixiang.channels.contract import Fault
from huixiang.channels.paper import lines

MOST_FILES = 100  # at once
LONGEST_TEXT = 5_000
MOST_AT_ONCE = 200  # confirmed by one press


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
    slip = reached(pk, by)
    audit.record("slip.read", by=by, on_kind="slip", on_id=slip.pk, source=source)
    return slip


def confirm(pk: UUID, correction: Correction, *, by: Staff, source: str = "") -> Slip:
    """It becomes a voice, in the words as corrected; a second press does nothing more. Raises Fault."""
    with transaction.atomic():
        slip = reached(pk, by, lock=True)
        if slip.state == Slip.State.CONFIRMED:
            return slip
        refuse_unless(slip, Slip.State.READ)
        changed = _correct(slip, correction, by)
        if not slip.words().text:
            raise Fault("没有可入库的文字；读不出来请选“退回”", column="more")
        end(slip, Slip.State.CONFIRMED, by)
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
            end(slip, Slip.State.CONFIRMED, by)
        deeds = [audit.Deed("slip.confirm", "slip", slip.pk, {"in_bulk": True}) for slip in chosen]
        audit.record_many(deeds, by=by, source=source)
    return len(chosen)


def reject(pk: UUID, reason: str, *, by: Staff, source: str = "") -> Slip:
    """It becomes no voice, and is kept until its time is over: it can be taken up again."""
    if reason not in Slip.Reason.values:
        raise Fault("请选择退回的原因", column="reason")
    with transaction.atomic():
        slip = reached(pk, by, lock=True)
        if slip.state == Slip.State.REJECTED:
            return slip
        refuse_unless(slip, Slip.State.READ, Slip.State.WAITING)
        slip.reason = reason
        end(slip, Slip.State.REJECTED, by)
        audit.record("slip.reject", by=by, on_kind="slip", on_id=slip.pk, source=source, reason=reason)
    return slip


def mend(pk: UUID, *, by: Staff, source: str = "") -> Slip:
    """A rejected one is taken up again: what was read is there still, or is typed in by hand."""
    with transaction.atomic():
        slip = reached(pk, by, lock=True)
        if slip.state == Slip.State.READ:
            return slip
        refuse_unless(slip, Slip.State.REJECTED)
        slip.reason, slip.settled_at, slip.settled_by, slip.state = "", None, None, Slip.State.READ
        slip.save(update_fields=["reason", "settled_at", "settled_by", "state"])
        audit.record("slip.mend", by=by, on_kind="slip", on_id=slip.pk, source=source)
    return slip


def mend_blank(pks: Sequence[UUID], *, by: Staff, source: str = "") -> int:
    """Those of them that only looked blank are taken up, to be typed in: how many?"""
    return _looked_at(pks, by, source, "slip.mend", state=Slip.State.READ, reason="", settled_at=None)


def leave_blank(pks: Sequence[UUID], *, by: Staff, source: str = "") -> int:
    """A person has looked: those are blank. How many?"""
    return _looked_at(pks, by, source, "slip.reject", settled_at=timezone.now(), settled_by=by)


def _looked_at(pks: Sequence[UUID], by: Staff, source: str, verb: str, **becomes: Any) -> int:
    if RIGHT not in by.rights:
        raise PermissionDenied
    with transaction.atomic():
        rows = Slip.objects.visible_to(by).in_state("blank").select_for_update(of=("self",))
        found = list(rows.filter(pk__in=list(pks)[:MOST_AT_ONCE]))
        erased = Tombstone.objects.among({slip.voice_id for slip in found})
        chosen = [slip.pk for slip in found if slip.voice_id not in erased]
        Slip.objects.filter(pk__in=chosen).update(**becomes)
        detail: dict[str, Any] = {"in_bulk": True, "reason": Slip.Reason.BLANK}
        audit.record_many([audit.Deed(verb, "slip", pk, detail) for pk in chosen], by=by, source=source)
    return len(chosen)


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


def _says_something(slip: Slip) -> bool:
    """Of a slip that bears a date alone there is no voice."""
    try:
        return bool(slip.words().text)
    except Unsealable:
        return False


def _plain(typed: str) -> str:
    return typed.replace("\x00", "").replace("\r\n", "\n").strip()
