"""May a form that the bank's website drew itself hand in by script? From the box's listed origins, and in JSON.

The browser decides by CORS: without our word it hides the answer from a page that is not on the list. No cookie goes
along and none is read, so nothing can be done in a customer's name.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers

from huixiang.apps.intake.forms import LONGEST_CONTACT, LONGEST_TEXT, MessageForm
from huixiang.apps.intake.models import PostBox
from huixiang.apps.intake.receiving import MOST_PHOTOS

KNOWN_FOR = "600"  # seconds that a browser need not ask again


def in_json(request: HttpRequest) -> bool:
    """Does it want figures and words instead of a page?"""
    return request.headers.get("Accept", "").partition(",")[0].partition(";")[0].strip() == "application/json"


def shared(request: HttpRequest, response: HttpResponse, box: PostBox) -> HttpResponse:
    """With the browser's leave to read it, where the asking page is on the list."""
    origin = request.headers.get("Origin", "")
    if origin in box.allowed:
        response["Access-Control-Allow-Origin"] = origin
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(response, ("Origin", "Accept"))
    return response


def leave(request: HttpRequest, box: PostBox) -> HttpResponse:
    """What a browser asks beforehand (a preflight): nothing but the list."""
    response = shared(request, HttpResponse(status=204), box)
    if "Access-Control-Allow-Origin" in response:
        response["Access-Control-Allow-Methods"] = "GET, POST"
        response["Access-Control-Allow-Headers"] = "accept"
        response["Access-Control-Max-Age"] = KNOWN_FOR
    return response


def about(box: PostBox, form: MessageForm, challenge: dict[str, Any]) -> JsonResponse:
    """What such a form must show and send: the notice, what consent is given to, its key, the proof of work."""
    told = {
        "name": box.name,
        "notice": box.notice,
        "terms": box.terms,
        "key": form["key"].value(),
        "challenge": challenge,
        "longest_text": LONGEST_TEXT,
        "longest_contact": LONGEST_CONTACT,
        "most_photos": MOST_PHOTOS,
    }
    return JsonResponse(told)


def refused(form: MessageForm, status: int) -> JsonResponse:
    """Why it was not taken, by field; "" of the whole. In the customer's language."""
    errors = {"" if name == "__all__" else name: list(map(str, faults)) for name, faults in form.errors.items()}
    return JsonResponse({"errors": errors}, status=status)
