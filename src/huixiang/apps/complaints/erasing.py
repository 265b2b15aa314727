"""What goes with an erased voice or customer? A complaint must be kept for its term: it is stored, and no more used.

Whether it was found by a voice or by its customer, it has a name among the tombstones. One that is still open must be
answered first, for its deadlines are the law's: it goes into storage in the transaction that ends it (actions.holding).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huixiang.apps.complaints import actions, customers, keeping
from huixiang.apps.complaints.actions.holding import MARK, asked_of, cases_named, ended, name_of_case
from huixiang.apps.complaints.models import Case, CaseVoice, Party, PartyMark, RiskMark, VoiceTaking
from huixiang.apps.complaints.packs import pack_of
from huixiang.apps.feedback import tombstones
from huixiang.apps.feedback.certifying import place, withholds
from huixiang.apps.feedback.erasing import Kept, reaches, stores, stores_with
from huixiang.apps.feedback.models import Erasure, Tombstone, Withheld

AT_ONCE = 500
T = TypeVar("T", int, str)


@stores
def of_customer(customer: str, reach: frozenset[str] | None, is_shared: bool = False) -> Kept:
    """The cases of which she is the customer, by this number, by an account that was added to them, or by a telephone
    or mail address of a person of the case.

    Not by that of an agent: a case is its customer's, and who speaks for many must not hide all of theirs. Nor by one
    that several customers share, in the whole bank: whose words are these? Such cases stay as they are.
    """
    if not customer:
        return Kept()
    # Each by its own index, and put together here: a database asked for one or the other reads all cases.
    accounts = set(Party.objects.filter(role=Party.Role.ACCOUNT, pseudonym=customer).values_list("case", flat=True))
    marks = PartyMark.objects.filter(kind=PartyMark.REACHED, mark=customer).exclude(role=Party.Role.AGENT)
    reached = set(marks.values_list("case", flat=True)) - accounts
    own = set(Case.objects.filter(customer=customer).values_list("pk", flat=True))
    if not is_shared and _is_one(customer, accounts | reached):
        return _kept(own | accounts | reached, reach)
    left = _kept(reached, reach).names
    return _kept((own | accounts) - reached, reach) | Kept(shared=left)


def _is_one(telephone: str, pks: set[int]) -> bool:
    """Do all that name a customer name the same? Another account of hers, and one a person tied, are the same."""
    names = set[str]()
    for part in _parts(pks):
        accounts = Party.objects.filter(role=Party.Role.ACCOUNT, case__in=part)
        names |= {*Case.objects.filter(pk__in=part).values_list("customer", flat=True)}
        names |= {*accounts.values_list("pseudonym", flat=True)}
    names -= {"", telephone}
    return not names or names <= customers.one_with(min(names))


def _kept(pks: set[int], reach: frozenset[str] | None) -> Kept:
    near = Case.objects.all() if reach is None else Case.objects.filter(unit__code__in=reach)
    found = (row for part in _parts(pks) for row in near.filter(pk__in=part).values_list("pk", "is_held"))
    named = [(name_of_case(pk), is_held) for pk, is_held in found]
    stored = frozenset(name for name, is_held in named if is_held)
    return Kept(frozenset(name for name, _is_held in named) - stored, stored)


@stores_with
def of_voices(voice_ids: Collection[str]) -> set[str]:
    """The cases that these voices became or joined."""
    return {name_of_case(pk) for part in _parts(voice_ids) for pk in _made_of(part)}


@reaches
def keep_for_storage(voice_ids: Collection[str]) -> int:
    """How many cases are held from now on? May be asked twice.

    A voice whose time is over goes in the same way; nobody asked for that, and its case stays as it is.
    """
    held = 0
    for part in _parts(voice_ids):
        VoiceTaking.objects.filter(voice_id__in=part).delete()
        cases = _name_cases(part)
        CaseVoice.objects.filter(voice_id__in=part).delete()
        _part_risks(part)
        held += _hold_ended({*cases, *cases_named(part)})
    return held


def _name_cases(voice_ids: list[str]) -> set[int]:
    """Of erased voices; one that became a case after its erasure was asked for is named only now."""
    cases, of = set[int](), dict(Tombstone.objects.filter(pk__in=voice_ids).values_list("pk", "erasure_id"))
    for voice_id, pk in CaseVoice.objects.filter(voice_id__in=list(of)).values_list("voice_id", "case"):
        tombstones.add([name_of_case(pk)], of[voice_id])
        Withheld.objects.get_or_create(erasure_id=of[voice_id], name=name_of_case(pk))
        cases.add(pk)
    return cases


def _part_risks(voice_ids: list[str]) -> None:
    """A risk that a voice brought stays with the case; which voice it was, nobody can tell any more."""
    for mark in RiskMark.objects.filter(voice_id__in=voice_ids):
        RiskMark.objects.filter(pk=mark.pk).update(voice_id=secrets.token_hex(12))


def hold_ended() -> int:
    """The nightly round's part: of customers who were erased, what no verb has put into storage at its end."""
    names = Tombstone.objects.filter(erasure__finished_at__isnull=False, voice_id__startswith=MARK)
    return _hold_ended(cases_named(names.values_list("voice_id", flat=True)))


@place("complaints", _("与投诉的关联（投诉转为仅存储，期满再清）"))
def _linked(voice_ids: Collection[str]) -> int:
    cases = {pk for part in _parts(voice_ids) for pk in _made_of(part)}
    return len(cases | set(_of(cases_named(voice_ids), ended())))


@withholds
def kept_by_law(erasure: Erasure) -> list[str]:
    """A complaint must be kept for its term, whoever asks: the certificate says so, and what goes on until its end."""
    keys, told = _withheld(erasure), list[str]()
    years = keeping.years(timezone.localdate())
    going_on = set(_of(keys, Case.objects.filter(is_held=False))) - set(_of(keys, ended()))
    if stored := _stored(erasure, keys):
        said = gettext(
            "其中 %(count)s 件已登记为投诉。投诉档案须依规保存至办结后 %(years)s 年，未予删除：已转为仅存储，"
            "除档案管理人员外不再使用，期满即清除（个人信息保护法第四十七条第二款，待贵行合规核验）。"
        )
        told.append(said % {"count": stored, "years": years})
    if going_on:
        waits = gettext(
            "另有 %(count)s 件投诉正在办理，本行依规须先答复（%(clauses)s；个人信息保护法第十三条第一款第三项，"
            "待贵行合规核验），未予删除：保留至办理终结，其时即转为仅存储并出具补充证明，保存 %(years)s 年后清除。"
        )
        told.append(waits % {"count": len(going_on), "clauses": _clauses(going_on), "years": years})
    return told


def _stored(erasure: Erasure, keys: Collection[int]) -> int:
    """How many are in storage; of erasures of before cases had names, how many were found."""
    if keys:
        return len(_of(keys, Case.objects.filter(is_held=True)))
    return int(sum(one["found"] for one in erasure.looked if one["place"] == "complaints"))


def _withheld(erasure: Erasure) -> list[int]:
    names = set(erasure.withheld.values_list("name", flat=True))
    stones = erasure.tombstones.filter(voice_id__startswith=MARK).values_list("voice_id", flat=True)
    return cases_named(names.union(stones))


def _clauses(keys: Collection[int]) -> str:
    """By which clause must each of these be answered?"""
    cases = Case.objects.filter(pk__in=sorted(keys)[:AT_ONCE]).select_related("pack")
    packs = {case.pack_id: pack_of(case.pack) for case in cases}.values()
    return "；".join(sorted({clock.clause for pack in packs for clock in pack.clocks if clock.code == "reply"}))


def _hold_ended(keys: Collection[int]) -> int:
    return sum(actions.hold(pk) for pk in _of(keys, ended()))


def _of(keys: Collection[int], rows: QuerySet[Case]) -> list[int]:
    """Those of the rows that were named; whoever got the key of one later is none of them."""
    listed = rows.order_by("pk")
    return [pk for part in _parts(keys) for pk in asked_of(listed.filter(pk__in=part).values_list("pk", flat=True))]


def _made_of(voice_ids: Collection[str]) -> Iterable[int]:
    return CaseVoice.objects.filter(voice_id__in=voice_ids).values_list("case", flat=True)


def _parts(some: Collection[T]) -> Iterator[list[T]]:
    listed = sorted(some)
    return (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
