"""What if a rule takes too much or too little? A person puts one voice in, or leaves it out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext_lazy

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback.certifying import counted, place
from huixiang.apps.feedback.erasing import reaches
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.models import Tombstone
from huixiang.apps.feedback.returned import tells_of
from huixiang.apps.needs.actions.turning import begin, end
from huixiang.apps.needs.models import Need, Pin
from huixiang.channels.contract import Fault
from huixiang.lake import questions

AT_ONCE = 500
MOST_PINS = 500  # of one need: beyond, a rule should say it


def pin(pk: int, voice_id: str, counts: bool | None, *, by: Staff, source: str = "") -> Need:
    """Put a voice into the evidence (True), leave it out (False), or let the rules decide again (None).

    Raises Fault, or ObjectDoesNotExist where the voice is out of reach.
    """
    reach = by.scope("voice.see")
    voice = questions.voice(lake(), voice_id) if voice_id.isalnum() else None
    if voice is None or "voice.see" not in by.rights or (reach is not None and voice.branch not in reach):
        raise ObjectDoesNotExist
    with transaction.atomic():
        need = begin(pk, "pin", by)
        before = need.pins.filter(voice_id=voice_id).first()
        if counts == (before.counts if before else None):
            raise Fault("没有任何改动")
        if before:
            before.delete()
        if counts is not None:
            if need.pins.count() >= MOST_PINS:
                raise Fault("一个需求最多单独指定 %(most)s 条声音；再多请改规则", most=MOST_PINS)
            Pin.objects.create(need=need, voice_id=voice_id, counts=counts, by=by)
        end(need, "pin", by, source, changed={"evidence": [None, counts]})
    return need


@reaches
def forget(voice_ids: Collection[str]) -> None:
    """The part of an erasure, or of the end of their time."""
    listed = sorted(voice_ids)
    for start in range(0, len(listed), AT_ONCE):
        Pin.objects.filter(voice_id__in=listed[start : start + AT_ONCE]).delete()


@place("pins", gettext_lazy("需求库里单独指定的证据"))
def left(voice_ids: Collection[str]) -> int:
    return counted(Pin.objects.all(), voice_ids)


@tells_of
def pinned(before: datetime) -> set[str]:
    return set(Pin.objects.filter(at__lt=before).values_list("voice_id", flat=True))


def forget_erased() -> int:
    """The ids of erased voices serve nobody any more; how many went? The nightly round's part."""
    return Pin.objects.filter(voice_id__in=Tombstone.objects.values("pk")).delete()[0]
