"""What have the demonstration's people said of voices? Two labelled the same sixty; where they differ a third settled
some, and what they agree on is locked. Then sixty more, from which models are learned.

The complaint handler says what the simulation knows to be true. The analyst takes words as they stand: a wish without
thanks is neutral to her, a contented wish is praise, of irony she does not know, a lobby is a place, and of 太慢 she
marks only 慢. So they differ as people do, not by dice. Voices that bear a risk are few: those in which the simulation
knows of one, or a word hints at one, are looked at beside the lot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from huixiang.apps.access.models import Job, Staff
from huixiang.apps.annotation import actions, gathering, values, wording
from huixiang.apps.annotation.dealing import RIGHT, Sealed
from huixiang.apps.annotation.models import EvaluationSet, Label, Task
from huixiang.apps.feedback.facts import lake
from huixiang.channels.contract import Fault
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.web.demo import ANALYST, HANDLER, QUALITY_MANAGER, marking
from huixiang.web.demo.truths import CHANNELS, Truth, of_voices
from huixiang.web.demo.working import work_off

MEASURED, TAUGHT = 60, 60  # voices labelled: to measure models on, and to learn them from
DRAWN = 2000  # by lot, most of them answers of surveys, which nobody labels here
RISKY = 60  # voices that may bear a risk, beside those drawn by lot
TASKS = (Task.SENTIMENT.value, Task.KIND.value, Task.TOPICS.value, Task.RISKS.value, Task.OPINIONS.value)
MODEL = "demo"
THANKS = ("谢", "謝", "表扬", "表揚", "奖", "獎")
LOBBY, PREMISES = "branch.lobby", "D.tangibles.premises"
MATTERS = {  # what the simulation calls it: where it stands in the tree
    "atm.smart": "D.tangibles.machines",
    "branch.attitude": "D.empathy.attitude",
    "branch.competence": "D.assurance.competence",
    "branch.counters": "D.responsiveness.waiting",
    "branch.environment": PREMISES,
    LOBBY: "D.empathy.process",
    "branch.waiting": "D.responsiveness.waiting",
    "card.debit": "B.card.debit",
    "elderly.service": "D.empathy.vulnerable",
    "fees.change": "D.beyond.price",
    "newcomers.service": "D.empathy.vulnerable",
    "process.documents": "D.empathy.process",
    "process.speed": "D.responsiveness.speed",
    "process.steps": "D.empathy.process",
    "wealth.selling": "D.beyond.marketing",
}


RISKS = {"elderly.service": "vulnerable", "access.service": "vulnerable", "literacy.service": "vulnerable"}
THREATS = {"12378": "regulator", "曝光": "press"}  # what the simulation's angry customers say
HINTS = {**THREATS, "投诉": "regulator", "老人": "vulnerable", "大爷": "vulnerable", "大妈": "vulnerable"}


class Lot(NamedTuple):
    """Voices drawn by lot as the labelling page draws them, and what is true of each, with what it `said`."""

    dealt: Mapping[str, Sealed]
    truths: Mapping[str, Truth]


def label_some(exports: Path) -> None:
    """Once; broken off, it goes on. Models are learned from it, and not activated: that is a decision."""
    people = Staff.objects.in_bulk([HANDLER, ANALYST, QUALITY_MANAGER], field_name="number")
    first, second, manager = people[HANDLER], people[ANALYST], people[QUALITY_MANAGER]
    if not all(_is_done(task, first, second) for task in TASKS):
        lot = _drawn(exports, first)
        for task in TASKS:
            _label(task, _with_risks(lot, exports, first) if task == Task.RISKS else lot, first, second, manager)
        _tell(len(lot.truths))
    for task in TASKS:
        _learn(task, manager)


def _is_done(task: str, first: Staff, second: Staff) -> bool:
    """Has the second said as much as the first, who says all before her?"""
    counts = [Label.objects.filter(task=task, by=person).count() for person in (first, second)]
    return 0 < counts[0] <= counts[1]


def _label(task: str, lot: Lot, first: Staff, second: Staff, manager: Staff) -> None:
    """Each for herself; what was said before a break stays. Only what both said can be locked, so the rest comes after.

    A lot that leaves too few to learn from is not locked.
    """
    true = {id: _true(task, truth) for id, truth in lot.truths.items()}
    literal = {id: _literal(task, truth) for id, truth in lot.truths.items()}
    actions.label(task, true, lot.dealt, by=first, source="cli")
    if len(true) >= MEASURED + gathering.FEWEST and EvaluationSet.current(task) is None:
        measured = {id: literal[id] for id in list(literal)[:MEASURED]}
        actions.label(task, measured, lot.dealt, by=second, source="cli")
        _settle(task, true, manager)
        with suppress(Fault):  # of nearly one label alone nothing can be measured
            actions.lock_labels(task, by=manager, source="cli")
    actions.label(task, literal, lot.dealt, by=second, source="cli")


def _settle(task: str, true: Mapping[str, str], manager: Staff) -> None:
    """Half of what they differ about; the rest waits for whoever logs in."""
    disputed = gathering.disputed(task, manager.number)
    for one in disputed[: len(disputed) // 2]:
        if one.voice_id in true:
            actions.settle(task, one.voice_id, one.voice_version, true[one.voice_id], by=manager, source="cli")


def _learn(task: str, manager: Staff) -> None:
    begun = Job.objects.filter(kind="train_model", arguments__task=task).first()
    if begun is None:
        with suppress(Fault):  # the lot may give too few of all labels but one; the models' page tells how many
            begun = actions.train(task, MODEL, by=manager, source="cli")
    work_off(begun)


def _tell(count: int) -> None:
    disputed = sum(len(gathering.disputed(task, QUALITY_MANAGER)) for task in TASKS)
    said = f"标注：两人各看 {count} 条，{disputed} 处分歧待裁定"
    print(f"{said} / labelling: {count} voices by two people, {disputed} disagreements")  # noqa: T201


def _drawn(exports: Path, person: Staff) -> Lot:
    drawn = questions.candidates(lake(), Slice(branches=person.scope(RIGHT)), DRAWN)
    known = of_voices(exports, [each.id for each in drawn])
    taken = [each for each in drawn if each.id in known][: MEASURED + TAUGHT]
    dealt = {each.id: Sealed(each.version, Label.Draw.RANDOM, "") for each in taken}
    return Lot(dealt, {each.id: known[each.id] | {"said": wording.marked(each)} for each in taken})


def _with_risks(lot: Lot, exports: Path, person: Staff) -> Lot:
    """After those drawn by lot, the newest others that may bear a risk: no model is measured on those."""
    reach = Slice(branches=person.scope(RIGHT), channels=tuple(CHANNELS.values()))
    said = {each.id: each for each in questions.stream(lake(), reach) if each.id not in lot.truths}
    may = {id: truth for id, truth in of_voices(exports, said).items() if _true(Task.RISKS, truth) != values.NONE}
    hinted = {id: truth for id, truth in of_voices(exports, said).items() if _hints(truth)}
    chosen = sorted({**may, **hinted}, key=lambda id: (id not in may, str(said[id].said_at), id))[:RISKY]
    more = {id: (may | hinted)[id] | {"said": ""} for id in chosen}
    return Lot(
        {**lot.dealt, **{id: Sealed(said[id].version, Label.Draw.USEFUL, "") for id in more}}, {**lot.truths, **more}
    )


def _hints(truth: Truth) -> list[str]:
    return [risk for word, risk in HINTS.items() if word in truth["text"]]


def _true(task: str, truth: Truth) -> str:
    if task == Task.RISKS:
        meant = [RISKS[topic] for topic in truth.get("topics", ()) if topic in RISKS]
        return values.joined([*meant, *(risk for word, risk in THREATS.items() if word in truth["text"])])
    if task == Task.OPINIONS:
        return marking.marks_of(truth, truth["said"])
    if task != Task.TOPICS:
        return str(truth[task])
    return _joined(MATTERS.get(topic) for topic in truth.get("topics", ()))


def _literal(task: str, truth: Truth) -> str:
    """What does she say who takes words as they stand?"""
    if task == Task.RISKS:
        return values.joined(_hints(truth))
    if task == Task.OPINIONS:
        return marking.bare(marking.marks_of(truth, truth["said"]), truth["said"])
    if task == Task.TOPICS:
        return _joined((MATTERS | {LOBBY: PREMISES}).get(topic) for topic in truth.get("topics", ()))
    if truth["tone"] == "ironic":
        return values.UNSURE
    is_wish = truth["kind"] == "expectation"
    if task == Task.SENTIMENT:
        is_thankful = any(word in truth["text"] for word in THANKS)
        return "neutral" if is_wish and not is_thankful else str(truth["sentiment"])
    return "praise" if is_wish and truth["sentiment"] == "positive" else str(truth["kind"])


def _joined(codes: Iterable[str | None]) -> str:
    """Of a matter that stands nowhere in the table neither of the two says anything."""
    return values.joined(code for code in codes if code) if (codes := list(codes)) and all(codes) else values.UNSURE
