"""How much does each need weigh? Its importance in what the reader may see, for many needs at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from huixiang.apps.feedback import findings, tiers
from huixiang.apps.feedback.standing import known_until
from huixiang.apps.needs.evidence import asked
from huixiang.apps.needs.kano_names import NAMES
from huixiang.apps.needs.models import Need
from huixiang.apps.needs.tiers import ByTier, by_tier
from huixiang.domain.needs.importance import Importance, importance
from huixiang.domain.needs.kano import Classified
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake

DAYS = 90  # of the period that importance counts
AT_ONCE = 60  # needs counted in one reading


@dataclass(frozen=True, slots=True)
class Weighed:
    """A need in the last DAYS days: `importance` None where nobody spoke of it; `of` all voices in reach.

    `kano` is not of those days, but of all answers to the survey it is linked to.
    """

    need: Need
    count: int
    of: int
    importance: Importance | None
    kano: Classified | None = None  # see kano.py
    tiers: ByTier | None = None  # None: nothing can be counted for who reads

    @property
    def kano_name(self) -> object:
        return NAMES[self.kano.kano] if self.kano else ""


def recent(lake: Lake, reach: Slice) -> Slice:
    """The last DAYS days of which anything is known, within reach."""
    last = known_until(lake, reach)
    return reach if last == date.max else replace(reach, since=last - timedelta(days=DAYS - 1), until=last)


def weighed(lake: Lake, reach: Slice | None, needs: Sequence[Need]) -> list[Weighed]:
    """The most important first. Without any reach nothing is counted."""
    if reach is None:
        return [Weighed(need, 0, 0, None) for need in needs]
    period, urgent, known = recent(lake, reach), findings.urgent(), tiers.in_force()
    every = questions.by_tier(lake, period)
    of = sum(number for _tier, number in every)
    found: list[Weighed] = []
    for start in range(0, len(needs), AT_ONCE):
        part = needs[start : start + AT_ONCE]
        tallies = questions.tallies(lake, period, tuple(asked(need) for need in part), urgent)
        for need, tally in zip(part, tallies, strict=True):
            classes = by_tier(tally.tiers, every, known)
            weight = importance(replace(tally, tiers=classes.counted), of, known)
            found.append(Weighed(need, tally.count, of, weight, tiers=classes))
    return sorted(found, key=lambda each: (-(each.importance.points.value if each.importance else 0.0), each.need.pk))
