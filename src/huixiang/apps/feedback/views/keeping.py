"""What is kept of customers, and how long? One page for everybody; the whole bank's staff set it by channel."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.feedback import actions, keeping, own_keeping, terms
from huixiang.apps.feedback.forms.terms import TermForm
from huixiang.apps.feedback.names import CHANNELS
from huixiang.apps.feedback.own_keeping import Text
from huixiang.channels.contract import Fault
from huixiang.domain.feedback import Channel
from huixiang.gateways import named

SEE, MANAGE = "retention.see", "retention.manage"


@requires(SEE)
@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    staff, now = who(request), timezone.now()
    reach, may_set = staff.scope(SEE), _may_set(staff)
    found = keeping.told(now, reach)
    context = {
        "rows": [(each, _page_of(each) if may_set else "") for each in found],
        "due": sum(each.due or 0 for each in found),
        "is_whole": reach is None,
        "may_set": may_set,
        "next": next_night(timezone.localtime(now)),
        "lacks_address": may_set and not settings.PUBLIC_URL and _sends_links(),
    }
    return render(request, "feedback/retention.html", context)


@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def retention_channel(request: HttpRequest, channel: str) -> HttpResponse:
    """How long are the voices of a channel kept? What would go is shown first, and only who is sure sets it."""
    staff = who(request)
    if channel not in terms.named() or not _may_set(staff):
        raise Http404
    term = terms.of(channel)
    form, effect = TermForm(request.POST or None, term=term), None
    if form.is_valid():
        try:
            effect = actions.effect(channel, form.wanted(), by=staff)
            if "look" not in request.POST and (form.cleaned_data["sure"] or not effect.takes):
                sure = form.cleaned_data["sure"]
                actions.settle_term(channel, form.wanted(), sure=sure, by=staff, source=audit.origin(request))
                messages.success(request, _("已保存。"))
                return redirect("retention")
        except Fault as fault:
            form.add_error(None, told_fault(fault))
    context = _about(channel) | {"form": form, "effect": effect, "term": term}
    wanted = form.wanted() if form.is_bound and form.is_valid() else actions.Wanted(term.months, term.manner)
    if effect and (besides := terms.BESIDES.get(channel)):
        context["going"] = besides.words.going(effect.voices.all, wanted.manner, effect.before)
    return render(request, "feedback/retention_channel.html", context, status=422 if form.errors else 200)


def _about(channel: str) -> dict[str, Any]:
    besides, stored = terms.BESIDES.get(channel), terms.stored(channel)
    words = besides.words if besides else None
    return {
        "name": terms.named()[channel],
        "besides": besides,
        "there": words.stored(stored.voices) % {"count": f"{stored.voices:,}"} if words else "",
        "capped": own_keeping.told_months(terms.of(besides.caps)) if besides and besides.caps else "",
        "stored": stored,
        "told": own_keeping.told_voices(channel) if channel in CHANNELS else _told_besides(channel),
        "grace": terms.GRACE.days,
        "complaints": terms.COMPLAINTS if channel in CHANNELS and Channel(channel).is_answered else 0,
        "next": next_night(timezone.localtime()),
    }


def _told_besides(channel: str) -> Text:
    term = terms.of(channel)
    return _("没有期限") if term.months is None else own_keeping.told_months(term)


def next_night(now: datetime) -> datetime:
    """When does the nightly round begin next, by the bank's clock?"""
    tonight = now.replace(hour=settings.NIGHT.hour, minute=settings.NIGHT.minute, second=0, microsecond=0)
    return tonight if tonight > now else tonight + timedelta(days=1)


def _may_set(staff: Staff) -> bool:
    return MANAGE in staff.rights and staff.scope(MANAGE) is None


def _sends_links() -> bool:
    """Does anything leave this house for customers? Only then a link can be missing in it."""
    try:
        return any(named.gateway(medium) for medium in (named.MAIL, named.SMS))
    except Fault:
        return True  # one is named, though wrongly


def _page_of(each: keeping.Told) -> str:
    name, *args = each.keeping.settings or ("",)
    return reverse(name, args=args) if name else ""
