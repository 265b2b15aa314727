"""Who writes the rules by which voices become complaints, who approves them, and who decides on what they propose?"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints.actions.joining import join_voice
from huixiang.apps.complaints.actions.registering import Receipt, register
from huixiang.apps.complaints.doors import WAYS
from huixiang.apps.complaints.models import Case, CaseVoice, VoiceRuleBook, VoiceTaking
from huixiang.apps.complaints.models.cases import LONGEST_TITLE
from huixiang.apps.complaints.voice_rulebook import checked
from huixiang.apps.feedback import findings
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.lifecycle import REGISTER
from huixiang.domain.complaints.titles import Evidence, telling_clause
from huixiang.domain.feedback import Channel
from huixiang.lake import questions
from huixiang.lake.questions import Voice

RULE, READ = "complaint.voice_rule", "voice.see"
State = VoiceTaking.State


def write_rules(text: str, *, effective_from: date, note: str, by: Staff, source: str = "") -> VoiceRuleBook:
    """A new version of all rules, which holds from its day on once another person has approved it. Raises Fault."""
    demand(by)
    rules = checked(text)
    if effective_from < timezone.localdate():
        raise Fault("起用日期已经过去：请写今天或以后的日期")
    if not note.strip():
        raise Fault("请写明为什么改")
    with transaction.atomic():
        book = VoiceRuleBook.objects.create(
            text=text, effective_from=effective_from, note=masked_value("", note.strip())[:200], by=by
        )
        audit.record("complaint.voice_rule_written", by=by, on_kind="complaint_voice_rule", on_id=book.pk,
                     source=source, rules=len(rules), effective_from=f"{effective_from}")  # fmt: skip
    return book


def approve_rules(pk: int, *, by: Staff, source: str = "") -> VoiceRuleBook:
    """By somebody else than who wrote them, and before their day is over. Raises Fault."""
    demand(by)
    with transaction.atomic():
        book = VoiceRuleBook.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if book is None:
            raise ObjectDoesNotExist
        if book.approved_by_id:
            raise Fault("这一版规则已经批准")
        if book.by_id == by.pk:
            raise Fault("起草的人不能自己批准")
        if book.effective_from < timezone.localdate():
            raise Fault("起用日期已经过去：请重新起草一版")
        checked(book.text)
        book.approved_by, book.approved_at = by, timezone.now()
        book.save(update_fields=["approved_by", "approved_at"])
        audit.record("complaint.voice_rule_approved", by=by, on_kind="complaint_voice_rule", on_id=pk, source=source)
    return book


def take(pk: int, *, by: Staff, unit: Unit | None = None, source: str = "") -> Case:
    """Register the voice that waits, or let it join the case that it was proposed for. Raises Fault."""
    with transaction.atomic():
        row = _waiting(pk, by)
        voice = _voice(row)
        if linked := CaseVoice.objects.filter(voice_id=voice.id).select_related("case").first():
            raise Fault("这条声音已在投诉 %(number)s 里", number=linked.case.number)
        if row.state == State.JOIN and row.case:
            case = join_voice(row.case.number, voice.id, by=by, source=source, risks=voice.risks)
        else:
            case = _registered(row, voice, unit, by, source)
        row.state, row.case, row.decided_by, row.decided_at = State.DONE, case, by, timezone.now()
        row.save(update_fields=["state", "case", "decided_by", "decided_at"])
        audit.record("complaint.voice_taken", by=by, on_kind="voice", on_id=voice.id, source=source, rule=row.rule,
                     state="done")  # fmt: skip
    return case


def decline(pk: int, reason: str, *, by: Staff, source: str = "") -> VoiceTaking:
    """It stays a voice, and why. Raises Fault where no reason is given."""
    if not reason.strip():
        raise Fault("请写明为什么不转投诉")
    with transaction.atomic():
        row = _waiting(pk, by)
        row.state, row.reason = State.DECLINED, masked_value("", reason.strip())[:200]
        row.decided_by, row.decided_at = by, timezone.now()
        row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
        audit.record("complaint.voice_declined", by=by, on_kind="voice", on_id=row.voice_id, source=source)
    return row


def demand(by: Staff) -> None:
    """Rules are of the whole bank."""
    if RULE not in by.rights or by.scope(RULE) is not None:
        raise PermissionDenied


def _waiting(pk: int, by: Staff) -> VoiceTaking:
    if not {REGISTER, READ} <= by.rights:
        raise PermissionDenied
    row = VoiceTaking.objects.visible_to(by).waiting().select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise ObjectDoesNotExist
    return row


def _voice(row: VoiceTaking) -> Voice:
    found = questions.voice(lake(), row.voice_id)
    if found is None:
        raise Fault("这条声音已应客户要求删除，不能转投诉")
    return found


def _registered(row: VoiceTaking, voice: Voice, unit: Unit | None, by: Staff, source: str) -> Case:
    chosen = row.unit or unit
    if chosen is None:
        raise Fault("这条声音没有机构：请选择由哪个机构承办")
    customer = questions.speaker(lake(), voice.id) if Channel(voice.channel).is_answered else ""
    return register(receipt_of(voice, chosen, customer), by=by, source=source)


def title_of(voice: Voice) -> str:
    """As the customer called it; else the clause that says what it is about."""
    evidence = [Evidence(each.code, each.probability or 1.0, each.why) for each in findings.of(voice).topics]
    return (voice.title.strip() or telling_clause(voice.text, evidence))[:LONGEST_TITLE] or "—"


def receipt_of(voice: Voice, unit: Unit, customer: str) -> Receipt:
    """What the voice says, as it is kept: masked. The clocks run from when the bank received it."""
    return Receipt(
        way=WAYS.get(Channel(voice.channel), Case.Way.OTHER),
        unit=unit,
        title=title_of(voice),
        text=voice.text.strip() or voice.title,
        received_at=min(voice.received_at, timezone.now()),
        complainant=Case.Kind.SELF if customer else Case.Kind.ANONYMOUS,
        customer=customer,
        voices=(voice.id,),
        risks=tuple(voice.risks),
    )
