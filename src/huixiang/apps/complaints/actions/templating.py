"""Who changes what the bank writes? Head office, by a new version with its first day; nothing old is changed."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints.models import Letterhead, LetterTemplate
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.letters import TITLES, BadLetter, check_template

TEMPLATE = "complaint.template"


def write_template(kind: str, *, title: str, body: str, effective_from: date, by: Staff, source: str = "") -> int:
    """A new version of one text. Raises Fault that names an unknown field; PermissionDenied but for the whole bank."""
    _demand(by)
    if kind not in TITLES or not title.strip() or not body.strip():
        raise Fault("请写标题与正文")
    if effective_from < timezone.localdate():
        raise Fault("起用日期已经过去：已发出的公文不能换模板，请写今天或以后的日期")
    try:
        check_template(body)
    except BadLetter as bad:
        raise Fault(bad.message, **bad.params) from None
    with transaction.atomic():
        made = LetterTemplate.objects.create(
            kind=kind, title=title.strip(), body=body.strip(), effective_from=effective_from, by=by
        )
        audit.record("complaint.template", by=by, on_kind="complaint_template", on_id=str(made.pk), source=source,
                     kind=kind, effective_from=f"{effective_from}")  # fmt: skip
    return int(made.pk)


def set_letterhead(unit: Unit, *, address: str, phone: str, by: Staff, source: str = "") -> None:
    """Where this unit, and those below without their own, can be reached."""
    _demand(by)
    with transaction.atomic():
        told = {"address": address.strip(), "phone": phone.strip()}
        Letterhead.objects.update_or_create(unit=unit, defaults=told)
        audit.record("complaint.letterhead", by=by, on_kind="unit", on_id=unit.code, source=source)


def _demand(by: Staff) -> None:
    if TEMPLATE not in by.rights or by.scope(TEMPLATE) is not None:
        raise PermissionDenied
