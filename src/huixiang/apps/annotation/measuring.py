"""How good is a model now, on the locked set as it stands? As a job: thousands of voices are read by two models."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from huixiang.apps.access import jobs
from huixiang.apps.access.beats import alive
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.annotation import evaluating
from huixiang.apps.annotation.models import EvaluationSet, ModelVersion
from huixiang.channels.contract import Fault


@jobs.work("evaluate_model")
def work(progress: jobs.Progress, version_id: int) -> Sentence:
    """Twice the same set gives the same figures, so a second run after a crash does no harm."""
    progress.report(0, 1)
    version = ModelVersion.objects.get(pk=version_id)
    locked = set_of(version)
    with alive(progress):  # a slow model reads for minutes
        version.figures = evaluating.figures(version, locked)
    progress.write()
    version.save(update_fields=["figures"])
    progress.report(1, 1)
    message = gettext_noop("已在锁定的评价集（%(n)s 条）上评价 %(model)s。")
    return Sentence(message, {"n": version.figures["n"], "model": version.label})


def set_of(version: ModelVersion) -> EvaluationSet:
    """The set on which it may be measured. Raises Fault where there is none, or the model may have learned it."""
    locked = EvaluationSet.current(version.task)
    if locked is None:
        raise Fault("还没有锁定的评价集；请先锁定一个")
    if evaluating.may_have_learned(version, locked):
        raise Fault(
            "%(models)s 训练在评价集锁定之前，可能学过其中的声音，没有可信的数字。请在锁定之后重新训练",
            models=version.label,
        )
    return locked
