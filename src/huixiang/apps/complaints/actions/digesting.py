"""Does this colleague want a mail a day of what runs out? She says so herself."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.models import DigestStop
from huixiang.apps.complaints.models.cases import SEE


def choose_digest(*, is_wanted: bool, by: Staff, source: str = "") -> None:
    if SEE not in by.rights:
        raise PermissionDenied
    with transaction.atomic():
        if is_wanted:
            DigestStop.objects.filter(staff=by).delete()
        else:
            DigestStop.objects.get_or_create(staff=by, defaults={"since": timezone.now()})
        audit.record("complaint.digest_choice", by=by, on_kind="staff", on_id=by.number, source=source,
                     wanted=is_wanted)  # fmt: skip
