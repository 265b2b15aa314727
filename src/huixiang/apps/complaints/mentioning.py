"""Which colleagues does a note call upon (@工号, @姓名)? Only those who may see the case; each finds it in a list."""

from __future__ import annotations

import re

from django.db.models import Q

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.models import Case, Event, Mention
from huixiang.apps.complaints.models.cases import SEE
from huixiang.channels.contract import Fault

MOST = 10
# A mail address is none: something stands before its sign. A Chinese name may be followed by words without a space.
_CALL = re.compile(r"(?<![A-Za-z0-9._%+-])[@＠]([A-Za-z0-9][A-Za-z0-9._-]*|[\u3400-\u9fff·]{1,20})")
_SHORTEST_NAME = 2


def mentioned(case: Case, words: str) -> list[Staff]:
    """In their order. Raises Fault for who is unknown, not told apart, or may not see the case."""
    calls = list(dict.fromkeys(_CALL.findall(words)))
    if len(calls) > MOST:
        raise Fault("一次最多提到 %(most)s 位同事", most=MOST)
    found = [_one(case, call) for call in calls]
    return list({each.pk: each for each in found}.values())


def remember(event: Event) -> None:
    """The rows of a line's mentions, in the transaction that writes it."""
    people = Staff.objects.filter(number__in=event.told["mentions"])
    Mention.objects.bulk_create(Mention(case=event.case, event=event, staff=each) for each in people)


def _one(case: Case, call: str) -> Staff:
    people = _named(call)
    if not people:
        raise Fault("没有“@%(who)s”：请核对工号或姓名", who=call[:20])
    able = [each for each in people if _may_see(each, case)]
    if not able:
        raise Fault("%(who)s 看不到这件投诉，不能提到：请先分派或移交，或请有权限的同事", who=str(people[0]))
    if len(able) > 1:
        numbers = "、".join(f"@{each.number}" for each in able[:5])
        raise Fault("有多位“%(who)s”：请写工号，如 %(numbers)s", who=able[0].name, numbers=numbers)
    return able[0]


def _named(call: str) -> list[Staff]:
    """By number or whole name; of Chinese words that run on, by the longest name they begin with."""
    starts = [call[:end] for end in range(len(call), _SHORTEST_NAME - 1, -1)] if not call.isascii() else [call]
    rows = list(Staff.objects.filter(Q(number=call) | Q(name__in=starts), is_active=True).order_by("number"))
    if by_number := [each for each in rows if each.number == call]:
        return by_number
    longest = max((len(each.name) for each in rows), default=0)
    return [each for each in rows if len(each.name) == longest]


def _may_see(staff: Staff, case: Case) -> bool:
    return SEE in staff.rights and Case.objects.visible_to(staff).filter(pk=case.pk).exists()
