"""Which models are there, how good are they, and which one reads? A person activates, and takes back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told, told_fault
from huixiang.apps.annotation import actions, gathering, scoring, values, watching
from huixiang.apps.annotation.actions import activation
from huixiang.apps.annotation.forms.models import ActivationForm, RereadingForm, RollbackForm, TrainingForm
from huixiang.apps.annotation.models import Activation, EvaluationSet, ModelVersion, Rereading, Task
from huixiang.apps.annotation.permits import RIGHT
from huixiang.apps.annotation.views import plugins
from huixiang.apps.feedback import in_use
from huixiang.apps.feedback.facts import lake
from huixiang.channels.contract import Fault
from huixiang.domain.understanding.understander import VERSION

SHOWN = 20


@requires(RIGHT)
@require_safe
def models(request: HttpRequest) -> HttpResponse:
    months = list(reversed(lake().months("voices")))
    context = {
        "tasks": [_task(task) for task in Task],
        "trouble": in_use.trouble(in_use.folder()),
        "may": who(request).holds(RIGHT, None),
        "rereadings": Rereading.objects.select_related("job", "by")[:SHOWN],
        "reread": RereadingForm(months=months),
        "plugins": plugins.standing(),
        "train": TrainingForm(auto_id="train_%s"),
    }
    return render(request, "annotation/models.html", context)


def _task(task: Task) -> dict[str, Any]:
    standing = Activation.objects.in_force(task)
    locked = EvaluationSet.current(task)
    return {
        "code": task.value,
        "name": task.label,
        "standing": standing,
        "by_rules": VERSION,
        "locked": locked,
        "locked_count": locked.items.count() if locked else 0,
        "labels": gathering.standing(task),
        "versions": [_line(each, standing) for each in ModelVersion.objects.filter(task=task).select_related("by")],
        "drift": watching.latest(standing.version) if standing and standing.version else None,
    }


def _line(version: ModelVersion, standing: Activation | None) -> dict[str, Any]:
    return {
        "version": version,
        "figure": _figure(version.figures, scoring.AIMS[version.task]),
        "active": standing is not None and standing.version_id == version.pk,
    }


def _figure(figures: dict[str, Any], measure: str) -> dict[str, Any] | None:
    if not figures or figures[measure][0] is None:
        return None
    value, low, high = figures[measure]
    return {"measure": measure, "value": value, "low": low, "high": high, "n": figures["n"]}


@requires(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def model(request: HttpRequest, pk: int) -> HttpResponse:
    """Its card, how it compares with what reads now, and the form that lets it read."""
    version = get_object_or_404(ModelVersion.objects.select_related("by"), pk=pk)
    form = ActivationForm(request.POST or None, auto_id="activate_%s")
    if request.method == "POST" and form.is_valid():
        try:
            actions.activate(version, by=who(request), source=audit.origin(request), **form.cleaned_data)
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        except PermissionDenied:
            raise Http404 from None
        else:
            messages.success(request, _("%(model)s 已启用，从下一次导入起由它判断。") % {"model": version.label})
            return redirect("models")
    standing = Activation.objects.in_force(version.task)
    context = _card(version) | {
        "form": form,
        "active": standing is not None and standing.version_id == version.pk,
        "may": who(request).holds(RIGHT, None),
        "history": version.activations.all()[:SHOWN],
    }
    return render(request, "annotation/model.html", context, status=422 if form.errors else 200)


def _card(version: ModelVersion) -> dict[str, Any]:
    card = version.card
    verdict: dict[str, Any] | None = None
    fault = ""
    former = activation.reading(Activation.objects.in_force(version.task))
    try:
        verdict = activation.judged(former, version)
    except Fault as why:
        fault = told_fault(why)
    return {
        "version": version,
        "source": told(card["data"]["source"]["message"], card["data"]["source"]["params"]),
        "counts": card["data"]["labels"],
        "limits": [_limit(version.task, limit) for limit in card["limits"]],
        "figures": [found for name in scoring.measures(version.task) if (found := _figure(version.figures, name))],
        "former": former,
        "verdict": verdict,
        "needs_word": verdict is None or activation.needs_word(verdict),
        "difference": [activation.signed(each) for each in verdict["difference"]]
        if verdict and "difference" in verdict
        else None,
        "fault": fault,
    }


def _limit(task: str, limit: dict[str, Any]) -> str:
    """A card names labels by their codes; the page by their names."""
    params = dict(limit["params"])
    if "label" in params:
        params["label"] = values.told(task, params["label"])
    return told(limit["message"], params)


@requires(RIGHT)
@require_POST
def rollback(request: HttpRequest) -> HttpResponse:
    form = RollbackForm(request.POST)
    if not form.is_valid():
        raise Http404
    return _done(request, lambda: _rolled(request, form.cleaned_data))


def _rolled(request: HttpRequest, wanted: dict[str, Any]) -> str:
    version = actions.roll_back(by=who(request), source=audit.origin(request), **wanted)
    return _("已退回：现在由 %(model)s 判断。") % {"model": version.label if version else VERSION}


@requires(RIGHT)
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock what people agreed on of the voices drawn at random."""
    task = request.POST.get("task", "")
    if task not in Task:
        raise Http404

    def locked() -> str:
        found = actions.lock_labels(task, by=who(request), source=audit.origin(request))
        return _("已锁定 %(count)s 条声音为评价集。") % {"count": found.items.count()}

    return _done(request, locked)


@requires(RIGHT)
@require_POST
def train(request: HttpRequest) -> HttpResponse:
    form = TrainingForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写名称：小写字母开头，只含小写字母、数字与下划线。"))
        return redirect("models")

    def started() -> str:
        actions.train(by=who(request), source=audit.origin(request), **form.cleaned_data)
        return _("已开始训练，完成后模型会列在这里；进度见“后台任务”。")

    return _done(request, started)


def _done(request: HttpRequest, deed: Any) -> HttpResponse:
    """Do it and say so, or say why not."""
    try:
        messages.success(request, deed())
    except Fault as fault:
        messages.error(request, told_fault(fault))
    except PermissionDenied:
        raise Http404 from None
    return redirect("models")
