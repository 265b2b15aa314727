"""A survey as the tests of its results tell it: published, and answered by rows as the customers' pages leave them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from django.utils import timezone

from huixiang.apps.access.models import Unit
from huixiang.apps.access.sealing import seal
from huixiang.apps.feedback.models import Batch, Import
from huixiang.apps.surveys.answer_rows import Filled, answer_rows, response_row
from huixiang.apps.surveys.models import Response, Survey, Version
from huixiang.apps.surveys.portioning import carry_on
from huixiang.apps.surveys.taking import form_of
from huixiang.domain.surveys.plain import to_plain
from huixiang.domain.surveys.questionnaire import Choice, Kind, Question, Questionnaire, Section
from huixiang.lake.schema import ANSWERS, RESPONSES
from huixiang.lake.store import Lake


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
                    "age",
                    Kind.SINGLE,
                    said("年龄"),
                    choices=(Choice("young", said("青年")), Choice("old", said("长者"))),
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


def lies_in_the_lake(lake: Lake, version: Version, people: Sequence[Filled]) -> None:
    """Answers of before, without the way by which they came: as one batch of an import."""
    form = form_of(version)
    rows = [row for each in people for row in answer_rows(form, each, {})]
    now, count = timezone.now(), len(people)
    of = Import.objects.create(file_name="x", fingerprint="x", bytes=0, format="survey", actor="t", created_at=now)
    none = dict.fromkeys(("same", "changed", "quarantined"), 0)
    Batch.objects.create(of=of, number=1, rows_read=count, read=count, new=count, confirmed_at=now, **none)
    number = lake.version("responses") + 2
    responses = [response_row(form, each, str(of.pk), row, number) for row, each in enumerate(people, 1)]
    lake.append_once("answers", pa.Table.from_pylist(rows, schema=ANSWERS), writer="t", batch=number)
    lake.append_once("responses", pa.Table.from_pylist(responses, schema=RESPONSES), writer="t", batch=number)
    if version.survey.is_anonymous:
        carry_on(lake, version.survey)


def people(count: int, seed: int = 1, **fields: Any) -> list[Filled]:
    """Customers whose verdict goes with the staff more than with the wait; who of the south are less pleased."""
    dice = np.random.default_rng(seed)
    found = []
    for number in range(count):
        unit = ("N11", "N12", "S11")[number % 3]
        staff, wait = (int(dice.integers(1, 6)) for _ in range(2))
        mood = 0.9 * staff + 0.2 * wait + dice.normal(0, 0.6) - (0.8 if unit == "S11" else 0)
        given: dict[str, Any] = {
            "nps": int(np.clip(round(2 * mood + 1), 0, 10)),
            "csat": int(np.clip(round(mood), 1, 5)),
            "staff": staff,
            "wait": wait,
            "what": ["cash", "card"] if number % 2 else ["card"],
            "age": "old" if staff < 3 else "young",
        }
        day = date(2026, 1 + number % 4, 5)
        told = {"unit": unit, "tier": ("普卡", "金卡")[number % 2], "via": "link"} | fields
        found.append(Filled(f"{seed:04d}{number:020d}", given, CODES, day, **told))
    return found
