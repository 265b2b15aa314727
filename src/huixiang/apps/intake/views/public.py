"""What does a customer see who scans the code on the poster? One short page: say it, send it, take the code home."""

from __future__ import annotations

import json
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from huixiang.apps.access import audit
from huixiang.apps.intake import codes, proofs
from huixiang.apps.intake.admitting import AGAIN_SECONDS, Door, Refused
from huixiang.apps.intake.forms import MessageForm
from huixiang.apps.intake.models import PostBox
from huixiang.apps.intake.receiving import known, receive
from huixiang.apps.intake.views import own_forms
from huixiang.apps.intake.views.customers import for_customers, framed_by, page


@for_customers
@require_http_methods(["GET", "HEAD", "POST", "OPTIONS"])
def box(request: HttpRequest, slug: str) -> HttpResponse:
    found = PostBox.objects.select_related("unit").filter(slug=slug).first()
    if found is None:  # said to a customer, who has no post to ask the administrator about
        return page(request, "unknown", status=404)
    if request.method == "OPTIONS":
        return own_forms.leave(request, found)
    response = own_forms.shared(request, _answered(request, found), found)
    return framed_by(response, found.allowed if "embed" in request.GET else [])


def _answered(request: HttpRequest, found: PostBox) -> HttpResponse:
    if not found.is_open:
        return _closed(request, found)
    if request.method != "POST":
        return _form(request, found, MessageForm())
    form = MessageForm(request.POST, request.FILES.getlist("photos"))
    if not form.is_valid():
        return _form(request, found, form, status=422)
    try:
        return _received(request, found, form)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _form(request, found, form, status=refusal.status)
    except OperationalError:  # the database was busy for longer than one waits; a script tries again by itself
        form.add_error(None, _("系统正忙，还没有收到。您写的还在下面，请再点一次“发送”。"))
        return _form(request, found, form, status=503)


def _closed(request: HttpRequest, found: PostBox) -> HttpResponse:
    if not own_forms.in_json(request):
        return page(request, "closed", box=found, status=410)
    closed = _("这个意见箱目前没有开放。您可以告诉网点的工作人员；以前的留言仍可查询。")
    return JsonResponse({"errors": {"": [closed]}}, status=410)


def _received(request: HttpRequest, found: PostBox, form: MessageForm) -> HttpResponse:
    """Raises Refused, and OperationalError where the database was busy."""
    now = timezone.now()
    door = Door(found, audit.origin(request), request.POST.get("proof", ""), now)
    try:
        if door.let_in(known(found, form.message()), len(form.given)):
            with door.looking(len(form.given)):
                form.look_at_photos()
            if form.errors:
                return _form(request, found, form, status=422)
        receipt = receive(found, form.message(), now)
    except (Refused, OperationalError):
        door.turn_away()
        raise
    if receipt.is_new:
        door.count()
    if own_forms.in_json(request):
        told = {"tracking_code": receipt.code, "kept_until": f"{receipt.submission.keep_until}"}
        return JsonResponse(told, status=201 if receipt.is_new else 200)
    return page(request, "receipt", box=found, code=codes.grouped(receipt.code), submission=receipt.submission)


def _form(request: HttpRequest, found: PostBox, form: MessageForm, status: int = 200) -> HttpResponse:
    response = _told(request, found, form, status)
    if status == 503:
        response["Retry-After"] = str(AGAIN_SECONDS)
    return response


def _told(request: HttpRequest, found: PostBox, form: MessageForm, status: int) -> HttpResponse:
    if own_forms.in_json(request) and form.is_bound:
        return own_forms.refused(form, status)
    challenge = proofs.challenge(found.slug, timezone.now())
    if own_forms.in_json(request):
        return own_forms.about(found, form, challenge)
    context: dict[str, Any] = {"box": found, "form": form, "challenge": challenge}
    return page(request, "box", context, status=status)


@require_safe
def widget(request: HttpRequest, slug: str) -> HttpResponse:
    """The script of one tag: a button, and the page above inside a frame. It holds nothing but where to ask."""
    found = get_object_or_404(PostBox, slug=slug)
    there = request.build_absolute_uri(reverse("public_box", args=[slug]))
    context = {"there": json.dumps(there), "words": json.dumps(_words(found)), "is_open": found.is_open}
    response = render(request, "intake/widget.js", context, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # this script alone; what is in the frame guards itself
    return response


def _words(found: PostBox) -> dict[str, dict[str, str]]:
    """In both languages: the page around it says which is spoken there."""
    words = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            words[language] = {"open": _("意见与建议"), "close": _("关闭"), "title": found.name}
    return words
