"""What should management know of a quarter (管理摘要)? One page of sentences made of numbers; also as Word and PDF."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints import paper_files, summarising, summary_paper
from huixiang.apps.complaints.forms.returns import ReportForm
from huixiang.apps.complaints.models.cases import SEE
from huixiang.apps.complaints.sheets import Paper
from huixiang.apps.complaints.views.returns import EXPORT, question, sent
from huixiang.channels.contract import Fault


@never_cache
@requires(SEE)
@require_safe
def complaint_summary(request: HttpRequest) -> HttpResponse:
    form = ReportForm(request.GET, by=who(request), only_quarters=True)
    context: dict[str, Any] = {"form": form, "may_export": EXPORT in who(request).rights}
    if form.is_valid() and form.cleaned_data["unit"]:
        context |= {name: form.cleaned_data[name] for name in ("period", "unit")}
        try:
            context["paper"] = _paper(request, form)
        except Fault as fault:
            context["fault"] = told_fault(fault)
    return render(request, "complaints/summary.html", context)


@never_cache
@requires(EXPORT)
@require_safe
def complaint_summary_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    form = ReportForm(request.GET, by=who(request), only_quarters=True)
    if kind not in paper_files.KINDS or not form.is_valid() or form.cleaned_data["unit"] is None:
        raise Http404
    name = f"summary-{form.cleaned_data['period'].code}-{form.cleaned_data['unit'].code}"
    return sent(request, _paper(request, form), name, kind)


def _paper(request: HttpRequest, form: ReportForm) -> Paper:
    asked = question(who(request), form.cleaned_data["period"], form.cleaned_data["unit"])
    return summary_paper.paper(summarising.summarised(asked, timezone.now()))
