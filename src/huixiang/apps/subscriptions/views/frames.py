"""Which saved views are shown inside other pages of the bank? Made, listed and revoked here; shown by a token."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.intake.views.customers import framed_by
from huixiang.apps.subscriptions import actions, reports
from huixiang.apps.subscriptions.actions import EMBED
from huixiang.apps.subscriptions.forms import EmbedForm
from huixiang.apps.subscriptions.models import Embed

SEEN = timedelta(minutes=1)  # so often it is noted that one was shown


@never_cache
@requires(EMBED)
@require_http_methods(["GET", "HEAD", "POST"])
def embeds(request: HttpRequest) -> HttpResponse:
    """One's own, for whom the right holds in the whole bank all; and a new one."""
    by = who(request)
    form = EmbedForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        try:
            actions.make_embed(by=by, source=audit.origin(request), **form.cleaned_data)
            return redirect("embeds")
        except ValidationError as refusal:
            form.add_error(None, refusal)
    listed = Embed.objects.select_related("view", "maker")
    listed = listed if by.holds(EMBED, None) else listed.filter(maker=by)
    home = f"{request.scheme}://{request.get_host()}"
    lines = [(row, f"{home}{reverse('embedded', args=[row.token])}" if row.maker_id == by.pk else "") for row in listed]
    context = {"form": form, "lines": lines, "now": timezone.now()}
    return render(request, "subscriptions/embeds.html", context, status=422 if form.errors else 200)


@requires(EMBED)
@require_POST
def embed_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    actions.revoke_embed(get_object_or_404(Embed, pk=pk), by=who(request), source=audit.origin(request))
    return redirect("embeds")


@never_cache
@require_safe
def embedded(request: HttpRequest, token: str) -> HttpResponse:
    """Inside a page of the named origins alone; forged, revoked and over look the same. Nothing of it leads further."""
    now = timezone.now()
    embed = Embed.of(token, now)
    is_frame = request.headers.get("Sec-Fetch-Dest", "iframe") in ("iframe", "frame")
    if embed is None or not is_frame or EMBED not in embed.maker.rights:
        raise Http404
    found = reports.report(embed.view, embed.maker)
    if embed.last_shown_at is None or now - embed.last_shown_at > SEEN:
        Embed.objects.filter(pk=embed.pk).update(last_shown_at=now)
    response = render(request, "subscriptions/embedded.html", {"report": found, "name": embed.view.name})
    response["Referrer-Policy"] = "no-referrer"
    return framed_by(response, embed.origins.split())
