"""How does a row of another program's table become a filled-in questionnaire? The same fresh from a file and mended.

What is wrong with a row is told with its place and what to do; nothing of it comes in before all of it is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from huixiang.apps.feedback.admission import Gate
from huixiang.apps.feedback.identity import voice_key
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.surveys.answer_rows import Filled, Form, response_id
from huixiang.channels import survey_answers
from huixiang.channels.contract import Defaults, Fault, Meter, Refused, Row, Unfinished, marked
from huixiang.channels.survey_answers import AnswerMapping, Reader, Told
from huixiang.domain.feedback import pseudonym
from huixiang.domain.surveys.answering import Reason, Refusal, accepted
from huixiang.domain.surveys.scores import Scale

FORMAT = "survey-answers"
TITLE = marked("别处收集的答案")
NOT_HANDED_IN = marked("第 %(row)s 行“%(column)s”列：没有提交时间，没有交的答卷不收；请补上，或放弃这一行")


@dataclass(frozen=True, slots=True)
class Answered:
    """What a row was read as. `customer` is her number as it stood there: it lives in memory only."""

    filled: Filled
    customer: str
    post: None = None

    @property
    def branch(self) -> str | None:
        return self.filled.unit

    def voice_id(self, key: bytes) -> str:
        return self.filled.id

    def content_hash(self, key: bytes) -> str:
        """A response is known by its number: whatever comes under it later is the same."""
        return ""


class AnswerGate(Gate):
    """A response may name no unit; one that it names must exist, and lie within the person's reach."""

    def check(self, record: Answered, row: int) -> None:  # type: ignore[override]  # it reads nothing but the branch
        if record.branch is not None:
            super().check(record, row)  # type: ignore[arg-type]


class AnswerFormat:
    """Rows of answers to one questionnaire, by a mapping that is settled."""

    name, title = FORMAT, TITLE
    suffixes = (".csv", ".tsv", ".txt", ".xlsx", ".jsonl", ".json", ".sav")

    def __init__(self, form: Form, by: AnswerMapping) -> None:
        columns = list(dict.fromkeys([*by.fields.values(), *by.questions.values()]))
        self.form, self.by, self._columns = form, by, columns
        self._reader = Reader(form.questionnaire, by, columns, str(settings.TIME_ZONE))

    @property
    def columns(self) -> Mapping[str, str]:
        """What of the file is read: what it tells, and the column. The unit's is called as the gate calls it."""
        fields = {"branch" if name == "unit" else name: column for name, column in self.by.fields.items()}
        return {**self.by.questions, **fields}

    def rows(self, path: Path, meter: Meter | None = None) -> Iterator[Row | Refused]:
        return survey_answers.rows(path, self.by, meter)

    def record(self, row: Row, defaults: Defaults) -> Answered:
        """Raises Fault; Unfinished where the questionnaire was never handed in."""
        told = self._reader.told(row)
        if told is None:
            raise Unfinished(
                NOT_HANDED_IN,
                row=row.number,
                column=self.by.fields["at"],
            )
        if not told.number:
            column = self.by.fields["number"]
            raise Fault("第 %(row)s 行“%(column)s”列：没有答卷编号；请补上", row=row.number, column=column)
        return Answered(self._filled(told, self._answers(told)), told.fields.get("customer", ""))

    def _answers(self, told: Told) -> Mapping[str, object]:
        kept = accepted(self.form.questionnaire, told.answers)
        for wrong in kept.refused:
            if wrong.question in told.answers:
                raise self._fault(wrong, told.row)
        return kept.answers

    def _fault(self, wrong: Refusal, row: int) -> Fault:
        column = self._reader.column_of(wrong.question)
        scale = Scale.of(self.form.questionnaire.question(wrong.question))
        if wrong.reason is Reason.OUT_OF_SCALE and scale:
            return Fault(
                "第 %(row)s 行“%(column)s”列：应是 %(low)s 到 %(high)s 的整数；请更正，或清空",
                row=row,
                column=column,
                low=scale.least,
                high=scale.most,
            )
        return Fault("第 %(row)s 行“%(column)s”列：这道题的答案不成立；请更正，或清空", row=row, column=column)

    def _filled(self, told: Told, answers: Mapping[str, object]) -> Filled:
        assert told.at is not None
        at = timezone.localtime(told.at)
        form, fields = self.form, told.fields
        is_anonymous, customer = form.is_anonymous, fields.get("customer", "")
        return Filled(
            id=response_id(form.slug, told.number, voice_key()),
            answers=answers,  # type: ignore[arg-type]  # `accepted` has looked at them
            shown=None,
            answered_on=_monday(at.date()) if is_anonymous else at.date(),
            answered_at=None if is_anonymous else at,
            unit=fields.get("unit") or None,
            tier=masked_value("", fields.get("tier", ""))[:20],
            stratum=masked_value("", fields.get("stratum", ""))[:80],
            weight=self._weight(told),
            language=fields.get("language", "")[:8] or form.questionnaire.languages[0],
            seconds=_whole(fields.get("seconds", "")),
            customer="" if is_anonymous or not customer else pseudonym(customer, settings.MASKING_KEY.encode()),
            numbered=told.number if form.series else "",
        )

    def _weight(self, told: Told) -> float:
        cell = told.fields.get("weight", "")
        try:
            weight = float(cell) if cell else 1.0
        except ValueError:
            weight = 0.0
        if not 0 < weight < 1e9:
            column = self.by.fields["weight"]
            raise Fault("第 %(row)s 行“%(column)s”列：权重必须是大于 0 的数", row=told.row, column=column)
        return weight


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _whole(cell: str) -> int | None:
    try:
        return int(float(cell.removesuffix("秒"))) if cell else None
    except (ValueError, OverflowError):
        return None
