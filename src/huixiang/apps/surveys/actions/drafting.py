"""How is a draft changed, so that two people at once do not undo each other's work?"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from huixiang.apps.access import audit
from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.surveys.actions.settling import reached
from huixiang.apps.surveys.models import Survey
from huixiang.channels.contract import Fault, marked
from huixiang.domain.surveys.plain import from_plain, to_plain
from huixiang.domain.surveys.questionnaire import Questionnaire

LARGEST = 1 << 20  # bytes of a draft as JSON


class Stale(Fault):
    """Somebody saved since this page was opened."""


def edit_survey(
    pk: int, revision: int, change: Callable[[Questionnaire], Questionnaire], *, by: Staff, source: str = "", what: str
) -> Survey:
    """The draft as the change makes it. Raises Stale where another's change would be lost, Fault where it is too much.

    `what` tells the audit which place was changed. What was published is not touched.
    """
    with transaction.atomic():
        survey = reached(pk, by)
        if survey.revision != revision:
            raise Stale(
                marked("%(name)s 在您打开这一页之后改过这份问卷。您的改动还没有保存：请先看看现在的样子，再改一次。"),
                name=last_editor(survey) or by.name,
            )
        changed = to_plain(change(from_plain(survey.draft)))
        if len(str(changed)) > LARGEST:
            raise Fault("问卷太长了，没有保存；请分成几份")
        if changed == survey.draft:
            return survey
        survey.draft, survey.revision = changed, survey.revision + 1
        survey.save(update_fields=["draft", "revision"])
        audit.record("survey.edit", by=by, on_kind="survey", on_id=pk, source=source, what=what)
    return survey


def last_editor(survey: Survey) -> str:
    """Who changed the draft last?"""
    deed = (
        AuditRecord.objects.filter(verb="survey.edit", on_kind="survey", on_id=str(survey.pk)).order_by("-seq").first()
    )
    person = Staff.objects.filter(number=deed.actor).first() if deed else None
    return person.name if person else ""
