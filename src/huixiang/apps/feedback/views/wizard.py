"""How does a file come in by hand? Upload, look at how it would be read, confirm."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import actions, guests, preview, spreadsheet
from huixiang.apps.feedback.advice import advice
from huixiang.apps.feedback.faults import calling, told_masked
from huixiang.apps.feedback.forms.imports import ReadingForm, UploadForm
from huixiang.apps.feedback.models import Import
from huixiang.channels import registry
from huixiang.channels.contract import Fault
from huixiang.domain.feedback import Channel


@requires("import.run")
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        try:
            draft = _readable(request, form.cleaned_data["file"])
        except Fault as fault:
            form.add_error("file", told_masked(fault))
        else:
            return _onward(request, _mended(request, draft) or reverse("import_preview", args=[draft.pk]))
    return render(request, "feedback/import_new.html", {"form": form}, status=422 if form.errors else 200)


@requires("import.run")
@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET shows the file as guessed, or as chosen in the form; POST confirms the choice and begins, or keeps it."""
    draft = _draft(request, pk)
    if draft.started_at:
        return redirect("import_detail", pk=pk)
    try:
        with calling(draft):
            guess = registry.guess(Path(draft.path))
    except (Fault, OSError) as fault:
        return _unreadable(request, fault)
    sent = request.POST if request.method == "POST" else request.GET if request.GET else None
    form = ReadingForm(sent, guess=guess, staff=who(request))
    if "keep" in request.POST:
        return _kept(draft, form)
    if request.method == "POST":
        try:
            actions.begin_import(draft, form.confirmed(), by=who(request), source=audit.origin(request))
        except Fault as fault:
            form.trouble = told_masked(fault)
        else:
            return redirect("import_detail", pk=pk)
    context = {"draft": draft, "form": form, "guess": guess, "before": _before(draft, who(request))}
    context |= _samples(request, draft, form)
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


def _mended(request: HttpRequest, draft: Import) -> str:
    """A table of quarantined rows that was mended goes to the import that it came from: where to see it there."""
    by, source = who(request), audit.origin(request)
    if not _returns(draft, by):
        return ""
    try:
        with calling(draft):
            outcome, imports = actions.mend_file(Path(draft.path), by=by, source=source)
    except Fault as fault:
        messages.error(request, told_masked(fault))
        return reverse("import_new")
    finally:
        actions.drop_upload(draft, by=by, source=source)
    messages.success(request, outcome.told())
    return reverse("quarantine", args=[imports[0].pk]) if imports else reverse("imports")


def _draft(request: HttpRequest, pk: UUID) -> Import:
    """Only who uploaded a file sees its preview."""
    return get_object_or_404(Import.objects.exclude(guests.theirs()), pk=pk, by=who(request), is_upload=True)


def _readable(request: HttpRequest, file: UploadedFile[Any]) -> Import:
    """The upload, kept for its preview. Raises Fault, and keeps nothing, where no reading of it is to be had."""
    by, source = who(request), audit.origin(request)
    draft = actions.receive_upload(file.name or "", file.chunks(), by=by, source=source)
    try:
        with calling(draft):
            if not _returns(draft, by):
                registry.guess(Path(draft.path))
    except Fault:
        actions.drop_upload(draft, by=by, source=source)
        raise
    return draft


def _returns(draft: Import, by: Staff) -> bool:
    """Are these quarantined rows that were mended, and may this person hand them in?"""
    return "quarantine.mend" in by.rights and spreadsheet.is_ours(Path(draft.path))


def _onward(request: HttpRequest, address: str) -> HttpResponse:
    """A script is told where to go: were it redirected, it would fetch the page once and the browser once more."""
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return HttpResponse(status=201, headers={"Location": address})
    return redirect(address)


def _kept(draft: Import, form: ReadingForm) -> HttpResponse:
    """The mapping as chosen on the preview, for the next file of this kind."""
    named = content_disposition_header(as_attachment=True, filename=f"{Path(draft.file_name).stem}.toml")
    headers = {"Content-Disposition": named or "", "Content-Type": "application/toml; charset=utf-8"}
    return HttpResponse(form.kept_text(), headers=headers)


def _samples(request: HttpRequest, draft: Import, form: ReadingForm) -> dict[str, Any]:
    """Without a channel the rows can be shown all the same; the field itself says that one must be chosen."""
    try:
        with calling(draft):
            choice, wants_channel = form.choice(), form.wants_channel
            shown = replace(choice, channel=Channel.OTHER.value) if wants_channel else choice
            samples = preview.samples(draft, shown, who(request))
    except Fault as fault:
        return {"samples": [], "fault": told_masked(fault)}
    if samples:  # masked, but masking may miss what a rule does not know
        who_, where = who(request), audit.origin(request)
        audit.record("import.preview", by=who_, on_kind="import", on_id=draft.pk, source=where, rows=len(samples))
    found = {"good": sum(not each.fault for each in samples), "advice": advice(form.guess, choice)}
    return {"samples": samples, "fault": "", "wants_channel": wants_channel} | found


def _before(draft: Import, by: Staff) -> Import | None:
    """Was this very file imported before, as far as this person may know?"""
    same = Import.objects.visible_to(by).started().filter(fingerprint=draft.fingerprint)
    return same.exclude(pk=draft.pk).order_by("-started_at").first()


def _unreadable(request: HttpRequest, fault: Fault | OSError) -> HttpResponse:
    """Looking at an upload never deletes it: it waits for the nightly round, or for a person to drop it."""
    trouble = told_masked(fault) if isinstance(fault, Fault) else _("上传的文件已不在，请重新上传。")
    return render(request, "feedback/import_new.html", {"form": UploadForm(), "trouble": trouble}, status=422)
