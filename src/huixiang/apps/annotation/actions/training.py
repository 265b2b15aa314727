"""Shall a model be learned from the labels, or measured, now? As a job: it takes up to two minutes."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_noop

from huixiang.apps.access import audit, jobs
from huixiang.apps.access.models import Job, Staff
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.annotation import gathering, measuring
from huixiang.apps.annotation.actions.registry import refuse_misnamed
from huixiang.apps.annotation.models import ModelVersion
from huixiang.apps.annotation.permits import may_manage
from huixiang.channels.contract import Fault


def train(task: str, name: str, *, by: Staff, source: str = "") -> Job:
    """Put it into the queue. Raises Fault where there are too few labels to begin with."""
    may_manage(by)
    refuse_misnamed(name)
    count = len(gathering.learnable(task))
    if count < gathering.FEWEST:
        raise Fault(
            "可学的标注只有 %(count)s 条；至少要 %(fewest)s 条、两种标签。请先多标一些",
            count=count,
            fewest=gathering.FEWEST,
        )
    with transaction.atomic():
        title = Sentence(gettext_noop("用 %(count)s 条标注训练模型 %(name)s"), {"count": count, "name": name})
        job = jobs.start("train_model", title, by, task=task, name=name, staff_id=by.pk)
        audit.record("model.train", by=by, on_kind="model", source=source, task=task, label=name, count=count)
    return job


def evaluate(version: ModelVersion, *, by: Staff, source: str = "") -> Job:
    """Measure it anew on the locked set. Raises Fault where there is none, or the model may have learned it."""
    may_manage(by)
    measuring.set_of(version)
    with transaction.atomic():
        title = Sentence(gettext_noop("评价模型 %(model)s"), {"model": version.label})
        job = jobs.start("evaluate_model", title, by, version_id=version.pk)
        audit.record("model.evaluate", by=by, on_kind="model", on_id=version.pk, source=source, task=version.task)
    return job
