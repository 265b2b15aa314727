"""How long is a complaint kept? What a shorter term would take is shown before anybody sets it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints import actions, keeping
from huixiang.apps.complaints.actions.keeping_terms import GRACE, LEAST_YEARS, MANAGE
from huixiang.apps.complaints.forms.years import YearsForm
from huixiang.apps.complaints.models import KeepingTerm
from huixiang.channels.contract import Fault


@never_cache
@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_retention(request: HttpRequest) -> HttpResponse:
    if who(request).scope(MANAGE) is not None:
        raise Http404
    now, day = timezone.now(), timezone.localdate()
    form = YearsForm(request.POST or None, initial={"years": keeping.years(day)})
    takes: int | None = None
    if request.method == "POST":
        if "take_back" in request.POST:
            return _redirected(request, form, actions.take_back) or redirect("complaint_retention")
        if form.is_valid():
            said = form.cleaned_data
            takes = keeping.over(now, said["years"]).count()
            if "look" not in request.POST and (
                done := _redirected(request, form, actions.set_years, said["years"], sure=said["sure"])
            ):
                return done
    context = {
        "form": form,
        "takes": takes,
        "years": keeping.years(day),
        "coming": KeepingTerm.objects.coming(day),
        "rows": KeepingTerm.objects.select_related("by")[:20],
        "grace": GRACE.days,
        "least": LEAST_YEARS,
        "stored": keeping.holding().count(),
    }
    return render(request, "complaints/retention.html", context, status=422 if form.errors else 200)


def _redirected(request: HttpRequest, form: forms.Form, action: Any, *given: Any, **told: Any) -> HttpResponse | None:
    try:
        action(*given, **told, by=who(request), source=audit.origin(request))
    except Fault as fault:
        if form.is_bound and form.is_valid():
            form.add_error(None, told_fault(fault))
        else:
            messages.error(request, told_fault(fault))
        return None
    messages.success(request, _("已保存。"))
    return redirect("complaint_retention")
