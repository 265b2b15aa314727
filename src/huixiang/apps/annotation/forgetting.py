"""What of the labels of voices that were erased, or whose time is over? They go too; a locked set is locked anew.

A label holds no word of what was said, but it tells of a voice that is to be forgotten. feedback knows nothing of
labels: they are registered with it as one more thing that goes, and the nightly round looks once more.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext, gettext_lazy

from huixiang.apps.access import audit
from huixiang.apps.annotation import evaluating
from huixiang.apps.annotation.models import EvaluationItem, EvaluationSet, Label, ModelVersion, Settled
from huixiang.apps.feedback.certifying import counted, place, remark
from huixiang.apps.feedback.erasing import reaches
from huixiang.apps.feedback.models import Erasure, Tombstone
from huixiang.apps.feedback.returned import tells_of

AT_ONCE = 500
Ids = Sequence[str] | QuerySet[Tombstone, Any]  # given, or those of all tombstones


@reaches
def forget(voice_ids: Collection[str]) -> None:
    """The part of an erasure, or of the end of their time; of erased voices the tombstones stand already."""
    listed = sorted(voice_ids)
    for start in range(0, len(listed), AT_ONCE):
        _forget(listed[start : start + AT_ONCE])


@place("labels", gettext_lazy("标注、裁定与锁定的评价集"))
def left(voice_ids: Collection[str]) -> int:
    rows = (Label.objects.all(), Settled.objects.all(), EvaluationItem.objects.all())
    return sum(counted(each, voice_ids) for each in rows)


@remark
def models_trained_before(erasure: Erasure) -> list[str]:
    """What was learned from a label that is gone? Weights hold no text; still it is told which models may know more."""
    if not any(one["found"] for one in erasure.looked if one["place"] == "labels"):
        return []
    before = ModelVersion.objects.filter(trained_at__lt=erasure.finished_at or erasure.at)
    names = ", ".join(sorted(version.label for version in before))
    if not names:
        return []
    return [
        gettext(
            "删除之前训练的模型（%(names)s）可能学过这些标注。模型里只有词语的权重，没有原文；重新训练后即不再含有。"
        )
        % {"names": names}
    ]


@tells_of
def labelled(before: datetime) -> set[str]:
    """Of which voices were labels given, settled or locked before?"""
    rows = (Label.objects.filter(at__lt=before), Settled.objects.filter(at__lt=before))
    locked = EvaluationItem.objects.filter(of__at__lt=before)
    return {each for some in (*rows, locked) for each in some.order_by().values_list("voice_id", flat=True)}


def forget_erased() -> int:
    """The nightly round's part: how many labels of erased voices went?"""
    return _forget(Tombstone.objects.values("voice_id"))


def _forget(ids: Ids) -> int:
    with transaction.atomic():
        gone = Label.objects.filter(voice_id__in=ids).delete()[0]
        gone += Settled.objects.filter(voice_id__in=ids).delete()[0]
        lost = EvaluationItem.objects.filter(voice_id__in=ids)
        for locked in EvaluationSet.objects.filter(pk__in=lost.values("of")):
            gone += _without(locked, ids)
    return gone


def _without(locked: EvaluationSet, ids: Ids) -> int:
    """A set that somebody altered keeps its wrong hash: it must not become right by an erasure."""
    altered = evaluating.digest(locked.labels()) != locked.sha256
    count = locked.items.filter(voice_id__in=ids).delete()[0]
    EvaluationSet.objects.filter(pk=locked.pk).update(erased=F("erased") + count)
    if not altered:
        former, locked.sha256 = locked.sha256, evaluating.digest(locked.labels())
        locked.save(update_fields=["sha256"])
        told = {"task": locked.task, "count": count, "sha256": locked.sha256, "former": former}
        audit.record_many([audit.Deed("model.lock", "evaluation", locked.pk, told)], by="system:nightly")
    return count
