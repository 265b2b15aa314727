"""What goes when a customer has her words erased? Her responses too, in the lake and in their rows."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_lazy

from huixiang.apps.feedback.certifying import place
from huixiang.apps.feedback.erasing import finds, reaches
from huixiang.apps.feedback.facts import lake
from huixiang.apps.surveys.models import Response
from huixiang.apps.surveys.taking import own_id
from huixiang.lake import questions

AT_ONCE = 500


@finds
def of_customer(customer: str, reach: frozenset[str] | None) -> set[str]:
    """Her responses in the lake, and those that wait for it. Of anonymous surveys nobody knows any."""
    waiting = Response.objects.filter(batch=None, invitation__customer=customer, version__survey__is_anonymous=False)
    coming = {own_id(one) for one in waiting.select_related("version__survey", "unit") if _within(one, reach)}
    return coming | questions.responses_of(lake(), customer, reach)


@reaches
def forget(ids: Collection[str]) -> None:
    """The rows of these responses; what the lake holds of them goes with the voices."""
    rows = _rows(ids)
    for start in range(0, len(rows), AT_ONCE):
        Response.objects.filter(pk__in=rows[start : start + AT_ONCE]).delete()


@place("responses", gettext_lazy("问卷：收到的答卷"))
def left(ids: Collection[str]) -> int:
    return len(_rows(ids))


def _rows(ids: Collection[str]) -> list[UUID]:
    """The rows of these responses, in the lake already or still waiting for it."""
    listed, found = sorted(ids), list[UUID]()
    for start in range(0, len(listed), AT_ONCE):
        some = listed[start : start + AT_ONCE]
        found += Response.objects.filter(landed_as__in=some).values_list("pk", flat=True)
    waiting = Response.objects.filter(batch=None).exclude(invitation=None).select_related("version__survey")
    return found + [one.pk for one in waiting.iterator(AT_ONCE) if own_id(one) in ids]


def _within(response: Response, reach: frozenset[str] | None) -> bool:
    return reach is None or (response.unit is not None and response.unit.code in reach)
