"""What goes when a customer has her words erased, or their time is over? Everything that answering needed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from huixiang.apps.access import audit
from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.apps.feedback import attachments, batches
from huixiang.apps.feedback.certifying import counted, place
from huixiang.apps.feedback.erasing import finds, reaches
from huixiang.apps.feedback.expiring import holds
from huixiang.apps.feedback.facts import lake
from huixiang.apps.intake import callers
from huixiang.apps.intake.models import Submission, SubmissionQuerySet
from huixiang.domain.contacts import reached_at
from huixiang.domain.feedback import pseudonym
from huixiang.lake import questions
from huixiang.lake.questions import Slice

AT_ONCE = 500
EVERY = Q()
GRACE = timedelta(days=30)  # after its days a message that could not be taken in may still be saved, say by an old key


@reaches
def forget(voice_ids: Collection[str]) -> None:
    """Contact, tracking code and answers of these voices. Their photos feedback erases itself."""
    listed = sorted(voice_ids)
    for start in range(0, len(listed), AT_ONCE):
        Submission.objects.filter(voice_id__in=listed[start : start + AT_ONCE]).delete()
    callers.forget(listed)


@place("messages", gettext_lazy("联系方式、查询码、答复与发送记录（意见箱、官网、邮件、热线、纸质）"))
def left(voice_ids: Collection[str]) -> int:
    return counted(Submission.objects.all(), voice_ids)


@holds
def promised_longer(voice_ids: Sequence[str]) -> set[str]:
    """A customer was told how long her code works; till then her words are not gone before the answer."""
    rows = Submission.objects.filter(voice_id__in=voice_ids).exclude(keep_until__lt=timezone.localdate())
    return set(rows.values_list("voice_id", flat=True))


@finds
def of_customer(customer: str, reach: frozenset[str] | None) -> set[str]:
    """Messages with her contact that no voice tells of: not taken in yet, or the contact was left afterwards."""
    rows = Submission.objects.exclude(contact=None).filter(is_named=False, box__isnull=False)
    own = {one.voice_id: one for one in rows.select_related("box__unit").iterator(AT_ONCE) if _is(customer, one)}
    # What came by another way is known by its contact's pseudonym: the source may name its customer otherwise.
    own |= {one.voice_id: one for one in Submission.objects.filter(box=None, customer=customer)}
    if reach is None:  # a call belongs to the whole bank, until its words come
        return set(own) | callers.of_customer(customer)
    coming = {key for key, one in own.items() if one.batch_id is None and one.box and one.box.unit.code in reach}
    there = questions.chosen(lake(), own.keys(), Slice(branches=reach)) if own else []
    return coming | {voice.id for voice in there}


def forget_old(today: date, of: Q = EVERY) -> int:
    """The nightly round's part: contacts, codes, answers and photos whose days are over; the masked voices stay.

    What could never be taken in goes too, a while later: nobody was promised that it is kept for ever.
    """
    rows = Submission.objects.filter(of)
    rows.filter(keep_until__lt=today).exclude(contact=None).update(contact=None, customer="")  # stuck ones too
    unname()
    lost = rows.filter(batch=None, keep_until__lt=today - GRACE)
    return _expired(rows.over(today), "message.expire") + _expired(lost, "message.lost")


def over(today: date, of: Q = EVERY) -> int:
    """How many would `forget_old` remove?"""
    rows = Submission.objects.filter(of)
    return rows.over(today).count() + rows.filter(batch=None, keep_until__lt=today - GRACE).count()


def unname() -> int:
    """Whose contact is gone, by her wish or with its days, is known by it no longer: not by its pseudonym either."""
    count = 0
    while ids := list(
        Submission.objects.taken().filter(is_named=True, contact=None).values_list("voice_id", flat=True)[:AT_ONCE]
    ):
        with batches.turn(lake()):
            lake().unname(ids)
        Submission.objects.filter(voice_id__in=ids).update(is_named=False)
        count += len(ids)
    return count


def _expired(rows: SubmissionQuerySet, verb: str) -> int:
    count = 0
    while ids := list(rows.values_list("voice_id", flat=True)[:AT_ONCE]):
        attachments.expire(ids)
        with transaction.atomic():
            forget(ids)
            audit.record(verb, by="system:nightly", on_kind="message", count=len(ids))
        count += len(ids)
    return count


def _is(customer: str, submission: Submission) -> bool:
    try:
        contact = str(unseal(submission.contact or b"")["contact"])
    except (Unsealable, ValueError, KeyError):
        return False  # sealed under a key that is lost: nobody reads it any more
    return pseudonym(reached_at(contact) or contact, settings.MASKING_KEY.encode()) == customer
