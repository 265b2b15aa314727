"""How does a trained model come into the registry? Its file is laid into its folder first, then it is a row."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.annotation import evaluating, values
from huixiang.apps.annotation.models import EvaluationSet, ModelVersion, Task
from huixiang.apps.annotation.models.registry import valid_name
from huixiang.apps.annotation.permits import may_manage
from huixiang.apps.feedback import in_use
from huixiang.channels.contract import Fault


class Measured(NamedTuple):
    """When its labels were gathered, and its figures on the set that was locked then; {} where there was none."""

    at: datetime
    locked: EvaluationSet | None
    figures: dict[str, Any]


def measured(model: Any, since: datetime | None = None) -> Measured:
    """Its figures on the locked set; minutes, where a slow model reads thousands of voices.

    `since`: when its labels were gathered, where that was before now; a set locked since then may hold some of them.
    """
    at, locked = since or timezone.now(), EvaluationSet.current(model.task)
    return Measured(at, locked, evaluating.figures_of(model, locked) if locked and at >= locked.at else {})


def register(
    model: Any, card: dict[str, Any], *, name: str, by: Staff | str, source: str = "", figures: Measured | None = None
) -> ModelVersion:
    """Keep a classifier with its card, measured on the locked set where there is one. It is not activated by that.

    `figures`: where it was measured already. Raises Fault where it tells labels that the product does not know, or the
    name cannot stand in `understood_by`.
    """
    person, actor = may_manage(by)
    _refuse_unfit(model, name)
    data, found = model.dumps(), figures or measured(model)
    with transaction.atomic():
        # On PostgreSQL two at once would get one number, and the constraint lets one of them in.
        number = (ModelVersion.objects.filter(task=model.task).aggregate(Max("number"))["number__max"] or 0) + 1
        version = ModelVersion.objects.create(
            task=model.task,
            name=name,
            number=number,
            folder=f"{model.task}/{number}",
            sha256=hashlib.sha256(data).hexdigest(),
            card=card,
            figures=found.figures if EvaluationSet.current(model.task) == found.locked else {},
            by=person,
            actor=actor,
            trained_at=found.at,
        )
        _lay(in_use.folder() / version.folder, data, card)
        told = {"task": version.task, "label": version.label, "sha256": version.sha256}
        audit.record("model.register", by=by, on_kind="model", on_id=version.pk, source=source, **told)
    return version


def _refuse_unfit(model: Any, name: str) -> None:
    if model.task not in Task:
        raise Fault("“%(task)s”模型不能登记：只有情感、性质、事项、风险与评价要素。", task=model.task)
    known = values.known(model.task)
    if strange := sorted(set(model.labels) - set(known)):
        raise Fault("模型的标签“%(label)s”不认识；应为 %(known)s", label=strange[0][:40], known="、".join(known))
    refuse_misnamed(name)


def refuse_misnamed(name: str) -> None:
    """Raises Fault where a name cannot stand in `understood_by`."""
    try:
        valid_name(name)
    except ValidationError:
        raise Fault(
            "模型名“%(name)s”不行：小写字母开头，只含小写字母、数字与下划线，最多 24 个字符", name=name[:40]
        ) from None


def _lay(folder: Path, data: bytes, card: dict[str, Any]) -> None:
    """A folder without a row is what a killed process left: the next of this number writes over it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in ((in_use.FILE, data), ("card.json", json.dumps(card, ensure_ascii=False, indent=1).encode())):
        part = folder / f"{name}.part"
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / name)
