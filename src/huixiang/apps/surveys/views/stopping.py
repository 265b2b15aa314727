"""How does a customer say that she does not want to be asked, and come in by a colleague's code? Without a log-in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods

from huixiang.apps.access import audit
from huixiang.apps.access.models import bank_name
from huixiang.apps.intake import limits
from huixiang.apps.intake.views.customers import for_customers
from huixiang.apps.surveys import handing, links, optouts, tokens

WRONG, MOST_WRONG = "survey link", 60  # wrong links from one address in an hour, counted with those of answering
SCANNED, MOST_SCANNED = "survey scan", 120  # a branch's guests may share an address


@for_customers
@require_http_methods(["GET", "HEAD", "POST"])
def survey_stop(request: HttpRequest, token: str) -> HttpResponse:
    """One click from the message, and one more: programs that look into mails follow links, and press no button."""
    invitation = optouts.invited(token)
    if invitation is None:  # a right link is never held up by a stranger's guesses on the same line
        address, now = audit.origin(request), timezone.now()
        if limits.reached(WRONG, address, MOST_WRONG, now):
            return _shown(request, "many", 429)
        limits.count(WRONG, address, now)
        return _shown(request, "unknown", 404)
    if request.method == "POST":
        optouts.by_link(invitation)
        return _shown(request, "done")
    return _shown(request, "asked")


@for_customers
@require_http_methods(["GET", "HEAD", "POST"])
def survey_asked_by(request: HttpRequest, code: str) -> HttpResponse:
    """A colleague's code: the button makes a link of one's own."""
    address, now = audit.origin(request), timezone.now()
    found = handing.owner(code)
    if found is None:
        return _shown(request, "gone", 404)
    survey, staff, unit = found
    if request.method != "POST":
        return _shown(request, "begin")
    if limits.reached(SCANNED, address, MOST_SCANNED, now):
        return _shown(request, "many", 429)
    limits.count(SCANNED, address, now)
    made = handing.come_in(survey, staff, unit)
    return _discreet(HttpResponseRedirect(links.invited(tokens.token_of(made.pk.hex))))


def _shown(request: HttpRequest, why: str, status: int = 200) -> HttpResponse:
    english = translation.get_language() == "en"
    query = request.GET.copy()
    query["lang"] = "zh-hans" if english else "en"
    told = {"bank": bank_name(), "in_english": english, "other_language": query.urlencode(), "why": why}
    return _discreet(render(request, "surveys/public/stop.html", told, status=status))


def _discreet(response: HttpResponse) -> HttpResponse:
    # Django logs what was refused with its address; here the address is a customer's secret.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


urlpatterns = [
    path("s/i/<str:token>/stop/", survey_stop, name="survey_stop"),
    path("s/a/<str:code>/", survey_asked_by, name="survey_asked_by"),
]
