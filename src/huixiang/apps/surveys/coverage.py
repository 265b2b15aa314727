"""Who was asked, who answered, and whom does the result not tell of? Stands beside every result.

Response rates as AAPOR defines them (Standard Definitions, 10th edition, 2023): RR1 is completed questionnaires by all
that were drawn and may be asked, with those whose fate is not known. RR2 would add questionnaires filled in part; here
such are no answers, so both are the same and only RR1 is told. By a link or a QR code nobody knows how many were asked:
then there is no rate, and nobody may reckon one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q

from huixiang.apps.surveys import told_cells
from huixiang.apps.surveys.models import Draft, Invitation, Response, Round
from huixiang.apps.surveys.result_cells import Asked
from huixiang.domain.statistics import Interval, share
from huixiang.domain.surveys.scores import FEWEST
from huixiang.domain.surveys.small_cells import hidden

LOW = 0.2  # below it a caution is told in red; there is no rate that proves a sample right
UNEVEN = 0.1  # strata whose rates lie farther apart weigh differently among answers than among those asked


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum's account; None where it is hidden."""

    name: str
    drawn: int | None
    delivered: int | None
    completed: int | None
    rate: Interval | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The account of all that were asked by invitation. `framed`: how many people each stratum holds."""

    drawn: int = 0
    delivered: int = 0
    completed: int = 0
    begun: int | None = None  # drafts that were not sent off; None in anonymous surveys, which keep none
    strata: tuple[Stratum, ...] = ()
    framed: Mapping[str, int] = field(default_factory=dict)

    @property
    def rr1(self) -> Interval | None:
        return share(self.completed, self.drawn) if self.drawn else None

    @property
    def of_delivered(self) -> Interval | None:
        return share(min(self.completed, self.delivered), self.delivered) if self.delivered else None

    @property
    def is_low(self) -> bool:
        return self.rr1 is not None and self.rr1.value < LOW

    @property
    def is_uneven(self) -> bool:
        """Do some strata answer so much less that the result tells less of them?"""
        rates = [stratum.rate.value for stratum in self.strata if stratum.rate]
        return len(rates) > 1 and max(rates) - min(rates) > UNEVEN


def coverage(it: Asked) -> Coverage:
    """Of those drawn, in the units in reach; links handed over are no sample.

    Versions, months and marks do not matter to who was asked.
    """
    if it.choice.handed:
        return Coverage()
    sent = Invitation.objects.filter(round__survey=it.survey, round__is_handed=False)
    if (units := it.units()) is not None:
        sent = sent.filter(unit__code__in=units)
    if it.choice.tier:
        sent = sent.filter(tier=it.choice.tier)
    delivered, used = Q(sent_at__isnull=False, failed=""), Q(is_used=True)
    rows = list(
        sent.values(name=F("stratum"))
        .annotate(drawn=Count("pk"), delivered=Count("pk", filter=delivered), completed=Count("pk", filter=used))
        .order_by("name")
    )
    if not rows:
        return Coverage()
    begun = None if it.survey.is_anonymous else Draft.objects.filter(version__survey=it.survey).count()
    if it.survey.is_anonymous:
        rows = [{**row, "completed": coarse(row["completed"])} for row in rows]
    total = {name: sum(row[name] for row in rows) for name in ("drawn", "delivered", "completed")}
    return Coverage(**total, begun=begun, strata=_strata(rows), framed=_framed(it))


def coarse(count: int) -> int:
    """As an anonymous survey tells how many came: a number that grows by one would tell who has just answered."""
    return count // FEWEST * FEWEST


def _strata(rows: Sequence[Any]) -> tuple[Stratum, ...]:
    out = hidden([row["drawn"] for row in rows], FEWEST)
    return tuple(
        Stratum(row["name"], None, None, None, None)
        if place in out
        else Stratum(**row, rate=share(row["completed"], row["drawn"]))
        for place, row in enumerate(rows)
    )


def _framed(it: Asked) -> dict[str, int]:
    """How many customers stand in each stratum of the frames, by the rounds' own accounts."""
    found: dict[str, int] = {}
    for account in Round.objects.filter(survey=it.survey).values_list("account", flat=True):
        for line in _lines(account):
            if isinstance(line, dict) and isinstance(line.get("framed"), int):
                found[str(line.get("stratum", ""))] = found.get(str(line.get("stratum", "")), 0) + line["framed"]
    return found


def _lines(account: object) -> Iterable[object]:
    return account if isinstance(account, list) else ()


def waiting(it: Asked) -> int:
    """Answers that have come and are not counted yet; of anonymous surveys those that wait for company too."""
    count = Response.objects.filter(version__survey=it.survey, batch=None).count()
    return coarse(count + told_cells.waiting_of(it.survey.slug)) if it.survey.is_anonymous else count
