"""Were only the pleased asked? By unit and by colleague: a reason to look, never a proof.

Known to be displeased is who complained, or said something negative on any channel, in the half year before, under
the pseudonym that the frame has; not in this survey itself, for only who was asked can answer it. Whoever said nothing
counts as all others do.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback.facts import lake
from huixiang.apps.surveys.models import Framed, Invitation, Survey
from huixiang.domain.surveys.fairness import Asked, Evenness, evenness
from huixiang.lake import questions

DAYS = 180  # in a quarter most outlets have fewer displeased customers than the test needs
RIGHT = "survey.see"


@dataclass(frozen=True, slots=True)
class Look:
    """One unit or colleague: the counts, and what can be said of them."""

    code: str
    name: str
    asked: Asked
    left_out: int  # customers taken off the list by hand
    verdict: Evenness


@dataclass(frozen=True, slots=True)
class Looks:
    by_unit: tuple[Look, ...]
    by_staff: tuple[Look, ...]


def looks(survey: Survey, today: date, by: Staff | None) -> Looks:
    """Of the customers in the frame who came in these days, in the units within reach; of all for the system."""
    since = today - timedelta(days=DAYS)
    within = Unit.objects.visible_to(by, RIGHT) if by else Unit.objects.all()
    lines = list(
        Framed.objects.filter(survey=survey, met_on__gt=since, unit__in=within)
        .select_related("unit", "staff")
        .defer("contact")
    )
    if not lines:
        return Looks((), ())
    displeased = questions.displeased(lake(), since, today, survey.slug)
    asked = set(
        Invitation.objects.filter(round__survey=survey, sent_at__isnull=False)
        .exclude(customer="")
        .values_list("customer", flat=True)
    )
    units = _counted(lines, "unit", displeased, asked)
    staff = _counted([line for line in lines if line.staff], "staff", displeased, asked)
    return Looks(units, staff)


def _counted(lines: list[Framed], what: str, displeased: set[str], asked: set[str]) -> tuple[Look, ...]:
    met: dict[str, set[str]] = defaultdict(set)
    left: dict[str, set[str]] = defaultdict(set)
    names = {}
    for line in lines:
        one = getattr(line, what)
        code = one.code if what == "unit" else one.number
        names[code] = one.name
        met[code].add(line.customer)
        if line.left_out_for:
            left[code].add(line.customer)
    rows = []
    for code in sorted(met):
        bad, good = met[code] & displeased, met[code] - displeased
        rows.append(Asked(code, len(bad & asked), len(bad), len(good & asked), len(good)))
    found = zip(rows, evenness(rows), strict=True)
    return tuple(Look(row.who, names[row.who], row, len(left[row.who]), verdict) for row, verdict in found)
