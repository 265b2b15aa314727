"""Of those asked, how many did it reach and how many answered? By stratum, by way and by round.

Answered is what the invitation knows (`is_used`): so it holds for anonymous surveys too, and tells nobody's answer.
Links handed over by staff are told apart: nobody drew their customers, and of a code on a desk nobody knows how many
looked at it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, Q, QuerySet

from huixiang.apps.surveys.models import Invitation, Round, Survey
from huixiang.domain.statistics import Interval, share
from huixiang.domain.surveys.scores import FEWEST

State = Invitation.State
STATES = tuple(State.values)
STEP = FEWEST  # answers of an anonymous survey are told by tens, as results are


@dataclass(frozen=True, slots=True)
class Rate:
    """Of one group; asked = delivered + failed + unsure + waiting + spared."""

    name: str
    asked: int
    delivered: int
    failed: int
    unsure: int
    waiting: int
    spared: int
    answered: int

    @property
    def response(self) -> Interval | None:
        """Of those whom it reached, or may have reached, how many answered?"""
        reached = self.delivered + self.unsure
        return share(min(self.answered, reached), reached) if reached else None


def coarse(rate: Rate) -> Rate:
    """As an anonymous survey may tell it: nobody shall see by a count that goes up who of a few has answered."""
    shown = rate.answered // STEP * STEP if rate.delivered + rate.unsure >= FEWEST else 0
    return replace(rate, answered=shown)


def of_round(round_: Round, by: str = "stratum") -> list[Rate]:
    """By "stratum" or "medium"."""
    return _told(_rates(Invitation.objects.filter(round=round_), by), round_.survey)


def of_survey(survey: Survey, by: str = "stratum", units: Sequence[str] | None = None) -> list[Rate]:
    """Of all that were drawn, in these units; None is the whole survey."""
    rows = Invitation.objects.filter(round__survey=survey, round__is_handed=False)
    return _told(_rates(rows if units is None else rows.filter(unit__code__in=units), by), survey)


def total(rates: Sequence[Rate]) -> Rate:
    names = ("asked", "delivered", "failed", "unsure", "waiting", "spared", "answered")
    return Rate("", *(sum(getattr(rate, name) for rate in rates) for name in names))


def failures(round_: Round) -> Mapping[str, int]:
    """Why could some not be sent?"""
    rows = Invitation.objects.filter(round=round_, state=State.FAILED)
    return {row["failed"]: row["count"] for row in rows.values("failed").annotate(count=Count("pk")).order_by("failed")}


def _told(found: list[Rate], survey: Survey) -> list[Rate]:
    return [coarse(rate) for rate in found] if survey.is_anonymous else found


def _rates(rows: QuerySet[Invitation], by: str) -> list[Rate]:
    counts = {state: Count("pk", filter=Q(state=state)) for state in STATES}
    found = rows.values(by).annotate(asked=Count("pk"), answered=Count("pk", filter=Q(is_used=True)), **counts)
    return [
        Rate(
            name=row[by],
            asked=row["asked"],
            delivered=row[State.SENT],
            failed=row[State.FAILED],
            unsure=row[State.UNSURE],
            waiting=row[State.WAITING] + row[State.GOING],
            spared=row[State.SKIPPED],
            answered=row["answered"],
        )
        for row in found.order_by(by)
    ]
