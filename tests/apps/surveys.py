"""A survey as the tests of its results tell it: published, and answered by rows as the customers' pages leave them."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from huixiang.apps.access.models import Unit
from huixiang.apps.access.sealing import seal
from huixiang.apps.surveys.models import Response, Survey, Version
from huixiang.domain.surveys.plain import to_plain
from huixiang.domain.surveys.questionnaire import Choice, Kind, Question, Questionnaire, Section


def said(text: str) -> dict[str, str]:
    return {"zh": text}


VISIT = Questionnaire(
    title=said("到访网点之后"),
    sections=(
        Section(
            "s1",
            said("这次到访"),
            (
                Question("nps", Kind.NPS, said("您会推荐我们吗？")),
                Question("csat", Kind.CSAT, said("总体满意吗？"), most=5),
                Question("wait", Kind.CSAT, said("等候时间"), most=5, aspect="等候"),
                Question("staff", Kind.CSAT, said("员工态度"), most=5, aspect="态度"),
                Question(
                    "what",
                    Kind.MULTIPLE,
                    said("办了什么？"),
                    choices=(
                        Choice("cash", said("存取款")),
                        Choice("card", said("办卡")),
                        Choice("other", said("其他"), is_open=True),
                    ),
                ),
                Question(
                    "age", Kind.SINGLE, said("年龄"), choices=(Choice("young", said("青年")), Choice("old", said("长者")))
                ),
                Question("why", Kind.TEXT, said("为什么？")),
            ),
        ),
    ),
)
CODES = [question.code for question in VISIT.questions()]


def survey(unit: Unit, questionnaire: Questionnaire = VISIT, **fields: Any) -> Version:
    """A survey with one published version."""
    made = Survey.objects.create(
        **{"unit": unit, "name": "到访问卷", "slug": "visit", "state": Survey.State.OPEN} | fields
    )
    return Version.objects.create(survey=made, number=1, definition=to_plain(questionnaire))


def answered(version: Version, answers: dict[str, Any], **fields: Any) -> Response:
    """A row as it stands after somebody has sent the form."""
    today = timezone.localdate()
    is_anonymous = version.survey.is_anonymous
    given = {
        "sealed": seal({"answers": answers, "shown": CODES}),
        "once": uuid.uuid4().hex,
        "language": "zh",
        "via": "link",
        "answered_on": _monday(today) if is_anonymous else today,
        "answered_at": None if is_anonymous else timezone.now(),
    }
    return Response.objects.create(version=version, **given | fields)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
