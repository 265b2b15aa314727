"""What do people say of these voices? Twenty at a time; what two disagree about is settled here, and all goes along."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.annotation import actions, agreeing, dealing, gathering, suggesting, values, wording
from huixiang.apps.annotation.actions.labels import exported
from huixiang.apps.annotation.marking import markable
from huixiang.apps.annotation.models import BOOKS, Task
from huixiang.apps.annotation.names import PARTS
from huixiang.apps.annotation.permits import RIGHT
from huixiang.apps.feedback import findings, outside
from huixiang.apps.feedback.names import CHANNELS
from huixiang.channels.contract import Fault

FIELD = "voice-"
MOST = 50  # disagreements a page
LEAST_AGREED = 5  # topics named as those on which labellers agree least


@requires(dealing.RIGHT)
@require_safe
def labels(request: HttpRequest) -> HttpResponse:
    return redirect("labelling", Task.SENTIMENT.value)


@never_cache
@requires(dealing.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def labelling(request: HttpRequest, task: str) -> HttpResponse:
    if task not in Task:
        raise Http404
    staff = who(request)
    if request.method == "POST":
        return _labelled(request, task)
    dealt = dealing.deal(task, staff)
    suggested = suggesting.suggestions(task, dealt)
    audit.record("voice.read", by=staff, on_kind="voice", source=audit.origin(request), count=len(dealt))
    return render(
        request,
        "annotation/labelling.html",
        _about(task, staff)
        | {
            "dealt": [
                {
                    "voice": each.voice,
                    "words": markable(wording.marked(each.voice)) if task == Task.OPINIONS else None,
                    "channel": CHANNELS.get(each.voice.channel, ""),
                    "suggested": each.voice.id in suggested and values.told(task, suggested[each.voice.id]),
                }
                for each in dealt
            ],
            "outside": outside.service() if suggesting.can(task) else None,
            "sealed": dealing.sealed(task, staff, dealt, suggested),
        },
    )


def _labelled(request: HttpRequest, task: str) -> HttpResponse:
    staff = who(request)
    dealt = dealing.opened(task, staff, request.POST.get("dealt", ""))
    said = {name.removeprefix(FIELD): _value(each) for name, each in request.POST.lists() if name.startswith(FIELD)}
    given = {voice: value for voice, value in said.items() if value}
    if not dealt:
        messages.error(request, _("这一页已经过期，请在新的一页上标注。"))
        return redirect("labelling", task)
    try:
        count = actions.label(task, given, dealt, by=staff, source=audit.origin(request))
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        kept = _("已保存 %(count)s 条标注。") % {"count": count}
        (messages.success if count else messages.info)(request, kept)
    return redirect("labelling", task)


def _value(said: Sequence[object]) -> str:
    """Of codes there may be several; not knowing outweighs whatever else was ticked. An empty one says nothing."""
    return values.UNSURE if values.UNSURE in said else ",".join(each for each in map(str, said) if each)


@requires(dealing.RIGHT)
@require_POST
def suggest(request: HttpRequest, task: str) -> HttpResponse:
    """Ask the outside model about her page, as a job: it may take a while."""
    if task not in Task:
        raise Http404
    try:
        suggesting.start(task, by=who(request), source=audit.origin(request))
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        messages.success(request, _("已请外接模型提建议；稍后刷新本页即可看到。"))
    return redirect("labelling", task)


def _about(task: str, staff: Staff) -> dict[str, Any]:
    reach = staff.scope(dealing.RIGHT)
    return {
        "task": task,
        "task_name": Task(task).label,
        "tasks": [(each.value, each.label) for each in Task],
        "choices": [*values.choices(task), (values.UNSURE, _("不知道"))],
        "topics": _grouped(task) if task in BOOKS else [],
        "nothing": values.nothing(task),
        "parts": list(PARTS.items()) if task == Task.OPINIONS else [],
        "alpha": agreeing.agreement_of(task, reach),
        "by_code": agreeing.by_code(task, reach)[:LEAST_AGREED],
        "mine": len(gathering.labelled_by(task, staff)),
        "may_settle": RIGHT in staff.rights,
    }


def _grouped(task: str) -> list[dict[str, Any]]:
    """What to choose from. Topics tree by tree, the roots grouping what lies below; risks by how urgent they are."""
    if task == Task.RISKS:
        levels: dict[str, list[dict[str, str]]] = {level: [] for level in findings.LEVELS}
        for code, name in findings.choices("risks"):
            levels[findings.level(code)].append({"code": code, "path": name.strip()})
        return [{"name": findings.LEVELS[level], "topics": risks} for level, risks in levels.items()]
    trees: dict[str, list[dict[str, str]]] = {}
    for code, _name in findings.choices("taxonomy"):
        if "." in code:
            path = findings.path(code).partition(" › ")[2]
            trees.setdefault(code.partition(".")[0], []).append({"code": code, "path": path})
    return [{"name": findings.name("taxonomy", root), "topics": topics} for root, topics in trees.items()]


@never_cache
@requires(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def disputes(request: HttpRequest, task: str) -> HttpResponse:
    """What two others disagree about, within reach of the right to manage models, and the look that settles it."""
    staff = who(request)
    if task not in Task or "voice.see" not in staff.rights:
        raise Http404
    if request.method == "POST":
        return _settled(request, task)
    found = dealing.disputes(task, staff)
    shown = [_disputed(task, one, wording.marked(voice)) | {"voice": voice} for one, voice in found[:MOST]]
    audit.record("voice.read", by=staff, on_kind="voice", source=audit.origin(request), count=len(shown))
    context = _about(task, staff) | {"disputes": shown, "count": len(found)}
    return render(request, "annotation/disputes.html", context)


def _disputed(task: str, one: gathering.Judged, text: str) -> dict[str, Any]:
    marked = task == Task.OPINIONS
    return {
        "judged": one,
        "said": _said(task, one, text),
        "words": markable(text) if marked else None,
        "value": values.shared([value for value in one.by.values() if value]) if marked else "",
    }


def _said(task: str, one: gathering.Judged, text: str) -> list[tuple[str, str, str]]:
    """Who said what, in words and as it is kept."""
    return [(number, values.told(task, value, text), value) for number, value in sorted(one.by.items())]


def _settled(request: HttpRequest, task: str) -> HttpResponse:
    asked = request.POST
    version = asked.get("version", "")
    try:
        if not version.isdecimal() or len(version) > 9:
            raise Fault("这条声音没有待裁定的分歧")
        actions.settle(
            task,
            asked.get("voice", ""),
            int(version),
            _value([asked["adopt"]] if "adopt" in asked else asked.getlist("value")),
            by=who(request),
            source=audit.origin(request),
        )
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        messages.success(request, _("已裁定。"))
    return redirect("disputes", task)


@never_cache
@requires("voice.export")
@require_safe
def labels_export(request: HttpRequest, task: str) -> HttpResponse:
    if task not in Task:
        raise Http404
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(exported(task))
    try:
        lines.writerows(actions.export_labels(task, by=who(request), source=audit.origin(request)))
    except PermissionDenied:
        raise Http404 from None
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"huixiang-labels-{task}-{timezone.localdate():%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
