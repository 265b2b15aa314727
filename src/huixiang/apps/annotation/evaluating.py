"""How good is a model on the voices that people labelled and locked? Its figures, and its difference to another's."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils import timezone

from huixiang.apps.annotation import scoring, values, wording
from huixiang.apps.annotation.models import BOOKS, EvaluationSet, ModelVersion, Task
from huixiang.apps.annotation.models.registry import Locked
from huixiang.apps.feedback import in_use, rulebooks
from huixiang.apps.feedback.facts import lake
from huixiang.channels.contract import Fault
from huixiang.domain.understanding.learned import comparing
from huixiang.domain.understanding.learned.risks import Risks
from huixiang.domain.understanding.learned.topics import Topics
from huixiang.domain.understanding.opinions import marks
from huixiang.domain.understanding.opinions.rules import Rules
from huixiang.domain.understanding.understander import Understander
from huixiang.domain.understanding.words import Words

AT_ONCE = 500
FEWEST = 20  # voices, below which no interval says anything


@dataclass(frozen=True, slots=True)
class Gold:
    """What the task's model reads of the voices of a locked set that say still what was labelled.

    `missing`: those that were erased or changed.
    """

    texts: list[str]
    labels: list[str]
    missing: int


def digest(labels: Mapping[str, Locked]) -> str:
    """By what is a locked set known? SHA-256 over its lines "voice id, tab, version, tab, label", sorted."""
    lines = "\n".join(f"{voice}\t{each.version}\t{each.label}" for voice, each in sorted(labels.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def gold(of: EvaluationSet) -> Gold:
    """The set as it was locked. Raises Fault where it was altered since, or none of its voices is left."""
    labels = of.labels()
    if digest(labels) != of.sha256:
        raise Fault("锁定的评价集（%(set)s）与锁定时的散列不符：有人改动过。请重新锁定", set=of.pk)
    rows = lake().rows("voices", labels).select(["id", "version", *wording.COLUMNS]).to_pylist()
    rows = sorted((row for row in rows if row["version"] == labels[row["id"]].version), key=lambda row: row["id"])
    if not rows:
        raise Fault("锁定的评价集里的声音都已不在数据湖中，或来源已改动。请重新锁定")
    found = [labels[row["id"]].label for row in rows]
    return Gold([wording.read_by(of.task, row) for row in rows], found, len(labels) - len(rows))


def told(version: ModelVersion | None, task: str, texts: Sequence[str]) -> list[str]:
    """What does a version (None: the rules) say of texts that it reads? Raises Fault for a broken file."""
    return said(version and loaded(version), task, texts)


def said(model: Any | None, task: str, normals: Sequence[str]) -> list[str]:
    """What does a model (None: the rules) say of texts (`wording.read_by`), as people write it?

    Of topics and risks it is what would be read: the model's and the book's, as they stand together in imports.
    """
    if task == Task.OPINIONS:
        reader = model or Rules()
        return [marks.written(found) for some in portions(normals) for found in reader.spans(some)]
    if model is None:
        return _read(task, normals, in_use.rules())
    if task in BOOKS:
        beside: dict[str, Any] = {"topics": Topics(model, beside_rules=True)} if task == Task.TOPICS else {}
        beside |= {"risks": Risks(model)} if task == Task.RISKS else {}
        return _read(task, normals, Understander(reader=rulebooks.reader(rulebooks.today()), **beside))
    words, found = segmentation(), list[str]()
    for some in portions(normals):
        found += model.told(model.probabilities(some, [words.tokens(normal) for normal in some]))
    return found


def loaded(version: ModelVersion) -> Any:
    """The classifier of a version. Raises Fault."""
    try:
        return in_use.load(in_use.folder(), version.folder, version.sha256)
    except in_use.Broken as broken:
        raise Fault("模型 %(model)s 的文件不能使用（%(reason)s）", model=version.label, reason=str(broken)) from None


def may_have_learned(version: ModelVersion | None, of: EvaluationSet) -> bool:
    """Can it have seen these labels? A model that was there before they were locked can; the rules (None) cannot."""
    return version is not None and version.trained_at < of.at


def figures(version: ModelVersion | None, of: EvaluationSet) -> dict[str, Any]:
    """The task's measures on the locked set, each with its 95 % bootstrap interval, fit for JSON.

    Nothing for a model that may have learned these labels: it would be praised for its memory.
    """
    return {} if may_have_learned(version, of) else figures_of(version and loaded(version), of)


def figures_of(model: Any | None, of: EvaluationSet) -> dict[str, Any]:
    """The same of a model that has no version yet (None: the rules), and did not learn these labels."""
    known = gold(of)
    found = scoring.scored(of.task, known.labels, said(model, of.task, known.texts))
    return {
        "set": of.pk,
        "sha256": of.sha256,
        "n": len(known.labels),
        "missing": known.missing,
        "at": timezone.now().isoformat(),
        **{name: [_plain(score.value), _plain(score.low), _plain(score.high)] for name, score in found.items()},
    }


def compare(old: ModelVersion | None, new: ModelVersion | None, of: EvaluationSet) -> dict[str, Any]:
    """Is `new` better than `old` (None: the rules)? Their difference in the task's measure, fit for JSON.

    Unknown where one of them may have learned the set, or where too few voices are left of it to tell.
    """
    learned = [each.label for each in (old, new) if each and may_have_learned(each, of)]
    if learned:
        return {"verdict": "unknown", "is_worse": False, "set": of.pk, "learned": learned}
    known = gold(of)
    before, after = (told(version, of.task, known.texts) for version in (old, new))
    found = scoring.difference(of.task, known.labels, before, after)
    return {
        "set": of.pk,
        "n": found.n,
        "missing": known.missing,
        "measure": scoring.AIMS[of.task],
        "old": old.label if old else "rules",
        "new": new.label if new else "rules",
        "difference": [_plain(found.value), _plain(found.low), _plain(found.high)],
        "verdict": found.verdict if found.is_worse or _tells(found) else "unknown",
        "is_worse": found.is_worse,
    }


@cache
def segmentation() -> Words:
    """One for all: making it takes longer than cutting a thousand texts."""
    return Words()


def portions(normals: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(normals), AT_ONCE):
        yield normals[begin : begin + AT_ONCE]


def _read(task: str, normals: Sequence[str], by: Understander) -> list[str]:
    found = [each for some in portions(normals) for each in by.again(some)]
    if task in BOOKS:
        return [values.joined(code.code for code in getattr(each, task)) for each in found]
    return [each.sentiment.label if task == Task.SENTIMENT else each.kind.code for each in found]


def _tells(found: comparing.Difference) -> bool:
    return found.n >= FEWEST and not math.isnan(found.value) and not math.isnan(found.low)


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)
