"""Where does somebody take the cases with her? A file that anybody can check, and the audit knows."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints import actions
from huixiang.apps.complaints.actions.leaving import exports_of
from huixiang.apps.complaints.actions.revealing import IDENTITY
from huixiang.apps.complaints.exporting import EXPORT, Exported, export
from huixiang.apps.complaints.forms.exporting import PeopleForm
from huixiang.channels.contract import Fault


@never_cache
@requires(EXPORT)
@require_POST
def complaint_export(request: HttpRequest) -> FileResponse:
    """By a button, since each time is recorded."""
    found = export(who(request), source=audit.origin(request))
    name = f"huixiang-complaints-{found.checked.sha256[:12]}.jsonl"
    return FileResponse(found.file, as_attachment=True, filename=name, content_type="application/jsonl")


@never_cache
@requires(IDENTITY)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_export_people(request: HttpRequest) -> HttpResponse:
    """For a court or the regulator: which cases, on which ground; and what was asked already."""
    by = who(request)
    form = PeopleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_export(**form.said(), by=by, source=audit.origin(request))
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            messages.success(request, _("已申请；由另一人放行后，您可取走一次。"))
            return redirect("complaint_export_people")
    now = timezone.now()
    asked = [(row, row.is_over(now)) for row in exports_of(by)]
    context = {"form": form, "asked": asked, "me": by, "key": "reason"}
    return render(request, "complaints/export_people.html", context, status=422 if form.errors else 200)


@never_cache
@requires(IDENTITY)
@require_POST
def complaint_export_decide(request: HttpRequest, pk: int, deed: str) -> HttpResponse | FileResponse:
    """Release it or not; or fetch the file, once."""
    by, source = who(request), audit.origin(request)
    try:
        if deed == "fetch":
            return sent(actions.fetch_export(pk, by=by, source=source))
        if deed == "release":
            actions.release_export(pk, by=by, source=source)
        elif deed == "decline":
            actions.decline_export(pk, request.POST.get("reason", "")[:400], by=by, source=source)
        else:
            raise Http404
    except ObjectDoesNotExist:
        raise Http404 from None
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        messages.success(request, _("已记录。"))
    return redirect("complaint_export_people")


def sent(found: Exported) -> FileResponse:
    name = f"huixiang-complaints-people-{found.checked.sha256[:12]}.jsonl"
    return FileResponse(found.file, as_attachment=True, filename=name, content_type="application/jsonl")
