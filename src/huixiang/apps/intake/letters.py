"""How does an answer reach the customer? By the bank's mail server or SMS platform where one is named; else by phone.

Each letter leaves once, whenever the machine is switched off; see leaving. A short message tells no word of the
answer: the number may have another owner by now, so it says only where the answer can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import beats, jobs
from huixiang.apps.access.models import Job, bank_name
from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.feedback import receipts
from huixiang.apps.intake import codes, leaving
from huixiang.apps.intake.leaving import AT_ONCE, leaves
from huixiang.apps.intake.models import Answer, Letter, Submission
from huixiang.channels.contract import Fault
from huixiang.domain.contacts import is_machine, is_mail, reached_at, takes_messages
from huixiang.gateways import named
from huixiang.gateways.contract import Message
from huixiang.lake.locks import patient

KIND = "letters"
SUBJECTS = RECEIVED, ANSWERED = "您反映的事已收到", "您反映的事已有答复"
DAY = timedelta(days=1)
Medium = Letter.Medium


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
    return leaving.begin_due(OURS, Sentence(gettext_noop("发送给客户的答复"), {}), now)


def send_all(clock: Callable[[], datetime] = timezone.now, waiting: Callable[[], None] = patient) -> int:
    """All that waits; how many left?"""
    return leaving.send_all(OURS, clock, waiting)


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


OURS = leaving.Rows(KIND, Letter, message_of, ("submission__box", "answer"))
