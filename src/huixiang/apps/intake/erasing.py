"""What goes when a customer has her words erased, or their time is over? Everything that answering needed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from huixiang.apps.access import audit
from huixiang.apps.feedback import attachments
from huixiang.apps.feedback.erasing import reaches
from huixiang.apps.intake.models import Submission

AT_ONCE = 500


@reaches
def forget(voice_ids: Collection[str]) -> None:
    """Contact, tracking code and answers of these voices. Their photos feedback erases itself."""
    listed = sorted(voice_ids)
    for start in range(0, len(listed), AT_ONCE):
        Submission.objects.filter(voice_id__in=listed[start : start + AT_ONCE]).delete()


def forget_old(today: date) -> int:
    """The nightly round's part: contacts, codes, answers and photos whose days are over; the masked voices stay."""
    Submission.objects.filter(keep_until__lt=today).exclude(contact=None).update(contact=None)  # stuck ones too
    count = 0
    while ids := list(Submission.objects.over(today).values_list("voice_id", flat=True)[:AT_ONCE]):
        attachments.forget(ids)
        with transaction.atomic():
            forget(ids)
            audit.record("message.expire", by="system:nightly", on_kind="message", count=len(ids))
        count += len(ids)
    return count
