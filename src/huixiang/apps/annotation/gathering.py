"""What do people's labels say together? Who agreed with whom, what is disputed, and what a model may learn from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from huixiang.apps.access.models import Staff
from huixiang.apps.annotation import values, wording
from huixiang.apps.annotation.models import BOOKS, EvaluationItem, EvaluationSet, Label, Settled, Task
from huixiang.apps.feedback.actions.corrections import topics_of
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.models import Correction
from huixiang.lake.schema import PERSON

FEWEST = 40  # labels below which nothing worth keeping is learned


@dataclass(slots=True)
class Judged:
    """One version of a voice with the labels of each who saw it (empty: does not know), and what was settled."""

    voice_id: str
    voice_version: int
    branch: str
    draw: str
    at: datetime  # when it was last judged
    by: dict[str, str] = field(default_factory=dict)  # staff number → value
    settled: str | None = None

    @property
    def values(self) -> set[str]:
        return {value for value in self.by.values() if value}

    @property
    def is_disputed(self) -> bool:
        """Two who judged apart say different things, or one of them does not know; nobody has settled it."""
        return self.settled is None and len(self.by) > 1 and len(set(self.by.values())) > 1

    @property
    def label(self) -> str:
        """What it is held to be; empty where nobody knows, or it is disputed."""
        if self.settled is not None:
            return self.settled
        return "" if self.is_disputed or len(self.values) != 1 else next(iter(self.values))


def judged(task: str, reach: frozenset[str] | None = None) -> list[Judged]:
    """All that was labelled, the earliest first; of these units (None: the whole bank)."""
    found: dict[tuple[str, int], Judged] = {}
    rows = (
        Label.objects.filter(task=task)
        .order_by("at", "pk")
        .values_list("voice_id", "voice_version", "branch", "draw", "at", "by__number", "value")
    )
    for voice_id, version, branch, draw, at, number, value in rows:
        if reach is None or branch in reach:
            one = found.setdefault((voice_id, version), Judged(voice_id, version, branch, draw, at))
            one.by[number], one.at = value, at
    settled = Settled.objects.filter(task=task).values_list("voice_id", "voice_version", "value", "at")
    for voice_id, version, value, at in settled:
        if (voice_id, version) in found:
            found[voice_id, version].settled, found[voice_id, version].at = value, at
    return list(found.values())


def disputed(task: str, number: str, reach: frozenset[str] | None = None) -> list[Judged]:
    """What two disagree about that the person of this staff number did not judge herself: she may be the third."""
    return [one for one in judged(task, reach) if one.is_disputed and number not in one.by]


def agreed(task: str, drawn: str = "") -> list[Judged]:
    """What two people agreed on or a third settled, of voices that say still what was judged; `drawn`: only so."""
    found = [
        one
        for one in judged(task)
        if one.label and (one.settled is not None or len(one.by) > 1) and drawn in ("", one.draw)
    ]
    now = present([one.voice_id for one in found])
    return [one for one in found if stands(one, now)]


def lockable(task: str) -> list[Judged]:
    """What may stand in a locked set: agreed, drawn by lot, and without a code that has left its book since."""
    known = set(values.known(task))
    return [one for one in agreed(task, drawn="random") if task not in BOOKS or values.codes(one.label) <= known]


class Lesson(NamedTuple):
    """What the task's model reads of one voice, as it is now, and what people say of it."""

    voice_id: str
    text: str
    label: str


def lessons(task: str) -> list[Lesson]:
    """What may a model learn? Undisputed labels and corrections of what voices say now, none of the locked set.

    Where a label and a correction speak of the same voice, the later one counts; not knowing unsays nothing. Codes
    that have left their book do not count.
    """
    corrections, labels = _corrections(task), [one for one in judged(task) if one.label]
    now = present({*corrections, *(one.voice_id for one in labels)})
    found = {id: after for id, (after, _at) in corrections.items() if id in now and _holds(now[id], task, after)}
    for one in labels:
        if stands(one, now) and (one.voice_id not in found or one.at > corrections[one.voice_id][1]):
            found[one.voice_id] = one.label
    if task in BOOKS:
        known = values.known(task)
        found = {id: left for id, label in found.items() if (left := values.standing(label, known))}
    locked = EvaluationSet.current(task)
    kept_out: Collection[str] = set()
    if locked:
        kept_out = set(EvaluationItem.objects.filter(of=locked).values_list("voice_id", flat=True))
    return [Lesson(id, wording.read_by(task, now[id]), found[id]) for id in sorted(found) if id not in kept_out]


def suggested(task: str, voices: Collection[str]) -> int:
    """How many of these voices were labelled with what an outside model suggested in sight?"""
    shown = Label.objects.filter(task=task).exclude(suggested="").values_list("voice_id", flat=True)
    return len(set(shown) & set(voices))


def learnable(task: str) -> dict[str, str]:
    """Voice id → label of what a model may learn."""
    return {lesson.voice_id: lesson.label for lesson in lessons(task)}


def present(ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """These voices as the lake holds them now, by id: what labelling and learning need of them."""
    names = ["id", "version", *wording.COLUMNS, "sentiment", "kind", "topics", "understood_by"]
    return {row["id"]: row for row in lake().rows("voices", ids).select(names).to_pylist()}


def stands(one: Judged, now: Mapping[str, dict[str, Any]]) -> bool:
    """Does the voice say what was judged?"""
    return one.voice_id in now and now[one.voice_id]["version"] == one.voice_version


def _corrections(task: str) -> dict[str, tuple[str, datetime]]:
    """Voice id → what the last correction says of it, as labels are written, and when."""
    rows = Correction.objects.filter(field=task).order_by("at", "pk").values_list("voice_id", "after", "at")
    last = {voice_id: (_written(task, after), at) for voice_id, after, at in rows}
    return {voice_id: found for voice_id, found in last.items() if found[0]}


def _holds(voice: dict[str, Any], task: str, value: str) -> bool:
    """Does what a person corrected stand? A changed text is read anew, see feedback.succession."""
    held = values.joined(voice[task] or ()) if task == Task.TOPICS else voice[task]
    return bool(held == value and (task != Task.SENTIMENT or voice["understood_by"] == PERSON))


def _written(task: str, after: str) -> str:
    """A correction that left no topic says that there is none."""
    return values.joined(topics_of(after)) if task == Task.TOPICS else after


def labelled_by(task: str, person: Staff) -> set[str]:
    """Which voices has this person labelled?"""
    return set(Label.objects.filter(task=task, by=person).values_list("voice_id", flat=True))


class Standing(NamedTuple):
    """How far is the labelling of a task?"""

    labelled: int
    twice: int
    disputed: int
    learnable: int
    lockable: int


def standing(task: str) -> Standing:
    every = judged(task)
    return Standing(
        len(every),
        sum(len(one.by) > 1 for one in every),
        sum(one.is_disputed for one in every),
        len(learnable(task)),
        len(lockable(task)),
    )
