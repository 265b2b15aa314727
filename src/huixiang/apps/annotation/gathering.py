"""What do people's labels say together? Who agreed with whom, what is disputed, and what a model may learn from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from huixiang.apps.access.models import Staff
from huixiang.apps.annotation.models import EvaluationItem, EvaluationSet, Label, Settled
from huixiang.apps.feedback.models import Correction
from huixiang.domain.statistics import agreement

FEWEST = 40  # labels below which nothing worth keeping is learned
RESAMPLES = 400


@dataclass(slots=True)
class Judged:
    """One version of a voice with the labels of each who saw it (empty: does not know), and what was settled."""

    voice_id: str
    voice_version: int
    branch: str
    draw: str
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
        .values_list("voice_id", "voice_version", "branch", "draw", "by__number", "value")
    )
    for voice_id, version, branch, draw, number, value in rows:
        if reach is None or branch in reach:
            one = found.setdefault((voice_id, version), Judged(voice_id, version, branch, draw))
            one.by[number] = value
    settled = Settled.objects.filter(task=task).values_list("voice_id", "voice_version", "value")
    for voice_id, version, value in settled:
        if (voice_id, version) in found:
            found[voice_id, version].settled = value
    return list(found.values())


def agreed(task: str, drawn: str = "") -> dict[str, str]:
    """Voice id → label, where two people agreed or a third settled it; `drawn`: only those drawn so."""
    return {
        one.voice_id: one.label
        for one in judged(task)
        if one.label and (one.settled is not None or len(one.by) > 1) and drawn in ("", one.draw)
    }


def learnable(task: str) -> dict[str, str]:
    """Voice id → label of what a model may learn: undisputed labels and corrections, none of the locked set."""
    found = corrected(task)
    for one in judged(task):
        found.pop(one.voice_id, None)  # who looked at it as a labeller looked at it last
        if one.label:
            found[one.voice_id] = one.label
    locked = EvaluationSet.current(task)
    kept_out: Collection[str] = set()
    if locked:
        kept_out = set(EvaluationItem.objects.filter(of=locked).values_list("voice_id", flat=True))
    return {voice: label for voice, label in found.items() if voice not in kept_out}


def corrected(task: str) -> dict[str, str]:
    """Voice id → what the last correction says of it."""
    rows = Correction.objects.filter(field=task).order_by("at", "pk").values_list("voice_id", "after")
    return {voice_id: after for voice_id, after in rows if after}


class Agreement(NamedTuple):
    """Krippendorff's alpha over the voices that two or more labelled, with its 95 % bootstrap interval over voices."""

    voices: int
    value: float | None
    low: float | None
    high: float | None


def agreement_of(task: str, reach: frozenset[str] | None = None, seed: int = 0) -> Agreement:
    """Do the labellers judge alike? "Does not know" counts as no value, as Krippendorff has it."""
    units = [tuple(value or None for value in one.by.values()) for one in judged(task, reach)]
    return alpha([unit for unit in units if sum(value is not None for value in unit) > 1], seed)


def alpha(units: list[tuple[str | None, ...]], seed: int = 0) -> Agreement:
    value = agreement(units)
    if value is None:
        return Agreement(len(units), None, None, None)
    dice = np.random.default_rng(seed)
    drawn = [
        agreement([units[place] for place in places])
        for places in dice.integers(len(units), size=(RESAMPLES, len(units)))
    ]
    known = [each for each in drawn if each is not None]
    low, high = np.percentile(known, [2.5, 97.5])
    return Agreement(len(units), value, float(low), float(high))


def labelled_by(task: str, person: Staff) -> set[str]:
    """Which voices has this person labelled?"""
    return set(Label.objects.filter(task=task, by=person).values_list("voice_id", flat=True))


class Standing(NamedTuple):
    """How far is the labelling of a task?"""

    labelled: int
    twice: int
    disputed: int
    learnable: int
    random_agreed: int


def standing(task: str) -> Standing:
    every = judged(task)
    return Standing(
        len(every),
        sum(len(one.by) > 1 for one in every),
        sum(one.is_disputed for one in every),
        len(learnable(task)),
        len(agreed(task, drawn="random")),
    )
