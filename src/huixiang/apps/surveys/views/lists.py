"""Who stands on the list, who is taken off it, who must not be asked, and who gets a link from a colleague's hand?"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.intake.posters import code, public_address
from huixiang.apps.surveys import framing, handing, optouts, tokens
from huixiang.apps.surveys.actions import rounds as actions
from huixiang.apps.surveys.forms.rounds import FrameForm, HandForm, LeaveOutForm, OptOutForm
from huixiang.apps.surveys.models import OptOut, Round
from huixiang.apps.surveys.views.rounds import SEND, context_of, sendable
from huixiang.channels import survey_frames
from huixiang.channels.contract import Fault
from huixiang.channels.export import csv_lines

MOST_LISTED = 30  # colleagues whose codes one page shows; the others are searched for


@requires(SEND)
@require_POST
def survey_frame(request: HttpRequest, pk: int) -> HttpResponse:
    """A file of customers; what became of its rows is told on the tab."""
    survey, form = sendable(request, pk), FrameForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for each in form.errors.values() for error in each))
        return redirect("survey_rounds", pk)
    file: UploadedFile[bytes] = form.cleaned_data["file"]
    try:
        by = survey_frames.mapping(form.cleaned_data["mapping"])
        with _kept(file) as place:
            account = framing.bring(
                Path(place.name), survey, by, actor=who(request), source=audit.origin(request), name=str(file.name)
            )
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        names = ("read", "new", "same", "changed", "refused", "unusable")
        told = {name: getattr(account, name) for name in names}
        faults = [told_fault(fault) for fault in account.faults]
        request.session[f"survey-frame-{pk}"] = {**told, "file": str(file.name)[:120], "faults": faults}
    return redirect("survey_rounds", pk)


@requires(SEND)
@require_POST
def survey_leave_out(request: HttpRequest, pk: int) -> HttpResponse:
    survey, form = sendable(request, pk), LeaveOutForm(request.POST)
    try:
        given = {name: request.POST.get(name, "") for name in form.fields}
        count = actions.leave_out(
            survey, given["customer"], given["reason"], by=who(request), source=audit.origin(request)
        )
        messages.success(request, _("已剔除这位客户（%(count)s 次到访），原因已记录。") % {"count": count})
    except Fault as fault:
        messages.error(request, told_fault(fault))
    return redirect("survey_rounds", pk)


@requires(SEND)
@require_POST
def survey_take_back(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    try:
        actions.take_back(sendable(request, pk), line, by=who(request), source=audit.origin(request))
    except PermissionDenied:
        raise Http404 from None
    messages.success(request, _("已放回名单。"))
    return redirect("survey_rounds", pk)


@requires(SEND)
@require_POST
def round_links(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """The list of links as CSV, once."""
    round_ = get_object_or_404(Round.objects.select_related("survey__unit"), pk=number, survey=sendable(request, pk))
    try:
        rows = handing.take_links(round_, _origin(request), by=who(request), source=audit.origin(request))
    except PermissionDenied:
        raise Http404 from None
    except Fault as fault:
        messages.error(request, told_fault(fault))
        return redirect("survey_round", pk, number)
    lines = csv_lines([_(name) for name in handing.HEADER], rows)
    return _csv(lines, f"links-{number}.csv")


@never_cache
@requires(SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def survey_hand(request: HttpRequest, pk: int) -> HttpResponse:
    """A link for the customer who stands before one, as a code to scan; and the colleagues' own codes."""
    survey = sendable(request, pk)
    form = HandForm(request.POST or None, survey=survey, by=who(request))
    address = ""
    if form.is_valid():
        try:
            made = handing.hand_over(
                survey,
                form.cleaned_data["customer"],
                form.cleaned_data["unit"],
                by=who(request),
                source=audit.origin(request),
            )
            address = tokens.link(made, _origin(request))
        except PermissionDenied:
            raise Http404 from None
        except Fault as fault:
            form.add_error(None, told_fault(fault))
    sought = request.GET.get("q", "").strip()
    found = list(handing.colleagues(survey, who(request), sought)[: MOST_LISTED + 1])
    context = {
        **context_of(request, survey),
        "form": form,
        "address": address,
        "code": code(address) if address else "",
        "colleagues": found[:MOST_LISTED],
        "has_more": len(found) > MOST_LISTED,
        "sought": sought,
    }
    return render(request, "surveys/hand.html", context, status=422 if form.errors else 200)


@never_cache
@requires(SEND)
def survey_hand_code(request: HttpRequest, pk: int, staff: int) -> HttpResponse:
    """A colleague's own code, to be printed or shown."""
    survey = sendable(request, pk)
    found = get_object_or_404(Staff.objects.visible_to(who(request), SEND), pk=staff, is_active=True)
    if handing.post_within(survey, found) is None:
        raise Http404
    address = handing.desk_link(survey, found, _origin(request))
    context = {**context_of(request, survey), "person": found, "address": address, "code": code(address)}
    return render(request, "surveys/hand_code.html", context)


@never_cache
@requires(SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def survey_optouts(request: HttpRequest) -> HttpResponseBase:
    """Who does not want to be asked, bank-wide: one number in, a file in, all pseudonyms out."""
    by, source = who(request), audit.origin(request)
    form = OptOutForm()
    if request.method == "POST":
        try:
            if request.POST.get("go") == "export":
                rows = list(optouts.exported(by=by, source=source))
                return _csv(csv_lines([_("假名"), _("方式"), _("日期")], rows), "optouts.csv")
            messages.success(request, _optout(request))
        except Fault as fault:
            messages.error(request, told_fault(fault))
        return redirect("survey_optouts")
    counts = [(label, OptOut.objects.filter(via=via).count()) for via, label in OptOut.Via.choices]
    return render(request, "surveys/optouts.html", {"form": form, "counts": counts, "total": OptOut.objects.count()})


def _optout(request: HttpRequest) -> str:
    by, source, customer = who(request), audit.origin(request), request.POST.get("customer", "")
    go = request.POST.get("go")
    if go == "import":
        if (file := request.FILES.get("file")) is None:
            raise Fault("请选择文件")
        with _kept(file) as place:
            read, new = optouts.bring(Path(place.name), actor=by, source=source)
        return _("读入 %(read)s 行，新增 %(new)s 人。") % {"read": read, "new": new}
    if go == "withdraw":
        found = optouts.withdraw(customer, by=by, source=source)
        return _("已移出，可以再被抽到。") if found else _("这个客户号不在名单上。")
    found = optouts.by_staff(customer, by=by, source=source)
    return _("已登记，全行的问卷都不再问这位客户。") if found else _("这位客户已经在名单上。")


def _kept(file: UploadedFile[bytes]) -> tempfile._TemporaryFileWrapper[bytes]:
    """On the disk as long as it is read, and no longer: it holds contacts."""
    place = tempfile.NamedTemporaryFile(suffix=Path(str(file.name)).suffix[:6])  # noqa: SIM115  # the caller closes it
    for piece in file.chunks():
        place.write(piece)
    place.flush()
    return place


def _csv(lines: Iterable[str], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _origin(request: HttpRequest) -> str:
    return public_address("", request.build_absolute_uri("/").rstrip("/"))


urlpatterns = [
    path("surveys/optouts/", survey_optouts, name="survey_optouts"),
    path("surveys/<int:pk>/frame/", survey_frame, name="survey_frame"),
    path("surveys/<int:pk>/frame/leave-out/", survey_leave_out, name="survey_leave_out"),
    path("surveys/<int:pk>/frame/<int:line>/back/", survey_take_back, name="survey_take_back"),
    path("surveys/<int:pk>/rounds/<int:number>/links/", round_links, name="round_links"),
    path("surveys/<int:pk>/hand/", survey_hand, name="survey_hand"),
    path("surveys/<int:pk>/hand/<int:staff>/", survey_hand_code, name="survey_hand_code"),
]
