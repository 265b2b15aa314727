"""What have the demonstration's people said of voices? Two labelled sixty each; where they differ a third may settle.

The complaint handler says what the simulation knows to be true. The analyst takes words as they stand: a wish without
thanks is neutral to her, a contented wish is praise, and of irony she does not know. So they differ as people do, not
by dice.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from huixiang.apps.access.models import Staff
from huixiang.apps.annotation import actions, gathering, schooling, values
from huixiang.apps.annotation.dealing import RIGHT, Sealed
from huixiang.apps.annotation.models import Label, ModelVersion, Task
from huixiang.apps.feedback.facts import lake
from huixiang.channels.contract import Fault
from huixiang.lake import questions
from huixiang.lake.questions import Slice

HANDLER, ANALYST, MANAGER = "30001", "10004", "10001"
VOICES, DRAWN = 60, 900  # labelled; drawn by lot, most of them answers of surveys, which nobody labels here
TASKS = (Task.SENTIMENT.value, Task.KIND.value)
CHANNELS = {"website/messages.json": "website", "suggestions/slips.jsonl": "suggestion_box"}  # those of a branch
THANKS = ("谢", "謝", "表扬", "表揚", "奖", "獎")
Truth = dict[str, Any]


def label_some(exports: Path) -> None:
    """Once; broken off, it goes on. A model of feelings is learned from it, and not activated: that is a decision."""
    people = Staff.objects.in_bulk([HANDLER, ANALYST, MANAGER], field_name="number")
    if not _is_done(people[ANALYST]):
        _label(exports, people[HANDLER], people[ANALYST])
    if not ModelVersion.objects.exists():
        with suppress(Fault):  # the lot may give too few of all feelings but one; the models' page tells how many
            schooling.from_labels(TASKS[0], "demo", by=people[MANAGER], source="cli")


def _is_done(last: Staff) -> bool:
    return all(Label.objects.filter(task=task, by=last).exists() for task in TASKS)


def _label(exports: Path, first: Staff, second: Staff) -> None:
    """The same voices, each for herself; what was said before a break stays."""
    dealt, truths = _drawn(exports, first)
    for task in TASKS:
        true = {id: truth[task] for id, truth in truths.items()}
        literal = {id: _literal(task, truth) for id, truth in truths.items()}
        actions.label(task, true, dealt, by=first, source="cli")
        actions.label(task, literal, dealt, by=second, source="cli")
    disputed = sum(len(gathering.disputed(task, MANAGER)) for task in TASKS)
    said = f"标注：两人各看 {len(truths)} 条，{disputed} 处分歧待裁定"
    print(f"{said} / labelling: {len(truths)} voices by two people, {disputed} disagreements")  # noqa: T201


def _drawn(exports: Path, person: Staff) -> tuple[dict[str, Sealed], dict[str, Truth]]:
    """Voices within her reach, drawn by lot as the labelling page draws them, and what is true of each."""
    known, dealt, truths = _truths(exports), dict[str, Sealed](), dict[str, Truth]()
    drawn = questions.candidates(lake(), Slice(branches=person.scope(RIGHT)), DRAWN)
    rows = lake().rows("voices", [each.id for each in drawn]).select(["id", "source_id"]).to_pylist()
    numbers = {row["id"]: row["source_id"] for row in rows}
    for each in drawn:
        truth = known.get((each.channel, numbers[each.id]))
        if truth and len(truths) < VOICES:
            dealt[each.id], truths[each.id] = Sealed(each.version, Label.Draw.RANDOM, ""), truth
    return dealt, truths


def _truths(exports: Path) -> dict[tuple[str, str], Truth]:
    """Channel and the source's own number → what the simulation wrote of it."""
    with (exports / "truth-voices.jsonl").open(encoding="utf-8") as lines:
        every = [json.loads(line) for line in lines]
    return {(CHANNELS[truth["file"]], truth["id"]): truth for truth in every if truth["file"] in CHANNELS}


def _literal(task: str, truth: Truth) -> str:
    """What does she say who takes words as they stand?"""
    if truth["tone"] == "ironic":
        return values.UNSURE
    is_wish = truth["kind"] == "expectation"
    if task == Task.SENTIMENT:
        is_thankful = any(word in truth["text"] for word in THANKS)
        return "neutral" if is_wish and not is_thankful else str(truth["sentiment"])
    return "praise" if is_wish and truth["sentiment"] == "positive" else str(truth["kind"])
