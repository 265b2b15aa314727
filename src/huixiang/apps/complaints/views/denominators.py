"""By how many customers, accounts, cards and outlets are complaints divided? Dated numbers with their source."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Unit
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints import actions, denominator_files
from huixiang.apps.complaints.actions.returning import RETURN
from huixiang.apps.complaints.forms.returns import DenominatorFileForm, DenominatorForm
from huixiang.apps.complaints.models import Denominator
from huixiang.apps.complaints.models.cases import SEE
from huixiang.channels.contract import Fault

SHOWN = 200


@never_cache
@requires(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_denominators(request: HttpRequest) -> HttpResponse:
    """The latest first; with the right one number by hand, or a file of many."""
    by = who(request)
    is_file = "file" in request.FILES or request.POST.get("what") == "file"
    form = DenominatorForm(None if is_file or request.method != "POST" else request.POST, by=by)
    file = DenominatorFileForm(request.POST, request.FILES) if is_file else DenominatorFileForm()
    if request.method == "POST":
        if RETURN not in by.rights:
            raise Http404
        if (count := _written(request, file if is_file else form, is_file=is_file)) is not None:
            messages.success(request, _("已写入 %(count)s 个分母。") % {"count": count})
            return redirect("complaint_denominators")
    rows = Denominator.objects.visible_to(by).select_related("unit", "by")
    context = {"rows": rows[:SHOWN], "form": form, "file": file, "may_write": RETURN in by.rights, "most": SHOWN}
    return render(request, "complaints/denominators.html", context, status=422 if form.errors or file.errors else 200)


def _written(request: HttpRequest, form: Any, *, is_file: bool) -> int | None:
    """How many; None with the fault in the form."""
    if not form.is_valid():
        return None
    try:
        given = _of_file(request) if is_file else [tuple(form.cleaned_data[name] for name in ROW)]
        return actions.write_denominators(given, by=who(request), source=audit.origin(request))
    except Fault as fault:
        form.add_error("file" if is_file else None, told_fault(fault))
    except PermissionDenied:
        form.add_error("file" if is_file else "unit", _("您不能维护这个机构的分母"))
    return None


ROW = ("kind", "unit", "on", "value", "source")


def _of_file(request: HttpRequest) -> list[Any]:
    upload = request.FILES["file"]
    assert isinstance(upload, UploadedFile), "one file, by the form"
    units = {unit.code: unit for unit in Unit.objects.visible_to(who(request), RETURN)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(upload.name or "denominators.csv").name
        with path.open("wb") as target:
            target.writelines(upload.chunks())
        return denominator_files.read(path, units)
