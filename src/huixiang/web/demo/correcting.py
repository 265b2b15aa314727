"""Where did the machine misunderstand the branch's customers? Its manager says what she meant, and it stands."""

from __future__ import annotations

from pathlib import Path

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import actions
from huixiang.apps.feedback.actions import corrections
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.models import Correction
from huixiang.domain.understanding.contract import LABELS
from huixiang.lake import questions
from huixiang.lake.questions import Slice, Voice
from huixiang.web.demo import BRANCH_MANAGER
from huixiang.web.demo.truths import CHANNELS, Truth, of_voices

FIELDS = ("sentiment", "kind")
NOTES = {"ironic": "演示：这是反话，客户并不满意。"}
NOTE = "演示：与网点当班同事核对过，客户是这个意思。"


def correct_some(exports: Path) -> None:
    """Once: of each field the newest voice that was misread."""
    corrections.apply_corrections()  # where a run was broken off before the lake heard of one
    manager = Staff.objects.get(number=BRANCH_MANAGER)
    left = [field for field in FIELDS if not Correction.objects.filter(by=manager, field=field).exists()]
    if not left:
        return
    voices = {voice.id: voice for voice in _of_her_branch(manager)}
    truths = of_voices(exports, voices)
    for field in left:
        wrong = [voice for voice in voices.values() if voice.id in truths and _is_misread(voice, field, truths)]
        if newest := max(wrong, key=lambda voice: (str(voice.said_at), voice.id), default=None):
            truth = truths[newest.id]
            note = NOTES.get(truth["tone"], NOTE)
            actions.correct_voice(newest.id, field, truth[field], note, by=manager, source="cli")


def _of_her_branch(manager: Staff) -> list[Voice]:
    reach = Slice(branches=manager.scope("voice.correct"), channels=tuple(CHANNELS.values()))
    return list(questions.stream(lake(), reach))


def _is_misread(voice: Voice, field: str, truths: dict[str, Truth]) -> bool:
    """Noise and the like are no correction that a person would make."""
    true = truths[voice.id][field]
    return bool(getattr(voice, field) != true and (field != "sentiment" or true in LABELS) and true != "noise")
