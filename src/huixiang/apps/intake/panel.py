"""What stands on a voice's page of the customer who sent it? How far it is, the answers, and what may be done."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from huixiang.apps.access import audit
from huixiang.apps.access.door import who
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.apps.feedback.panels import panel
from huixiang.apps.intake import actions, leaving, letters
from huixiang.apps.intake.forms import AnswerForm
from huixiang.apps.intake.models import Answer, Letter, Submission
from huixiang.domain.feedback import Channel
from huixiang.lake.questions import Voice

CHANNELS = {channel for channel in Channel if channel.is_answered}


@panel
def customer(request: HttpRequest, voice: Voice) -> str:
    """Only for who may answer: a reader of voices learns nothing of who is behind them."""
    if voice.channel not in CHANNELS or not _may(who(request), "voice.answer", voice):
        return ""
    submission = Submission.objects.select_related("box").filter(voice_id=voice.id).first()
    if submission is None:
        return ""
    actions.read(voice.id, by=who(request), source=audit.origin(request))
    return render_to_string("intake/panel.html", told(submission, who(request), voice), request)


def told(submission: Submission, staff: Staff, voice: Voice) -> dict[str, Any]:
    answers = list(submission.answers.select_related("by", "letter"))
    settled = (Letter.State.SENT, Letter.State.TOLD, Letter.State.WAITING, Letter.State.GOING)
    last = getattr(answers[-1], "letter", None) if answers else None
    return {
        "voice": voice,
        "submission": submission,
        "answers": [(each, words(each)) for each in answers],
        "form": AnswerForm(initial={"sends": True}),
        "can_send": leaving.leaves(letters.medium_of(submission)),
        "to_tell": bool(answers and submission.contact and (last is None or last.state not in settled)),
        "may_see_contact": submission.contact is not None and _may(staff, "contact.see", voice),
    }


def words(answer: Answer) -> str:
    """Raises nothing: the page must open even where a key was lost."""
    try:
        return str(unseal(answer.sealed)["text"])
    except Unsealable as fault:
        return str(fault)


def _may(staff: Staff, right: str, voice: Voice) -> bool:
    reach = staff.scope(right) if right in staff.rights else frozenset()
    return reach is None or voice.branch in reach
