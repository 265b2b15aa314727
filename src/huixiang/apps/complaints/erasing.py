"""What goes with an erased voice or customer? A complaint must be kept for its term: it is stored, and no more used.

A customer's cases have names among the tombstones, so that a backup that was put back finds them too. One that is
still open must be answered first, for its deadlines are the law's: it goes into storage the night after its end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huixiang.apps.complaints import actions, keeping
from huixiang.apps.complaints.models import Case, CaseQuerySet, CaseVoice, Party, VoiceTaking
from huixiang.apps.feedback.certifying import place, remark
from huixiang.apps.feedback.erasing import reaches, stores
from huixiang.apps.feedback.models import Erasure, Tombstone

AT_ONCE = 500
T = TypeVar("T", int, str)
MARK = "ca5e"  # then the case's key: as long as a voice's id, and as little personal


@stores
def of_customer(customer: str, reach: frozenset[str] | None) -> set[str]:
    """The cases of which she is the customer, by this number or by an account that was added to them."""
    accounts = Party.objects.filter(role=Party.Role.ACCOUNT, pseudonym=customer).values("case")
    own = Case.objects.filter(Q(customer=customer) | Q(pk__in=accounts), is_held=False)
    near = own if reach is None else own.filter(unit__code__in=reach)
    return {_name(pk) for pk in near.values_list("pk", flat=True)} if customer else set()


@reaches
def keep_for_storage(voice_ids: Collection[str]) -> int:
    """How many cases are held from now on? May be asked twice."""
    held = 0
    for part in _parts(voice_ids):
        VoiceTaking.objects.filter(voice_id__in=part).delete()
        found = CaseVoice.objects.filter(voice_id__in=part).values_list("case", flat=True)
        held += sum(actions.hold(pk) for pk in sorted(set(found)))
    return held + _hold_ended(_keys(voice_ids))


def hold_ended() -> int:
    """The nightly round's part: of customers who were erased, cases that have come to their end since."""
    names = Tombstone.objects.filter(erasure__finished_at__isnull=False, voice_id__startswith=MARK)
    return _hold_ended(_keys(names.values_list("voice_id", flat=True)))


@place("complaints", _("与投诉的关联（投诉转为仅存储，期满再清）"))
def _linked(voice_ids: Collection[str]) -> int:
    cases = {pk for part in _parts(voice_ids) for pk in _made_of(part)}
    return len(cases | set(_of(_keys(voice_ids), is_open=False, is_held=False)))


@remark
def kept_by_law(erasure: Erasure) -> list[str]:
    """A complaint must be kept for its term, whoever asks: the certificate says so."""
    found = sum(one["found"] for one in erasure.looked if one["place"] == "complaints")
    names = erasure.tombstones.filter(voice_id__startswith=MARK).values_list("voice_id", flat=True)
    going_on = len(_of(_keys(names), is_open=True, is_held=False))
    years, told = keeping.years(timezone.localdate()), list[str]()
    if found:
        stored = gettext(
            "其中 %(count)s 件已登记为投诉。投诉档案须依规保存至办结后 %(years)s 年，未予删除：已转为仅存储，"
            "除档案管理人员外不再使用，期满即清除（个人信息保护法第四十七条第二款，待贵行合规核验）。"
        )
        told.append(stored % {"count": found, "years": years})
    if going_on:
        waits = gettext(
            "另有 %(count)s 件投诉正在办理，须依规答复，未予删除：办结后当夜转为仅存储，保存 %(years)s 年后清除。"
        )
        told.append(waits % {"count": going_on, "years": years})
    return told


def _hold_ended(keys: Collection[int]) -> int:
    return sum(actions.hold(pk) for pk in _of(keys, is_open=False, is_held=False))


def _of(keys: Collection[int], **state: bool) -> list[int]:
    rows: CaseQuerySet = Case.objects.filter(**state).order_by("pk")
    return [pk for part in _parts(keys) for pk in rows.filter(pk__in=part).values_list("pk", flat=True)]


def _made_of(voice_ids: Collection[str]) -> Iterable[int]:
    return CaseVoice.objects.filter(voice_id__in=voice_ids).values_list("case", flat=True)


def _name(pk: int) -> str:
    return f"{MARK}{pk:020}"


def _keys(names: Iterable[str]) -> list[int]:
    """A keyed hash may begin alike, but holds letters further on."""
    return [int(each[len(MARK) :]) for each in names if each.startswith(MARK) and each[len(MARK) :].isdecimal()]


def _parts(some: Collection[T]) -> Iterator[list[T]]:
    listed = sorted(some)
    return (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
