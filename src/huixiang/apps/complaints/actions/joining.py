"""Which voices is a complaint made of? A voice becomes a case or joins one, and is never in two."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

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


def link(case: Case, voices: Iterable[str]) -> None:
    """Note that these voices are of the case, in the caller's transaction. Raises Fault where one is in another."""
    for voice_id in voices:
        row, _new = CaseVoice.objects.select_related("case").get_or_create(voice_id=voice_id, defaults={"case": case})
        if row.case_id != case.pk:
            raise Fault("这条声音已在投诉 %(number)s 里", number=row.case.number)


def _said(voice_id: str) -> dict[str, Any]:
    """When, and by which customer? Asked before anything is locked: the lake may take its time."""
    heard = questions.voice(lake(), voice_id)
    return {"said_at": heard.said_at, "customer": questions.speaker(lake(), voice_id)} if heard else {}


def join_voice(number: str, voice_id: str, *, by: Staff, source: str = "", risks: Iterable[str] = ()) -> Case:
    """Let a voice join a case that is there; the caller has seen to it that she may read the voice."""
    if HANDLE not in by.rights:
        raise PermissionDenied
    said = _said(voice_id)
    with transaction.atomic():
        found = Case.objects.visible_to(by, HANDLE).filter(number=number).values_list("pk", flat=True)
        case = Case.objects.select_for_update().filter(pk__in=list(found)).first()
        if case is None:
            raise ObjectDoesNotExist
        if case.state == State.ARCHIVED or case.is_held:
            raise Fault("已归档的投诉不能再并入声音")
        link(case, [voice_id])
        if said:
            CaseVoice.objects.filter(voice_id=voice_id, case=case).update(**said)
        risking.mark(case, (), risks, timezone.now(), voice_id)
        project(case, timezone.now())
        audit.record("complaint.join", by=by, on_kind="complaint", on_id=number, source=source, voice=voice_id)
    return case
