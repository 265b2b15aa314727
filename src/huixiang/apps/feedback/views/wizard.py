"""How does a file come in by hand? Upload, look at how it would be read, confirm."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.feedback import actions, preview, spreadsheet
from huixiang.apps.feedback.advice import advice
from huixiang.apps.feedback.faults import told_fault
from huixiang.apps.feedback.forms.imports import ReadingForm, UploadForm
from huixiang.apps.feedback.models import Import
from huixiang.channels import registry
from huixiang.channels.contract import Fault


@requires("import.run")
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            draft = actions.receive_upload(file.name, file.chunks(), by=who(request), source=audit.origin(request))
        except Fault as fault:
            form.add_error("file", told_fault(fault))
        else:
            is_ours = spreadsheet.is_ours(Path(draft.path)) and "quarantine.mend" in who(request).rights
            return _mended(request, draft) if is_ours else redirect("import_preview", pk=draft.pk)
    return render(request, "feedback/import_new.html", {"form": form}, status=422 if form.errors else 200)


@requires("import.run")
@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET shows the file as guessed, or as chosen in the form; POST confirms the choice and begins."""
    draft = _draft(request, pk)
    if draft.started_at:
        return redirect("import_detail", pk=pk)
    try:
        guess = registry.guess(Path(draft.path))
    except (Fault, OSError) as fault:
        return _unreadable(request, draft, fault)
    sent = request.POST if request.method == "POST" else request.GET if request.GET else None
    form = ReadingForm(sent, guess=guess, staff=who(request))
    if request.method == "POST":
        try:
            actions.begin_import(draft, form.choice(), by=who(request), source=audit.origin(request))
        except Fault as fault:
            form.trouble = told_fault(fault)
        else:
            return redirect("import_detail", pk=pk)
    context = {"draft": draft, "form": form, "guess": guess, "before": _before(draft)} | _samples(request, draft, form)
    part = "feedback/import_reading.html" if "HX-Request" in request.headers else "feedback/import_preview.html"
    return render(request, part, context, status=422 if form.trouble else 200)


@requires("import.run")
@require_POST
def import_drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    draft = _draft(request, pk)
    if not draft.started_at:
        actions.drop_upload(draft, by=who(request), source=audit.origin(request))
        messages.info(request, _("已放弃，上传的文件已删除。"))
    return redirect("imports")


def _mended(request: HttpRequest, draft: Import) -> HttpResponse:
    """A table of quarantined rows that was mended: it goes to the import that it came from, and is none itself."""
    by, source = who(request), audit.origin(request)
    try:
        outcome, imports = actions.mend_file(Path(draft.path), by=by, source=source)
    except Fault as fault:
        messages.error(request, told_fault(fault))
        return redirect("import_new")
    finally:
        actions.drop_upload(draft, by=by, source=source)
    messages.success(request, outcome.told())
    return redirect("quarantine", pk=imports[0].pk) if imports else redirect("imports")


def _draft(request: HttpRequest, pk: UUID) -> Import:
    """Only who uploaded a file sees its preview."""
    return get_object_or_404(Import, pk=pk, by=who(request), is_upload=True)


def _samples(request: HttpRequest, draft: Import, form: ReadingForm) -> dict[str, Any]:
    try:
        choice = form.choice()
        samples = preview.samples(draft, choice, who(request))
    except Fault as fault:
        return {"samples": [], "fault": told_fault(fault)}
    good = sum(not each.fault for each in samples)
    return {"samples": samples, "good": good, "fault": "", "advice": advice(form.guess, choice)}


def _before(draft: Import) -> Import | None:
    """Was this very file imported before?"""
    same = Import.objects.started().filter(fingerprint=draft.fingerprint)
    return same.exclude(pk=draft.pk).order_by("-started_at").first()


def _unreadable(request: HttpRequest, draft: Import, fault: Fault | OSError) -> HttpResponse:
    told = told_fault(fault) if isinstance(fault, Fault) else _("上传的文件已不在，请重新上传。")
    messages.error(request, told)
    actions.drop_upload(draft, by=who(request), source=audit.origin(request))
    return redirect("import_new")
