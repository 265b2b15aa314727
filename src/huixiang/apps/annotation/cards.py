"""What is a model made of, and where does it end? Its card: data, date, figures, limits, and what it said at first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang import __version__
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.annotation import evaluating, values, wording
from huixiang.apps.annotation.models import Task
from huixiang.apps.feedback.facts import lake
from huixiang.domain.understanding.learned.topics import places
from huixiang.domain.understanding.opinions import marks
from huixiang.domain.understanding.opinions.chain import plain
from huixiang.lake import questions

FEW, SELDOM = 500, 30  # labels in all, and of one label, below which the card warns
REFERENCE = 2_000  # voices on which a model's first words are kept: what drift is measured against
BINS = 10  # of the probability of the label told


def card(model: Any, *, source: Sentence, labels: Sequence[str] = (), **more: Any) -> dict[str, Any]:
    """The card of a classifier learned from these labels; with none given, nobody knows what it was learned from.

    `more` may tell of the `file` of a model that was brought along, or of how many labels were given with what an
    outside model `suggested` in sight.
    """
    counts = dict(sorted(Counter(each for label in labels for each in values.parts(model.task, label)).items()))
    return {
        "data": {"source": source._asdict(), "n": len(labels), "labels": counts},
        "trained_on": str(timezone.localdate()),
        "aim": model.aim,
        "tells": list(model.labels),
        "software": f"huixiang {__version__}",
        "limits": [
            limit._asdict()
            for limit in (
                _limits_of_others() if "file" in more else _limits(len(labels), counts, more.get("suggested", 0))
            )
        ],
        "reference": reference(model),
        **more,
    }


def reference(model: Any) -> dict[str, Any]:
    """What does the model say of the newest voices? Counts of labels, and of how sure it was, in tenths."""
    return said(model, newest(model.task))


def newest(task: str, slice_: questions.Slice | None = None) -> list[str]:
    """What a task's model reads of the newest voices."""
    return [wording.read_by(task, row) for row in questions.newest_words(lake(), REFERENCE, slice_)]


def said(model: Any, texts: Sequence[str]) -> dict[str, Any]:
    """Counts of the labels told, and of the probabilities of these labels from 0 to 1 in BINS steps.

    Of several topics or marks a text each counts, and a text of none counts as NONE, least sure.
    """
    if not texts:
        return {"n": 0, "labels": {}, "bins": [0] * BINS}
    told, sure = list[str](), list[float]()
    for each in _marked(model, texts) if model.task == Task.OPINIONS else _labelled(model, texts):
        told += [label for label, _likely in each] or [values.NONE]
        sure += [likely for _label, likely in each] or [0.0]
    bins = np.bincount(np.minimum((np.array(sure) * BINS).astype(int), BINS - 1), minlength=BINS)
    return {"n": len(texts), "labels": dict(sorted(Counter(told).items())), "bins": bins.tolist()}


def _labelled(model: Any, normals: Sequence[str]) -> list[list[tuple[str, float]]]:
    words = evaluating.segmentation()
    probabilities = model.probabilities(normals, [words.tokens(normal) for normal in normals])
    held = places(model, probabilities)
    return [[(model.labels[at], float(row[at])) for at in its] for row, its in zip(probabilities, held, strict=True)]


def _marked(model: Any, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
    """Of each mark its kind, and how likely people would set it."""
    found: list[list[tuple[str, float]]] = []
    for some in evaluating.portions(texts):
        sure = model.sure([plain(text) for text in some])
        found += [[(marks.KINDS[span.kind], likely) for span, likely in each] for each in sure]
    return found


def _limits_of_others() -> list[Sentence]:
    """Of a model that was brought along."""
    return [
        Sentence(gettext_noop("由外部带来：学过哪些文本、是否见过评价集里的声音，系统无从知道。"), {}),
        Sentence(gettext_noop("不说明由哪些词决定。"), {}),
    ]


def _limits(n: int, counts: dict[str, int], suggested: int) -> list[Sentence]:
    found = [Sentence(gettext_noop("只在本行的文本上学过；换了渠道、产品或说法，须重新评价。"), {})]
    if not n:
        found.append(Sentence(gettext_noop("训练数据的来历没有记录。"), {}))
    elif n < FEW:
        found.append(Sentence(gettext_noop("只用了 %(n)s 条标注（少于 %(few)s 条），判断不稳。"), {"n": n, "few": FEW}))
    if suggested:
        message = gettext_noop("其中 %(count)s 条标注时可见外接模型的建议。")
        found.append(Sentence(message, {"count": suggested}))
    for label, count in counts.items():
        if count < SELDOM and label != values.NONE:
            message = gettext_noop("“%(label)s”只有 %(count)s 条标注，难以认出。")
            found.append(Sentence(message, {"label": label, "count": count}))
    return found
