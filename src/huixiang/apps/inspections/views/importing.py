"""How does a file of another system's inspections come in? Looked at, then read in the background as any import."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.feedback.faults import told_masked
from huixiang.apps.feedback.models import Import
from huixiang.apps.inspections import sheet_arriving
from huixiang.apps.inspections.forms.importing import SheetForm
from huixiang.apps.inspections.reach import IMPORT
from huixiang.apps.inspections.sheet_guest import SHEETS
from huixiang.channels.contract import Fault


@never_cache
@requires(IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def inspections_import(request: HttpRequest) -> HttpResponse:
    """Which column is what is guessed by its heading; a mapping file goes by the command."""
    by, form = who(request), SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        assert isinstance(upload, UploadedFile)
        try:
            job = sheet_arriving.receive(upload.name or "inspections.csv", upload.chunks(), form.mapping(), by=by,
                                         source=audit.origin(request))  # fmt: skip
        except Fault as fault:
            form.add_error("file", told_masked(fault))
        else:
            return redirect("import_detail", Import.objects.get(job=job).pk)
    imports = Import.objects.filter(SHEETS.visible_to(by)).exclude(started_at=None).order_by("-started_at")[:20]
    context = {"form": form, "imports": imports}
    return render(request, "inspections/import.html", context, status=422 if form.errors else 200)
