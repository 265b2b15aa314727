"""What would an outside model label? A suggestion for some of the voices dealt; a person labels.

Nothing is suggested for a voice that two people are to see, nor for one drawn by lot: agreement and the locked set
must tell what people think, each by herself.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_noop

from huixiang.apps.access import audit, beats, jobs
from huixiang.apps.access.models import Job, Staff
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.annotation import dealing, values
from huixiang.apps.annotation.dealing import Dealt
from huixiang.apps.annotation.models import BOOKS, Task
from huixiang.apps.feedback import outside
from huixiang.channels.contract import Fault
from huixiang.domain.understanding.asked.labels import Suggested
from huixiang.domain.understanding.asked.question import Question


def suggestible(dealt: Sequence[Dealt]) -> list[Dealt]:
    """Those of a page for which a suggestion bends no measure."""
    return [each for each in dealt if not dealing.wants_two(each.voice.id, each.draw)]


def suggestions(task: str, dealt: Sequence[Dealt]) -> dict[str, str]:
    """Voice id → what the model would say, of those that it was asked about. Nothing is sent."""
    some = suggestible(dealt)
    if not some or not can(task):
        return {}
    try:
        answers = outside.known(_questions(some))
    except Fault:  # of the bank's books, which imports tell of: labelling goes on
        return {}
    found = {each.voice.id: outside.suggestion(answer) for each, answer in zip(some, answers, strict=True)}
    said = {voice: _value(task, each) for voice, each in found.items() if each}
    return {voice: value for voice, value in said.items() if value}


def _value(task: str, said: Suggested) -> str:
    """As a label is kept."""
    return values.joined(getattr(said, task)) if task in BOOKS else str(getattr(said, task))


def can(task: str) -> bool:
    """Is there a model that may be asked? Words are marked by people alone: it is asked for labels, not for places."""
    return task != Task.OPINIONS and outside.service() is not None


def start(task: str, *, by: Staff, source: str = "") -> Job:
    """Have the model asked about her page, as a job. Raises Fault where none is named, and PermissionDenied."""
    if dealing.RIGHT not in by.rights:
        raise PermissionDenied
    if task == Task.OPINIONS:
        raise Fault("评价要素由人标记，不请外接模型提建议")
    if not can(task):
        raise Fault("没有设置外接模型；请管理员查看“理解模型”页")
    with transaction.atomic():
        job = jobs.start("suggest_labels", gettext_noop("请外接模型为标注页提建议"), by, task=task, staff_id=by.pk)
        audit.record("label.suggest", by=by, on_kind="plugin", source=source, task=task)
    return job


@jobs.work("suggest_labels")
def work(progress: jobs.Progress, task: str, staff_id: int) -> Sentence:
    """May run twice: what was answered is kept."""
    staff = Staff.objects.get(pk=staff_id)
    some = suggestible(dealing.deal(task, staff))
    with beats.alive(progress):
        answers = outside.ask(_questions(some), "labels", by=staff)
    message = gettext_noop("外接模型为 %(count)s 条声音提了建议；没有答案的 %(without)s 条。")
    count = sum(each.value is not None for each in answers)
    return Sentence(message, {"count": count, "without": len(some) - count})


def _questions(of: Sequence[Dealt]) -> list[Question]:
    return outside.label_questions([outside.said(each.voice.title, each.voice.text) for each in of])
