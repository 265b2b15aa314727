"""Who sat at the table, what did she agree to, how is she reached, and what if she takes it back?"""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import seal, unseal
from huixiang.apps.feedback.actions import erase_withdrawn
from huixiang.apps.focus import naming, reaching, voices
from huixiang.apps.focus.actions.planning import MODERATE
from huixiang.apps.focus.models import TIERS, Participant, Session
from huixiang.channels.contract import Fault

CONTACT = "focus.contact"
MOST_PEOPLE, LONGEST_CONTACT = 30, 80
WITHDRAWN = "焦点小组参加者撤回同意"
NARROWED = "焦点小组参加者不再同意计入客户之声"


def add_participant(
    session_pk: int, *, tier: str = "", spoken_as: str = "", by: Staff | str, source: str = ""
) -> Participant:
    """The next pseudonym: P1, P2, … `spoken_as` is how the record calls her: never her name."""
    if tier not in TIERS:
        raise Fault("没有“%(found)s”这个客户等级", found=tier[:20], column="tier")
    with transaction.atomic():
        session = reaching.session(session_pk, MODERATE, by, locked=True)
        seats = session.participants.count()
        if seats >= MOST_PEOPLE:
            raise Fault("一场座谈最多 %(most)s 位参加者", most=MOST_PEOPLE)
        made = Participant.objects.create(
            session=session,
            label=f"P{seats + 1}",
            spoken_as=naming.kept_as(session.pk, spoken_as),
            tier=tier,
            mark=secrets.token_hex(12),
        )
        audit.record("focus.participant", by=by, on_kind="participant", on_id=made.pk, source=source, label=made.label)
    return made


def record_consent(pk: int, scope: str, on: date | None, *, by: Staff | str, source: str = "") -> Participant:
    """To what did she agree, and when? Narrower than before, her voices leave the lake. Raises Fault."""
    with transaction.atomic():
        found = _present(pk, by)
        if scope not in Participant.Consent.values or not scope:
            raise Fault("请选择同意的范围；要取消，请用“撤回同意”", column="consent")
        if on is None or on > timezone.localdate():
            raise Fault("请填写同意的日期，不晚于今天", column="consented_on")
        is_narrower = found.consent == Participant.Consent.VOICE and scope != Participant.Consent.VOICE
        found.consent, found.consented_on = scope, on
        found.save(update_fields=["consent", "consented_on"])
        if is_narrower:
            gone = voices.taken_back(found)
            erase_withdrawn(gone, NARROWED, by=_person(by), source=source)
        detail = {"scope": scope, "on": on.isoformat()}
        deed = audit.Deed("focus.consent", "participant", pk, detail)
        audit.record_many([deed], by=by, source=source)
    return found


def keep_contact(pk: int, contact: str, *, by: Staff, source: str = "") -> Participant:
    """Sealed, and deleted after the study's days; "" deletes it now. Raises Fault where it is none."""
    contact = contact.replace("\x00", "").strip()
    if len(contact) > LONGEST_CONTACT:
        raise Fault("联系方式最多 %(most)s 个字", most=LONGEST_CONTACT, column="contact")
    with transaction.atomic():
        found = _present(pk, by)
        if contact and not found.consent:
            raise Fault("请先记录同意，再登记联系方式", column="contact")
        days = timedelta(days=found.session.study.contact_days)
        found.contact = seal({"contact": contact}) if contact else None
        found.contact_until = max(found.session.held_on, timezone.localdate()) + days if contact else None
        found.save(update_fields=["contact", "contact_until"])
        audit.record("focus.contact", by=by, on_kind="participant", on_id=pk, source=source, kept=bool(contact))
    return found


def contact_of(pk: int, *, by: Staff, source: str = "") -> str:
    """How is she reached? "" where nothing is kept. Each look is on record. Raises Unsealable."""
    found = reaching.participant(pk, CONTACT, by)
    contact = str(unseal(found.contact)["contact"]) if found.contact else ""
    with transaction.atomic():
        audit.record("focus.contact_read", by=by, on_kind="participant", on_id=pk, source=source)
    return contact


def withdraw(pk: int, *, by: Staff, source: str = "") -> Participant:
    """She takes her consent back (PIPL art. 15): her words, codings, quotes and voices go, and the contact.

    That it happened, when, and how many utterances went is all that stays. It cannot be undone.
    """
    with transaction.atomic():
        found = _present(pk, by)
        gone = set(found.utterances.values_list("voice_id", flat=True))
        found.utterances.all().delete()
        Participant.objects.filter(pk=pk).update(
            withdrawn_at=timezone.now(),
            removed=F("removed") + len(gone),
            contact=None,
            contact_until=None,
            consent="",
            consented_on=None,
            spoken_as="",
        )
        # The mark goes along: a restored backup, in which the contact stands, is cleared by it.
        erase_withdrawn(gone | {found.mark}, WITHDRAWN, by=_person(by), source=source)
        audit.record("focus.withdraw", by=by, on_kind="participant", on_id=pk, source=source, removed=len(gone))
    found.refresh_from_db()
    return found


def people_of(session: Session) -> dict[str, Participant]:
    """By label, and by what is kept of what the record calls them (naming.py)."""
    found: dict[str, Participant] = {}
    for each in session.participants.all():
        found[each.label] = each
        if each.spoken_as:
            found[each.spoken_as] = each
    return found


def _present(pk: int, by: Staff | str) -> Participant:
    found = reaching.participant(pk, MODERATE, by)
    reaching.session(found.session_id, MODERATE, by, locked=True)
    found.refresh_from_db()
    if not found.is_present:
        raise Fault("%(label)s 已撤回同意；记录不能再改", label=found.label)
    return found


def _person(by: Staff | str) -> Staff:
    if isinstance(by, str):
        raise ObjectDoesNotExist
    return by
