"""What does the bank say to the customer, and who saw her contact? Each look and each word is on record."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import Unsealable, seal, unseal
from huixiang.apps.feedback.facts import lake
from huixiang.apps.intake import codes, letters
from huixiang.apps.intake.models import Answer, Letter, Submission
from huixiang.channels.contract import Fault
from huixiang.lake import questions

LONGEST_ANSWER = 1000
MOST_ANSWERS = 20
CUSTOMER = "customer"  # who acts by the tracking code


def answer(voice_id: str, text: str, *, by: Staff, sends: bool = True, source: str = "") -> Answer:
    """Write to the customer; she reads it by her tracking code, and it is sent to her where a gateway can.

    Raises Fault, or ObjectDoesNotExist beyond reach.

    The same words once more, as by a double click, are the same answer.
    """
    submission, said = _reached(voice_id, "voice.answer", by), text.strip()
    if not said or len(said) > LONGEST_ANSWER:
        raise Fault("请写下答复，最多 %(most)s 个字", most=LONGEST_ANSWER)
    with transaction.atomic():
        Submission.objects.select_for_update().get(pk=submission.pk)
        _mark_read(submission)
        last = submission.answers.last()
        if last and last.by_id == by.pk and _words(last) == said:
            return last
        if submission.answers.count() >= MOST_ANSWERS:
            raise Fault("这条留言已有 %(most)s 次答复；请与客户当面或电话沟通", most=MOST_ANSWERS)
        made = Answer.objects.create(submission=submission, sealed=seal({"text": said}), by=by)
        letter = letters.put(made) if sends else None
        told: dict[str, Any] = {"characters": len(said), "by_way": letter.medium if letter else ""}
        audit.record("voice.answer", by=by, on_kind="voice", on_id=voice_id, source=source, **told)
    return made


def read(voice_id: str, *, by: Staff, source: str = "") -> None:
    """Who can answer has seen it: from now on the customer is told so."""
    submission = _reached(voice_id, "voice.answer", by)
    if submission.read_at is None:
        with transaction.atomic():
            _mark_read(submission)
            audit.record("message.read", by=by, on_kind="voice", on_id=voice_id, source=source)


def contact_of(voice_id: str, *, by: Staff, source: str = "") -> str:
    """The contact that the customer left for an answer; "" for none. Raises ObjectDoesNotExist, Unsealable."""
    submission = _reached(voice_id, "contact.see", by)
    contact = str(unseal(submission.contact)["contact"]) if submission.contact else ""
    audit.record("contact.read", by=by, on_kind="voice", on_id=voice_id, source=source)
    return contact


def told_by_phone(voice_id: str, *, by: Staff, source: str = "") -> Letter:
    """Somebody called the customer and read the last answer to her. Raises Fault where there is none to tell."""
    submission = _reached(voice_id, "voice.answer", by)
    with transaction.atomic():
        Submission.objects.select_for_update().get(pk=submission.pk)
        last = submission.answers.last()
        if last is None:
            raise Fault("还没有答复；请先写下答复，再电话告知客户")
        letter = Letter.objects.filter(answer=last).first()
        if letter and letter.state in (Letter.State.TOLD, Letter.State.SENT, Letter.State.GOING):
            return letter
        letter = letter or Letter(submission=submission, answer=last, medium=Letter.Medium.PHONE)
        letter.state, letter.settled_at = Letter.State.TOLD, timezone.now()
        letter.save()
        audit.record("answer.told", by=by, on_kind="voice", on_id=voice_id, source=source)
    return letter


def code_of(submission: Submission) -> str:
    """To be told by phone to who never had a receipt; to be asked for only with what is on record as a look."""
    return codes.grouped(codes.made(submission.once, submission.draw))


def withdraw_contact(submission: Submission) -> None:
    """The customer takes her consent back (PIPL art. 15), by her tracking code.

    The message stays; the pseudonym that was made of the contact goes at night.
    """
    with transaction.atomic():
        if (
            Submission.objects.filter(pk=submission.pk)
            .exclude(contact=None)
            .update(contact=None, customer="", withdrawn_at=timezone.now())
        ):
            # An import named its speaker by what the file said; at night she is known by that no longer either.
            Submission.objects.filter(pk=submission.pk, box=None).update(is_named=True)
            audit.record("contact.withdraw", by=CUSTOMER, on_kind="voice", on_id=submission.voice_id)


def _words(answer: Answer) -> str | None:
    try:
        return str(unseal(answer.sealed)["text"])
    except Unsealable:
        return None


def _mark_read(submission: Submission) -> None:
    Submission.objects.filter(pk=submission.pk, read_at=None).update(read_at=timezone.now())


def _reached(voice_id: str, right: str, by: Staff) -> Submission:
    """By where the voice belongs now: a person may have given it to another unit since."""
    if right not in by.rights:
        raise PermissionDenied
    voice, reach = questions.voice(lake(), voice_id), by.scope(right)
    if voice is None or (reach is not None and voice.branch not in reach):
        raise ObjectDoesNotExist
    return Submission.objects.get(voice_id=voice_id)
