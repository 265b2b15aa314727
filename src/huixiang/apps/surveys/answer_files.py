"""How do answers that another program collected join a survey's results? Row by row, each once, however often it comes.

A response is known by its number in that program. What is wrong with a row is told with its place; the others come in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Unit
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.identity import voice_key
from huixiang.apps.feedback.interpreter import Interpreter, masked_value
from huixiang.apps.feedback.models import Import
from huixiang.apps.surveys.answer_rows import Filled, Form, response_id
from huixiang.apps.surveys.landing import Landing
from huixiang.apps.surveys.landing import coming as numbered
from huixiang.apps.surveys.models import Version
from huixiang.apps.surveys.portioning import carry_on
from huixiang.apps.surveys.taking import FORMAT, form_of
from huixiang.channels import survey_answers
from huixiang.channels.contract import Fault, Refused, Row
from huixiang.channels.survey_answers import AnswerMapping, Reader, Told
from huixiang.domain.feedback import pseudonym
from huixiang.domain.surveys.answering import accepted

AT_ONCE = 5_000
TOLD_MOST = 20  # of the rows left out, how many are told one by one
LOOKED_AT = 100
Aside = Callable[[Row | Refused, Fault], None]


@dataclass(frozen=True, slots=True)
class Coming:
    """`scope`: the units that may be filled; None is all. `aside` is handed each row left out, with the reason.

    `name`: what the person calls the file.
    """

    scope: frozenset[str] | None = None
    aside: Aside = lambda row, fault: None
    name: str = ""


@dataclass(slots=True)
class Account:
    """What became of a file's rows; read = new + same + erased + unfinished + refused."""

    read: int = 0
    new: int = 0
    same: int = 0
    erased: int = 0
    unfinished: int = 0
    refused: int = 0
    faults: list[Fault] = field(default_factory=list)  # the first of them
    missing: list[str] = field(default_factory=list)  # questions of which the file tells nothing

    def refuse(self, fault: Fault) -> None:
        self.refused += 1
        if len(self.faults) < TOLD_MOST:
            self.faults.append(fault)


def bring(
    path: Path,
    version: Version,
    by: AnswerMapping,
    *,
    actor: str,
    coming: Coming | None = None,
) -> Account:
    """Bring in a file's answers as responses of this version. Raises Fault where the file as a whole cannot be read."""
    on = coming or Coming()
    form = form_of(version, by.series)
    read = survey_answers.rows(path, by)
    first = list(islice(read, LOOKED_AT))
    reader = Reader(form.questionnaire, by, columns_of(first), str(settings.TIME_ZONE))
    account, imported = Account(missing=reader.missing), _import(path, on.name or path.name, actor)
    taker = _Taker(form, reader, _units(on.scope), account, on.aside)
    with Interpreter() as interpreter:
        landing = Landing(lake(), imported, interpreter)
        for some in _portions(chain(first, read)):
            pairs = [(form, filled) for row in some if (filled := taker.filled(row))]
            if pairs:
                there = numbered(pairs, account.read + 1)
                batch = landing.land(there, landing.read(there), account.read + len(some))
                account.new, account.same = account.new + batch.new, account.same + batch.same
                account.erased += batch.erased
            account.read += len(some)
    if version.survey.is_anonymous:
        carry_on(lake(), version.survey)
    Import.objects.filter(pk=imported.pk).update(finished_at=timezone.now())
    counts: dict[str, Any] = {"count": account.new, "rows": account.read, "refused": account.refused}
    audit.record("survey.answers", by=actor, on_kind="survey", on_id=version.survey.slug, **counts)
    return account


@dataclass(frozen=True, slots=True)
class _Taker:
    """Makes a response of each row, or says why not."""

    form: Form
    reader: Reader
    units: set[str] | frozenset[str]
    account: Account
    aside: Aside

    def filled(self, row: Row | Refused) -> Filled | None:
        if isinstance(row, Refused):
            self._refuse(row, row.fault)
            return None
        try:
            told = self.reader.told(row)
            if told is None:
                self.account.unfinished += 1
                return None
            return self._checked(told)
        except Fault as fault:
            self._refuse(row, fault)
            return None

    def _refuse(self, row: Row | Refused, fault: Fault) -> None:
        self.account.refuse(fault)
        self.aside(row, fault)

    def _checked(self, told: Told) -> Filled:
        if not told.number:
            raise Fault("第 %(row)s 行：没有答卷编号；请补上", row=told.row)
        unit = told.fields.get("unit") or None
        if unit is not None and unit not in self.units:
            raise Fault("第 %(row)s 行：机构号“%(code)s”不存在，或不在您的权限范围内", row=told.row, code=unit[:40])
        kept = accepted(self.form.questionnaire, told.answers)
        wrong = [each for each in kept.refused if each.question in told.answers]
        if wrong:
            raise Fault(
                "第 %(row)s 行：题目“%(code)s”的答案不成立；请更正，或清空", row=told.row, code=wrong[0].question
            )
        assert told.at is not None
        at = timezone.localtime(told.at)
        is_anonymous, customer = self.form.is_anonymous, told.fields.get("customer", "")
        return Filled(
            id=response_id(self.form.slug, told.number, voice_key()),
            answers=kept.answers,
            shown=None,
            answered_on=_monday(at.date()) if is_anonymous else at.date(),
            answered_at=None if is_anonymous else at,
            unit=unit,
            tier=masked_value("", told.fields.get("tier", ""))[:20],
            stratum=masked_value("", told.fields.get("stratum", ""))[:80],
            weight=self._weight(told),
            language=told.fields.get("language", "")[:8] or self.form.questionnaire.languages[0],
            seconds=_whole(told.fields.get("seconds", "")),
            customer="" if is_anonymous or not customer else pseudonym(customer, settings.MASKING_KEY.encode()),
            numbered=told.number if self.form.series else "",
        )

    def _weight(self, told: Told) -> float:
        cell = told.fields.get("weight", "")
        try:
            weight = float(cell) if cell else 1.0
        except ValueError:
            weight = 0.0
        if not 0 < weight < 1e9:
            raise Fault("第 %(row)s 行：权重必须是大于 0 的数", row=told.row)
        return weight


def looked(path: Path, version: Version, by: AnswerMapping, scope: frozenset[str] | None = None) -> Account:
    """What would become of the first rows? Nothing is kept. Raises Fault as `bring` does."""
    form = form_of(version, by.series)
    first = list(islice(survey_answers.rows(path, by), LOOKED_AT))
    reader = Reader(form.questionnaire, by, columns_of(first), str(settings.TIME_ZONE))
    account = Account(read=len(first), missing=reader.missing)
    taker = _Taker(form, reader, _units(scope), account, lambda row, fault: None)
    account.new = sum(taker.filled(row) is not None for row in first)
    return account


def columns_of(rows: Sequence[Row | Refused]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row.fields))


def _units(scope: frozenset[str] | None) -> set[str] | frozenset[str]:
    units = set(Unit.objects.values_list("code", flat=True))
    return units if scope is None else units & scope


def _import(path: Path, name: str, actor: str) -> Import:
    now = timezone.now()
    with path.open("rb") as file:
        mark = hashlib.file_digest(file, "sha256").hexdigest()
    return Import.objects.create(
        file_name=masked_value("", name)[:255],
        fingerprint=mark,
        bytes=path.stat().st_size,
        format=FORMAT,
        actor=actor,
        created_at=now,
        started_at=now,
    )


def _portions(rows: Iterator[Row | Refused]) -> Iterator[Sequence[Row | Refused]]:
    while some := list(islice(rows, AT_ONCE)):
        yield some


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _whole(cell: str) -> int | None:
    try:
        return int(float(cell)) if cell else None
    except (ValueError, OverflowError):
        return None
