"""How much would a person's look at a voice teach? By how unsure the machine is of it, 0 to 1; not measured."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from huixiang.apps.annotation import wording
from huixiang.apps.annotation.models import Task
from huixiang.apps.feedback import in_use
from huixiang.domain.understanding.learned import choosing
from huixiang.domain.understanding.opinions.chain import plain
from huixiang.lake.questions import Candidate

UNTOLD = {"weak": 0.9, "no_cue": 0.6}  # the doubt about a voice without topics, by why it has none
OVERHEARD = 0.6  # about a voice with a feeling and no risk told: the book's words may have missed one
UNNAMED = 0.8  # about a voice with a feeling in which no opinion was read


def doubts(task: str, voices: Sequence[Candidate]) -> list[float]:
    """Of each voice, in their order."""
    model = _reader() if task == Task.OPINIONS else None
    if model:
        return list(model.doubts([plain(wording.marked(voice)) for voice in voices]))
    return [_doubt(task, voice) for voice in voices]


def _reader() -> Any | None:
    """The active model of opinions, which knows of each text how unsure it is; None where the rules read."""
    try:
        pointed = in_use.pointer(in_use.folder()).get(Task.OPINIONS)
        return pointed and in_use.load(in_use.folder(), str(pointed["folder"]), str(pointed["sha256"]))
    except (in_use.Broken, KeyError):
        return None


def _doubt(task: str, voice: Candidate) -> float:
    felt = [voice.negative, voice.neutral, voice.positive]
    if task == Task.SENTIMENT:
        return choosing.doubt(felt)
    found = json.loads(voice.findings or "{}")
    if task == Task.OPINIONS:  # each opinion that was read may be none, or have other ends
        count = len(found.get("opinions") or ())
        return count / (count + 1) if count else UNNAMED * (1 - voice.neutral)
    told = [float(each[0]) for each in (found.get(task) or {}).values()]
    if task == Task.KIND:
        return 1 - max(told, default=0.0)
    if task == Task.RISKS:
        return max((choosing.doubt([each, 1 - each]) for each in told), default=OVERHEARD * voice.negative)
    # The least sure of its topics. A text of which nothing was told may hold what the tree's words do not know.
    return max((choosing.doubt([each, 1 - each]) for each in told), default=UNTOLD.get(found.get("unknown", ""), 0.0))
