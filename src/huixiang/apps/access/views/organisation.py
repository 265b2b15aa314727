"""Which units has the bank, and who works there?"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from huixiang.apps.access import actions, audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.forms import MoveForm, UnitForm
from huixiang.apps.access.models import Post, Staff, Unit, UnitQuerySet

MOST_FOUND, MOST_STAFF_FOUND = 200, 50
SEE, CHANGE = "organisation.see", "organisation.change"


@requires(SEE)
@require_GET
def organisation(request: HttpRequest) -> HttpResponse:
    """The tree, two levels at a time from where one stands; or what a search finds in it."""
    by, query = who(request), request.GET.get("q", "").strip().replace("\x00", "")
    reach = Unit.objects.visible_to(by, SEE)
    units, staff = _tops(reach), list[Staff]()
    if query:
        units = reach.filter(Q(code__icontains=query) | Q(name__icontains=query))
        staff = _found_staff(request, query)
    elif units.count():
        units = _two_levels(units)
    if not request.GET.get("closed"):
        units = units.filter(closed_on=None)
    shown = list(units.select_related("parent")[: MOST_FOUND + 1])
    context = {"units": _counted(shown[:MOST_FOUND], reach), "staff": staff, "query": query}
    more = {"more": len(shown) > MOST_FOUND, "may_change": by.holds(CHANGE, None)}
    return render(request, "access/organisation.html", context | more)


@requires(SEE)
@require_GET
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """One unit: what is below it, who has which post there."""
    by = who(request)
    reach = Unit.objects.visible_to(by, SEE)
    found = get_object_or_404(reach, code=code)
    today = timezone.localdate()
    posts = found.posts.select_related("staff").order_by("staff__number", "-from_on")
    audit.record("staff.read", by=by, on_kind="unit", on_id=code, source=audit.origin(request))
    context = {
        "unit": found,
        "above": _above(found, reach),
        "children": _counted(list(found.children.order_by("closed_on", "code")[:500]), reach),
        "posts": posts.on(today),
        "past_posts": posts.exclude(pk__in=posts.on(today))[:50],
        "may_change": by.holds(CHANGE, found),
    }
    return render(request, "access/unit.html", context)


@requires(CHANGE)
def unit_new(request: HttpRequest, code: str) -> HttpResponse:
    by = who(request)
    parent = _changeable(request, code, "unit.create")
    form = UnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_unit(parent, by, audit.origin(request), **form.cleaned_data)
            messages.success(request, _("已建立%(name)s。") % {"name": made.name})
            return redirect("unit", made.code)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return render(request, "access/unit_form.html", {"form": form, "parent": parent})


@requires(CHANGE)
def unit_change(request: HttpRequest, code: str) -> HttpResponse:
    by = who(request)
    found = _changeable(request, code, "unit.change")
    form = UnitForm(request.POST or None, instance=_changeable(request, code, "unit.change"))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_unit(found, by, audit.origin(request), **form.cleaned_data)
            messages.success(request, _("已保存。"))
            return redirect("unit", code)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return render(request, "access/unit_form.html", {"form": form, "unit": found})


@requires(CHANGE)
def unit_move(request: HttpRequest, code: str) -> HttpResponse:
    by = who(request)
    found = _changeable(request, code, "unit.move")
    form = MoveForm(request.POST or None, unit=found, by=by)
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_unit(found, form.cleaned_data["to"], by, audit.origin(request))
            messages.success(request, _("已移动；下级机构一并移动。"))
            return redirect("unit", code)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return render(request, "access/unit_form.html", {"form": form, "unit": found, "moves": True})


def _changeable(request: HttpRequest, code: str, verb: str) -> Unit:
    return actions.unit_to_change(verb, who(request), code, audit.origin(request))


def _found_staff(request: HttpRequest, query: str) -> list[Staff]:
    """The words searched for stay out of the record: they may be a name."""
    by, wanted = who(request), Q(number__icontains=query) | Q(name__icontains=query)
    found = list(Staff.objects.all().visible_to(by).filter(wanted)[:MOST_STAFF_FOUND])
    if found:
        source = audit.origin(request)
        audit.record("staff.read", by=by, on_kind="organisation", source=source, count=len(found))
    return found


def _tops(reach: UnitQuerySet) -> UnitQuerySet:
    """Where this person's part of the tree begins."""
    return reach.filter(Q(parent=None) | ~Q(parent__in=reach))


def _two_levels(tops: UnitQuerySet) -> UnitQuerySet:
    below = Q(pk__in=tops.values("pk")) | Q(parent__in=tops.values("pk")) | Q(parent__parent__in=tops.values("pk"))
    return Unit.objects.filter(below)


def _above(unit: Unit, reach: UnitQuerySet) -> QuerySet[Unit]:
    """The way down to this unit, as far as the person may see it."""
    return reach.filter(code__in=unit.path.strip("/").split("/")[:-1]).order_by("path")


def _counted(units: list[Unit], reach: UnitQuerySet) -> list[dict[str, Any]]:
    """Each unit with how many there are below it, and how many people work there and below."""
    top = min((unit.depth for unit in units), default=0)
    below: Counter[str] = Counter()
    for path in reach.filter(closed_on=None).values_list("path", flat=True):
        below.update(_prefixes(path)[:-1])
    people: dict[str, set[int]] = {unit.path: set() for unit in units}
    held = Post.objects.on(timezone.localdate()).filter(staff__is_active=True, unit__in=reach)
    for path, person in held.values_list("unit__path", "staff_id"):
        for prefix in _prefixes(path):
            if prefix in people:
                people[prefix].add(person)
    return [
        {"unit": unit, "level": unit.depth - top, "below": below[unit.path], "people": len(people[unit.path])}
        for unit in units
    ]


def _prefixes(path: str) -> list[str]:
    """All units on the way down: "/HQ/N/" → ["/HQ/", "/HQ/N/"]."""
    return [path[: end + 1] for end, letter in enumerate(path) if letter == "/" and end]
