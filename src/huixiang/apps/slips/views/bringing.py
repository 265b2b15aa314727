"""How does a person bring scans and photos in? Many at once, dragged or taken with a telephone's camera."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.slips import actions, receiving
from huixiang.apps.slips.actions import MOST_FILES
from huixiang.apps.slips.forms import BringForm
from huixiang.channels.contract import Fault
from huixiang.channels.paper import pages, reading


@never_cache
@requires(actions.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def slips_new(request: HttpRequest) -> HttpResponse:
    form = BringForm(request.POST or None, staff=who(request))
    if form.is_valid() and (files := _files(request, form)):
        try:
            found = form.cleaned_data
            arrivals = actions.bring_in(
                contents(files), found["unit"], found["said_on"], by=who(request), source=audit.origin(request)
            )
        except PermissionDenied:
            raise Http404 from None
        except Fault as fault:
            form.add_error("said_on" if fault.column == "said_on" else None, told_fault(fault))
        else:
            new, again, faults = receiving.counted(arrivals)
            if new or again:
                return _onward(request, new, again, faults)
            for each in faults:
                form.add_error(None, told_fault(each))
    context = {"form": form, "most": MOST_FILES, "has_reader": reading.is_there()}
    return render(request, "slips/new.html", context, status=422 if form.errors else 200)


def contents(files: list[UploadedFile[Any]]) -> Iterator[tuple[str, bytes]]:
    """One at a time; of one that is too large no more than shows that it is."""
    for file in files:
        yield str(file.name), file.read(pages.LARGEST_PDF + 1)


def _files(request: HttpRequest, form: BringForm) -> list[UploadedFile[Any]]:
    files = request.FILES.getlist("files")
    if not files:
        form.add_error(None, _("请选择扫描件或照片。"))
    if len(files) > MOST_FILES:
        form.add_error(None, _("一次最多 %(most)d 个文件；请分几次上传。") % {"most": MOST_FILES})
    return [] if form.errors else files


def _onward(request: HttpRequest, new: int, again: int, faults: list[Fault]) -> HttpResponse:
    if new:
        told = ngettext("收到 %(count)d 个文件，正在后台读取。", "收到 %(count)d 个文件，正在后台读取。", new)
        messages.success(request, told % {"count": new})
    if again:
        told = ngettext("%(count)d 个文件以前传过，没有重复计数。", "%(count)d 个文件以前传过，没有重复计数。", again)
        messages.info(request, told % {"count": again})
    for fault in faults:
        messages.error(request, told_fault(fault))
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return HttpResponse(status=201, headers={"Location": reverse("slips")})
    return redirect("slips")
