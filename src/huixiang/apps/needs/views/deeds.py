"""What have customers been told of what was done, is it borne out, and who may publish or withdraw it?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.feedback import facts
from huixiang.apps.feedback.forms.filters import Reach
from huixiang.apps.needs import actions, deeds
from huixiang.apps.needs.deed_forms import DeedForm, PosterForm
from huixiang.apps.needs.models import Deed, Need
from huixiang.channels.contract import Fault

PAGE = 20
RIGHT = "need.decide"


@never_cache
@requires("need.see")
@require_safe
def deeds_list(request: HttpRequest) -> HttpResponse:
    """What still waits to be published first, what was withdrawn last."""
    staff = who(request)
    rows = Deed.objects.visible_to(staff).select_related("need", "unit", "by")
    last = (F(each).desc(nulls_first=True) for each in ("withdrawn_at", "published_at"))
    rows = rows.order_by(*last, "-done_on", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": told(request, list(page)), "poster": PosterForm(staff=staff)}
    return render(request, "needs/deeds.html", context)


def told(request: HttpRequest, some: list[Deed]) -> list[dict[str, Any]]:
    """Each with what she may do with it, whether her voices can be asked, and its need where she sees that."""
    staff = who(request)
    needs = Need.objects.visible_to(staff).filter(pk__in=[deed.need_id for deed in some])
    seen = set(needs.values_list("pk", flat=True))
    return [
        {
            "deed": deed,
            "may_compare": bool(deed.published_at) and "voice.see" in staff.rights,
            "may_tell": not deed.withdrawn_at and staff.holds(RIGHT, deed.unit),
            "sees_need": deed.need_id in seen,
        }
        for deed in some
    ]


@never_cache
@requires("need.see")
@require_safe
def deed_since(request: HttpRequest, pk: int) -> HttpResponse:
    """What the reader's voices say since. Asked one by one behind the list: ten at once would keep her waiting."""
    staff = who(request)
    found = get_object_or_404(Deed.objects.visible_to(staff).select_related("need", "unit"), pk=pk)
    if "voice.see" not in staff.rights or not found.published_at:
        raise Http404
    context = {"deed": found, "since": deeds.since(facts.lake(), found, Reach(staff, "voice.see"))}
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "needs/deed_since.html" if is_part else "needs/deed_compared.html", context)


@never_cache
@requires(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def deed_new(request: HttpRequest, pk: int) -> HttpResponse:
    need = get_object_or_404(Need.objects.visible_to(who(request)).select_related("unit"), pk=pk)
    if not actions.may_tell(who(request), need):
        raise Http404
    form = DeedForm(request.POST or None, staff=who(request), need=need)
    return _written(request, need, form, lambda: actions.draft(pk, form.telling(), **_by(request)))


@never_cache
@requires(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def deed(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a draft the words can still be changed."""
    drafts = Deed.objects.visible_to(who(request), RIGHT).filter(published_at=None, withdrawn_at=None)
    found = get_object_or_404(drafts.select_related("need"), pk=pk)
    if not who(request).holds(RIGHT, found.unit):
        raise Http404
    form = DeedForm(request.POST or None, staff=who(request), need=found.need, deed=found)
    return _written(request, found.need, form, lambda: actions.reword(pk, form.telling(), **_by(request)))


def _written(request: HttpRequest, need: Need, form: DeedForm, verb: Callable[[], Deed]) -> HttpResponse:
    if form.is_valid():
        try:
            verb()
        except (ObjectDoesNotExist, PermissionDenied):
            raise Http404 from None
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            messages.success(request, _("草稿已保存。请再读一遍，然后发布。"))
            return redirect("deeds")
    return render(request, "needs/deed.html", {"need": need, "form": form}, status=422 if form.errors else 200)


@requires(RIGHT)
@require_POST
def deed_turn(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Publish or withdraw, as the button says."""
    done = {"publish": _("已发布，客户现在就能看到。"), "withdraw": _("已撤下，客户看不到了。")}
    if verb not in done:
        raise Http404
    turn = actions.publish if verb == "publish" else actions.withdraw
    try:
        turn(pk, **_by(request))
    except (ObjectDoesNotExist, PermissionDenied):
        raise Http404 from None
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        messages.success(request, done[verb])
    return redirect("deeds")


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"by": who(request), "source": audit.origin(request)}
