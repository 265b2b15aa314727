"""Can a shift's complaints be given to a colleague at once? From the queue; each is told apart."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints.actions.assigning import assign_all
from huixiang.apps.complaints.forms.assigning import AssignForm
from huixiang.domain.complaints.lifecycle import ASSIGN


@never_cache
@requires(ASSIGN)
@require_POST
def complaints_assign(request: HttpRequest) -> HttpResponse:
    form = AssignForm(request.POST)
    if not form.is_valid():
        return render(request, "complaints/assigned.html", {"form": form}, status=422)
    results = assign_all(form.cleaned_data["cases"], form.doing(), by=who(request), source=audit.origin(request))
    told = [(each.case, told_fault(each.fault) if each.fault else "") for each in results]
    context = {"results": told, "to": form.cleaned_data["number"], "count": sum(not fault for _case, fault in told)}
    return render(request, "complaints/assigned.html", context)
