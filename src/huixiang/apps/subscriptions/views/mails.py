"""Which saved views come to me by mail? Subscribed and ended with one button; ended also by the link in the mail."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import SavedView
from huixiang.apps.subscriptions import actions, reports
from huixiang.apps.subscriptions.models import Subscription

RIGHT = "waiting.see"  # of the pages that have a report


@never_cache
@requires(RIGHT)
@require_safe
def subscriptions(request: HttpRequest) -> HttpResponse:
    """All views that one may subscribe to, with what one has."""
    views = SavedView.objects.visible_to(who(request)).filter(page__in=reports.PAGES)
    own = {row.view_id: row for row in Subscription.objects.filter(staff=who(request))}
    context = {"lines": [(view, own.get(view.pk)) for view in views], "choices": Subscription.Every.choices}
    return render(request, "subscriptions/list.html", context | {"address": who(request).email})


@requires(RIGHT)
@require_POST
def subscription_change(request: HttpRequest, pk: int) -> HttpResponse:
    """`every`: day, week or month; anything else ends it."""
    view = get_object_or_404(SavedView.objects.visible_to(who(request)), pk=pk)
    every, source = request.POST.get("every", ""), audit.origin(request)
    if every in Subscription.Every.values:
        origin = f"{request.scheme}://{request.get_host()}"
        try:
            actions.subscribe(view, every=every, by=who(request), origin=origin, source=source)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
    else:
        row = get_object_or_404(Subscription, staff=who(request), view=view)
        actions.unsubscribe(row, by=who(request), source=source)
    return redirect("subscriptions")


@csrf_exempt  # mail programs end it with one click, without a cookie (RFC 8058); the key is all that is asked
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscription_stop(request: HttpRequest, key: str) -> HttpResponse:
    """The link in a mail. Looking changes nothing: mail servers open every link before people do."""
    row = Subscription.objects.select_related("staff", "view").filter(key=key).first()
    if row is not None and request.method == "POST":
        actions.unsubscribe(row, by=row.staff, source=audit.origin(request))
        row = None
    return render(request, "subscriptions/stop.html", {"is_open": row is not None})
