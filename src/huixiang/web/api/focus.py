"""What is planned, who agreed to what, how was it coded, and what came out of the focus groups? Masked, by pseudonym.

Contacts of participants never leave by the API.
"""

from __future__ import annotations

from typing import Annotated

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import File, Form, Path, Router
from ninja.files import UploadedFile

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.focus import actions
from huixiang.apps.focus.models import Participant, Session, Study, Utterance
from huixiang.apps.focus.views.studies import still_blind
from huixiang.channels.contract import Fault
from huixiang.channels.discussion import LARGEST
from huixiang.web.api.auth import Bearer, shown, source, who
from huixiang.web.api.focus_shapes import (
    FocusRecordOut,
    FocusSeatIn,
    FocusSeatOut,
    FocusSessionIn,
    FocusSessionOut,
    FocusStudyIn,
    FocusStudyOut,
    UtteranceOut,
)
from huixiang.web.api.paging import page
from huixiang.web.api.problems import Invalid
from huixiang.web.api.shapes import Limit, Page, RowId, Word

router = Router(tags=["focus"])
SEE, MODERATE, CODE = Bearer("focus.see"), Bearer("focus.moderate"), Bearer("focus.code")
MANAGE = Bearer("focus.manage")
SEEN = "focus.see"


@router.get("/focus/studies", auth=SEE, response=Page[FocusStudyOut], summary=gettext_noop("焦点小组的研究"))
def list_focus_studies(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[FocusStudyOut]:
    found, following = page(_studies(request), ("created_at", "pk"), after, limit)
    return Page[FocusStudyOut](items=[FocusStudyOut.of(made) for made in found], next=following)


@router.post("/focus/studies", auth=MANAGE, response={201: FocusStudyOut | None}, summary=gettext_noop("新建研究"))
def add_focus_study(request: HttpRequest, given: FocusStudyIn) -> FocusStudyOut | None:
    plan = actions.Plan(given.name, given.purpose, given.guide, given.mix, given.contact_days)
    made = actions.open_study(_unit(given.unit), plan, by=who(request), source=source(request))
    return shown(request, SEEN, FocusStudyOut.of(made))


@router.get(
    "/focus/studies/{study_id}/sessions", auth=SEE, response=list[FocusSessionOut], summary=gettext_noop("座谈")
)
def list_focus_sessions(request: HttpRequest, study_id: Path[RowId]) -> list[FocusSessionOut]:
    rows = Session.objects.visible_to(who(request)).filter(study=study_id)
    get_object_or_404(Study.objects.touching(who(request)), pk=study_id)
    return [FocusSessionOut.of(made, who(request)) for made in rows.select_related("unit", "moderator")]


@router.post(
    "/focus/studies/{study_id}/sessions",
    auth=MODERATE,
    response={201: FocusSessionOut | None},
    summary=gettext_noop("登记座谈"),
)
def add_focus_session(request: HttpRequest, study_id: Path[RowId], given: FocusSessionIn) -> FocusSessionOut | None:
    moderator = Staff.objects.filter(number=given.moderator, is_active=True).first() if given.moderator else None
    if given.moderator and moderator is None:
        raise Invalid("body", "moderator", _("没有这个工号，或已停用。"))
    setting = actions.Setting(given.held_on, _unit(given.unit), given.place, given.subject, moderator)
    made = actions.add_session(study_id, setting, by=who(request), source=source(request))
    return shown(request, SEEN, FocusSessionOut.of(made, who(request)))


@router.get(
    "/focus/sessions/{session_id}/participants",
    auth=SEE,
    response=list[FocusSeatOut],
    summary=gettext_noop("座谈参加者"),
)
def list_participants(request: HttpRequest, session_id: Path[RowId]) -> list[Participant]:
    """By pseudonym."""
    return list(talk(request, session_id).participants.all())


@router.post(
    "/focus/sessions/{session_id}/participants",
    auth=MODERATE,
    response={201: FocusSeatOut | None},
    summary=gettext_noop("登记参加者与同意"),
)
def add_participant(request: HttpRequest, session_id: Path[RowId], given: FocusSeatIn) -> FocusSeatOut | None:
    by = who(request)
    if given.consent and given.consented_on is None:
        raise Invalid("body", "consented_on", _("请填写同意的日期。"))
    made = actions.add_participant(
        session_id, tier=given.tier, spoken_as=given.spoken_as, by=by, source=source(request)
    )
    if given.consent:
        made = actions.record_consent(made.pk, given.consent, given.consented_on, by=by, source=source(request))
    return shown(request, SEEN, FocusSeatOut.from_orm(made))


@router.post(
    "/focus/participants/{participant_id}/withdraw",
    auth=MODERATE,
    response=FocusSeatOut | None,
    summary=gettext_noop("参加者撤回同意，删除其发言"),
)
def withdraw_participant(request: HttpRequest, participant_id: Path[RowId]) -> FocusSeatOut | None:
    """For good: her words, codings, quotes, voices and contact go."""
    made = actions.withdraw(participant_id, by=who(request), source=source(request))
    return shown(request, SEEN, FocusSeatOut.from_orm(made))


@router.post(
    "/focus/sessions/{session_id}/records",
    auth=MODERATE,
    response={201: FocusRecordOut | None},
    summary=gettext_noop("导入座谈记录"),
)
def add_record(
    request: HttpRequest,
    session_id: Path[RowId],
    file: File[UploadedFile],
    speaker: Annotated[list[Word], Form()] = [],  # noqa: B006
) -> FocusRecordOut | None:
    """docx, txt or VTT. `speaker` “参与者A=P1” says who is who (P1…, moderator, new, join, leave_out); else guessed."""
    by, content = who(request), file.read(LARGEST + 1)
    given = dict(each.split("=", 1) for each in speaker if "=" in each)
    made = actions.upload(session_id, file.name or "", content, by=by, source=source(request))
    labels = {each.label: 0 for each in actions.turns(made)}
    chosen = actions.suggested(made.session, labels) | given
    made = actions.bring_in(made.pk, chosen, by=by, source=source(request))
    return shown(request, SEEN, FocusRecordOut.of(made))


@router.get(
    "/focus/sessions/{session_id}/utterances", auth=SEE, response=Page[UtteranceOut], summary=gettext_noop("座谈发言")
)
def list_utterances(
    request: HttpRequest, session_id: Path[RowId], after: Word = "", limit: Limit = 50
) -> Page[UtteranceOut]:
    """Masked, with your own codes: never another's."""
    session, by = talk(request, session_id), who(request)
    found, following = page(session.utterances.select_related("participant"), ("number", "pk"), after, limit)
    count = len(found)
    audit.record("focus.read", by=by, on_kind="session", on_id=session_id, source=source(request), count=count)
    return Page[UtteranceOut](items=[_said(each, by) for each in found], next=following)


def _studies(request: HttpRequest):  # type: ignore[no-untyped-def]  # a queryset
    return Study.objects.touching(who(request)).select_related("unit")


def study(request: HttpRequest, pk: int) -> Study:
    return get_object_or_404(Study.objects.visible_to(who(request)).select_related("unit"), pk=pk)


def talk(request: HttpRequest, pk: int, right: str = SEEN) -> Session:
    return get_object_or_404(Session.objects.visible_to(who(request), right), pk=pk)


def _unit(code: str) -> Unit:
    found = Unit.objects.filter(code=code).first()
    if found is None:
        raise ObjectDoesNotExist
    return found


def _said(each: Utterance, by: Staff) -> UtteranceOut:
    given = each.codings.filter(by=by, settles=False).first()
    codes = None if given is None else sorted(code.pk for code in given.codes.all())
    speaker = each.participant.label if each.participant else None
    return UtteranceOut(id=each.pk, number=each.number, speaker=speaker, text=each.text, codes=codes)


def refuse_blind(study_pk: int, by: Staff) -> None:
    """Raises Fault to who still codes one of the study's talks."""
    if still_blind(list(Session.objects.filter(study=study_pk)), by):
        raise Fault("由你编码的座谈还没有完成编码，完成之后才能看：各自编码，互不影响")
