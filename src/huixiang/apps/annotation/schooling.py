"""How does a model learn from the bank's labels? As a job from the page, or at once from the command line."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import jobs
from huixiang.apps.access.beats import alive
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.annotation import cards, evaluating, gathering, scoring, values
from huixiang.apps.annotation.actions.registry import measured, register
from huixiang.apps.annotation.models import BOOKS, ModelVersion, Task
from huixiang.channels.contract import Fault


@jobs.work("train_model")
def work(progress: jobs.Progress, task: str, name: str, staff_id: int) -> Sentence:
    """A second run after a crash learns once more; the same labels give the same model under another number."""
    progress.report(0, 1)
    version = from_labels(task, name, by=Staff.objects.get(pk=staff_id), progress=progress)
    progress.report(1, 1)
    return Sentence(gettext_noop("已训练并登记模型 %(model)s；启用前请先比较。"), {"model": version.label})


def from_labels(
    task: str, name: str, *, by: Staff | str, source: str = "", seed: int = 0, progress: jobs.Progress | None = None
) -> ModelVersion:
    """Learn from all undisputed labels and corrections but those of the locked set. Raises Fault where too few.

    As a job (`progress`) it may be cancelled or taken over meanwhile: then nothing is registered.
    """
    since = timezone.now()
    lessons = [lesson for lesson in gathering.lessons(task) if lesson.text]
    with alive(progress):
        model, kept = fit(task, [lesson.text for lesson in lessons], [lesson.label for lesson in lessons], seed)
        origin = Sentence(gettext_noop("本行的标注与更正，未含锁定的评价集"), {})
        seen = gathering.suggested(task, [lesson.voice_id for lesson in lessons])
        card = cards.card(model, source=origin, labels=kept, seed=seed, suggested=seen)
        figures = measured(model, since)
    if progress:
        progress.write()  # raises where another worker has this job, or somebody asked to stop
    return register(model, card, name=name, by=by, source=source, figures=figures)


def fit(task: str, texts: list[str], labels: list[str], seed: int) -> tuple[Any, list[str]]:
    """The model, and the labels that it was learned from. Raises Fault."""
    if task == Task.OPINIONS:
        return _marked(texts, labels, seed)
    return _several(task, texts, labels, seed) if task in BOOKS else _one_each(task, texts, labels, seed)


def _marked(texts: list[str], labels: list[str], seed: int) -> tuple[Any, list[str]]:
    """Opinions: texts with their marks; those in which nothing is to be marked teach as well."""
    from huixiang.domain.understanding.opinions import training

    if len(texts) < gathering.FEWEST:
        raise _too_few(len(texts))
    try:
        return training.train(texts, [values.spans(label) for label in labels], seed=seed), labels
    except ValueError as error:
        raise Fault("这些标注学不出评价要素的模型（%(reason)s）。请先多标一些", reason=str(error)) from None


def _one_each(task: str, normals: list[str], labels: list[str], seed: int) -> tuple[Any, list[str]]:
    from huixiang.domain.understanding.learned import training  # the trainer's libraries are heavy

    warnings.filterwarnings("ignore", "The least populated class", UserWarning)  # the card names rare labels
    counts = Counter(labels)
    pairs = [pair for pair in zip(normals, labels, strict=True) if counts[pair[1]] >= training.FOLDS]
    kept = [label for _, label in pairs]
    if len(pairs) < gathering.FEWEST or len(set(kept)) < 2:
        raise _too_few(len(pairs))
    texts = [normal for normal, _ in pairs]
    return training.train(texts, _cut(texts), kept, task=task, aim=scoring.AIMS[task], seed=seed), kept


def _several(task: str, normals: list[str], labels: list[str], seed: int) -> tuple[Any, list[str]]:
    """Topics: what is learned has the word later on, all other codes are left to the taxonomy's words. Risks: likewise,
    but what the book's words tell stays.

    Codes that left the book do not count; a label of which nothing is left does not become "none".
    """
    from huixiang.domain.understanding.learned import several_training

    known = values.known(task)
    pairs = [
        (normal, left) for normal, label in zip(normals, labels, strict=True) if (left := values.standing(label, known))
    ]
    if len(pairs) < gathering.FEWEST:
        raise _too_few(len(pairs))
    texts, kept = [normal for normal, _ in pairs], [label for _, label in pairs]
    topics = [values.codes(label) for label in kept]
    if not several_training.learnable(topics):
        raise Fault("没有一个编码有至少 %(fewest)s 条声音可学。请先多标一些", fewest=several_training.FEWEST)
    return several_training.train(texts, _cut(texts), topics, task=task, seed=seed), kept


def _too_few(count: int) -> Fault:
    return Fault(
        "可学的标注只有 %(count)s 条；至少要 %(fewest)s 条、两种标签。请先多标一些",
        count=count,
        fewest=gathering.FEWEST,
    )


def _cut(normals: list[str]) -> list[list[str]]:
    words = evaluating.segmentation()
    return [words.tokens(normal) for normal in normals]
