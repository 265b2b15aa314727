"""Who codes a talk, which words are in the code book, and who settles where two disagree? As on the pages.

Nothing of the other's answers is told to who still codes.
"""

from __future__ import annotations

from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop
from ninja import Path, Router, Schema
from pydantic import Field

from huixiang.apps.access import audit
from huixiang.apps.focus import actions, coded
from huixiang.apps.focus.models import Code, Participant, Session
from huixiang.channels.contract import Fault
from huixiang.domain.coding import Standing
from huixiang.web.api.auth import shown, source, who
from huixiang.web.api.focus import CODE, MANAGE, MODERATE, SEE, SEEN, refuse_blind, study, talk
from huixiang.web.api.focus_shapes import (
    FocusAgreedOut,
    FocusAgreementOut,
    FocusCodeOut,
    FocusSeatOut,
    FocusSessionOut,
    UtteranceCodesIn,
)
from huixiang.web.api.shapes import NO_NUL, Day, Given, RowId, Word, one_of
from huixiang.web.api.shapes import Code as StaffNumber

router = Router(tags=["focus"])
Name = Annotated[str, Field(max_length=60, pattern=NO_NUL)]
Definition = Annotated[str, Field(max_length=400, pattern=NO_NUL)]


class FocusConsentIn(Given):
    """Narrower than before, her voices leave the lake. To take it back altogether, use `withdraw`."""

    consent: Annotated[str, one_of(Participant.Consent)]
    consented_on: Day


class FocusCodersIn(Given):
    """Staff numbers of two who may code there."""

    numbers: Annotated[list[StaffNumber], Field(min_length=2, max_length=2)]


class FocusCodeIn(Given):
    """A matter of the bank's tree by its code (`topic`), or a `name` of the study's own."""

    topic: Annotated[Word, Field(max_length=60)] = ""
    name: Name = ""
    definition: Definition = ""


class FocusCodeChangeIn(Given):
    """The name of one that comes from the tree stays as it is."""

    name: Name
    definition: Definition = ""


class FocusMergeIn(Given):
    into: RowId


class FocusAnswerOut(Schema):
    """`coder` is a staff number; no code says: nothing of it."""

    coder: str
    codes: list[int]


class FocusDisputeOut(Schema):
    """An utterance, masked, that two coded apart."""

    utterance: int
    number: int
    speaker: str
    text: str
    answers: list[FocusAnswerOut]


@router.put(
    "/focus/participants/{participant_id}/consent",
    auth=MODERATE,
    response=FocusSeatOut | None,
    summary=gettext_noop("更改参加者的同意范围"),
)
def change_consent(request: HttpRequest, participant_id: Path[RowId], given: FocusConsentIn) -> FocusSeatOut | None:
    """The same again is the same."""
    made = actions.record_consent(participant_id, given.consent, given.consented_on, **_by(request))
    return shown(request, SEEN, FocusSeatOut.from_orm(made))


@router.put(
    "/focus/sessions/{session_id}/coders",
    auth=MODERATE,
    response=FocusSessionOut | None,
    summary=gettext_noop("指定两位编码员，开始编码"),
)
def choose_coders(request: HttpRequest, session_id: Path[RowId], given: FocusCodersIn) -> FocusSessionOut | None:
    """Each codes for herself. Who has coded and may still code is not replaced."""
    return _told(request, actions.begin_coding(session_id, given.numbers, **_by(request)))


@router.post(
    "/focus/sessions/{session_id}/finish",
    auth=MANAGE,
    response=FocusSessionOut | None,
    summary=gettext_noop("完成一场座谈的编码"),
)
def finish_coding(request: HttpRequest, session_id: Path[RowId]) -> FocusSessionOut | None:
    """Once both have coded all of it and each dispute is settled."""
    return _told(request, actions.finish(session_id, **_by(request)))


@router.post(
    "/focus/sessions/{session_id}/reopen",
    auth=MANAGE,
    response=FocusSessionOut | None,
    summary=gettext_noop("重新打开一场座谈的编码"),
)
def reopen_coding(request: HttpRequest, session_id: Path[RowId]) -> FocusSessionOut | None:
    return _told(request, actions.reopen(session_id, **_by(request)))


@router.put(
    "/focus/utterances/{utterance_id}/codes", auth=CODE, response={204: None}, summary=gettext_noop("给一句发言编码")
)
def code_utterance(request: HttpRequest, utterance_id: Path[RowId], given: UtteranceCodesIn) -> None:
    """The same again is the same."""
    try:
        actions.code(utterance_id, given.codes, by=who(request), source=source(request))
    except PermissionDenied:
        raise Http404 from None


@router.get(
    "/focus/sessions/{session_id}/disputes",
    auth=MANAGE,
    response=list[FocusDisputeOut],
    summary=gettext_noop("一场座谈里待裁定的分歧"),
)
def list_focus_disputes(request: HttpRequest, session_id: Path[RowId]) -> list[FocusDisputeOut]:
    """With both answers: for a third, never for one of the two."""
    session, by = talk(request, session_id, MANAGE.right), who(request)
    if session.coders.filter(pk=by.pk).exists():
        raise Fault("这场座谈由你编码，分歧请第三人裁定")
    found = [each for each in coded.of_sessions([session]) if each.standing is Standing.DISPUTED]
    audit.record("focus.read", by=by, on_kind="session", on_id=session_id, source=source(request), count=len(found))
    return [_dispute(each) for each in found]


@router.post(
    "/focus/utterances/{utterance_id}/settle", auth=MANAGE, response={204: None}, summary=gettext_noop("裁定一处分歧")
)
def settle_focus_dispute(request: HttpRequest, utterance_id: Path[RowId], given: UtteranceCodesIn) -> None:
    """By a third: her codes count. No code: nothing of it."""
    if given.codes is None:
        raise Fault("请给出裁定的代码；没有可编的就给空列表")
    actions.settle(utterance_id, given.codes, **_by(request))


@router.get(
    "/focus/studies/{study_id}/codes", auth=SEE, response=list[FocusCodeOut], summary=gettext_noop("研究的代码本")
)
def list_focus_codes(request: HttpRequest, study_id: Path[RowId]) -> list[Code]:
    return list(study(request, study_id).codes.living())


@router.post(
    "/focus/studies/{study_id}/codes",
    auth=CODE,
    response={201: FocusCodeOut | None},
    summary=gettext_noop("代码本里加一个代码"),
)
def add_focus_code(request: HttpRequest, study_id: Path[RowId], given: FocusCodeIn) -> FocusCodeOut | None:
    """By who manages the study, or codes one of its talks. One that is there already is given back."""
    made = actions.add_code(study_id, given.name, given.definition, topic=given.topic, **_by(request))
    return shown(request, SEEN, FocusCodeOut.from_orm(made))


@router.put(
    "/focus/codes/{code_id}", auth=MANAGE, response=FocusCodeOut | None, summary=gettext_noop("改一个代码的名称与定义")
)
def change_focus_code(request: HttpRequest, code_id: Path[RowId], given: FocusCodeChangeIn) -> FocusCodeOut | None:
    made = actions.rename_code(code_id, given.name, given.definition, **_by(request))
    return shown(request, SEEN, FocusCodeOut.from_orm(made))


@router.post(
    "/focus/codes/{code_id}/merge",
    auth=MANAGE,
    response=FocusCodeOut | None,
    summary=gettext_noop("把一个代码并入另一个"),
)
def merge_focus_code(request: HttpRequest, code_id: Path[RowId], given: FocusMergeIn) -> FocusCodeOut | None:
    """What was coded with it counts as the other from then on; the answer is the other."""
    made = actions.merge_codes(code_id, given.into, **_by(request))
    return shown(request, SEEN, FocusCodeOut.from_orm(made))


@router.get(
    "/focus/studies/{study_id}/agreement",
    auth=SEE,
    response=FocusAgreementOut,
    summary=gettext_noop("两位编码员的一致性"),
)
def read_focus_agreement(request: HttpRequest, study_id: Path[RowId]) -> FocusAgreementOut:
    """`by_code` by the code's id. Refused to who still codes: it would tell of the other's answers."""
    found = study(request, study_id)
    refuse_blind(study_id, who(request))
    overall, by_code = coded.agreement(coded.of_sessions(found.sessions.all()))
    every = {code: FocusAgreedOut.told(found) for code, found in by_code.items()}
    return FocusAgreementOut(overall=FocusAgreedOut.told(overall), by_code=every)


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"by": who(request), "source": source(request)}


def _told(request: HttpRequest, made: Session) -> FocusSessionOut | None:
    return shown(request, SEEN, FocusSessionOut.of(made, who(request)))


def _dispute(each: coded.Coded) -> FocusDisputeOut:
    said = each.utterance
    answers = [
        FocusAnswerOut(coder=number, codes=sorted(map(int, chosen))) for number, chosen in sorted(each.by.items())
    ]
    return FocusDisputeOut(
        utterance=said.pk, number=said.number, speaker=str(said.participant), text=said.text, answers=answers
    )
