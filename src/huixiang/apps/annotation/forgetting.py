"""What of the labels of voices that were erased? They go too; a locked set is locked anew without them.

A label holds no word of what was said, but it tells of a voice that is to be forgotten. feedback knows nothing of
labels: the nightly round pulls, as everywhere in the loop.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from huixiang.apps.access import audit
from huixiang.apps.annotation import evaluating
from huixiang.apps.annotation.models import EvaluationItem, EvaluationSet, Label, Settled
from huixiang.apps.feedback.models import Tombstone


def forget_erased() -> int:
    """How many labels went?"""
    stones = Tombstone.objects.values("voice_id")
    with transaction.atomic():
        gone = Label.objects.filter(voice_id__in=stones).delete()[0]
        gone += Settled.objects.filter(voice_id__in=stones).delete()[0]
        lost = EvaluationItem.objects.filter(voice_id__in=stones)
        for locked in EvaluationSet.objects.filter(pk__in=lost.values("of")):
            gone += _without(locked)
    return gone


def _without(locked: EvaluationSet) -> int:
    """A set that somebody altered keeps its wrong hash: it must not become right by an erasure."""
    altered = evaluating.digest(locked.labels()) != locked.sha256
    count = locked.items.filter(voice_id__in=Tombstone.objects.values("voice_id")).delete()[0]
    EvaluationSet.objects.filter(pk=locked.pk).update(erased=F("erased") + count)
    if not altered:
        former, locked.sha256 = locked.sha256, evaluating.digest(locked.labels())
        locked.save(update_fields=["sha256"])
        told = {"task": locked.task, "count": count, "sha256": locked.sha256, "former": former}
        audit.record_many([audit.Deed("model.lock", "evaluation", locked.pk, told)], by="system:nightly")
    return count
