"""How is a need linked to the two questions that tell its Kano class, and how is that undone?"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.needs import actions
from huixiang.apps.needs.kano_forms import PairForm, SurveyForm
from huixiang.apps.needs.models import Need
from huixiang.channels.contract import Fault


@never_cache
@requires("need.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def need_kano(request: HttpRequest, pk: int) -> HttpResponse:
    """First which survey, then which two of its questions; without scripts by a button."""
    need = get_object_or_404(Need.objects.visible_to(who(request)).select_related("unit", "kano_pair"), pk=pk)
    if not actions.may(who(request), "link_kano", need) or "survey.see" not in who(request).rights:
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    chosen = SurveyForm(given if "survey" in given else None, staff=who(request), initial=_linked(need, "survey_id"))
    if len(chosen.versions) == 1 and not chosen.is_bound:
        chosen = SurveyForm({"survey": str(next(iter(chosen.versions)))}, staff=who(request))
    form = None
    if version := chosen.chosen:
        data = request.POST if request.method == "POST" else None
        initial = _linked(need, "functional", "dysfunctional") if _is_of(need, version.survey_id) else {}
        form = PairForm(data, version=version, initial=initial)
        if form.is_valid() and _is_done(request, pk, form):
            return redirect("need", pk)
    is_wrong = request.method == "POST" or bool(chosen.errors)
    context = {"need": need, "chosen": chosen, "form": form}
    return render(request, "needs/need_kano.html", context, status=422 if is_wrong else 200)


@requires("need.manage")
@require_POST
def need_kano_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Not linked any more; the history says to which it was."""
    try:
        actions.unlink_kano(pk, by=who(request), source=audit.origin(request))
    except (ObjectDoesNotExist, PermissionDenied):
        raise Http404 from None
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        messages.success(request, _("已取消关联；要恢复，按“经过”里记下的题目再关联一次。"))
    return redirect("need", pk)


def _is_done(request: HttpRequest, pk: int, form: PairForm) -> bool:
    try:
        actions.link_kano(pk, **form.given(), by=who(request), source=audit.origin(request))
    except (ObjectDoesNotExist, PermissionDenied):
        raise Http404 from None
    except Fault as fault:
        form.add_error(None, told_fault(fault))
        return False
    messages.success(request, _("已关联。类别随答卷自动更新。"))
    return True


def _is_of(need: Need, survey: int) -> bool:
    return need.pair is not None and need.pair.survey_id == survey


def _linked(need: Need, *names: str) -> dict[str, object]:
    """What is linked now, as a form begins with."""
    pair = need.pair
    return {name.removesuffix("_id"): getattr(pair, name) for name in names} if pair else {}
