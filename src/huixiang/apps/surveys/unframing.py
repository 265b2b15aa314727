"""What goes from the lists when a customer has her data erased? Every line of hers, with its contact.

Her invitations go with what answering keeps; that she does not want to be asked stays, by her pseudonym alone.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models.functions import Substr
from django.db.models.lookups import In
from django.utils.translation import gettext_lazy

from huixiang.apps.feedback.certifying import place
from huixiang.apps.feedback.erasing import finds, reaches
from huixiang.apps.surveys.models import Framed

AT_ONCE = 500
ID = 24  # signs of a line's key: as many as a voice's id has


@finds
def of_customer(customer: str, reach: frozenset[str] | None) -> set[str]:
    rows = Framed.objects.filter(customer=customer)
    rows = rows if reach is None else rows.filter(unit__code__in=reach)
    return {key[:ID] for key in rows.values_list("key", flat=True)}


@reaches
def forget(ids: Collection[str]) -> None:
    for pks in _found(ids):
        Framed.objects.filter(pk__in=pks).delete()


@place("frames", gettext_lazy("问卷的客户名单：联系方式、客户假名"))
def left(ids: Collection[str]) -> int:
    return sum(map(len, _found(ids)))


def _found(ids: Collection[str]) -> list[list[int]]:
    listed = sorted(ids)
    parts = (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
    return [list(Framed.objects.filter(In(Substr("key", 1, ID), part)).values_list("pk", flat=True)) for part in parts]
