"""What does one do with a need? One page a verb: what it means, its form, and back to the need."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.needs import actions
from huixiang.apps.needs.forms import FORMS, NewForm
from huixiang.apps.needs.lifecycle import VERBS
from huixiang.apps.needs.models import Need
from huixiang.channels.contract import Fault

EXPLAINED = {
    "confirm": gettext_lazy("确认这是客户真实的需求，之后可以登记决定。"),
    "rename": gettext_lazy("改名称、性质或说法；证据不变。"),
    "assign": gettext_lazy("由谁跟进这个需求？"),
    "merge": gettext_lazy("规则与单独补充的证据一并转过去；本需求不再单独出现，也不会再次提出。"),
    "split": gettext_lazy("说到下列任何一项的声音归入新需求，其余留在原需求。新需求须另行决定。"),
    "reject": gettext_lazy("不是需求，或不归本行解决。不会再次自动提出。"),
    "reopen": gettext_lazy("回到“已确认”。"),
    "decide": gettext_lazy("银行为此决定做什么？写明在哪里可以查到。"),
    "meet": gettext_lazy("决定已落实。客户是否也这样认为，请看此后的趋势。"),
}


@never_cache
@requires("need.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def need_new(request: HttpRequest) -> HttpResponse:
    form = NewForm(request.POST or None, staff=who(request), initial={"name": request.GET.get("name", "")})
    if form.is_valid():
        try:
            made = actions.propose(**form.given(), by=who(request), source=audit.origin(request))
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            messages.success(request, _("已提出，等待确认。"))
            return redirect("need", made.pk)
    return render(request, "needs/need_new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@requires("need.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def need_manage(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    return _verb(request, pk, verb, "need.manage")


@never_cache
@requires("need.decide")
@require_http_methods(["GET", "HEAD", "POST"])
def need_decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    return _verb(request, pk, verb, "need.decide")


def _verb(request: HttpRequest, pk: int, verb: str, right: str) -> HttpResponse:
    need = get_object_or_404(Need.objects.visible_to(who(request)).select_related("owner", "unit"), pk=pk)
    if verb not in FORMS or VERBS[verb].right != right or not who(request).holds(right, need.unit):
        raise Http404
    form = FORMS[verb](request.POST if request.method == "POST" else None, need, who(request))
    if form.is_valid():
        try:
            done = _done(request, need, verb, form)
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            messages.success(request, _("已办理：%(verb)s") % {"verb": VERBS[verb].title})
            return redirect("need", done)
    context = {"need": need, "verb": verb, "title": VERBS[verb].title, "form": form, "explained": EXPLAINED[verb]}
    return render(request, "needs/need_verb.html", context, status=422 if form.errors else 200)


def _done(request: HttpRequest, need: Need, verb: str, form: Any) -> int:
    """The number of the need to show next: of a merge the one it went into, of a split the new one."""
    try:
        found = getattr(actions, verb)(need.pk, **form.given(), by=who(request), source=audit.origin(request))
    except (ObjectDoesNotExist, PermissionDenied):
        raise Http404 from None
    return int(found.pk if isinstance(found, Need) else need.pk)


@requires("need.manage")
@require_POST
def need_pin(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a voice in, leave it out, or let the rules decide."""
    wanted = {"in": True, "out": False, "rule": None}
    # The address of its page ends with the voice's number.
    voice_id = request.POST.get("voice", "").strip().partition("?")[0].rstrip("/").rpartition("/")[2]
    choice = request.POST.get("choice", "")
    if choice not in wanted or not Need.objects.visible_to(who(request)).filter(pk=pk).exists():
        raise Http404
    try:
        actions.pin(pk, voice_id, wanted[choice], by=who(request), source=audit.origin(request))
    except ObjectDoesNotExist:
        messages.error(request, _("没有编号为“%(voice)s”的声音，或不在您的权限范围内。") % {"voice": voice_id[:40]})
    except PermissionDenied:
        raise Http404 from None
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        messages.success(request, _("证据已更新。"))
    return redirect("need", pk)
