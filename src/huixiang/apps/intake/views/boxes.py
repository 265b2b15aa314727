"""How does a manager open a post box, hang up its poster, and see what came in?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import bank_name
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.intake import actions, posters, waiting
from huixiang.apps.intake.admitting import is_full
from huixiang.apps.intake.forms import BoxForm
from huixiang.apps.intake.models import PostBox
from huixiang.channels.contract import Fault

RIGHT = "box.manage"
PAGE = 50
LATELY = timedelta(days=30)


@requires(RIGHT)
@require_safe
def boxes(request: HttpRequest) -> HttpResponse:
    lately = Q(submissions__received_at__gte=timezone.now() - LATELY)
    rows = (
        PostBox.objects.visible_to(who(request))
        .select_related("unit")
        .annotate(
            received=Count("submissions", filter=lately, distinct=True),
            unanswered=Count("submissions", filter=Q(submissions__answers=None), distinct=True),
        )
    )
    rows = rows.order_by("-unanswered", "unit__path", "kind", "pk")  # where somebody waits comes first
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "intake/boxes.html", {"page": page})


@never_cache
@requires(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def box_new(request: HttpRequest) -> HttpResponse:
    form = BoxForm(request.POST or None, staff=who(request))
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            made = actions.open_box(
                chosen["unit"], chosen["kind"], form.terms(), by=who(request), source=audit.origin(request)
            )
        except PermissionDenied:
            raise Http404 from None
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            messages.success(request, _("已开放。可以打印海报，或把网页留言嵌入官网。"))
            return redirect("box", made.pk)
    return render(request, "intake/box_new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@requires(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def box(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    form = BoxForm(request.POST or None, staff=who(request), box=found)
    if form.is_valid():
        try:
            actions.change_box(pk, form.terms(), by=who(request), source=audit.origin(request))
        except ObjectDoesNotExist:
            raise Http404 from None
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            messages.success(request, _("已保存。"))
            return redirect("box", pk)
    return render(request, "intake/box_detail.html", _told(request, found, form), status=422 if form.errors else 200)


@requires(RIGHT)
@require_POST
def box_turn(request: HttpRequest, pk: int) -> HttpResponse:
    """Open or close, as the button says."""
    verb = actions.reopen_box if request.POST.get("open") == "1" else actions.close_box
    try:
        turned = verb(pk, by=who(request), source=audit.origin(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    messages.success(request, _("已开放，客户可以留言。") if turned.is_open else _("已关闭，客户暂时不能留言。"))
    return redirect("box", pk)


@requires(RIGHT)
@require_safe
def box_poster(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    with override("zh-hans"):  # the poster is Chinese, whatever its printer reads
        terms = found.terms
    address, unit = _address(request, found), found.unit.name
    try:
        content = posters.poster(bank=bank_name(), unit=unit, name=found.name, address=address, terms=terms)
    except Fault as fault:
        messages.error(request, told_fault(fault))
        return redirect("box", pk)
    actions.print_poster(pk, by=who(request), source=audit.origin(request))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="huixiang-box-{found.slug}.pdf"'
    return response


def _told(request: HttpRequest, found: PostBox, form: BoxForm) -> dict[str, Any]:
    address = _address(request, found)
    script = posters.public_address(reverse("widget", args=[found.slug]), _asked_by(request))
    return {
        "box": found,
        "form": form,
        "address": address,
        # Made here of an address, without a word that anybody typed.
        "code": mark_safe(posters.code(address)),  # noqa: S308
        "tag": f'<script src="{script}" async></script>',
        "api": f"{_asked_by(request)}/api/v1/intake/{found.slug}/messages",
        "is_full": is_full(found, timezone.now()),
        "most_a_day": settings.MOST_A_DAY,
        "waiting": waiting.at(found, who(request)),
        "stuck": found.submissions.exclude(stuck_at=None).filter(batch=None).count(),
    }


def _visible(request: HttpRequest, pk: int) -> PostBox:
    return get_object_or_404(PostBox.objects.visible_to(who(request)).select_related("unit"), pk=pk)


def _address(request: HttpRequest, found: PostBox) -> str:
    return posters.public_address(reverse("public_box", args=[found.slug]), _asked_by(request))


def _asked_by(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
