"""When does an answer count? Once, in one small transaction with the use of its link and its place in every quota.

The three stand or fall together, and the database decides between those who come at the same moment: a unique key, an
invitation that turns from unused to used, a count that is raised only below its limit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from huixiang.apps.access.models import Unit
from huixiang.apps.access.sealing import seal, seal_without_time
from huixiang.apps.surveys.models import Draft, Invitation, QuotaCount, Response, Round, Survey, Version
from huixiang.domain.surveys.conditions import Answers, holds, questions_in
from huixiang.domain.surveys.questionnaire import Quota

# Of an anonymous answer only about how long it took: to the second it would stand out.
COARSE_SECONDS = (0, 15, 30, 60, 120, 300, 600, 1800)


class NotCounted(Exception):
    """The answer was not taken, and nothing of it was kept."""


class NotOpen(NotCounted):
    """The survey is paused, over, or not open to everybody."""


class LinkUsed(NotCounted):
    """This link has brought an answer already."""


class QuotaFull(NotCounted):
    """There are enough answers of this kind."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One customer's answers, accepted by the questionnaire's own rules."""

    version: Version
    once: str
    answers: Answers
    shown: Sequence[str]  # codes of the questions that she saw
    language: str
    via: str
    unit: Unit | None = None
    invitation: Invitation | None = None
    seconds: int = 0
    marks: Sequence[str] = field(default_factory=tuple)

    @property
    def survey(self) -> Survey:
        return self.version.survey


def submit(entry: Entry, now: datetime) -> bool:
    """Keep it; False where it had arrived before. Raises NotCounted."""
    if is_known(entry.once):
        return False
    try:
        with transaction.atomic():
            _keep(entry, now)
    except IntegrityError:
        if not is_known(entry.once):
            raise
        return False
    return True


def first(once: str) -> Response | None:
    """What was sent so before, and counts: whatever is sent so again changes nothing of it."""
    return Response.objects.filter(once=once).first()


def of_invitation(invitation: Invitation) -> Response | None:
    """None too where the survey is anonymous: nothing joins the two."""
    return Response.objects.filter(invitation=invitation).first()


def is_known(once: str) -> bool:
    return Response.objects.filter(once=once).exists()


def full_quota(version: Version, answers: Answers) -> Quota | None:
    """A quota that these answers fall under and that is full already: nobody need go on answering for nothing."""
    counts = QuotaCount.objects.filter(survey=version.survey_id, taken__gte=F("limit"))
    full = set(counts.values_list("code", flat=True))
    decided = (
        quota
        for quota in (version.questionnaire.quotas if full else ())
        if quota.code in full and set(questions_in(quota.when)) <= answers.keys()  # else it may still come otherwise
    )
    return next((quota for quota in decided if holds(quota.when, answers)), None)


def _keep(entry: Entry, now: datetime) -> None:
    if not Survey.objects.filter(pk=entry.version.survey_id, state=Survey.State.OPEN).exists():
        raise NotOpen
    Response.objects.create(**_row(entry, now))
    if entry.invitation:
        _use(entry.invitation)
    Draft.objects.filter(once=entry.once).delete()
    # Last, and in one order: these rows are everybody's, and held until the end of the transaction.
    for quota in sorted(entry.version.questionnaire.quotas, key=lambda quota: quota.code):
        if holds(quota.when, entry.answers):
            _take_place(entry.survey, quota)


def _row(entry: Entry, now: datetime) -> Mapping[str, Any]:
    content = {"answers": dict(entry.answers), "shown": list(entry.shown)}
    today, asked = timezone.localdate(now), entry.invitation
    row: dict[str, Any] = {
        "version": entry.version,
        "once": entry.once,
        "language": entry.language,
        "via": entry.via,
        "unit": asked.unit if asked else entry.unit,
        "tier": asked.tier if asked else "",
        "stratum": asked.stratum if asked else "",
        "weight": _weight(asked),
        "marks": list(entry.marks),
    }
    if entry.survey.is_anonymous:
        week = today - timedelta(days=today.weekday())
        seconds = max(step for step in COARSE_SECONDS if step <= max(entry.seconds, 0))
        return row | {
            "sealed": seal_without_time(content),
            "answered_on": week,
            "seconds": seconds,
            "is_mixed": False,
        }
    return row | {
        "sealed": seal(content),
        "answered_on": today,
        "answered_at": now,
        "seconds": entry.seconds,
        "invitation": asked,
    }


def _weight(asked: Invitation | None) -> float:
    """How many customers does an answer stand for? Whom a colleague chose stands for nobody: 0."""
    if asked is None:
        return 1.0
    return 0.0 if asked.round.is_handed else 1 / asked.probability


def _use(invitation: Invitation) -> None:
    """Of two at the same moment the database lets one through: the other one's row is gone with its transaction."""
    rows = Invitation.objects.filter(pk=invitation.pk)
    stopped = Round.objects.filter(state=Round.State.STOPPED)
    works = rows.filter(is_used=False, token=invitation.token, withdrawn_for="").exclude(round__in=stopped)
    if not works.update(is_used=True):
        raise LinkUsed if rows.filter(is_used=True).exists() else NotOpen


def _take_place(survey: Survey, quota: Quota) -> None:
    counts = QuotaCount.objects.filter(survey=survey, code=quota.code)
    if counts.filter(taken__lt=F("limit")).update(taken=F("taken") + 1):
        return
    if counts.exists():
        raise QuotaFull(quota.code)
    QuotaCount.objects.get_or_create(survey=survey, code=quota.code, defaults={"limit": quota.limit})
    if not counts.filter(taken__lt=F("limit")).update(taken=F("taken") + 1):
        raise QuotaFull(quota.code)
