"""Which model reads from now on? A person decides; what is worse needs a reason, and every step can be taken back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.annotation import evaluating
from huixiang.apps.annotation.models import Activation, EvaluationSet, ModelVersion, Task
from huixiang.apps.annotation.permits import may_manage
from huixiang.apps.feedback import in_use
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.channels.contract import Fault


def activate(
    version: ModelVersion, *, by: Staff | str, although_worse: bool = False, reason: str = "", source: str = ""
) -> Activation:
    """Let this version read from the next import on.

    Raises Fault where it is worse on the locked set, or where that cannot be known since nothing is locked: then a
    person says that it shall be so all the same (`although_worse`), and why.
    """
    person, actor = may_manage(by)
    evaluating.loaded(version)
    now, locked = Activation.objects.in_force(version.task), EvaluationSet.current(version.task)
    if now and now.version_id == version.pk:
        raise Fault("模型 %(model)s 已经在用", model=version.label)
    verdict = judged(reading(now), version)  # minutes, during which others write
    _refuse_worse(verdict, although_worse=although_worse, reason=reason)
    with transaction.atomic():
        _refuse_changed(version.task, now, locked)
        kept = Activation.objects.create(
            task=version.task,
            version=version,
            although_worse=although_worse and needs_word(verdict),
            verdict=verdict,
            reason=masked_value("", reason.strip())[:400],
            by=person,
            actor=actor,
            at=timezone.now(),
        )
        told: dict[str, Any] = {"task": version.task, "label": version.label, "although_worse": kept.although_worse}
        told |= {"verdict": verdict["verdict"], "reason": kept.reason}
        audit.record("model.activate", by=by, on_kind="model", on_id=version.pk, source=source, **told)
        _point(version.task, version)  # last: whatever fails before leaves the former model at work
    return kept


def roll_back(task: str, *, by: Staff | str, reason: str = "", source: str = "") -> ModelVersion | None:
    """Take the last activation back: what read before it reads again (None: the rules). Raises Fault for none."""
    person, actor = may_manage(by)
    with transaction.atomic():
        standing = Activation.objects.stack(task)
        if not standing:
            raise Fault("没有启用过模型，没有什么可以退回：现在由规则判断")
        last = standing[-1]
        before = standing[-2].version if len(standing) > 1 else None
        Activation.objects.create(
            task=task,
            version=before,
            is_back=True,
            reason=masked_value("", reason.strip())[:400],
            by=person,
            actor=actor,
            at=timezone.now(),
        )
        told = {"task": task, "former": last.version.label if last.version else "rules"}
        told |= {"label": before.label if before else "rules"}
        audit.record("model.rollback", by=by, on_kind="model", on_id=last.version_id or "", source=source, **told)
        _point(task, before)
    return before


def repoint() -> int:
    """The nightly round's part: the pointer says what the rows say, also after a backup. How many tasks moved?"""
    try:
        pointed = in_use.pointer(in_use.folder())
    except in_use.Broken:
        pointed = None
    moved = 0
    for task in Task:
        standing = Activation.objects.in_force(task)
        wanted = _pointer(standing.version if standing else None)
        if pointed is None or pointed.get(task) != wanted:
            in_use.point(in_use.folder(), task.value, wanted)
            moved += 1
    return moved


def reading(standing: Activation | None) -> ModelVersion | None:
    """Whose word counts now? None: the rules, which read too where the file in force cannot be used."""
    if standing is None or standing.version is None:
        return None
    try:
        evaluating.loaded(standing.version)
    except Fault:
        return None
    return standing.version


def judged(now: ModelVersion | None, version: ModelVersion) -> dict[str, Any]:
    """The difference to what reads now, or that it cannot be known."""
    locked = EvaluationSet.current(version.task)
    return evaluating.compare(now, version, locked) if locked else {"verdict": "unknown", "is_worse": False}


def needs_word(verdict: dict[str, Any]) -> bool:
    """Must a person say that it shall be activated all the same?"""
    return bool(verdict["is_worse"]) or verdict["verdict"] == "unknown"


def _refuse_changed(task: str, now: Activation | None, locked: EvaluationSet | None) -> None:
    """Raises Fault where the verdict is no longer about what reads, or about what is locked."""
    if Activation.objects.in_force(task) != now or EvaluationSet.current(task) != locked:
        raise Fault("比较期间，在用的模型或锁定的评价集变了。请重试")


def _refuse_worse(verdict: dict[str, Any], *, although_worse: bool, reason: str) -> None:
    if not needs_word(verdict):
        return
    if although_worse and reason.strip():
        return
    if although_worse:
        raise Fault("请写明仍要启用的理由")
    if verdict["verdict"] == "unknown":
        raise _unknown(verdict)
    value, low, high = verdict["difference"]
    raise Fault(
        "在锁定的评价集（%(n)s 条）上，%(new)s 比 %(old)s 差："
        "%(measure)s 变化 %(value)s（95%% 区间 %(low)s 至 %(high)s）。"
        "未启用；仍要启用，请勾选“仍要启用”（--although-worse）并写明理由",
        n=verdict["n"],
        new=verdict["new"],
        old=verdict["old"],
        measure=verdict["measure"],
        value=signed(value),
        low=signed(low),
        high=signed(high),
    )


def _unknown(verdict: dict[str, Any]) -> Fault:
    if "learned" in verdict:
        return Fault(
            "%(models)s 训练在评价集锁定之前，可能学过其中的声音，无从知道是否更差。"
            "请在锁定之后重新训练；或勾选“仍要启用”（--although-worse）并写明理由",
            models="、".join(verdict["learned"]),
        )
    if "n" in verdict:
        return Fault(
            "锁定的评价集只有 %(n)s 条声音可比，无从知道是否更差。"
            "请另行锁定一个；或勾选“仍要启用”（--although-worse）并写明理由",
            n=verdict["n"],
        )
    return Fault("还没有锁定的评价集，无从知道是否更差。请先锁定一个；或勾选“仍要启用”（--although-worse）并写明理由")


def signed(value: float | None) -> str:
    return "—" if value is None else f"{value:+.3f}"


def _point(task: str, version: ModelVersion | None) -> None:
    in_use.point(in_use.folder(), task, _pointer(version))


def _pointer(version: ModelVersion | None) -> dict[str, Any] | None:
    if version is None:
        return None
    return {"label": version.label, "folder": version.folder, "sha256": version.sha256}
