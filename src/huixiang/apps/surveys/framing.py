"""How does a list of customers become a survey's frame? Row by row, each visit once, contacts sealed at once.

What is wrong with a row is told with its place; the others come in. The same file again adds nothing; a row that comes
again with another contact, or with a no, replaces the first.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sealing import Unsealable, key_for, seal, unseal
from huixiang.apps.surveys.models import Framed, Survey
from huixiang.channels import survey_frames
from huixiang.channels.contract import Fault, Refused, Row
from huixiang.channels.survey_frames import FrameMapping, FrameReader, Line
from huixiang.domain.feedback import pseudonym

AT_ONCE = 500
LOOKED_AT = 100
TOLD_MOST = 20  # of the faults, how many are told one by one
MOST_ROWS = 200_000
RIGHT = "survey.send"
CHANGING = ("contact", "has_phone", "has_mail", "has_opted_out", "tier", "keep_until")


@dataclass(slots=True)
class Account:
    """What became of a file's rows; read = new + same + changed + refused. `unusable`: contacts left out."""

    read: int = 0
    new: int = 0
    same: int = 0
    changed: int = 0
    refused: int = 0
    unusable: int = 0
    faults: list[Fault] = field(default_factory=list)  # the first of them

    def tell(self, fault: Fault) -> None:
        if len(self.faults) < TOLD_MOST:
            self.faults.append(fault)


def bring(
    path: Path, survey: Survey, by: FrameMapping, *, actor: Staff | str, source: str = "", name: str = ""
) -> Account:
    """The file's customers, into the frame. Raises Fault where the file cannot be read as a whole."""
    rows = survey_frames.rows(path, by)
    first = list(islice(rows, LOOKED_AT))
    columns = list(dict.fromkeys(chain.from_iterable(row.fields for row in first)))
    if not first:
        raise Fault("文件里没有数据行；请检查是否选错了文件")
    reader, account = FrameReader(by, columns, settings.TIME_ZONE), Account()
    framing = _Framing(survey, actor, account)
    with transaction.atomic():
        for lines in _batches(_read(chain(first, rows), reader, framing)):
            _keep(lines, account)
        detail: dict[str, Any] = {
            "new": account.new,
            "changed": account.changed,
            "refused": account.refused,
            "file": name or path.name,
        }
        audit.record("survey.frame", by=actor, on_kind="survey", on_id=survey.pk, source=source, **detail)
    return account


def pseudonym_of(customer: str) -> str:
    return pseudonym(customer, settings.MASKING_KEY.encode())


class _Framing:
    """Which units and colleagues may a row name?"""

    def __init__(self, survey: Survey, actor: Staff | str, account: Account) -> None:
        units = Unit.objects.filter(path__startswith=survey.unit.path)
        if not isinstance(actor, str):
            units = units & Unit.objects.visible_to(actor, RIGHT)
        self._units = {unit.code: unit for unit in units}
        self._staff: dict[str, Staff | None] = {}
        self._survey, self._today, self.account = survey, timezone.localdate(), account

    def row(self, line: Line) -> Framed:
        """Raises Fault with row and remedy."""
        unit, staff = self._units.get(line.unit), self._person(line)
        if unit is None:
            raise Fault(
                "第 %(row)s 行：机构号“%(unit)s”不在这份问卷的范围内，或不归您管；请更正", row=line.row, unit=line.unit
            )
        if line.met_on > self._today:
            raise Fault("第 %(row)s 行：日期 %(day)s 在将来；请更正", row=line.row, day=str(line.met_on))
        customer = pseudonym_of(line.customer)
        contact = {name: told for name, told in (("phone", line.phone), ("mail", line.mail)) if told}
        return Framed(
            survey=self._survey,
            key=_key(customer, unit.code, line.met_on, line.staff),
            customer=customer,
            unit=unit,
            tier=line.tier,
            met_on=line.met_on,
            staff=staff,
            contact=seal(contact) if contact else None,
            has_phone=bool(line.phone),
            has_mail=bool(line.mail),
            has_opted_out=line.has_opted_out,
            keep_until=self._today + timedelta(days=self._survey.retention_days),
        )

    def _person(self, line: Line) -> Staff | None:
        if line.staff and line.staff not in self._staff:
            self._staff[line.staff] = Staff.objects.filter(number=line.staff).first()
        if line.staff and self._staff[line.staff] is None:
            raise Fault("第 %(row)s 行：没有工号“%(number)s”的人员；请更正或清空", row=line.row, number=line.staff)
        return self._staff.get(line.staff)


def _read(rows: Iterator[Row | Refused], reader: FrameReader, framing: _Framing) -> Iterator[Framed]:
    account = framing.account
    for row in rows:
        account.read += 1
        if account.read > MOST_ROWS:
            raise Fault("一份名单最多 %(most)s 行；请分成几份", most=MOST_ROWS)
        try:
            if isinstance(row, Refused):
                raise row.fault
            line = reader.line(row)
            made = framing.row(line)
        except Fault as fault:
            account.refused += 1
            account.tell(fault)
            continue
        for unusable in line.faults:
            account.unusable += 1
            account.tell(unusable)
        yield made


def _batches(rows: Iterator[Framed]) -> Iterator[list[Framed]]:
    while batch := list(islice(rows, AT_ONCE)):
        yield batch


def _keep(lines: Sequence[Framed], account: Account) -> None:
    """New ones, and what is told otherwise than before. Twice in one batch, the later one counts."""
    single = {line.key: line for line in lines}
    account.same += len(lines) - len(single)
    survey = lines[0].survey
    known = {one.key: one for one in Framed.objects.filter(survey=survey, key__in=single)}
    fresh = [line for key, line in single.items() if key not in known]
    changed = []
    for key, old in known.items():
        line = single[key]
        if _told(old) == _told(line):
            account.same += 1
            continue
        for name in CHANGING:
            setattr(old, name, getattr(line, name))
        changed.append(old)
    Framed.objects.bulk_create(fresh)
    Framed.objects.bulk_update(changed, CHANGING)
    account.new, account.changed = account.new + len(fresh), account.changed + len(changed)


def forget_old(today: date) -> int:
    """The nightly round's part: lines whose time is over, with their contacts."""
    count = 0
    while ids := list(Framed.objects.filter(keep_until__lt=today).values_list("pk", flat=True)[:AT_ONCE]):
        count += Framed.objects.filter(pk__in=ids).delete()[0]
    return count


def _told(line: Framed) -> tuple[object, ...]:
    """What a row says, to be compared: a sealed contact is another one each time, so it is opened."""
    return line.tier, line.has_opted_out, opened(line)


def opened(line: Framed) -> dict[str, str]:
    """Her contacts; none where they were sealed under a key that is lost."""
    try:
        return {name: str(told) for name, told in unseal(line.contact).items()} if line.contact else {}
    except Unsealable:
        return {}


def _key(customer: str, unit: str, met_on: date, staff: str) -> str:
    told = "\0".join((customer, unit, met_on.isoformat(), staff))
    return hmac.digest(key_for("survey frame v1"), told.encode(), "sha256").hex()[:32]
