"""Does the account of an import add up? Read = new + same + changed + quarantined + erased."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from huixiang.apps.feedback.models import Batch, Import

PARTS = ("read", "new", "same", "changed", "quarantined", "erased")


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the rows read. `quarantined` rows wait or were discarded; mended ones count where they went.

    `erased` rows are voices that a customer had had erased before: they stay out.
    """

    read: int = 0
    new: int = 0
    same: int = 0
    changed: int = 0
    quarantined: int = 0
    erased: int = 0

    def __post_init__(self) -> None:
        if self.read != self.new + self.same + self.changed + self.quarantined + self.erased:
            raise ValueError(f"the account does not add up: {self}")


def account(of: Import) -> Account:
    return accounts([of])[of.pk]


def accounts(imports: Iterable[Import]) -> dict[UUID, Account]:
    """The accounts of many imports in one question. Only confirmed batches count: the others may not be in the lake."""
    ids = [each.pk for each in imports]
    sums = (
        Batch.objects.filter(of__in=ids)
        .exclude(confirmed_at=None)
        .order_by()
        .values("of")
        .values_list("of", *(Sum(part) for part in PARTS))
    )
    found = {of: Account(*parts) for of, *parts in sums}
    return {each: found.get(each, Account()) for each in ids}
