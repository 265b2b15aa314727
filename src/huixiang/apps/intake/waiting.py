"""Who waits for an answer at this box, for how long, and what did she say? Who left a contact first.

The words are the lake's, masked, and shown to who may see voices there. A voice that was given to another unit is
answered by that unit: it is named, and told nothing more of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback.facts import lake
from huixiang.apps.intake.models import PostBox, Submission
from huixiang.lake import questions
from huixiang.lake.questions import Slice

MOST = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line. `unit`: the name of the other unit that it was given to; `words`: "" where one may not read them."""

    submission: Submission
    words: str = ""
    unit: str = ""
    may_open: bool = False


def at(box: PostBox, staff: Staff) -> Sequence[Waiting]:
    """At most MOST of them."""
    rows = box.submissions.unanswered().annotate(hopes=Count("contact")).order_by("-hopes", "-received_at")[:MOST]
    chosen = list(rows)
    ids = [one.voice_id for one in chosen if one.batch_id]
    voices = {voice.id: voice for voice in questions.chosen(lake(), ids, Slice())} if ids else {}
    moved = {voice.branch or "" for voice in voices.values()} - {box.unit.code}
    names = dict(Unit.objects.filter(code__in=moved).values_list("code", "name"))
    reach = staff.scope("voice.see") if "voice.see" in staff.rights else frozenset()
    lines = []
    for one in chosen:
        voice = voices.get(one.voice_id)
        if voice is None:
            lines.append(Waiting(one))
            continue
        may_open = reach is None or voice.branch in reach
        other = voice.branch or ""
        unit = "" if other == box.unit.code else names.get(other, other)
        lines.append(Waiting(one, voice.text if may_open else "", unit, may_open))
    return lines
