"""Which voices is a complaint made of? A voice becomes a case or joins one, and is never in two."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import risking
from huixiang.apps.complaints.models import Case, CaseVoice
from huixiang.apps.complaints.projecting import project
from huixiang.apps.feedback.facts import lake
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.lifecycle import HANDLE
from huixiang.domain.complaints.states import State
from huixiang.lake import questions
from huixiang.lake.questions import Slice


def link(case: Case, voices: Iterable[str]) -> None:
    """Note that these voices are of the case, in the caller's transaction. Raises Fault where one is in another."""
    for voice_id in voices:
        row, _new = CaseVoice.objects.select_related("case").get_or_create(voice_id=voice_id, defaults={"case": case})
        if row.case_id != case.pk:
            raise Fault("这条声音已在投诉 %(number)s 里", number=row.case.number)


def note_when(voice_ids: Collection[str]) -> int:
    """When was each of these said, and by which customer? How many are known."""
    who = questions.speakers(lake(), list(voice_ids))
    heard = questions.chosen(lake(), list(voice_ids), Slice(rivals=True))
    for voice in heard:
        CaseVoice.objects.filter(voice_id=voice.id).update(said_at=voice.said_at, customer=who.get(voice.id, ""))
    return len(heard)


def join_voice(number: str, voice_id: str, *, by: Staff, source: str = "", risks: Iterable[str] = ()) -> Case:
    """Let a voice join a case that is there; the caller has seen to it that she may read the voice."""
    if HANDLE not in by.rights:
        raise PermissionDenied
    with transaction.atomic():
        found = Case.objects.visible_to(by, HANDLE).filter(number=number).values_list("pk", flat=True)
        case = Case.objects.select_for_update().filter(pk__in=list(found)).first()
        if case is None:
            raise ObjectDoesNotExist
        if case.state == State.ARCHIVED or case.is_held:
            raise Fault("已归档的投诉不能再并入声音")
        link(case, [voice_id])
        note_when([voice_id])
        risking.mark(case, (), risks, timezone.now(), voice_id)
        project(case, timezone.now())
        audit.record("complaint.join", by=by, on_kind="complaint", on_id=number, source=source, voice=voice_id)
    return case
