"""How does an answer reach the customer? By the bank's mail server or SMS platform where one is named; else by phone.

Each letter leaves once, whenever the machine is switched off, as invitations to surveys do: a batch is marked as going
and committed before it leaves. Who finds one still going gives a short message to the platform again under the same
id; a mail counts as unsure, and a person decides. A short message tells no word of the answer: the number may have
another owner by now, so it says only where the answer can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import beats, jobs
from huixiang.apps.access.models import Job, bank_name
from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.feedback import receipts
from huixiang.apps.intake import codes
from huixiang.apps.intake.models import Answer, Letter, Submission
from huixiang.channels.contract import Fault
from huixiang.domain.contacts import is_machine, is_mail, reached_at, takes_messages
from huixiang.gateways import named
from huixiang.gateways.contract import Fate, Gateway, Message, Outcome
from huixiang.lake.locks import held, patient

KIND = "letters"
AT_ONCE, MOST_TRIES = 50, 5
AGAIN = timedelta(minutes=10)  # after a server said: later
SUBJECTS = RECEIVED, ANSWERED = "您反映的事已收到", "您反映的事已有答复"
KNOWN_FOR = timedelta(hours=23)  # so long a platform surely knows an id that it took
DAY = timedelta(days=1)
State, Medium = Letter.State, Letter.Medium


def medium_of(submission: Submission) -> Letter.Medium | None:
    """By which way can she be told? None: she left no contact, or it cannot be opened any more."""
    return _medium(_opened(submission))


def answers_ours(subject: str) -> bool:
    """Does this mail answer a letter of ours? Robots that say nowhere that they are some repeat its subject."""
    return any(ours in subject for ours in SUBJECTS)


def _medium_to_a_person(submission: Submission, own: Collection[str]) -> Letter.Medium | None:
    contact = _opened(submission)
    return None if contact and (is_machine(contact) or contact in own) else _medium(contact)


def _own_addresses() -> set[str]:
    """The one that the bank's letters leave from, where a mail server is named, and the mailboxes that it reads."""
    try:
        sender = reached_at(getattr(named.gateway(named.MAIL), "sender", ""))
    except Fault:
        sender = None
    return receipts.own() | ({sender} if sender else set())


def _opened(submission: Submission) -> str | None:
    try:
        return reached_at(str(unseal(submission.contact)["contact"])) if submission.contact else None
    except (Unsealable, KeyError):
        return None


def _medium(contact: str | None) -> Letter.Medium | None:
    if contact is None:
        return None
    if is_mail(contact):
        return Medium.MAIL
    return Medium.SMS if takes_messages(contact) else Medium.PHONE


def leaves(medium: Letter.Medium | None) -> bool:
    """Is there a gateway for it?"""
    if medium not in (Medium.MAIL, Medium.SMS):
        return False
    try:
        return named.gateway(medium) is not None
    except Fault:  # named wrongly: the job tells
        return True


def put(answer: Answer) -> Letter | None:
    """Have the answer sent, in the caller's transaction; None where nothing can be sent."""
    medium = medium_of(answer.submission)
    if medium is None or not leaves(medium):
        return None
    return Letter.objects.create(submission=answer.submission, answer=answer, medium=medium)


def acknowledge(coming: Iterable[Submission]) -> None:
    """That it came in, once a day to each contact: who sends under another's address floods nobody.

    Never to a machine's address, nor to one of the bank's own: two machines would thank each other for ever (RFC 3834).
    """
    first: dict[str, Submission] = {}
    for one in coming:
        first.setdefault(one.customer, one)
    for customer in _told_lately(sorted(first), timezone.now() - DAY):
        del first[customer]
    own = _own_addresses() if first else set()
    told = ((one, _medium_to_a_person(one, own)) for one in first.values())
    made = [Letter(submission=one, medium=medium) for one, medium in told if medium]
    open_ = {medium for medium in {one.medium for one in made} if leaves(Medium(medium))}
    Letter.objects.bulk_create((one for one in made if one.medium in open_), batch_size=AT_ONCE)


def _told_lately(customers: Sequence[str], since: datetime) -> set[str]:
    told = set[str]()
    for start in range(0, len(customers), AT_ONCE):
        part = customers[start : start + AT_ONCE]
        rows = Letter.objects.filter(answer=None, submission__customer__in=part, created_at__gt=since)
        told |= set(rows.values_list("submission__customer", flat=True))
    return told


@jobs.work(KIND)
def work(progress: jobs.Progress) -> Sentence:
    with beats.alive(progress):
        count = send_all(waiting=progress.beat)
    return Sentence(gettext_noop("送出 %(count)s 条给客户的答复。"), {"count": count})


def begin_due(now: datetime) -> Job | None:
    """Every few seconds: does a letter wait, and is nobody at it?"""
    if not Letter.objects.filter(_due(now) | Q(state=State.GOING)).exists():
        return None
    of_ours = Job.objects.filter(kind=KIND)
    if of_ours.filter(state__in=Job.OPEN).exists():
        return None
    if of_ours.filter(state=Job.State.FAILED, ended_at__gt=now - AGAIN).exists():
        return None
    if not any(map(leaves, (Medium.MAIL, Medium.SMS))):
        return None
    with transaction.atomic():
        of_ours.filter(state=Job.State.DONE).delete()
        return jobs.start(KIND, Sentence(gettext_noop("发送给客户的答复"), {}), None)


def send_all(clock: Callable[[], datetime] = timezone.now, waiting: Callable[[], None] = patient) -> int:
    """All that waits; how many left? One sender at a time on this machine."""
    count = 0
    with held(Path(settings.DATA_DIR) / "locks" / "letters", waiting):
        _settle(clock())
        for medium in (Medium.SMS, Medium.MAIL):
            gateway = named.gateway(medium)
            while gateway and (batch := _taken(medium, clock())):
                count += _send(gateway, batch, clock())
                waiting()
    return count


def _due(now: datetime) -> Q:
    rested = Q(tried_at=None) | Q(tried_at__lt=now - AGAIN)
    return Q(state=State.WAITING, medium__in=(Medium.MAIL, Medium.SMS)) & rested


def _settle(now: datetime) -> None:
    """What a killed sender left under way; only while nobody else sends."""
    left = Letter.objects.filter(state=State.GOING)
    left.filter(medium=Medium.SMS, tried_at__gt=now - KNOWN_FOR).update(state=State.WAITING, tried_at=None)
    left.update(state=State.UNSURE, settled_at=now)


def _taken(medium: str, now: datetime) -> list[Letter]:
    with transaction.atomic():
        chosen = list(Letter.objects.filter(_due(now), medium=medium).order_by("created_at", "pk")[:AT_ONCE])
        keys = [one.pk for one in chosen]
        Letter.objects.filter(pk__in=keys).update(state=State.GOING, tried_at=now, tries=F("tries") + 1)
    return list(Letter.objects.filter(pk__in=keys).select_related("submission__box", "answer"))


def _send(gateway: Gateway, batch: Sequence[Letter], now: datetime) -> int:
    by_id: dict[str, Letter] = {}
    messages = []
    for one in batch:
        try:
            message = message_of(one)
        except (Unsealable, KeyError):  # withdrawn or erased meanwhile, or its key is lost
            _told(one, Outcome(one.pk.hex, Fate.REFUSED, "contact"), now)
            continue
        by_id[message.id] = one
        messages.append(message)
    return sum(_told(by_id[outcome.id], outcome, now) for outcome in gateway.send(messages)) if messages else 0


def message_of(one: Letter) -> Message:
    """The same id each time it is tried. Chinese, as the bank writes to its customers. Raises Unsealable, KeyError."""
    submission, bank = one.submission, bank_name()
    if not submission.contact:
        raise Unsealable
    contact = reached_at(str(unseal(submission.contact)["contact"])) or ""
    code, until = codes.grouped(codes.made(submission.once, submission.draw)), f"{submission.keep_until:%Y-%m-%d}"
    place = f"打开 {settings.PUBLIC_URL}{reverse('track')} " if settings.PUBLIC_URL else "在本行网站的留言查询页"
    what = ANSWERED if one.answer else RECEIVED
    if one.medium == Medium.SMS:
        return Message(one.pk.hex, contact, f"【{bank}】{what}。{place}输入查询码 {code} 查看，{until} 前有效。")
    said = f"{unseal(one.answer.sealed)['text']}\n\n" if one.answer else "您反映的事已收到，会有人看。\n\n"
    foot = f"查询码：{code}\n{place}输入查询码，可以查看进展与答复、撤回联系方式；{until} 前有效。\n"
    foot += f"{submission.agreed_to}\n本邮件由系统发出，请勿直接回复。\n"
    text, subject = f"您好：\n\n{said}{foot}{bank}", f"{bank}：{what}"
    return Message(one.pk.hex, contact, text, subject, is_reply=one.answer is None)


def _told(one: Letter, outcome: Outcome, now: datetime) -> int:
    """Written at once: what is written is not sent again."""
    row = Letter.objects.filter(pk=one.pk, state=State.GOING)
    if outcome.fate is Fate.SENT:
        return row.update(state=State.SENT, settled_at=now, failed="")
    if outcome.fate is Fate.UNSURE:
        row.update(state=State.UNSURE, settled_at=now)
    elif outcome.fate is Fate.REFUSED or one.tries >= MOST_TRIES:
        row.update(state=State.FAILED, settled_at=now, failed=outcome.why[:200])
    else:
        row.update(state=State.WAITING, failed=outcome.why[:200])
    return 0
