"""Which systems are told of complaints, and what became of each message? Head office's page, with its log."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told, told_fault
from huixiang.apps.complaints.actions import webhooks as actions
from huixiang.apps.complaints.actions.webhooks import MANAGE
from huixiang.apps.complaints.forms.webhooks import SpanForm, WebhookForm
from huixiang.apps.complaints.models import Delivery, Webhook
from huixiang.channels.contract import Fault

ON_A_PAGE = 50


@never_cache
@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_webhooks(request: HttpRequest) -> HttpResponse:
    """All subscriptions, and a new one, whose secret is shown now and never again."""
    actions.demand(who(request))
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            hook, secret = actions.add_webhook(form.wanted(), by=who(request), source=audit.origin(request))
        except Fault as fault:
            form.add_error("url", told_fault(fault))
        else:
            return render(request, "complaints/webhook_secret.html", {"hook": hook, "secret": secret}, status=201)
    hooks = [(hook, _waiting(hook)) for hook in Webhook.objects.select_related("by")]
    context = {"hooks": hooks, "form": form}
    return render(request, "complaints/webhooks.html", context, status=422 if form.errors else 200)


@never_cache
@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_webhook(request: HttpRequest, key: Any) -> HttpResponse:
    """One subscription: what it is told, its messages, and what may be done."""
    hook = _hook(request, key)
    form = WebhookForm(request.POST if request.method == "POST" else None, hook=hook)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_webhook(hook, form.wanted(), by=who(request), source=audit.origin(request))
        except Fault as fault:
            form.add_error("url", told_fault(fault))
        else:
            messages.success(request, _("订阅已修改。"))
            return redirect("webhook", key)
    return _shown(request, hook, form, SpanForm())


@never_cache
@requires(MANAGE)
@require_POST
def complaint_webhook_do(request: HttpRequest, key: Any, deed: str) -> HttpResponse:
    """Test, pause, resume, replay, a new secret, remove."""
    hook = _hook(request, key)
    if deed not in DEEDS:
        raise Http404
    return DEEDS[deed](request, hook)


def _tested(request: HttpRequest, hook: Webhook) -> HttpResponse:
    sent = actions.try_webhook(hook, by=who(request), source=audit.origin(request))
    if sent.state == Delivery.State.DELIVERED:
        messages.success(request, _("试发成功：对方回答 HTTP %(status)s。") % {"status": sent.status})
    else:
        messages.error(request, _("试发没有成功：%(why)s") % {"why": outcome_of(sent)})
    return redirect("webhook", hook.pk)


def _replayed(request: HttpRequest, hook: Webhook) -> HttpResponse:
    form, one = SpanForm(request.POST), request.POST.get("one")
    if not one and not form.is_valid():
        return _shown(request, hook, WebhookForm(hook=hook), form)
    span = {"one": one} if one else form.cleaned_data
    try:
        count = actions.replay(hook, **span, by=who(request), source=audit.origin(request))
    except (Fault, ValueError) as fault:
        messages.error(request, told_fault(fault) if isinstance(fault, Fault) else _("没有这一条"))
    else:
        text = ngettext("%(count)s 条将重新送出。", "%(count)s 条将重新送出。", count)
        messages.success(request, text % {"count": count})
    return redirect("webhook", hook.pk)


def _rotated(request: HttpRequest, hook: Webhook) -> HttpResponse:
    secret = actions.rotate_secret(hook, by=who(request), source=audit.origin(request))
    return render(request, "complaints/webhook_secret.html", {"hook": hook, "secret": secret, "is_new": True})


def _paused(request: HttpRequest, hook: Webhook) -> HttpResponse:
    actions.pause_webhook(hook, by=who(request), source=audit.origin(request))
    return redirect("webhook", hook.pk)


def _resumed(request: HttpRequest, hook: Webhook) -> HttpResponse:
    actions.resume_webhook(hook, by=who(request), source=audit.origin(request))
    return redirect("webhook", hook.pk)


def _removed(request: HttpRequest, hook: Webhook) -> HttpResponse:
    actions.remove_webhook(hook, by=who(request), source=audit.origin(request))
    messages.success(request, _("订阅已删除。"))
    return redirect("webhooks")


DEEDS = {
    "test": _tested,
    "replay": _replayed,
    "rotate": _rotated,
    "pause": _paused,
    "resume": _resumed,
    "remove": _removed,
}


def outcome_of(sent: Delivery) -> str:
    """The status, or why there was none."""
    if sent.status:
        return f"HTTP {sent.status}"
    return told(sent.trouble["message"], sent.trouble["params"]) if sent.trouble else ""


def _hook(request: HttpRequest, key: Any) -> Webhook:
    actions.demand(who(request))
    return get_object_or_404(Webhook, pk=key)


def _waiting(hook: Webhook) -> tuple[int, int]:
    states = hook.deliveries.order_by().values_list("state", flat=True)
    return states.filter(state=Delivery.State.WAITING).count(), states.filter(state=Delivery.State.GIVEN_UP).count()


def _shown(request: HttpRequest, hook: Webhook, form: WebhookForm, span: SpanForm) -> HttpResponse:
    page = Paginator(hook.deliveries.select_related("case"), ON_A_PAGE).get_page(request.GET.get("page"))
    waiting, given_up = _waiting(hook)
    context = {
        "hook": hook, "form": form, "span": span, "page": page, "waiting": waiting, "given_up": given_up,
        "log": [(each, outcome_of(each)) for each in page],
        "overlaps": bool(hook.former_until and timezone.now() < hook.former_until),
    }  # fmt: skip
    return render(request, "complaints/webhook.html", context, status=422 if form.errors or span.errors else 200)
