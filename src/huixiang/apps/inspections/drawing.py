"""Which units may be drawn, who may be sent to which, and on which days is there business?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from huixiang.apps.access.models import Post, Staff, Unit
from huixiang.apps.access.rights import ROLES
from huixiang.apps.inspections.models import Kind
from huixiang.apps.inspections.reach import DO
from huixiang.channels.contract import Fault
from huixiang.domain.calendar import mainland
from huixiang.domain.inspections.sampling import Looker, Place

A_YEAR = timedelta(days=365)
LOOKING = {
    "inspector",
    "quality_manager",
    "analyst",
    "auditor",
}  # their post is where they look from, not whom they serve


def places(top: Unit, kinds: Sequence[str]) -> list[Place]:
    """Open units of these kinds below the top one; a stratum is one kind under one unit directly below the top."""
    units = Unit.objects.within([top]).filter(kind__in=kinds, closed_on=None)
    return [Place(unit.code, f"{unit.kind} {_part(top, unit)}") for unit in units]


def _part(top: Unit, unit: Unit) -> str:
    return unit.path.removeprefix(top.path).split("/")[0]


def lookers(numbers: Iterable[str], kind: str) -> list[Looker]:
    """Who may be sent, and not to which units. Raises Fault for who may not fill in forms at all.

    Her own units are those where she serves, or served within a year; at a cross inspection, of her whole branch.
    """
    people = {each.number: each for each in Staff.objects.filter(number__in=list(numbers), is_active=True)}
    found = []
    for number in sorted(set(numbers)):
        if number not in people or not people[number].posts_with(DO):
            raise Fault("工号“%(number)s”没有填写检查的权限", number=number[:40])
        found.append(Looker(number, _own(people[number], kind)))
    return found


def _own(person: Staff, kind: str) -> frozenset[str]:
    lately = Post.objects.filter(Q(to_on=None) | Q(to_on__gte=timezone.localdate() - A_YEAR), staff=person)
    tops = []
    for post in lately.select_related("unit__parent"):
        if post.role in LOOKING and post.unit.kind != Unit.Kind.OUTLET:
            continue
        is_wide = kind == Kind.CROSS and post.unit.kind == Unit.Kind.OUTLET and post.unit.parent
        tops.append(post.unit.parent if is_wide and post.unit.parent else post.unit)
    return frozenset(Unit.objects.within(tops).values_list("code", flat=True))


def business_days(since: date, until: date) -> tuple[date, ...]:
    days = (since + timedelta(days=n) for n in range((until - since).days + 1))
    return tuple(day for day in days if mainland().is_workday(day))


def choosable(by: Staff, right: str) -> list[Staff]:
    """Who may be sent, as far as she sees people: holders of a post that may fill in forms."""
    roles = [role for role, rights in ROLES.items() if DO in rights]
    posts = Post.objects.on(timezone.localdate()).filter(role__in=roles, unit__in=Unit.objects.visible_to(by, right))
    return list(Staff.objects.filter(is_active=True, pk__in=posts.values("staff")))
