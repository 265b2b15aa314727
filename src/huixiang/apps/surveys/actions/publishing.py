"""When do customers see a survey? From publishing on, until it is paused or closed."""

from __future__ import annotations

from django.db import transaction

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.surveys.actions.settling import reached
from huixiang.apps.surveys.models import QuotaCount, Survey, Version
from huixiang.channels.contract import Fault
from huixiang.domain.surveys.checking import problems
from huixiang.domain.surveys.plain import from_plain
from huixiang.domain.surveys.questionnaire import Questionnaire

_FROM = {
    Survey.State.PAUSED: (Survey.State.OPEN,),
    Survey.State.OPEN: (Survey.State.PAUSED, Survey.State.CLOSED),
    Survey.State.CLOSED: (Survey.State.OPEN, Survey.State.PAUSED),
}


def publish_survey(pk: int, revision: int, *, by: Staff, source: str = "") -> Version:
    """The draft becomes the next version, and is answered from now on. Raises Fault where something is wrong."""
    with transaction.atomic():
        survey = reached(pk, by)
        if survey.revision != revision:
            raise Fault("草稿刚刚又改过；请看过再发布")
        questionnaire = from_plain(survey.draft)
        _refuse_unsound(questionnaire)
        latest = survey.latest
        if latest and latest.definition == survey.draft:
            raise Fault("草稿与已发布的第 %(number)s 版一样，没有要发布的改动", number=latest.number)
        made = Version(survey=survey, number=latest.number + 1 if latest else 1, definition=survey.draft, by=by)
        made.save(force_insert=True)
        _count(survey, questionnaire)
        Survey.objects.filter(pk=pk).update(state=Survey.State.OPEN)
        audit.record("survey.publish", by=by, on_kind="survey", on_id=pk, source=source, version=made.number)
    return made


def pause_survey(pk: int, *, by: Staff, source: str = "") -> Survey:
    """Customers read that it is paused; who has begun may go on later."""
    return _turn(pk, Survey.State.PAUSED, "survey.pause", by, source)


def reopen_survey(pk: int, *, by: Staff, source: str = "") -> Survey:
    return _turn(pk, Survey.State.OPEN, "survey.reopen", by, source)


def close_survey(pk: int, *, by: Staff, source: str = "") -> Survey:
    """Nothing comes in any more; the results stay."""
    return _turn(pk, Survey.State.CLOSED, "survey.close", by, source)


def _turn(pk: int, state: Survey.State, verb: str, by: Staff, source: str) -> Survey:
    with transaction.atomic():
        survey = reached(pk, by)
        if survey.state == state:
            return survey
        if survey.state not in _FROM[state]:
            raise Fault("现在是“%(state)s”，不能这样改", state=str(survey.get_state_display()))
        survey.state = state
        survey.save(update_fields=["state"])
        audit.record(verb, by=by, on_kind="survey", on_id=pk, source=source)
    return survey


def _refuse_unsound(questionnaire: Questionnaire) -> None:
    wrong = [problem for problem in problems(questionnaire) if not problem.is_hint]
    if wrong:
        raise Fault("还有 %(count)s 处要改好才能发布；见“题目”页上方的清单", count=len(wrong))


def _count(survey: Survey, questionnaire: Questionnaire) -> None:
    """Each quota has its row. What is taken stays taken: a limit below it would be a lie, so it is refused."""
    counts = {each.code: each for each in survey.quota_counts.select_for_update()}
    for quota in questionnaire.quotas:
        count = counts.get(quota.code) or QuotaCount(survey=survey, code=quota.code)
        if quota.limit < count.taken:
            raise Fault("配额“%(name)s”已收到 %(taken)s 份，上限不能更小", name=quota.name, taken=count.taken)
        count.limit = quota.limit
        count.save()
