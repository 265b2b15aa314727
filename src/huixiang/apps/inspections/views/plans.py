"""Where are plans drawn, looked at before they hold, approved and sent back?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.inspections import actions
from huixiang.apps.inspections.forms.planning import PlanForm, PlanReturnForm
from huixiang.apps.inspections.models import Plan, VisitState
from huixiang.apps.inspections.reach import APPROVE, PLAN
from huixiang.channels.contract import Fault
from huixiang.domain.inspections.sampling import Drawn, loads

SHOWN = 100


@never_cache
@requires(PLAN, APPROVE)
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    rows = Plan.objects.visible_to(who(request)).select_related("unit", "by")
    context = {"plans": rows[:SHOWN], "may_plan": PLAN in who(request).rights}
    return render(request, "inspections/plans.html", context)


@never_cache
@requires(PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_new(request: HttpRequest) -> HttpResponse:
    form = PlanForm(who(request), request.POST if request.method == "POST" else None, _start(who(request)))
    if request.method == "POST" and form.is_valid():
        try:
            drawn = actions.draw_plan(form.wanted(), by=who(request), source=audit.origin(request))
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        except PermissionDenied:
            raise Http404 from None
        else:
            messages.success(request, _("已抽取；请核对，再请另一人审批。"))
            return redirect("inspection_plan", drawn.pk)
    return render(request, "inspections/plan_new.html", {"form": form}, status=422 if form.errors else 200)


def _start(by: Staff) -> dict[str, Any]:
    tops = [post.unit.code for post in by.posts_with(PLAN)]
    return {"unit": tops[0]} if tops else {}


@never_cache
@requires(PLAN, APPROVE)
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """What was drawn: who goes where, when; how many each; how far the visits are."""
    by, row = who(request), _plan(request, pk)
    drawn = [Drawn(code, _day(day), minute, tuple(people)) for code, day, minute, people in row.drawn]
    units = dict(Unit.objects.filter(code__in={each.unit for each in drawn}).values_list("code", "name"))
    people = dict(Staff.objects.filter(number__in=row.inspectors).values_list("number", "name"))
    context = {
        "plan": row,
        "lines": [(each, units.get(each.unit, each.unit), [people.get(number, number) for number in each.lookers],
                   f"{each.minute // 60:02}:{each.minute % 60:02}") for each in drawn],
        "loads": sorted((people.get(number, number), count) for number, count in loads(drawn).items()),
        "twice": sum(len(each.lookers) > 1 for each in drawn),
        "done": row.visits.filter(state=VisitState.DONE).count(),
        "all": row.visits.exclude(state=VisitState.DROPPED).count(),
        "steps": row.steps.select_related("by"),
        "is_own": row.by_id == by.pk,
        "may_approve": by.holds(APPROVE, row.unit),
        "may_drop": by.holds(PLAN, row.unit),
        "return_form": PlanReturnForm(),
    }  # fmt: skip
    return render(request, "inspections/plan.html", context)


def _day(text: str) -> Any:
    return parse_date(text)


def _plan(request: HttpRequest, pk: int) -> Plan:
    found: Plan = get_object_or_404(Plan.objects.visible_to(who(request)).select_related("unit", "by"), pk=pk)
    return found


@requires(PLAN, APPROVE)
@require_POST
def plan_do(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Approve, send back, or give up."""
    row, form = _plan(request, pk), PlanReturnForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    deeds: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
        "approve": (actions.approve, (row,)),
        "return": (actions.send_back, (row, words)),
        "drop": (actions.drop, (row,)),
    }
    if deed not in deeds:
        raise Http404
    verb, given = deeds[deed]
    try:
        verb(*given, by=who(request), source=audit.origin(request))
    except Fault as fault:
        messages.error(request, told_fault(fault))
    except PermissionDenied:
        raise Http404 from None
    else:
        messages.success(request, _("已记录。"))
    return redirect("inspection_plan", pk)
