"""Which customers are one? Cases a person tied, and accounts added to a case; what only looks alike is proposed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.models import Case, CustomerTie, Party, PartyMark

REASONS = {PartyMark.PHONE: _("电话相同"), PartyMark.PAPER: _("证件号码相同")}
MOST = 20
WITHIN = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Alike:
    """Another case whose complainant has the same telephone or paper, though not the same number as a customer."""

    case: Case
    reasons: list[object]


def groups() -> dict[str, str]:
    """For each customer that is one with another, under which pseudonym they are counted together."""
    parents = dict[str, str]()

    def top(name: str) -> str:
        while (above := parents.get(name, name)) != name:
            name = above
        return name

    for one, two in _pairs():
        first, second = sorted((top(one), top(two)))
        parents[second] = first
        parents.setdefault(first, first)
    return {name: top(name) for name in parents}


def _pairs() -> Iterable[tuple[str, str]]:
    yield from _tied()
    yield from _added()


def _pairs_of(names: set[str]) -> Iterable[tuple[str, str]]:
    tied = _tied().filter(other__customer__in=names)
    added = _added().filter(case__customer__in=names), _added().filter(pseudonym__in=names)
    yield from _tied().filter(case__customer__in=names).union(tied, *added)


def _tied() -> Any:
    tied = CustomerTie.objects.exclude(case__customer="").exclude(other__customer="")
    return tied.values_list("case__customer", "other__customer")


def _added() -> Any:
    added = Party.objects.filter(role=Party.Role.ACCOUNT).exclude(pseudonym="").exclude(case__customer="")
    return added.order_by().values_list("case__customer", "pseudonym")


def one_with(customer: str) -> set[str]:
    """All pseudonyms of the customer of whom this is one."""
    found, new = set[str](), {customer} - {""}
    while new:  # from one to the next, each by an index: the ties of the whole bank need not be read
        found |= new
        new = {name for pair in _pairs_of(new) for name in pair} - found
    return found


def are_one(this: Case, other: Case) -> bool:
    """Is it the same customer, by her number or as a person confirmed?"""
    return bool(this.customer and other.customer) and other.customer in one_with(this.customer)


def tied_with(case: Case) -> set[int]:
    """The cases tied with this one, from whichever of both it was said."""
    own = CustomerTie.objects.filter(case=case).values_list("other_id", flat=True)
    return {*own, *CustomerTie.objects.filter(other=case).values_list("case_id", flat=True)}


def proposed(case: Case, by: Staff) -> list[Alike]:
    """Cases in sight within a year that may be hers; a person confirms or leaves it."""
    marks = PartyMark.objects.filter(role=Party.Role.COMPLAINANT, kind__in=REASONS)
    own = marks.filter(case=case).values_list("kind", "mark")
    wanted = dict[str, str]((mark, kind) for kind, mark in own)
    if not wanted or case.is_held:
        return []
    near = (case.received_at - WITHIN, case.received_at + WITHIN)
    rows = Case.objects.visible_to(by).filter(received_at__range=near, is_held=False).exclude(pk=case.pk)
    found = marks.filter(mark__in=wanted, case__in=rows.order_by().values("pk"))
    why = defaultdict[int, set[str]](set)
    for mark in found.order_by("-case_id")[: MOST * 3]:
        why[mark.case_id].add(mark.kind)
    tied, one = tied_with(case), one_with(case.customer)
    cases = rows.filter(pk__in=[pk for pk in why if pk not in tied]).select_related("unit").order_by("-received_at")
    return [Alike(each, [REASONS[kind] for kind in sorted(why[each.pk])])
            for each in cases[:MOST] if not each.customer or each.customer not in one]  # fmt: skip
