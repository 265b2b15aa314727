"""Where does somebody take the cases with her? A file that anybody can check, and the audit knows."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints.actions.revealing import IDENTITY
from huixiang.apps.complaints.exporting import EXPORT, export, export_people
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
def complaint_export_people(request: HttpRequest) -> HttpResponse | FileResponse:
    """For a court or the regulator: which cases, on which ground."""
    form = PeopleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            found = export_people(**form.said(), by=who(request), source=audit.origin(request))
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            name = f"huixiang-complaints-people-{found.checked.sha256[:12]}.jsonl"
            return FileResponse(found.file, as_attachment=True, filename=name, content_type="application/jsonl")
    return render(request, "complaints/export_people.html", {"form": form}, status=422 if form.errors else 200)
