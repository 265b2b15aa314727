"""What can a customer of this branch read of what was done, and is it borne out by what customers said since?

A deed tells what was done, never that it helped. Whether the need's share of the voices changed since is for staff,
with its interval; and even a proven change does not say that the deed was its cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from huixiang.apps.feedback import findings
from huixiang.apps.feedback.forms.filters import Reach
from huixiang.apps.intake.links import Link, offer
from huixiang.apps.intake.models import PostBox
from huixiang.apps.needs.evidence import asked
from huixiang.apps.needs.models import Deed
from huixiang.apps.needs.weighing import DAYS
from huixiang.domain.statistics import Interval, difference
from huixiang.lake import questions
from huixiang.lake.questions import Part, Slice
from huixiang.lake.store import Lake

FEWEST = 10  # voices before and since, below which nothing is told: of one the formula would call a change proven


@offer
def did(box: PostBox) -> Link | None:
    """No link to an empty page: who waits in a queue shall not tap in vain."""
    if not Deed.objects.told_at(box.unit).exists():
        return None
    return Link(reverse("did", args=[box.slug]), _("您说，我们做"))


@dataclass(frozen=True, slots=True)
class Since:
    """How the need's share changed from the DAYS days before the deed to those since; None where few spoke in one."""

    change: Interval | None

    @property
    def is_proven(self) -> bool:
        return self.change is not None and (self.change.low > 0 or self.change.high < 0)


def since(lake: Lake, deed: Deed, reach: Reach) -> Since:
    """Among the voices of the deed's unit that this reader may read."""
    branches = reach.codes
    if deed.unit and (deed.unit.code in reach.by_code):
        branches = reach.below(deed.unit.code)
    day, span = deed.done_on, timedelta(days=DAYS)
    # No more is read than is compared: half a year of a lake of many.
    near = Slice(branches=branches, since=day - span, until=day + span, dated=True)
    parts = questions.portrait(lake, near, asked(deed.need), findings.urgent())
    old, new = _counted(parts, day - span, day), _counted(parts, day, day + span)
    return Since(difference(old, new) if min(old[1], new[1]) >= FEWEST else None)


def _counted(parts: tuple[Part, ...], first: date, before: date) -> tuple[int, int]:
    some = [part for part in parts if part.day and first <= part.day < before]
    return sum(part.mine for part in some), sum(part.voices for part in some)
