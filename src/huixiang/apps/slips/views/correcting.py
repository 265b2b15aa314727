"""How is one slip put right beside its picture? Line by line, by keyboard, and on to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.slips import actions, receiving
from huixiang.apps.slips.forms import SlipForm, cuts
from huixiang.apps.slips.models import SURE, Slip, Words
from huixiang.channels.contract import Fault
from huixiang.channels.paper import lines


@never_cache
@requires(actions.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def slip(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _tried(lambda: actions.look(pk, by=who(request), source=audit.origin(request)))
    try:
        words, trouble = found.words(), ""
    except Unsealable as failure:
        words, trouble = Words(), str(failure)
    typed = request.POST.getlist("line")
    form = SlipForm(request.POST or None, staff=who(request), slip=found, words=words)
    if form.is_valid():
        try:
            actions.confirm(pk, form.correction(typed), by=who(request), source=audit.origin(request))
        except Fault as fault:
            form.add_error(fault.column if fault.column in form.fields else None, told_fault(fault))
        except Unsealable as failure:
            form.add_error(None, str(failure))
        else:
            return _next(request, found)
    context = _told(found, words, typed, who(request)) | {"form": form, "trouble": trouble}
    return render(request, "slips/slip.html", context, status=422 if form.errors else 200)


@never_cache
@requires(actions.RIGHT)
@require_safe
def slip_picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Drawn anew here from what was sent, so that a page may show it; `?download` keeps it."""
    found = _tried(lambda: actions.look(pk, by=who(request), source=audit.origin(request)))
    try:
        picture = receiving.picture_of(found)
    except Unsealable:
        picture = None
    if picture is None:
        raise Http404
    response = HttpResponse(picture.jpeg, content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    if "download" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="slip-{found.number}.jpg"'
    return response


@requires(actions.RIGHT)
@require_POST
def slip_reject(request: HttpRequest, pk: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _done(request, pk, lambda **by: actions.reject(pk, reason, **by), onward=True)


@requires(actions.RIGHT)
@require_POST
def slip_mend(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _done(request, pk, lambda **by: actions.mend(pk, **by))


@requires(actions.RIGHT)
@require_POST
def slip_turn(request: HttpRequest, pk: UUID) -> HttpResponse:
    degrees = request.POST.get("degrees", "")
    turned = int(degrees) if degrees in ("90", "180", "270") else 0
    return _done(request, pk, lambda **by: actions.turn(pk, turned, **by))


@requires(actions.RIGHT)
@require_POST
def slip_split(request: HttpRequest, pk: UUID) -> HttpResponse:
    down, places = request.POST.get("way") != "across", cuts(request.POST.get("cuts", "")[:200])
    return _done(request, pk, lambda **by: actions.split(pk, places, down=down, **by), onward=True)


@requires(actions.RIGHT)
@require_POST
def slip_rejoin(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _done(request, pk, lambda **by: actions.rejoin(pk, **by))


def _told(found: Slip, words: Words, typed: list[str], staff: Staff) -> dict[str, Any]:
    kept = typed if len(typed) == len(words.lines) else [str(line["typed"]) for line in words.lines]
    rows = [
        {"line": line, "typed": text, "is_unsure": line["sure"] < SURE, **_cut_out(line["box"], found)}
        for line, text in zip(words.lines, kept, strict=True)
    ]
    boxes = [actions.Box(str(line["text"]), tuple(line["box"])) for line in words.lines]
    places = " ".join(f"{100 * each:.0f}" for each in lines.gaps(boxes))
    left = Slip.objects.visible_to(staff).in_state("read")
    return {
        "slip": found,
        "rows": rows,
        "unsure": sum(row["is_unsure"] for row in rows),
        "left": left.count(),
        "next": left.in_order().exclude(pk=found.pk).first(),
        "places": places or "50",
        "reasons": Slip.Reason.choices,
        "text": words.text,
        "is_open": found.state == Slip.State.READ,
        "has_picture": found.width > 0 and found.state != Slip.State.SPLIT,
    }


def _cut_out(box: list[float], found: Slip) -> dict[str, int]:
    """The line's place in the picture, in pixels, with a little of what is around it."""
    left, top, right, bottom = box
    rim = round(0.25 * (bottom - top) * found.height)
    x, y = max(0, round(left * found.width) - rim), max(0, round(top * found.height) - rim)
    return {
        "x": x,
        "y": y,
        "width": max(1, min(found.width, round(right * found.width) + rim) - x),
        "height": max(1, min(found.height, round(bottom * found.height) + rim) - y),
    }


def _done(request: HttpRequest, pk: UUID, verb: Callable[..., Any], *, onward: bool = False) -> HttpResponse:
    try:
        done = _tried(lambda: verb(by=who(request), source=audit.origin(request)))
    except Fault as fault:
        messages.error(request, told_fault(fault))
        return redirect("slip", pk)
    except Unsealable as failure:
        messages.error(request, str(failure))
        return redirect("slip", pk)
    return _next(request, done if isinstance(done, Slip) else None) if onward else redirect("slip", pk)


def _tried(verb: Callable[[], Any]) -> Any:
    try:
        return verb()
    except (ObjectDoesNotExist, PermissionDenied):
        raise Http404 from None


def _next(request: HttpRequest, done: Slip | None) -> HttpResponse:
    """On to the next that waits; at the end of the pile back to the list."""
    left = Slip.objects.visible_to(who(request)).in_state("read").in_order()
    following = left.filter(received_at__gte=done.received_at).first() if done else None
    following = following or left.first()
    if following:
        return redirect("slip", following.pk)
    messages.success(request, _("核对完了。"))
    return redirect(reverse("slips"))
