"""Who called, where the transcript tells no number? The record of the call does, by the call's own number.

Whichever file comes first: a number whose words have not come waits, sealed, for a month at most; words that are there
get it at once. The number that a transcript tells itself counts for more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.apps.access.sealing import Unsealable, sealer, unseal
from huixiang.apps.feedback import calls_landing, landing
from huixiang.apps.feedback.certifying import counted, place
from huixiang.apps.feedback.classification import Entry, Told
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.identity import voice_key
from huixiang.apps.feedback.keeping import Keeping, keeps
from huixiang.apps.feedback.models import Batch
from huixiang.apps.intake.models import Caller
from huixiang.apps.intake.reaching import Reached, contact_of, named, put, until_of, way
from huixiang.domain.feedback import Channel
from huixiang.domain.hotline import Stay
from huixiang.lake import questions

CODE = "callers"
WAITS_DAYS = 30  # for a transcript: recognising speech takes hours, handing the files over days
AT_ONCE = 500
HOTLINE = str(Channel.HOTLINE)


@calls_landing.accompanies
def of_calls(batch: Batch, stays: Sequence[Told[Stay]]) -> None:
    """Records of calls come in, with the lake's lock held: nobody's words come in between."""
    manner, now = way(HOTLINE), timezone.now()
    today = timezone.localdate(now)
    fresh = (told for told in stays if until_of(told.record.entered_at, manner) >= today)
    reached = _first(fresh, now) if manner.keeps else {}
    spoken = questions.known(lake(), reached)
    put(batch, {call: one for call, one in reached.items() if call in spoken}, now)
    sealed, waits = sealer(), today + timedelta(days=WAITS_DAYS)
    coming = [
        Caller(
            voice_id=call,
            contact=sealed({"contact": one.contact}),
            customer=named(one.contact),
            called_at=one.at,
            keep_until=min(waits, until_of(one.at, manner)),
        )
        for call, one in reached.items()
        if call not in spoken
    ]
    told = ["contact", "customer", "called_at", "keep_until"]
    Caller.objects.bulk_create(
        coming, batch_size=AT_ONCE, update_conflicts=True, unique_fields=["voice_id"], update_fields=told
    )


@landing.accompanies
def of_words(batch: Batch, entries: Sequence[Entry]) -> None:
    """Transcripts come in: whose caller waited has him now, and nothing waits any more."""
    calls = {entry.voice_id: entry for entry in entries if entry.record.channel == Channel.HOTLINE}
    waiting = {one.voice_id: one for rows in _chosen(calls) for one in rows}
    untold = {call: one for call, one in waiting.items() if contact_of(calls[call].record) is None}
    put(batch, _opened(untold), timezone.now())
    forget(waiting)


def forget(voice_ids: Collection[str]) -> None:
    for rows in _chosen(voice_ids):
        rows.delete()


def of_customer(customer: str) -> set[str]:
    return set(Caller.objects.filter(customer=customer).values_list("voice_id", flat=True))


@place(CODE, gettext_lazy("等转写的来电号码"))
def left(voice_ids: Collection[str]) -> int:
    return counted(Caller.objects.all(), voice_ids)


def _first(stays: Iterable[Told[Stay]], now: datetime) -> dict[str, Reached]:
    """Of a call that stayed in several queues the first stay tells who called."""
    found: dict[str, Reached] = {}
    for told in sorted(stays, key=lambda told: told.record.entered_at):
        call, contact = told.record.transcript_id(voice_key()), told.record.contact
        if contact and call not in found:
            found[call] = Reached(contact, HOTLINE, min(now, told.record.entered_at), by_call=True)
    return found


def _opened(waiting: Mapping[str, Caller]) -> dict[str, Reached]:
    """None of those that were sealed under a key that is lost."""
    found = {}
    for call, one in waiting.items():
        try:
            found[call] = Reached(str(unseal(one.contact)["contact"]), HOTLINE, one.called_at, by_call=True)
        except (Unsealable, KeyError):
            continue
    return found


def _chosen(voice_ids: Collection[str]) -> list[QuerySet[Caller]]:
    listed = sorted(voice_ids)
    parts = (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
    return [Caller.objects.filter(voice_id__in=part) for part in parts]


def _over(today: date) -> QuerySet[Caller]:
    return Caller.objects.filter(keep_until__lt=today)


keeps(
    Keeping(
        code=CODE,
        channel=gettext_lazy("服务热线的通话记录"),
        holds=gettext_lazy("来电号码（加密），等同一通电话的转写；转写到了就随那条声音保存"),
        days=lambda: _("收到后 %(days)s 天，且不超过热线的保存天数") % {"days": WAITS_DAYS},
        ground=gettext_lazy("为答复客户；个人信息保护法第十三条"),
        stored=Caller.objects.count,
        due=lambda now: _over(timezone.localdate(now)).count(),
        clear=lambda now: _over(timezone.localdate(now)).delete()[0],
        settings=("retention_way", HOTLINE),
    )
)
