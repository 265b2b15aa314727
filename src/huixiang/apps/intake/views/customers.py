"""How is a page for customers different? No log-in, no cookie, no session: nothing that a forged request could use.

So these pages need no CSRF token (whose cookie a form inside another site would not get), and leave no trace in the
browser. The language is in the address; a page may be shown inside another only where its post box allows it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from huixiang.apps.access.models import bank_name
from huixiang.apps.intake import links
from huixiang.apps.intake.receiving import MOST_PHOTOS
from huixiang.channels.pictures import MOST_BYTES

View = Callable[..., HttpResponse]
LARGEST_REQUEST = MOST_PHOTOS * MOST_BYTES + 1_000_000


def for_customers(view: View) -> View:
    """In the language that the address asks for, and refused before it is read where it is too large."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("lang", "")
        known = wanted in dict(settings.LANGUAGES)
        with translation.override(wanted if known else translation.get_language()):
            told = request.META.get("CONTENT_LENGTH") or "0"
            too_large = not told.isdecimal() or int(told) > LARGEST_REQUEST
            response = page(request, "too_large", status=413) if too_large else view(request, *args, **kwargs)
            response.setdefault("Content-Language", translation.get_language())
        response.setdefault("Referrer-Policy", "no-referrer")
        return response

    return never_cache(csrf_exempt(shown))


def page(
    request: HttpRequest, name: str, context: dict[str, Any] | None = None, *, status: int = 200, **extra: Any
) -> HttpResponse:
    """One of the customers' pages, with the bank's name over it, and what else there is for who came by this `box`.

    `name` is a template of this app, or "app/template" of a later one.
    """
    english = translation.get_language() == "en"
    query = request.GET.copy()
    query["lang"] = "zh-hans" if english else "en"
    told: dict[str, Any] = {"bank": bank_name(), "in_english": english, "other_language": query.urlencode()}
    told |= (context or {}) | extra
    told.setdefault("links", links.offered(told["box"]) if "box" in told else [])
    return render(request, f"{name if '/' in name else f'intake/{name}'}.html", told, status=status)


def framed_by(response: HttpResponse, origins: Sequence[str]) -> HttpResponse:
    """Only pages of these origins may show it inside."""
    if origins:
        response._csp_replace = {"frame-ancestors": list(origins)}  # type: ignore[attr-defined]  # read by django-csp
        response.xframe_options_exempt = True  # it knows no lists
    return response
