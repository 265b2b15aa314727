"""Has a colleague who was called upon looked? She says so; nobody else can."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.models import Mention


def mark_seen(pk: int, *, by: Staff, source: str = "") -> Mention:
    """Twice is once. Raises ObjectDoesNotExist for what is not hers, or in a case out of sight."""
    with transaction.atomic():
        found = Mention.objects.of(by).select_for_update(of=("self",)).select_related("case").filter(pk=pk).first()
        if found is None:
            raise ObjectDoesNotExist
        if found.seen_at is None:
            found.seen_at = timezone.now()
            found.save(update_fields=["seen_at"])
            audit.record("complaint.mention_seen", by=by, on_kind="complaint", on_id=found.case.number, source=source)
    return found
