"""How do invitations and reminders leave, each once, whenever the machine is switched off?

Before a batch leaves its rows are claimed, and that is committed; afterwards each has its fate. Any number of workers
on any number of machines may send side by side: the database gives each message to one of them (claiming.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import beats, jobs
from huixiang.apps.access.models import Job, Unit, bank_name
from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.surveys import claiming, drawing, tokens
from huixiang.apps.surveys.models import Invitation, Round, Survey
from huixiang.channels.contract import Fault
from huixiang.domain.surveys.invitations import filled, may_arrive
from huixiang.gateways import named
from huixiang.gateways.contract import Fate, Gateway, Message, Outcome
from huixiang.lake.locks import patient

KIND = "survey-sending"
AT_ONCE = 50  # that may be unsure at most after a power cut
MOST_TRIES = 5
AGAIN = timedelta(minutes=10)  # after a server said: later
State = Invitation.State


@jobs.work(KIND)
def work(progress: jobs.Progress) -> Sentence:
    with beats.alive(progress):
        count = send_all(waiting=progress.beat)
    return Sentence(gettext_noop("送出 %(count)s 条问卷邀请。"), {"count": count})


def start_due(now: datetime) -> Job | None:
    """Every few seconds: is something to be sent, and nobody at it?"""
    of_ours = Job.objects.filter(kind=KIND)
    if not _may_be_due(now) or of_ours.filter(state__in=Job.OPEN).exists():
        return None
    if not (due(now).filter(medium__in=_ways()).exists() or claiming.abandoned(now).exists()):
        return None
    if of_ours.filter(state=Job.State.FAILED, ended_at__gt=now - AGAIN).exists():
        return None
    with transaction.atomic():
        of_ours.filter(state=Job.State.DONE).delete()
        return jobs.start(KIND, Sentence(gettext_noop("发送问卷邀请"), {}), None)


def send_all(clock: Callable[[], datetime] = timezone.now, waiting: Callable[[], None] = patient) -> int:
    """All that is due, in small batches; how many left? Others may be at it too."""
    count = 0
    claiming.settle(clock())
    for medium in (named.SMS, named.MAIL):
        gateway = named.gateway(medium)
        while gateway and (batch := _taken(medium, clock())):
            count += _send(gateway, batch, clock)
            waiting()
    _end_rounds()
    return count


def due(now: datetime) -> QuerySet[Invitation]:
    """First messages and reminders whose turn it is, where it is day and the survey can be answered."""
    rows = Invitation.objects.filter(
        _open(), claiming.to_ask(), contact__isnull=False, withdrawn_for="", keep_until__gte=now.date()
    )
    first = Q(state=State.WAITING, round__state=Round.State.SENDING)
    rested = Q(tried_at=None) | Q(tried_at__lt=now - AGAIN)
    again = Q(state=State.SENT, round__state__in=(Round.State.SENDING, Round.State.SENT), round__remind_after__gt=0)
    again &= Q(reminders__lt=F("round__remind_most"))
    found = rows.filter(first | again & _waited(now), rested).filter(_awake(now))
    return found.order_by("round_id", "place")


def _may_be_due(now: datetime) -> bool:
    """Asked every few seconds, so it is asked of the few rounds before the many invitations."""
    reminding = Q(state=Round.State.SENT, remind_after__gt=0, created_at__gt=now - timedelta(days=365))
    return Round.objects.filter(Q(state=Round.State.SENDING) | reminding).exists() or claiming.abandoned(now).exists()


def _ways() -> list[str]:
    """The gateways that are named; one named wrongly is told by the job that fails of it."""
    found = []
    for medium in (named.SMS, named.MAIL):
        try:
            is_there = named.gateway(medium) is not None
        except Fault:
            is_there = True
        found += [medium] if is_there else []
    return found


def _open() -> Q:
    return Q(round__survey__state=Survey.State.OPEN)


def _waited(now: datetime) -> Q:
    """Each round waits its own number of days after the last message."""
    rounds = Round.objects.filter(remind_after__gt=0, state__in=(Round.State.SENDING, Round.State.SENT))
    found = Q(pk__in=[])
    for pk, days in rounds.values_list("pk", "remind_after"):
        before = now - timedelta(days=days)
        found |= Q(round_id=pk, sent_at__lt=before) & (Q(reminded_at=None) | Q(reminded_at__lt=before))
    return found


def _awake(now: datetime) -> Q:
    """Where it is day; who belongs to no unit lives by the bank's clock."""
    zones = {settings.TIME_ZONE, *Unit.objects.values_list("time_zone", flat=True).distinct()}
    awake = [zone for zone in zones if may_arrive(now.astimezone(ZoneInfo(zone)).time())]
    found = Q(unit__time_zone__in=awake)
    return found | Q(unit=None) if settings.TIME_ZONE in awake else found


def _taken(medium: str, now: datetime) -> list[Invitation]:
    """The next batch, marked and committed before anything leaves. Who must not be asked any more is left out."""
    while True:
        with transaction.atomic():
            claiming.one_at_a_time()
            rows = due(now).filter(medium=medium).select_related("round__survey", "unit")
            chosen = list(claiming.unheld(rows)[:AT_ONCE])
            if not chosen:
                return []
            spared = _spared(chosen, now)
            Invitation.objects.filter(pk__in=spared).update(state=State.SKIPPED)
            name = claiming.claim([one.pk for one in chosen if one.pk not in spared], now)
            claimed = Invitation.objects.filter(claim=name).select_related("round__survey", "unit")
            going = list(claimed.order_by("round_id", "place"))
        if going:
            return going


def _spared(chosen: Sequence[Invitation], now: datetime) -> set[UUID]:
    """Who said no since the draw, or was asked by another survey meanwhile. A reminder is no new asking."""
    names, today = sorted({one.customer for one in chosen} - {""}), timezone.localdate(now)
    unwilling, asked = drawing.opted_out(names), dict(drawing.asked_on(names, today))
    for customer in _being_asked(names):
        asked[customer] = (*asked.get(customer, ()), today)
    spared: set[UUID] = set()
    for one in chosen:
        is_first, days = one.sent_at is None, asked.get(one.customer, ())
        if one.customer in unwilling or (is_first and not drawing.rest().is_due(days, today)):
            spared.add(one.pk)
        elif is_first and one.customer:
            asked[one.customer] = (*days, today)  # another survey's invitation may stand in the same batch
    return spared


def _being_asked(names: Sequence[str]) -> list[str]:
    """Whom another worker is asking for the first time right now."""
    rows = Invitation.objects.filter(customer__in=names, state=State.GOING, sent_at=None)
    return list(rows.values_list("customer", flat=True))


def _send(gateway: Gateway, batch: Sequence[Invitation], clock: Callable[[], datetime]) -> int:
    bank, count = bank_name(), 0
    by_id: dict[str, Invitation] = {}
    messages = []
    for one in batch:
        try:
            message = message_to(one, bank)
        except (Unsealable, KeyError, ImproperlyConfigured):
            _failed(one, "contact")  # sealed under a key that is lost
            continue
        by_id[message.id] = one
        messages.append(message)

    def leaving(message: Message) -> bool:
        one = by_id[message.id]
        return claiming.may_hand_over(one.pk, one.claim, clock())

    outcomes: Iterable[Outcome] = gateway.send(messages, leaving) if messages else ()
    for outcome in outcomes:
        count += _told(by_id[outcome.id], outcome, clock())
    claiming.give_back(batch[0].claim)
    return count


def message_to(one: Invitation, bank: str) -> Message:
    """The same id whenever this message is tried again, another for each reminder."""
    contact = str(unseal(one.contact or b"")["contact"])
    values = values_for(one, bank)
    text = filled(one.round.texts[one.medium], values)
    subject = filled(one.round.texts.get("subject", ""), values) if one.medium == Invitation.Medium.MAIL else ""
    link = f"{one.pk.hex}.{one.serial}" if one.serial else one.pk.hex
    return Message(f"{link}-{one.reminders + bool(one.sent_at)}", contact, text, subject)


def values_for(one: Invitation, bank: str, origin: str = "") -> dict[str, str]:
    day = f"{one.met_on.month}月{one.met_on.day}日" if one.met_on else "近日"
    told = {"link": tokens.link(one, origin), "stop": tokens.stop_link(one, origin)}
    return {"bank": bank, "unit": one.unit.name if one.unit else bank, "day": day, **told}


def _told(one: Invitation, outcome: Outcome, now: datetime) -> int:
    """Written at once: what is written is not sent again."""
    row = Invitation.objects.filter(pk=one.pk, state=State.GOING, claim=one.claim)
    if outcome.fate is Fate.SENT:
        if one.sent_at is None:
            return row.update(state=State.SENT, sent_at=now, tries=0, failed="")
        count = row.update(state=State.SENT, reminded_at=now, reminders=F("reminders") + 1, tries=0)
        # Of an anonymous survey the number would tell how many have not answered yet.
        return 0 if one.round.survey.is_anonymous else count
    if outcome.fate is Fate.UNSURE:
        if one.sent_at:
            row.update(state=State.SENT, reminded_at=now, reminders=F("reminders") + 1)
        else:
            row.update(state=State.UNSURE)
    elif outcome.fate is Fate.REFUSED or one.tries >= MOST_TRIES:
        _failed(one, outcome.why)
    else:
        row.update(state=State.SENT if one.sent_at else State.WAITING, failed="")
    return 0


def _failed(one: Invitation, why: str) -> None:
    """A reminder that fails does not undo that the customer was asked; there is just no further one."""
    row = Invitation.objects.filter(pk=one.pk, state=State.GOING, claim=one.claim)
    if one.sent_at:
        row.update(state=State.SENT, reminders=one.round.remind_most, tries=0)
    else:
        row.update(state=State.FAILED, failed=why[:200])


def _end_rounds() -> None:
    # Whose contact went with an erasure or its days waits for nothing any more.
    open_ = Invitation.objects.filter(state__in=(State.WAITING, State.GOING), contact__isnull=False)
    open_ = open_.filter(withdrawn_for="")
    over = Round.objects.filter(state=Round.State.SENDING).exclude(pk__in=open_.values("round_id"))
    over.update(state=Round.State.SENT)
