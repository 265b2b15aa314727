"""Which studies are there, and what does one say so far?"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.focus import actions, coded, outline
from huixiang.apps.focus.actions.planning import MANAGE, MODERATE
from huixiang.apps.focus.forms import StudyForm
from huixiang.apps.focus.models import TIERS, Participant, Session, Study
from huixiang.channels.contract import Fault
from huixiang.domain import coding

SEE = "focus.see"


@requires(SEE)
@require_safe
def studies(request: HttpRequest) -> HttpResponse:
    rows = Study.objects.touching(who(request)).select_related("unit")
    found = rows.annotate(talks=Count("sessions", distinct=True), found=Count("themes", distinct=True))
    return render(request, "focus/studies.html", {"studies": found, "may": MANAGE in who(request).rights})


@never_cache
@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def study_new(request: HttpRequest) -> HttpResponse:
    form = StudyForm(request.POST or None, by=who(request))
    if request.method == "POST" and form.is_valid():
        try:
            unit = form.cleaned_data["unit"]
            made = actions.open_study(unit, form.plan(), by=who(request), source=audit.origin(request))
        except ObjectDoesNotExist:
            raise Http404 from None
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            messages.success(request, _("已新建。接着登记第一场座谈。"))
            return redirect("focus_study", made.pk)
    return render(request, "focus/study_form.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def study_change(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Study.objects.visible_to(who(request), MANAGE), pk=pk)
    form = StudyForm(request.POST or None, instance=found, by=who(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_study(pk, form.plan(), by=who(request), source=audit.origin(request))
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            messages.success(request, _("已保存。"))
            return redirect("focus_study", pk)
    context = {"form": form, "study": found}
    return render(request, "focus/study_form.html", context, status=422 if form.errors else 200)


@never_cache
@requires(SEE)
@require_safe
def study(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever reaches the study sees what it says; who reaches one of its talks alone, sees that talk."""
    staff = who(request)
    found = get_object_or_404(Study.objects.touching(staff).select_related("unit"), pk=pk)
    is_whole = Study.objects.visible_to(staff).filter(pk=pk).exists()
    mine = Session.objects.visible_to(staff).filter(study=found).select_related("unit", "study", "moderator")
    sessions = list(mine.annotate(people=Count("participants")))
    context: dict[str, Any] = {
        "study": found,
        "sessions": sessions,
        "guide": outline.read(found.guide),
        "is_whole": is_whole,
        "may_manage": staff.holds(MANAGE, found.unit),
        "may_moderate": MODERATE in staff.rights,
        "may_export": is_whole and staff.holds("focus.export", found.unit),
    }
    context["minutes"] = outline.minutes(context["guide"])
    if is_whole:
        context |= told(found, staff)
    return render(request, "focus/study.html", context)


def told(found: Study, staff: Staff) -> dict[str, Any]:
    """What the whole study says. How alike the coders are is told to nobody who is still coding."""
    sessions = list(found.sessions.select_related("unit", "study"))
    every = coded.of_sessions(sessions)
    is_blind = still_blind(sessions, staff)
    overall, by_code = coded.agreement(every)
    names = {str(code.pk): code.name for code in found.codes.all()}
    there = Participant.objects.filter(session__study=found, withdrawn_at=None)
    reached = Counter(there.values_list("tier", flat=True))
    return {
        "mix": [(TIERS[tier], wanted, came) for tier, wanted, came in coding.mix(found.mix, reached)],
        "is_blind": is_blind,
        "agreement": overall,
        "by_code": [(names[key], each) for key, each in by_code.items()],
        "saturation": coded.saturation(sessions, every),
        "themes": found.themes.select_related("need").prefetch_related("codes"),
        "uses": [use for use in coded.uses(found, every) if use.utterances],
        "disputed": sum(each.standing is coding.Standing.DISPUTED for each in every),
        "withdrawn": Participant.objects.filter(session__study=found).exclude(withdrawn_at=None).count(),
    }


def still_blind(sessions: list[Session], staff: Staff) -> bool:
    """Does she code a talk that is not finished? Then nothing of the other's answers is shown to her.

    Nor when she has answered all: until then she may change her answers, and would code after the other's.
    """
    hers = Session.objects.filter(pk__in=[each.pk for each in sessions], coders=staff, state=Session.State.CODING)
    return hers.exists()
