"""Who does not want to be asked any more, by no survey of this bank? Kept as pseudonyms alone.

The list outlives an erasure: without it a customer who had everything erased would be asked again.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.surveys import links
from huixiang.apps.surveys.framing import pseudonym_of
from huixiang.apps.surveys.models import Invitation, OptOut
from huixiang.channels.contract import Fault, Refused
from huixiang.channels.mapped import READERS, kind
from huixiang.channels.survey_frames import USUAL
from huixiang.channels.tables import Layout

AT_ONCE = 500
CUSTOMER = "customer"  # who acts by a link of her own


def invited(token: str) -> Invitation | None:
    """Whose link is it? None also where nobody knows any more whose it was: her no could not be kept."""
    rows, hashed = Invitation.objects.select_related("round__survey"), links.hashed(token)
    # A link that was replaced opens no questions, but a customer's no counts by any of hers.
    found = rows.filter(token=hashed).first() or rows.filter(former_links__token=hashed).first()
    return found if found and found.customer else None


def by_link(invitation: Invitation) -> None:
    """She pressed the button. From where is not recorded: the address of a customer is nobody's business."""
    with transaction.atomic():
        _add([invitation.customer], OptOut.Via.LINK)
        waiting = Invitation.objects.filter(pk=invitation.pk, state=Invitation.State.WAITING)
        waiting.update(state=Invitation.State.SKIPPED)
        Invitation.objects.filter(pk=invitation.pk).update(contact=None)
        audit.record("optout.add", by=CUSTOMER, on_kind="optout", via="link", count=1)


def by_staff(customer: str, *, by: Staff, source: str = "") -> bool:
    """A customer said so at the counter or on the telephone; False where he stood on the list."""
    if not customer.strip():
        raise Fault("请填写客户号")
    with transaction.atomic():
        count = _add([pseudonym_of(customer)], OptOut.Via.STAFF)
        audit.record("optout.add", by=by, on_kind="optout", source=source, via="staff", count=count)
    return bool(count)


def withdraw(customer: str, *, by: Staff, source: str = "") -> bool:
    """He may be asked again, by his own wish."""
    with transaction.atomic():
        count = OptOut.objects.filter(customer=pseudonym_of(customer)).delete()[0]
        audit.record("optout.remove", by=by, on_kind="optout", source=source, count=count)
    return bool(count)


def bring(path: Path, *, actor: Staff | str, source: str = "") -> tuple[int, int]:
    """A file with a column 客户号, or with 假名 as exported here; how many rows, and how many are new? Raises Fault."""
    rows, read, new = READERS[kind(path)](path, Layout(), None), 0, 0
    with transaction.atomic():
        while batch := list(islice(rows, AT_ONCE)):
            names = []
            for row in batch:
                if isinstance(row, Refused):
                    raise row.fault
                names += _name(row.fields)
            read, new = read + len(batch), new + _add(names, OptOut.Via.FILE)
        audit.record("optout.import", by=actor, on_kind="optout", source=source, read=read, count=new)
    return read, new


def exported(*, by: Staff | str, source: str = "") -> Iterator[list[object]]:
    """Pseudonym, way and day; under another masking key they mean nothing."""
    audit.record("optout.export", by=by, on_kind="optout", source=source, count=OptOut.objects.count())
    for one in OptOut.objects.order_by("pk").iterator(AT_ONCE):
        yield [one.customer, one.via, one.on.isoformat()]


def _name(fields: object) -> list[str]:
    given = {str(name).strip().casefold(): str(told).strip() for name, told in dict(fields).items()}  # type: ignore[call-overload]
    if "假名" in given:
        return [given["假名"]] if len(given["假名"]) == 32 else []
    heading = next((name for name in USUAL["customer"] if name in given), None)
    if heading is None:
        raise Fault("文件里没有“客户号”列，也没有“假名”列；请核对列名")
    return [pseudonym_of(given[heading])] if given[heading] else []


def _add(customers: list[str], via: str) -> int:
    """Who stands on it already stays as she is."""
    known = set(OptOut.objects.filter(customer__in=customers).values_list("customer", flat=True))
    fresh = sorted(set(customers) - known)
    today = timezone.localdate()
    OptOut.objects.bulk_create([OptOut(customer=each, via=via, on=today) for each in fresh], ignore_conflicts=True)
    return len(fresh)
