"""Which surveys are there, and what do they ask? Questionnaires go in and out as `huixiang-survey-1`, exactly."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router, Schema
from pydantic import Field

from huixiang.apps.access.models import Unit
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.surveys import actions, problems
from huixiang.apps.surveys.actions.settling import titled
from huixiang.apps.surveys.models import Survey
from huixiang.channels.surveys import written
from huixiang.domain.surveys.plain import Malformed, from_plain
from huixiang.domain.surveys.questionnaire import Questionnaire
from huixiang.web.api.auth import Bearer, shown, source, who
from huixiang.web.api.paging import page
from huixiang.web.api.problems import Invalid
from huixiang.web.api.shapes import Code, Given, Limit, Page, RowId, Word

router = Router(tags=["surveys"])
SEE, MANAGE = Bearer("survey.see"), Bearer("survey.manage")
SEEN = "survey.see"


class SurveyIn(Given):
    """`questionnaire`: format `huixiang-survey-1`, as `GET /surveys/{survey_id}` gives it."""

    name: Annotated[Word, Field(min_length=1, max_length=80)]
    unit: Code
    questionnaire: dict[str, Any]
    is_anonymous: bool = False
    is_public: bool = False
    retention_days: Annotated[int, Field(ge=7, le=1095)] = 180


class DraftIn(Given):
    """`revision` as it was read: where somebody saved since, nothing is changed."""

    revision: Annotated[int, Field(ge=0, le=2**31 - 1)]
    questionnaire: dict[str, Any]


class RevisionIn(Given):
    """The revision of the draft that is to be published."""

    revision: Annotated[int, Field(ge=0, le=2**31 - 1)]


class ProblemOut(Schema):
    """`is_hint`: worth a look, and no reason not to publish."""

    kind: str
    place: str
    where: str
    what: str
    remedy: str
    is_hint: bool


class SurveyOut(Schema):
    id: int
    name: str
    slug: str
    unit: str
    state: str
    is_anonymous: bool
    is_public: bool
    retention_days: int
    revision: int
    version: int | None
    published_at: datetime | None

    @classmethod
    def of(cls, survey: Survey) -> SurveyOut:
        same = ("name", "slug", "state", "is_anonymous", "is_public", "retention_days", "revision")
        latest = survey.latest
        return cls(
            **{name: getattr(survey, name) for name in same},
            id=survey.pk,
            unit=survey.unit.code,
            version=latest.number if latest else None,
            published_at=latest.published_at if latest else None,
        )


class QuestionnaireOut(SurveyOut):
    """With the draft, and what is wrong with it."""

    questionnaire: dict[str, Any]
    problems: list[ProblemOut]

    @classmethod
    def of(cls, survey: Survey) -> QuestionnaireOut:
        found = [ProblemOut.from_orm(each) for each in problems.told(from_plain(survey.draft))]
        return cls(**SurveyOut.of(survey).dict(), questionnaire=survey.draft, problems=found)


class LimeSurveyOut(Schema):
    """`document`: the .lss as text. `losses`: what of the survey LimeSurvey does not do, with its place."""

    document: str
    losses: list[str]


@router.get("/surveys", auth=SEE, response=Page[SurveyOut], summary=gettext_noop("问卷"))
def list_surveys(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[SurveyOut]:
    rows = Survey.objects.visible_to(who(request)).select_related("unit")
    found, following = page(rows, ("created_at", "pk"), after, limit)
    return Page[SurveyOut](items=[SurveyOut.of(survey) for survey in found], next=following)


@router.post("/surveys", auth=MANAGE, response={201: QuestionnaireOut | None}, summary=gettext_noop("新建问卷草稿"))
def create_survey(request: HttpRequest, wanted: SurveyIn) -> QuestionnaireOut | None:
    unit = Unit.objects.visible_to(who(request), "survey.manage").filter(code=wanted.unit, closed_on=None).first()
    if unit is None:
        raise Invalid("body", "unit", _("机构不存在，或不在权限范围内"))
    terms = actions.Terms(wanted.name, wanted.is_anonymous, wanted.is_public, wanted.retention_days)
    questionnaire = titled(_questionnaire(wanted.questionnaire), wanted.name)
    made = actions.create_survey(unit, terms, questionnaire, by=who(request), source=source(request), start="api")
    return shown(request, SEEN, QuestionnaireOut.of(made))


@router.get("/surveys/{survey_id}", auth=SEE, response=QuestionnaireOut, summary=gettext_noop("一份问卷与它的草稿"))
def read_survey(request: HttpRequest, survey_id: RowId) -> QuestionnaireOut:
    rows = Survey.objects.visible_to(who(request)).select_related("unit")
    return QuestionnaireOut.of(get_object_or_404(rows, pk=survey_id))


@router.get(
    "/surveys/{survey_id}/limesurvey",
    auth=SEE,
    response=LimeSurveyOut,
    summary=gettext_noop("问卷写成 LimeSurvey 的 .lss"),
)
def limesurvey_file(
    request: HttpRequest, survey_id: RowId, version: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0
) -> LimeSurveyOut:
    """The draft, or the version that was published under this number."""
    found = get_object_or_404(Survey.objects.visible_to(who(request)), pk=survey_id)
    plain = get_object_or_404(found.versions, number=version).definition if version else found.draft
    writing = written(from_plain(plain), is_anonymous=found.is_anonymous)
    return LimeSurveyOut(document=writing.data.decode(), losses=[told_fault(loss) for loss in writing.losses])


@router.put(
    "/surveys/{survey_id}/draft", auth=MANAGE, response=QuestionnaireOut | None, summary=gettext_noop("修改问卷草稿")
)
def change_draft(request: HttpRequest, survey_id: RowId, wanted: DraftIn) -> QuestionnaireOut | None:
    """What was published is not touched."""
    _managed(request, survey_id)
    made = _questionnaire(wanted.questionnaire)
    by, origin = who(request), source(request)
    actions.edit_survey(survey_id, wanted.revision, lambda _former: made, by=by, source=origin, what="api")
    return _after(request, survey_id)


@router.post(
    "/surveys/{survey_id}/publish", auth=MANAGE, response=QuestionnaireOut | None, summary=gettext_noop("发布问卷")
)
def publish_survey(request: HttpRequest, survey_id: RowId, wanted: RevisionIn) -> QuestionnaireOut | None:
    """The draft becomes the next version; refused while something is wrong with it."""
    _managed(request, survey_id)
    actions.publish_survey(survey_id, wanted.revision, by=who(request), source=source(request))
    return _after(request, survey_id)


@router.post(
    "/surveys/{survey_id}/pause", auth=MANAGE, response=QuestionnaireOut | None, summary=gettext_noop("暂停问卷")
)
def pause_survey(request: HttpRequest, survey_id: RowId) -> QuestionnaireOut | None:
    _managed(request, survey_id)
    actions.pause_survey(survey_id, by=who(request), source=source(request))
    return _after(request, survey_id)


@router.post(
    "/surveys/{survey_id}/reopen", auth=MANAGE, response=QuestionnaireOut | None, summary=gettext_noop("重新开放问卷")
)
def reopen_survey(request: HttpRequest, survey_id: RowId) -> QuestionnaireOut | None:
    _managed(request, survey_id)
    actions.reopen_survey(survey_id, by=who(request), source=source(request))
    return _after(request, survey_id)


@router.post(
    "/surveys/{survey_id}/close", auth=MANAGE, response=QuestionnaireOut | None, summary=gettext_noop("结束问卷")
)
def close_survey(request: HttpRequest, survey_id: RowId) -> QuestionnaireOut | None:
    """Nothing comes in any more; the results stay."""
    _managed(request, survey_id)
    actions.close_survey(survey_id, by=who(request), source=source(request))
    return _after(request, survey_id)


def _managed(request: HttpRequest, survey_id: int) -> Survey:
    return get_object_or_404(Survey.objects.visible_to(who(request), "survey.manage"), pk=survey_id)


def _after(request: HttpRequest, survey_id: int) -> QuestionnaireOut | None:
    return shown(request, SEEN, QuestionnaireOut.of(Survey.objects.select_related("unit").get(pk=survey_id)))


def _questionnaire(plain: dict[str, Any]) -> Questionnaire:
    """Raises Invalid with the place in the JSON."""
    try:
        return from_plain(plain)
    except Malformed as found:
        raise Invalid("body", "questionnaire", str(found)[:200]) from None
    except RecursionError:
        raise Invalid("body", "questionnaire", _("套得太深")) from None
