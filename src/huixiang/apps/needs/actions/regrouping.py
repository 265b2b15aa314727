"""Are two needs one, or one two? The evidence goes along, and no voice is lost or counted twice within a need."""

from __future__ import annotations

from django.db import transaction

from huixiang.apps.access.models import Staff
from huixiang.apps.needs.actions.kano import hand_on
from huixiang.apps.needs.actions.naming import Wording, described
from huixiang.apps.needs.actions.pinning import MOST_PINS
from huixiang.apps.needs.actions.turning import begin, counted_soon, end, told
from huixiang.apps.needs.evidence import Group, index, is_empty, known
from huixiang.apps.needs.models import Need, Pin
from huixiang.channels.contract import Fault

MOST_RULES = 40


# Other needs are told by their number: a name may stand out of the reader's reach.


def merge(pk: int, into: int, note: str = "", *, by: Staff, source: str = "") -> Need:
    """Let `into` take over the need's rules and pinned voices. Raises Fault where they are one already."""
    if pk == into:
        raise Fault("不能并入自己")
    with transaction.atomic():
        # In one order, so that two people who merge the same two never wait for each other.
        rows = {each: begin(each, "merge", by) for each in sorted((pk, into))}
        need, target = rows[pk], rows[into]
        target.rules = [*target.rules, *(each for each in need.rules if each not in target.rules)]
        if len(target.rules) > MOST_RULES:
            raise Fault("一个需求最多 %(most)s 条规则", most=MOST_RULES)
        known = set(target.pins.values_list("voice_id", flat=True))
        taken = [each for each in need.pins.all() if each.voice_id not in known]
        if len(known) + len(taken) > MOST_PINS:
            raise Fault("一个需求最多单独指定 %(most)s 条声音；再多请改规则", most=MOST_PINS)
        Pin.objects.bulk_create(Pin(need=target, voice_id=p.voice_id, counts=p.counts, by=p.by) for p in taken)
        index(target)
        target.save()
        counted_soon(target)
        told(target, "take_in", by, note, {"need": ["", f"#{need.pk}"], **hand_on(need, target)})
        need.merged_into = target
        end(need, "merge", by, source, note, {"into": ["", f"#{target.pk}"]})
    return target


def split(pk: int, off: Group, wording: Wording, *, by: Staff, source: str = "") -> Need:
    """A new need of those voices that hold one of `off`; the old one keeps the others. Raises Fault without any."""
    if is_empty(off):
        raise Fault("请至少选择一个事项，或写一个词")
    known(off["topics"])
    with transaction.atomic():
        need = begin(pk, "split", by)
        # What was decided was decided of the whole: the part waits for a decision of its own.
        state = "proposed" if need.state == "proposed" else "confirmed"
        part = Need(unit=need.unit, state=state, owner=need.owner)
        described(part, wording)
        part.rules = [each | {"every": [*each["every"], off]} for each in need.rules]
        if not part.rules:
            raise Fault("这个需求没有规则，只有单独指定的声音，无从拆分")
        need.rules = [each | {"none": [*each["none"], off]} for each in need.rules]
        index(part)
        part.save()
        counted_soon(part)
        left_out = need.pins.filter(counts=False)
        Pin.objects.bulk_create(Pin(need=part, voice_id=p.voice_id, counts=False, by=p.by) for p in left_out)
        told(part, "split_from", by, "", {"need": ["", f"#{need.pk}"]})
        end(need, "split", by, source, changed={"into": ["", f"#{part.pk}"]})
    return part
