"""On which voices are models measured? A person locks their labels; no model learns from them afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.annotation import evaluating, gathering, values, wording
from huixiang.apps.annotation.models import EvaluationItem, EvaluationSet, ModelVersion
from huixiang.apps.annotation.models.registry import Locked
from huixiang.apps.annotation.permits import may_manage
from huixiang.apps.feedback.facts import lake
from huixiang.channels.contract import Fault


def lock_labels(task: str, *, by: Staff | str, source: str = "") -> EvaluationSet:
    """Lock what people agreed on of voices drawn at random; those drawn as useful make every model look bad.

    Voices with a code that has left its book since are passed over.
    """
    every = gathering.lockable(task)
    labels = {one.voice_id: one.label for one in every}
    versions = {one.voice_id: one.voice_version for one in every}
    origin = Sentence(gettext_noop("标注页随机抽取、两人一致或已裁定的声音"), {})
    return lock_set(task, labels, origin, by=by, source=source, versions=versions)


def lock_set(
    task: str,
    labels: Mapping[str, str],
    origin: Sentence,
    *,
    by: Staff | str,
    source: str = "",
    versions: Mapping[str, int] | None = None,
) -> EvaluationSet:
    """Lock these labels (by voice id) as the task's evaluation set. Raises Fault.

    `versions`: which version of each voice was labelled; with none given, those that the lake holds now.

    The models there are have no figures from then on: each may have learned from what is locked now. Those trained
    afterwards are measured.
    """
    person, actor = may_manage(by)
    written = {label: values.valid(task, label) for label in sorted(set(labels.values()))}
    if "" in written.values():
        raise Fault("“不知道”不能锁定为评价集的标签")
    labels = {id: written[label] for id, label in labels.items()}
    rows = lake().rows("voices", labels).select(["id", "version", *wording.COLUMNS]).to_pylist()
    there = {row["id"]: row["version"] for row in rows}
    wanted = there if versions is None else versions
    for row in rows:
        if wanted[row["id"]] == row["version"]:
            values.fitting(task, labels[row["id"]], wording.read_by(task, row))
    kept = {id: Locked(there[id], label) for id, label in labels.items() if id in there and there[id] == wanted[id]}
    if len(kept) < evaluating.FEWEST or len({each.label for each in kept.values()}) < 2:
        raise Fault(
            "评价集至少要 %(fewest)s 条声音、两种标签；这里在数据湖中的只有 %(count)s 条",
            fewest=evaluating.FEWEST,
            count=len(kept),
        )
    with transaction.atomic():
        found = EvaluationSet.objects.create(
            task=task, sha256=evaluating.digest(kept), source=origin._asdict(), by=person, actor=actor
        )
        EvaluationItem.objects.bulk_create(
            [
                EvaluationItem(of=found, voice_id=voice, voice_version=each.version, label=each.label)
                for voice, each in sorted(kept.items())
            ],
            batch_size=500,
        )
        ModelVersion.objects.filter(task=task).update(figures={})
        told: dict[str, Any] = {"task": task, "count": len(kept), "sha256": found.sha256}
        audit.record("model.lock", by=by, on_kind="evaluation", on_id=found.pk, source=source, **told)
    return found
