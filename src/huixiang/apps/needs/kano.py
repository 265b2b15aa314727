"""Would customers miss it, expect it or be delighted? Its class by the answers of the survey that it is linked to.

Counted anew each time within the reader's reach: nothing is kept beside the need but which two questions are meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from huixiang.apps.access.models import Staff
from huixiang.apps.needs.kano_names import MEANT, NAMES
from huixiang.apps.needs.models import KanoPair, Need
from huixiang.apps.needs.weighing import Weighed
from huixiang.apps.surveys.coverage import coverage
from huixiang.apps.surveys.kano import Silent, Twin, paired
from huixiang.apps.surveys.result_cells import Asked, Choice, asked, readable
from huixiang.domain.needs.kano import Classified, Counted, Kano, class_of, weighed
from huixiang.domain.statistics import Interval
from huixiang.domain.surveys.piping import heading
from huixiang.domain.surveys.scores import FEWEST
from huixiang.lake.questions import Pair
from huixiang.lake.store import Lake


class Why(StrEnum):
    """Why is no class told? The reasons of apps.surveys.kano.Silent, and one more."""

    GONE = Silent.GONE.value
    FEW = Silent.FEW.value
    HIDDEN = Silent.HIDDEN.value
    OUT_OF_SIGHT = "out_of_sight"  # who reads may not see the survey's results


@dataclass(frozen=True, slots=True)
class Line:
    """One class with its number of customers and their weighted share."""

    name: object
    meant: object
    count: int
    share: Interval | None
    is_lead: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What the need's page tells. `found` None: `why` says why. `rate`: None where nobody knows how many were asked.

    `titles`: of the two questions, as they are asked now. `fewest`: below so many answers nothing is told.
    """

    pair: KanoPair
    why: Why | None = None
    found: Classified | None = None
    rate: Interval | None = None
    titles: tuple[str, ...] = ()
    is_weighted: bool = False
    fewest: int = FEWEST

    @property
    def name(self) -> object:
        return NAMES[self.found.kano] if self.found else ""

    @property
    def second(self) -> object:
        return NAMES[self.found.second] if self.found else ""

    @property
    def lines(self) -> list[Line]:
        found = self.found
        if found is None:
            return []
        return [
            Line(NAMES[each], MEANT[each], found.counts[each], found.shares.get(each), each is found.kano)
            for each in Kano
        ]


def told(lake: Lake, need: Need, by: Staff) -> Told | None:
    """All of it, for the need's page; None where no questions are linked."""
    pair = need.pair
    if pair is None:
        return None
    it = _asked(pair, by)
    if it is None:
        return Told(pair, Why.OUT_OF_SIGHT)
    titles = tuple(
        heading(question, it.questionnaire)
        for code in (pair.functional, pair.dysfunctional)
        for question in it.questionnaire.questions()
        if question.code == code
    )
    pairs = _pairs(lake, it, pair)
    if isinstance(pairs, Silent):
        return Told(pair, Why(pairs.value), titles=titles)
    found = weighed(_counted(pairs))
    why = None if found else Why.FEW  # all of them weigh nothing
    is_weighted = len({round(each.w / each.n, 9) for each in pairs}) > 1
    return Told(pair, why, found, coverage(it).rr1, titles, is_weighted)


def with_classes(lake: Lake, rows: Sequence[Weighed], by: Staff) -> list[Weighed]:
    """The same needs with their classes, as far as the reader may know them."""
    linked = {row.need.pk: pair for row in rows if (pair := row.need.pair)}
    asked_of = {
        pair.survey_id: _asked(pair, by) for pair in {each.survey_id: each for each in linked.values()}.values()
    }
    found = {pk: _class(lake, asked_of[pair.survey_id], pair) for pk, pair in linked.items()}
    return [replace(row, kano=found.get(row.need.pk)) for row in rows]


def _class(lake: Lake, it: Asked | None, pair: KanoPair) -> Classified | None:
    pairs = _pairs(lake, it, pair) if it else Silent.FEW
    return None if isinstance(pairs, Silent) else weighed(_counted(pairs))


def _asked(pair: KanoPair, by: Staff) -> Asked | None:
    """All versions that ask both alike, all that the reader may see."""
    if "survey.see" not in by.rights or not readable(by).filter(pk=pair.survey_id).exists():
        return None
    return asked(pair.survey, Choice(), by)


def _pairs(lake: Lake, it: Asked, pair: KanoPair) -> Sequence[Pair] | Silent:
    return paired(lake, it, Twin(pair.functional, pair.dysfunctional), class_of)


def _counted(pairs: Sequence[Pair]) -> list[Counted]:
    strata = {name: place for place, name in enumerate(sorted({pair.stratum for pair in pairs}))}
    return [Counted(p.row, p.column, p.n, p.w, p.q, strata[p.stratum]) for p in pairs]
