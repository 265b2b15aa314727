"""How does a return come to stand? Drafted, checked, approved by another person; corrected by a new version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints import returning, tallying
from huixiang.apps.complaints.models import Denominator, ReturnVersion
from huixiang.apps.complaints.models.returns import MOST_COUNTED
from huixiang.apps.complaints.returning import Figures, Question
from huixiang.channels.contract import Fault, marked
from huixiang.domain.complaints.periods import Period, read_period

RETURN, APPROVE = "complaint.return", "complaint.return_approve"
State = ReturnVersion.State


def draft_return(period: Period, unit: Unit, *, by: Staff, reason: str = "", source: str = "") -> ReturnVersion:
    """Draw the figures of all cases of the unit, or draw a draft anew. Raises Fault; a later version needs a reason."""
    _demand(RETURN, unit, by)
    figures = _drawn(period, unit)
    with transaction.atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        kept = list(ReturnVersion.objects.filter(period=period.code, unit=unit))
        row = next((each for each in kept if each.state != State.FROZEN), None)
        if row is None:
            if kept and not reason.strip():
                raise Fault("已有定稿的版本：更正须写明理由")
            row = ReturnVersion(period=period.code, unit=unit, version=len(kept) + 1, reason=reason.strip()[:400])
        elif row.state == State.SUBMITTED:
            raise Fault("这一版已提交审批：先由审批人退回，才能重算")
        row.figures, row.digest, row.drafted_by = figures, returning.digest(figures), by
        row.drafted_at = timezone.now()
        row.save()
        _record("draft", row, by, source)
    return row


def submit_return(pk: int, *, by: Staff, source: str = "") -> ReturnVersion:
    """Drawn once more and checked; raises Fault that names the first check that stops it."""
    with transaction.atomic():
        row = _locked(pk, RETURN, by)
        _must_be(row, State.DRAFT)
        row.figures = _drawn(read_period(row.period), row.unit)
        for check in row.figures["checks"]:
            if check["stops"]:
                raise Fault("核对没有通过，不能提交：%(check)s（%(count)s）", check=Fault(STOPS[check["code"]]),
                            count=check["count"])  # fmt: skip
        row.digest, row.state, row.drafted_by = returning.digest(row.figures), State.SUBMITTED, by
        row.drafted_at = timezone.now()
        row.save()
        _record("submit", row, by, source)
    return row


STOPS = {
    "over": marked("报告期还没有结束"),
    "unclassified": marked("还有未分类的投诉"),
    "sums": marked("各表合计与总数不符"),
    "merged": marked("合并后的件数多于合并前"),
}


def send_back_return(pk: int, *, reason: str, by: Staff, source: str = "") -> ReturnVersion:
    with transaction.atomic():
        row = _locked(pk, APPROVE, by)
        _must_be(row, State.SUBMITTED)
        if not reason.strip():
            raise Fault("请写明退回的理由")
        row.state, row.sent_back = State.DRAFT, reason.strip()[:400]
        row.save()
        _record("send_back", row, by, source)
    return row


def approve_return(pk: int, *, digest: str, by: Staff, source: str = "") -> ReturnVersion:
    """Freeze what the approver has seen: by its digest, and never by who drafted it."""
    with transaction.atomic():
        row = _locked(pk, APPROVE, by)
        _must_be(row, State.SUBMITTED)
        if row.drafted_by_id == by.pk:
            raise Fault("报表须由编制人以外的人审批")
        if digest != row.digest or returning.digest(row.figures) != row.digest:
            raise Fault("数字与您看到的不同：请刷新后再看一遍")
        row.state, row.approved_by, row.approved_at = State.FROZEN, by, timezone.now()
        row.save()
        _record("approve", row, by, source)
    return row


def write_denominators(given: Sequence[tuple[str, Unit, date, int, str]], *, by: Staff | str, source: str = "") -> int:
    """Kind, unit, day, number and where it is from; all or none. Raises Fault; PermissionDenied beyond one's units."""
    for kind, unit, day, value, origin in given:
        if isinstance(by, Staff):
            _demand(RETURN, unit, by)
        if kind not in Denominator.Kind.values or not 0 < value < MOST_COUNTED:
            raise Fault("分母须是大于 0 的整数，且是所列的一种")
        if day > timezone.localdate() or not origin.strip():
            raise Fault("请写明数据来源，日期不能晚于今天")
    person = by if isinstance(by, Staff) else None
    with transaction.atomic():
        rows = [
            Denominator(kind=kind, unit=unit, on=day, value=value, source=origin.strip()[:120], by=person)
            for kind, unit, day, value, origin in given
        ]
        Denominator.objects.bulk_create(rows, batch_size=500)
        audit.record("complaint.denominator", by=by, on_kind="complaint_denominator", source=source, count=len(rows),
                     units=sorted({row.unit.code for row in rows})[:20])  # fmt: skip
    return len(rows)


def _drawn(period: Period, unit: Unit) -> Figures:
    return returning.reckoned(Question(tallying.all_below(unit), period, unit), timezone.now())


def _locked(pk: int, right: str, by: Staff) -> ReturnVersion:
    if right not in by.rights:
        raise PermissionDenied
    row = ReturnVersion.objects.visible_to(by).select_for_update(of=("self",)).select_related("unit").get(pk=pk)
    if not by.holds(right, row.unit):
        raise ObjectDoesNotExist
    return row


def _must_be(row: ReturnVersion, state: str) -> None:
    if row.state != state:
        raise Fault("这一版的状态已变：请刷新后再看")


def _demand(right: str, unit: Unit, by: Staff) -> None:
    if not by.holds(right, unit):
        raise PermissionDenied


def _record(verb: str, row: ReturnVersion, by: Staff, source: str) -> None:
    audit.record(f"complaint.return_{verb}", by=by, on_kind="complaint_return", source=source, sha256=row.digest,
                 on_id=f"{row.period} {row.unit.code} v{row.version}")  # fmt: skip
