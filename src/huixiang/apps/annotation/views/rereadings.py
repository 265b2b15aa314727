"""What did another reading change? Begun from the models' page; then the old reading beside the new one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Unit
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.annotation import actions
from huixiang.apps.annotation.forms.models import RereadingForm
from huixiang.apps.annotation.models import Rereading
from huixiang.apps.annotation.permits import RIGHT
from huixiang.apps.feedback import findings
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.names import KINDS, SENTIMENTS
from huixiang.channels.contract import Fault
from huixiang.domain.understanding.contract import LABELS
from huixiang.lake import questions
from huixiang.lake.questions import Moved

MOST = 12  # rows of each list
NAMES = {"sentiment": SENTIMENTS, "kind": KINDS}


@requires(RIGHT)
@require_POST
def reread(request: HttpRequest) -> HttpResponse:
    form = RereadingForm(request.POST, months=lake().months("voices"))
    if not form.is_valid():
        messages.error(request, _("请选择至少一个月份"))
        return redirect("models")
    try:
        found = actions.reread(form.cleaned_data["months"], by=who(request), source=audit.origin(request))
    except Fault as fault:
        messages.error(request, told_fault(fault))
        return redirect("models")
    except PermissionDenied:
        raise Http404 from None
    return redirect("rereading", pk=found.pk)


@requires(RIGHT)
@require_safe
def rereading(request: HttpRequest, pk: str) -> HttpResponse:
    """Counts over the whole bank, so for whole-bank holders; the voices themselves by their own right and reach."""
    if not who(request).holds(RIGHT, None):
        raise Http404
    of = get_object_or_404(Rereading.objects.select_related("job", "by"), pk=pk)
    the_lake, key = lake(), str(of.pk)
    feelings = questions.moves(the_lake, key, "sentiment")
    kinds = [each for each in questions.moves(the_lake, key, "kind") if each.before != each.now]
    context = {
        "of": of,
        "open": of.job is not None and of.job.state in of.job.OPEN,
        "months": _("、").join(of.months),
        "table": _table(feelings),
        "kept": sum(each.count for each in feelings),
        "same": sum(each.count for each in feelings if each.before == each.now),
        "labels": [str(SENTIMENTS[label]) for label in LABELS],
        "kinds": [_named("kind", each) for each in kinds[:MOST]],
        "gains": [
            {"name": findings.short(each.code), "gained": each.gained, "lost": each.lost}
            for each in questions.gains(the_lake, key, "topics")[:MOST]
        ],
        "alarms": [
            {"name": findings.name("risks", each.code), "gained": each.gained, "lost": each.lost}
            for each in questions.gains(the_lake, key, "risks")[:MOST]
        ],
    }
    return render(request, "annotation/rereading.html", context)


@never_cache
@requires(RIGHT)
@require_safe
def rereading_voices(request: HttpRequest, pk: str, column: str) -> HttpResponse:
    """The voices whose value became another, as far as this person may read them."""
    staff, of = who(request), get_object_or_404(Rereading, pk=pk)
    before, now = request.GET.get("before", ""), request.GET.get("now", "")
    if column not in NAMES or not staff.holds(RIGHT, None) or "voice.see" not in staff.rights:
        raise Http404
    ids = questions.moved_voices(lake(), str(of.pk), column, before, now)
    reach = staff.scope("voice.see")
    found = [voice for id in ids if (voice := questions.voice(lake(), id))]
    seen = [voice for voice in found if reach is None or voice.branch in reach]
    context = {
        "of": of,
        "units": dict(Unit.objects.values_list("code", "name")),
        "pair": _named(column, Moved(before, now, 0)),
        "voices": seen,
    }
    audit.record("voice.read", by=staff, on_kind="voice", source=audit.origin(request), count=len(seen))
    return render(request, "annotation/rereading_voices.html", context)


def _table(moves: tuple[Moved, ...]) -> list[dict[str, Any]]:
    """What the old reading said, down; what holds now, across."""
    counts = {(each.before, each.now): each.count for each in moves}
    return [
        {
            "name": SENTIMENTS[before],
            "before": before,
            "cells": [{"now": now, "count": counts.get((before, now), 0), "same": now == before} for now in LABELS],
        }
        for before in LABELS
    ]


def _named(column: str, each: Moved) -> dict[str, Any]:
    names = NAMES[column]
    nothing = _("未读")
    return {
        "before": each.before,
        "now": each.now,
        "before_name": names.get(each.before, nothing),
        "now_name": names.get(each.now, nothing),
        "count": each.count,
    }
