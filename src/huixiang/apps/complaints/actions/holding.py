"""What becomes of a complaint whose customer has what he said erased? It is kept for storage only, as the law asks.

One that is still open must be answered first; in the transaction that ends it, it goes into storage. By its name among
the tombstones it is known, so that a backup that was put back finds it too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, override

from huixiang.apps.access import audit
from huixiang.apps.complaints.actions.writing import Line, append
from huixiang.apps.complaints.models import Case, CaseQuerySet, CaseReading, CaseVoice, Event
from huixiang.apps.feedback import addenda
from huixiang.apps.feedback.models import Erasure, Tombstone, Withheld
from huixiang.domain.complaints.acting import Act
from huixiang.domain.complaints.hours import moment

SYSTEM = "system:erasure"
MARK = "ca5e"  # then the case's key: as long as a voice's id, and as little personal


def name_of_case(pk: int) -> str:
    return f"{MARK}{pk:020}"


def cases_named(names: Iterable[str]) -> list[int]:
    """A keyed hash may begin alike, but holds letters further on."""
    return [int(each[len(MARK) :]) for each in names if each.startswith(MARK) and each[len(MARK) :].isdecimal()]


def asked_of(pks: Collection[int]) -> list[int]:
    """Which of these cases are those that an erasure named?

    A database that begins anew, or from a backup, gives keys again: who complained after that erasure is another.
    """
    names = {name_of_case(pk): pk for pk in pks}
    asked = dict(Tombstone.objects.filter(pk__in=names).values_list("pk", "erasure__at"))
    if not asked:
        return []
    here = set(Withheld.objects.filter(name__in=asked).values_list("name", flat=True))  # asked of this very case
    entered = dict(Event.objects.filter(case__in=pks, seq=1).values_list("case", "entered_at"))
    return sorted(names[each] for each, at in asked.items() if each in here or entered[names[each]] <= at)


def ended() -> CaseQuerySet:
    """Not in storage, and nothing more is done with them: one merged away goes on as the one it is in."""
    rows: CaseQuerySet = Case.objects.filter(is_open=False, is_held=False)
    return rows.filter(Q(merged_into=None) | Q(merged_into__is_open=False))


def hold(pk: int) -> bool:
    """Hide it from all but the archive's keepers, and forget which voices it was made of. Twice is once."""
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("unit", "pack").get(pk=pk)
        CaseVoice.objects.filter(case=case).delete()
        CaseReading.objects.filter(case=case).delete()  # read for signals, which storage is not for
        if case.is_held:
            return False
        last = case.events.order_by("-seq").values_list("at", flat=True).first()
        now = max(timezone.now(), last) if last else timezone.now()  # clocks of two machines differ
        append(case, Line(Act("hold", moment(now)), now, None))
        audit.record("complaint.hold", by=SYSTEM, on_kind="complaint", on_id=case.number)
        _certify(case)
    return True


def hold_if_erased(case: Case) -> bool:
    """In the transaction of the verb that ended it: it, and what was merged into it, as far as it was to be erased."""
    if case.is_open:
        return False
    pks = ended().filter(Q(pk=case.pk) | Q(merged_into=case)).order_by("pk").values_list("pk", flat=True)
    found = asked_of(list(pks))
    for pk in found:
        hold(pk)
    return case.pk in found


def _certify(case: Case) -> None:
    """To whom it was certified that this case goes on gets a page that it has ended. Of one that had ended when its
    customer asked, the certificate itself tells."""
    name, entered = name_of_case(case.pk), case.events.values_list("entered_at", flat=True).get(seq=1)
    named = Q(withheld__name=name) | Q(tombstones__voice_id=name, at__gte=entered)
    asked = Erasure.objects.filter(named).exclude(finished_at=None)
    with override("zh-hans"):
        line = gettext("投诉 %(number)s 已于 %(day)s 办理终结，当即转为仅存储：除档案管理人员外不再使用，期满即清除。")
        told = line % {"number": case.number, "day": timezone.localdate((case.merged_into or case).ended_at)}
    for erasure in asked.distinct():
        addenda.issue(erasure, [told], timezone.now())
