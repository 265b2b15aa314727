"""By which ways do customers come to this survey? An open link, a branch's poster, a trial; and who may come."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.intake import posters
from huixiang.apps.surveys import links, printing
from huixiang.apps.surveys.actions import opening
from huixiang.apps.surveys.coverage import coarse
from huixiang.apps.surveys.mixing import waiting_for_company
from huixiang.apps.surveys.models import Response
from huixiang.apps.surveys.views.listing import MANAGE, SEE, seen, shared
from huixiang.channels.contract import Fault
from huixiang.domain.surveys.scores import FEWEST

PAGE = 50


@never_cache
@requires(SEE)
@require_safe
def survey_ways(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    answers = Response.objects.filter(version__survey=found).values_list("via")
    shown = coarse if found.is_anonymous else int
    counts = dict(answers.annotate(count=Count("pk")).values_list("via", "count"))
    address = _address(request, links.public(found))
    sought = request.GET.get("q", "").strip()
    units = opening.units_of(found)
    if sought:
        units = units.filter(Q(name__icontains=sought) | Q(code=sought))
    context = {
        **shared(request, found, "ways"),
        "latest": found.latest,
        "address": address,
        # Made here of an address, without a word that anybody typed.
        "code": mark_safe(posters.code(address)),  # noqa: S308
        "trial": _address(request, links.trial(found)),
        "page": Paginator(units, PAGE).get_page(request.GET.get("page")),
        "sought": sought,
        "counts": [(name, shown(counts.get(via, 0))) for via, name in _names()],
        "alone": waiting_for_company(found),
        "fewest": FEWEST,
    }
    return render(request, "surveys/ways.html", context)


@requires(MANAGE)
@require_POST
def survey_public_turn(request: HttpRequest, pk: int) -> HttpResponse:
    """Open to everybody, or not, as the button says."""
    try:
        turned = opening.open_to_public(
            pk, request.POST.get("public") == "1", by=who(request), source=audit.origin(request)
        )
    except ObjectDoesNotExist:
        raise Http404 from None
    told = _("已开放：扫码或打开链接就能作答。") if turned.is_public else _("已收回：只有收到邀请的客户能作答。")
    messages.success(request, told)
    return redirect("survey_ways", pk)


@requires(MANAGE)
@require_safe
def survey_poster(request: HttpRequest, pk: int, unit: str) -> HttpResponse:
    """Chinese, whatever its printer reads; the code names the branch, signed."""
    try:
        found, where = opening.print_poster(pk, unit, by=who(request), source=audit.origin(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    try:
        content = printing.poster(found, where, f"{request.scheme}://{request.get_host()}")
    except Fault as fault:
        messages.error(request, told_fault(fault))
        return redirect("survey_ways", pk)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{printing.file_name(found, where)}"'
    return response


def _names() -> list[tuple[str, str]]:
    return [
        (Response.Via.INVITATION, _("凭邀请链接")),
        (Response.Via.QR, _("扫网点的二维码")),
        (Response.Via.LINK, _("打开公开链接")),
    ]


def _address(request: HttpRequest, path: str) -> str:
    return posters.public_address(path, f"{request.scheme}://{request.get_host()}")
