"""What goes when a participant has her words erased, or the time of her contact is over?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access import audit
from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.apps.feedback.certifying import counted, place
from huixiang.apps.feedback.erasing import finds, reaches
from huixiang.apps.feedback.keeping import Keeping, keeps
from huixiang.apps.feedback.models import Tombstone
from huixiang.apps.focus.models import Participant, Transcript, Utterance
from huixiang.domain.contacts import reached_at
from huixiang.domain.feedback import pseudonym

AT_ONCE = 500
DRAFT = timedelta(days=1)  # so long a record waits for somebody to say who its speakers are


@reaches
def forget(voice_ids: Collection[str]) -> None:
    """Utterances with their codings and quotes; and the contact of whom a whole erasure names by her mark."""
    listed = sorted(voice_ids)
    for start in range(0, len(listed), AT_ONCE):
        part = listed[start : start + AT_ONCE]
        with transaction.atomic():
            gone = Utterance.objects.filter(voice_id__in=part)
            counts = Counter(gone.exclude(participant=None).values_list("participant_id", flat=True))
            gone.delete()
            for person, count in counts.items():
                Participant.objects.filter(pk=person).update(removed=F("removed") + count)
            Participant.objects.filter(mark__in=part).update(contact=None, contact_until=None, spoken_as="")


@place("focus", _("焦点小组的发言、编码与引用，参加者的联系方式"))
def _left(voice_ids: Collection[str]) -> int:
    contacts = Participant.objects.exclude(contact=None).filter(mark__in=list(voice_ids)).count()
    return contacts + counted(Utterance.objects.all(), voice_ids)


@finds
def of_customer(customer: str, reach: frozenset[str] | None) -> set[str]:
    """All that a participant said, where her contact is this customer's; and the row itself, for the contact's sake."""
    rows = Participant.objects.exclude(contact=None).select_related("session__unit")
    own = [each for each in rows.iterator(AT_ONCE) if _is(customer, each)]
    near = [each for each in own if reach is None or each.session.unit.code in reach]
    said = Utterance.objects.filter(participant__in=near).values_list("voice_id", flat=True)
    return {each.mark for each in near} | set(said)


def forget_erased() -> int:
    """The nightly round's part: what a restored backup brought back of what was erased."""
    stones = Tombstone.objects.values("voice_id")
    back = set(Utterance.objects.filter(voice_id__in=stones).values_list("voice_id", flat=True))
    back |= set(Participant.objects.exclude(contact=None).filter(mark__in=stones).values_list("mark", flat=True))
    forget(back)
    return len(back)


def forget_contacts(today: date) -> int:
    """The nightly round's part: contacts whose days are over. The pseudonym stays, and can be led to nobody."""
    with transaction.atomic():
        over = Participant.objects.exclude(contact=None).filter(contact_until__lt=today)
        count = over.update(contact=None, contact_until=None)
        if count:
            audit.record("focus.contact_expire", by="system:nightly", on_kind="participant", count=count)
    return count


def forget_drafts(now: datetime) -> int:
    """The nightly round's part: records nobody said the speakers of. Their words were never unsealed."""
    with transaction.atomic():
        count = Transcript.objects.filter(finished_at=None, at__lt=now - DRAFT).delete()[0]
        if count:
            audit.record("focus.draft_expire", by="system:nightly", on_kind="transcript", count=count)
    return count


def _is(customer: str, participant: Participant) -> bool:
    try:
        contact = str(unseal(participant.contact or b"")["contact"])
    except (Unsealable, ValueError, KeyError):
        return False  # sealed under a key that is lost: nobody reads it any more
    return pseudonym(reached_at(contact) or contact, settings.MASKING_KEY.encode()) == customer


def _over(now: datetime) -> QuerySet[Participant]:
    return Participant.objects.exclude(contact=None).filter(contact_until__lt=timezone.localdate(now))


keeps(
    Keeping(
        code="participants",
        channel=_("焦点小组"),
        holds=_("参加者的联系方式（加密）"),
        days=lambda: _("到登记时写明的日期"),
        ground=_("参加者的书面同意"),
        stored=lambda: Participant.objects.exclude(contact=None).count(),
        due=lambda now: _over(now).count(),
        clear=lambda now: forget_contacts(timezone.localdate(now)),
        settings=("focus_studies",),
    )
)
