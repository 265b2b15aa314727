"""What was kept of this page, and keep it as it is now: one line under a page's filter."""

from __future__ import annotations

from typing import Any

from django import template

from huixiang.apps.access.forms import SavedViewForm
from huixiang.apps.access.models import SavedView
from huixiang.apps.access.saved import pages

register = template.Library()


@register.inclusion_tag("access/saved_here.html", takes_context=True)
def saved_views(context: Any) -> dict[str, Any]:
    request = context["request"]
    page = pages()[request.resolver_match.url_name]
    found = SavedView.objects.visible_to(request.user).filter(page=page.page)
    form = SavedViewForm(by=request.user)
    asked = request.GET.urlencode()
    return {"request": request, "views": found, "form": form, "page": page, "asked": asked,
            "csrf_token": context["csrf_token"]}  # fmt: skip
