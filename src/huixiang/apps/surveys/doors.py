"""Who comes in by which door, and is it open? An invitation, a poster, the public link, or a colleague who tries it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from huixiang.apps.access.models import Unit
from huixiang.apps.surveys import links
from huixiang.apps.surveys.carrying import Carried
from huixiang.apps.surveys.models import FormerLink, Invitation, Response, Round, Survey, Version

GRACE = timedelta(hours=2)  # who began before midnight of the last day may finish


class Shut(Exception):
    """Nothing can be answered here now. `why` is the name of the page that says so kindly."""

    def __init__(self, why: str, status: int, survey: Survey | None = None) -> None:
        super().__init__(why)
        self.why, self.status, self.survey = why, status, survey


@dataclass(frozen=True, slots=True)
class Door:
    """One way in."""

    survey: Survey
    via: str
    name: str  # stands in the sealed page: a page of one door opens no other
    unit: Unit | None = None
    invitation: Invitation | None = None
    is_trial: bool = False

    def once(self, carried: Carried) -> str:
        """By which the same answers are known again. An anonymous answer's has nothing of the invitation in it."""
        named = self.invitation and not self.survey.is_anonymous
        return links.once(carried.key, self.invitation.token if named and self.invitation else "")

    @property
    def keeps_drafts(self) -> bool:
        return self.invitation is not None and not self.survey.is_anonymous

    def version(self, number: int | None = None) -> Version:
        """The one she began with, as long as it is this survey's; else the latest. Raises Shut where there is none."""
        found = Version.objects.filter(survey=self.survey, pk=number).first() if number else self.survey.latest
        if found is None:
            raise Shut("closed", 410, self.survey)
        found.survey = self.survey
        return found


def public(slug: str, told: str, trial: str) -> Door:
    """By the poster's code or the open link. Raises Shut."""
    survey = Survey.objects.select_related("unit").filter(slug=slug).first()
    if survey is None:
        raise Shut("unknown", 404)
    if trial and links.is_trial(survey, trial):
        return Door(survey, Response.Via.LINK, "trial", is_trial=True)
    _look_at_state(survey)
    if not survey.is_public:
        raise Shut("closed", 410, survey)
    unit = links.unit_of(survey, told)
    return Door(survey, Response.Via.QR if unit else Response.Via.LINK, f"{slug} {unit.pk if unit else ''}", unit)


def invited(token: str) -> Door:
    """By a link of one's own. A used one is let in here: who sends the same once more is thanked once more."""
    invitation = Invitation.objects.select_related("round__survey__unit", "unit").filter(token=links.hashed(token))
    found = invitation.first()
    if found is None:
        if FormerLink.objects.filter(token=links.hashed(token)).exists():
            raise Shut("withdrawn", 410)
        raise Shut("unknown", 404)
    survey = found.round.survey
    if not found.is_used:
        _look_at_state(survey)
        if found.withdrawn_for:
            raise Shut("withdrawn", 410, survey)
        if found.round.state == Round.State.STOPPED:
            raise Shut("closed", 410, survey)
        if found.keep_until < timezone.localdate(timezone.now() - GRACE):
            raise Shut("expired", 410, survey)
    return Door(survey, Response.Via.INVITATION, found.token, found.unit, found)


def _look_at_state(survey: Survey) -> None:
    if survey.state == Survey.State.PAUSED:
        raise Shut("paused", 423, survey)  # not 503: it will not be over in seconds
    if survey.state != Survey.State.OPEN:
        raise Shut("closed", 410, survey)
