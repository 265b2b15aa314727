"""How is a channel answered, and how long is a contact kept there? One form a channel, for the whole bank."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.feedback.names import CHANNELS
from huixiang.apps.intake import actions, reaching
from huixiang.apps.intake.forms import WayForm
from huixiang.channels.contract import Fault

RIGHT = "retention.manage"


@requires(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def retention_way(request: HttpRequest, channel: str) -> HttpResponse:
    if channel not in reaching.ANSWERED or who(request).scope(RIGHT) is not None:
        raise Http404
    way = reaching.way(channel)
    form = WayForm(request.POST or None, instance=way)
    if form.is_valid():
        try:
            actions.settle_way(channel, form.manner(), by=who(request), source=audit.origin(request))
        except Fault as fault:
            form.add_error("retention_days", told_fault(fault))
        else:
            messages.success(request, _("已保存，从现在起有效。"))
            return redirect("retention")
    context = {"form": form, "way": way, "name": CHANNELS[channel]}
    return render(request, "intake/way.html", context, status=422 if form.errors else 200)
