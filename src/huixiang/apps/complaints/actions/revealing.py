"""Who complains? Only with the right to know it, and never without a record that somebody looked."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.apps.complaints.models import Case, Party

IDENTITY = "complaint.identity"


@dataclass(frozen=True, slots=True)
class Identity:
    """What was told of a person. Nothing the bank already holds need be asked for: a customer's number is enough."""

    name: str = ""
    phone: str = ""
    mail: str = ""
    id_number: str = ""
    address: str = ""
    customer_number: str = ""

    @property
    def is_given(self) -> bool:
        return any(asdict(self).values())

    def told(self) -> dict[str, str]:
        return {name: value.strip() for name, value in asdict(self).items() if value.strip()}


def reveal(pk: int, *, by: Staff, source: str = "") -> list[tuple[Party, Identity | None]]:
    """The people of a case; None for one that can no longer be opened. Recorded before it is shown."""
    if IDENTITY not in by.rights:
        raise PermissionDenied
    case = Case.objects.visible_to(by, IDENTITY).filter(pk=pk).first()
    if case is None or case.accused.filter(staff=by).exists():
        raise ObjectDoesNotExist
    with transaction.atomic():
        found = [(party, _opened(party)) for party in case.parties.all()]
        audit.record("complaint.identity_read", by=by, on_kind="complaint", on_id=case.number, source=source,
                     people=len(found))  # fmt: skip
    return found


def _opened(party: Party) -> Identity | None:
    try:
        return Identity(**unseal(party.sealed)) if party.sealed else None
    except Unsealable:
        return None
