"""What does the queue tell of the day? Calls to return, and for whom one stands in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models.functions import Coalesce
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import absences
from huixiang.apps.complaints.models import Case, CaseQuerySet, Event
from huixiang.apps.complaints.working_part import TAKES

MOST_CALLS, NOBODY = 20, 0


def call_backs(by: Staff, stood_for: Sequence[Staff], seen: CaseQuerySet) -> CaseQuerySet:
    """Of those in sight: agreed for today or before, of hers, of whom she stands in for, and of nobody."""
    # Not asked of `handler` itself: of half a million cases without one the database would read all for a few calls.
    rows = seen.to_call_back().alias(whose=Coalesce("handler_id", NOBODY))
    rows = rows.filter(whose__in=[NOBODY, by.pk, *(each.pk for each in stood_for)])
    return rows.select_related("handler").order_by("call_back_at", "pk")


def part(by: Staff, seen: CaseQuerySet, cases: Sequence[Case]) -> dict[str, Any]:
    """The queue's context, `seen` all cases in sight; of those of this page, which were handed over and not taken."""
    stood_for = absences.stood_for(by)
    return {
        "call_backs": call_backs(by, stood_for, seen)[:MOST_CALLS],
        "stood_for": stood_for,
        "stood_for_pks": {each.pk for each in stood_for},
        "untaken": _untaken(cases),
        "now": timezone.now(),
    }


def _untaken(cases: Sequence[Case]) -> set[int]:
    verbs = TAKES | {"hand_over"}
    rows = Event.objects.filter(case__in=[case.pk for case in cases], verb__in=verbs).order_by("case_id", "seq")
    last = dict(rows.values_list("case_id", "verb"))
    return {pk for pk, verb in last.items() if verb == "hand_over"}
