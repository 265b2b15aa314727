"""With which words does the bank write, and under which head? Head office's page of texts, each with its first day."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints import actions
from huixiang.apps.complaints.actions.templating import TEMPLATE
from huixiang.apps.complaints.drafting import text_of
from huixiang.apps.complaints.forms.letters import LetterheadForm, TemplateForm
from huixiang.apps.complaints.models import Letterhead, LetterTemplate
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.letters import FIELDS, TITLES


@never_cache
@requires(TEMPLATE)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_templates(request: HttpRequest) -> HttpResponse:
    """All texts that hold today, and the heads of units."""
    _whole_bank(request)
    form = LetterheadForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.set_letterhead(**form.cleaned_data, by=who(request), source=audit.origin(request))
        messages.success(request, _("信头已保存。"))
        return redirect("complaint_templates")
    today = timezone.localdate()
    context = {
        "texts": [(kind, text_of(kind, today)) for kind in TITLES],
        "heads": Letterhead.objects.select_related("unit").order_by("unit__path"),
        "form": form,
    }
    return render(request, "complaints/templates.html", context, status=422 if form.errors else 200)


@never_cache
@requires(TEMPLATE)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_template(request: HttpRequest, kind: str) -> HttpResponse:
    """One text: its versions, and a new one from a day on."""
    _whole_bank(request)
    if kind not in TITLES:
        raise Http404
    form = TemplateForm(request.POST if request.method == "POST" else None, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_template(kind, **form.cleaned_data, by=who(request), source=audit.origin(request))
        except Fault as fault:
            form.add_error("body", told_fault(fault))
        else:
            messages.success(request, _("新版本已保存，到起用日生效。"))
            return redirect("complaint_template", kind)
    versions = LetterTemplate.objects.filter(kind=kind).select_related("by")
    context = {"kind": kind, "form": form, "versions": versions, "fields": FIELDS}
    return render(request, "complaints/template.html", context, status=422 if form.errors else 200)


def _whole_bank(request: HttpRequest) -> None:
    if who(request).scope(TEMPLATE) is not None:
        raise PermissionDenied
