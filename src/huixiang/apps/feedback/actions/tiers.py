"""Which classes of customers are told apart, and what does each weigh? Whole-bank staff write the next edition."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import tiers
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.feedback.models import TierBook
from huixiang.channels.contract import Fault
from huixiang.domain.tiers import SHIPPED, BadTiers, Tiers, checked

RIGHT = "need.manage"  # who weighs needs says what customers weigh in them


def may_settle_tiers(by: Staff) -> bool:
    return RIGHT in by.rights and by.scope(RIGHT) is None


def settle_tiers(wanted: Tiers, note: str = "", *, by: Staff, source: str = "") -> Tiers:
    """From now on customers are classed and weighed so; voices that are in already keep their class. Raises Fault.

    The same list changes nothing. Of former editions who, when and what stay to be read.
    """
    if not may_settle_tiers(by):
        raise PermissionDenied
    try:
        checked(wanted)
    except BadTiers as bad:
        raise Fault(bad.message, column=None, **bad.params) from None
    with transaction.atomic():
        former = TierBook.objects.select_for_update().first()
        before = SHIPPED if former is None else tiers.of(former)
        if before == wanted:
            return before
        made = TierBook.objects.create(
            tiers=tiers.stored(wanted), unknown=wanted.unknown, note=masked_value("", note.strip())[:200], by=by
        )
        weights = {tier.code: tier.weight for tier in wanted.tiers} | {"~": wanted.unknown}
        told: dict[str, Any] = {
            "weights": weights,
            "dropped": sorted({*before.codes} - {*wanted.codes}),
            "note": made.note,
        }
        audit.record("tier.settle", by=by, on_kind="tiers", on_id=made.pk, source=source, **told)
    return wanted
