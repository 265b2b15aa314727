"""What does the bank promise today, is it kept, and where does each number come from?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Unit
from huixiang.apps.access.sentences import told
from huixiang.apps.standards import linting, measuring, owners, yearly
from huixiang.apps.standards.models import APPROVE, EDIT, OPEN, SEE, Standard, State, Version, in_force_on
from huixiang.apps.standards.names import GOVERNS
from huixiang.domain.standards import values
from huixiang.domain.standards.conformance import FEW
from huixiang.domain.standards.differing import differences
from huixiang.domain.standards.starter import starter_set


@never_cache
@requires(SEE)
@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    """What holds today, by what it governs; what waits; what is wrong with the set."""
    by, today = who(request), timezone.localdate()
    now = in_force_on(today)
    found = linting.found_on(today)
    had = set(Standard.objects.values_list("code", flat=True))
    context = {
        "groups": grouped(owned(now)),
        "count": len(now),
        "waiting": Version.objects.visible_to(by).in_state(*OPEN).select_related("standard", "by"),
        "coming": Version.objects.visible_to(by).in_state(State.APPROVED).filter(effective_from__gt=today)
        .select_related("standard"),
        "found": found,
        "titles": {each.code: each for each in now},
        "may_edit": by.holds(EDIT, None),
        "may_approve": by.holds(APPROVE, None),
        "missing": sum(each.code not in had for each in starter_set()),
    }  # fmt: skip
    return render(request, "standards/list.html", context)


Owned = tuple[values.Standard, str]


def owned(found: Iterable[values.Standard]) -> list[Owned]:
    """Each with the name of who answers for it."""
    units = dict(Unit.objects.values_list("code", "name"))
    return [(each, owners.owner_name(each.owner, units)) for each in found]


def grouped(found: list[Owned]) -> list[tuple[Any, list[Owned]]]:
    order = list(GOVERNS)
    ranked = sorted(found, key=lambda each: (order.index(each[0].governs), each[0].code))
    return [(GOVERNS[key], list(its)) for key, its in groupby(ranked, lambda each: each[0].governs)]


@never_cache
@requires(SEE)
@require_safe
def standard_conformance(request: HttpRequest) -> HttpResponse:
    """Each standard with what was measured of it in the last whole month."""
    by = who(request)
    since, until = last_month(timezone.localdate())
    lines = [(measuring.conform(each, since, until) if measuring.may_see(each, by) else None, each)
             for each in in_force_on(timezone.localdate())]  # fmt: skip
    context = {"lines": lines, "since": since, "until": until, "few": FEW}
    return render(request, "standards/conformance.html", context)


def last_month(today: date) -> tuple[date, date]:
    until = today.replace(day=1) - timedelta(days=1)
    return until.replace(day=1), until


@never_cache
@requires(SEE)
@require_safe
def standard(request: HttpRequest, code: str) -> HttpResponse:
    """What holds, what comes, how it came to be so, and what it drives."""
    row = visible(request, code)
    today = timezone.localdate()
    versions = list(Version.objects.visible_to(who(request)).filter(standard=row).select_related("standard", "by"))
    held = [each for each in versions if each.standing == State.APPROVED]
    now = next((each for each in in_force_on(today) if each.code == code), None)
    context = {
        "row": row,
        "now": now,
        "shown": now or (held or versions)[0].value,
        "owner": dict(_owner_of(now or (held or versions)[0].value)),
        "coming": [each for each in held if each.effective_from > today],
        "history": history(held),
        "open": [each for each in versions if each.standing in OPEN],
        "found": [each for each in linting.found_on(today) if each.code == code],
        "may_edit": who(request).holds(EDIT, None),
    }
    return render(request, "standards/standard.html", context)


@never_cache
@requires(SEE)
@require_safe
def standard_year(request: HttpRequest, code: str) -> HttpResponse:
    """The figure month by month against today's target, as a part of the standard's page."""
    visible(request, code)
    today = timezone.localdate()
    now = next((each for each in in_force_on(today) if each.code == code and each.aim), None)
    if now is None:
        raise Http404
    is_hidden = not measuring.may_see(now, who(request))
    months = [] if is_hidden else yearly.months(now, today)
    return render(request, "standards/year.html", {"now": now, "months": months, "is_hidden": is_hidden})


def _owner_of(standard: values.Standard) -> list[tuple[str, str]]:
    return [("name", owned([standard])[0][1])]


def visible(request: HttpRequest, code: str) -> Standard:
    """Raises Http404 where there is none, or nothing of it for this person."""
    row = get_object_or_404(Standard, code=code)
    if not Version.objects.visible_to(who(request)).filter(standard=row).exists():
        raise Http404
    return row


def history(held: list[Version]) -> list[tuple[Version, list[str] | None]]:
    """Approved versions, the latest first, each with what it changed; None of the first."""
    told_: list[tuple[Version, list[str] | None]] = []
    for place, version in enumerate(held):
        earlier = held[place + 1] if place + 1 < len(held) else None
        told_.append((version, changes(earlier, version)))
    return told_


def changes(earlier: Version | None, version: Version) -> list[str] | None:
    if earlier is None:
        return None
    return [told(each.message, each.params) for each in differences(earlier.value, version.value)]


@never_cache
@requires(SEE)
@require_safe
def standard_form(request: HttpRequest, code: str) -> HttpResponse:
    """The inspection form that a standard drives, to be looked at and printed."""
    visible(request, code)
    now = next((each for each in in_force_on(timezone.localdate()) if each.code == code), None)
    if now is None or now.checklist is None:
        raise Http404
    return render(request, "standards/form.html", {"standard": now, "today": timezone.localdate()})
