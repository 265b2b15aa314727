"""How do many standards come and go at once? The set of the product, a zip in, a zip out."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.standards import actions, exporting, folders
from huixiang.apps.standards.actions.writing import demand
from huixiang.apps.standards.forms import BringForm
from huixiang.apps.standards.models import EDIT, SEE
from huixiang.channels.contract import Fault


@never_cache
@requires(EDIT)
@require_POST
def standards_adopt(request: HttpRequest) -> HttpResponse:
    """Submit the product's set, to hold from today once another person approves each."""
    demand(who(request), EDIT)
    found = actions.adopt(timezone.localdate(), by=who(request), source=audit.origin(request))
    messages.success(request, _("已提交 %(count)s 份起始标准，等另一人审批。") % {"count": len(found)})
    return redirect("standards")


@never_cache
@requires(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def standards_import(request: HttpRequest) -> HttpResponse:
    """A zip of files becomes drafts: all, or none with every mistake told."""
    demand(who(request), EDIT)
    form, faults = BringForm(request.POST or None, request.FILES or None), list[str]()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > folders.LARGEST:
                raise Fault(
                    "“%(file)s”里的文件太多或太大：最多 %(most)s 份标准", file=file.name, most=folders.MOST_FILES
                )
            files = folders.unzipped(file.read(), file.name)
            faults = [told_fault(each) for each in actions.all_faults(files)]
            if not faults:
                brought = actions.bring(files, by=who(request), source=audit.origin(request))
                said = {"written": len(brought.written), "same": len(brought.same)}
                messages.success(request, _("写入 %(written)s 份草稿；%(same)s 份与现有的相同，未动。") % said)
                return redirect("standards")
        except Fault as fault:
            faults = [told_fault(fault)]
    is_wrong = request.method == "POST"
    return render(request, "standards/import.html", {"form": form, "faults": faults}, status=422 if is_wrong else 200)


@never_cache
@requires(SEE)
@require_POST
def standards_export(request: HttpRequest) -> HttpResponse:
    """What holds today, as a zip of one file each."""
    files = exporting.export(timezone.localdate(), by=who(request), source=audit.origin(request))
    if not files:
        raise Http404
    response = HttpResponse(folders.zipped(files), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="huixiang-standards-{timezone.localdate():%Y%m%d}.zip"'
    return response
