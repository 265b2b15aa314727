"""Which ended complaints were like this one, and how did they end? Only cases in sight are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.classing import Choice, choices_on
from huixiang.apps.complaints.forms.classes import title
from huixiang.apps.complaints.models import Case
from huixiang.apps.complaints.standings import history
from huixiang.domain.complaints.classes import PAID, classes_of
from huixiang.domain.understanding.masking import MARK
from huixiang.domain.understanding.normal import normalise
from huixiang.domain.understanding.similar import Match, Similar

INDEXED = 20_000  # the newest ended cases: about 150 MB and two seconds once a day and process
ASKED, SHOWN = 500, 5  # the likest of all, of which those in sight are shown
LEAST = 0.15  # of the score: below it, they share no more than the office's phrases


@dataclass(frozen=True, slots=True)
class Ended:
    """A case like this one: how like, and how it ended. `days` from its receipt to its end."""

    case: Case
    score: float
    cause: str
    responsibility: str
    paid_yuan: Decimal | None
    days: int | None


def ended_alike(case: Case, by: Staff) -> list[Ended]:
    """The likest first; those out of sight, or kept for storage only, are not told."""
    keys, index = _index(timezone.localdate())
    (matches,) = index.nearest([_normal(case.title, case.text)], ASKED) if keys else ([],)
    scores = {keys[match.row]: match.score for match in _telling(matches) if keys[match.row] != case.pk}
    rows = Case.objects.visible_to(by).filter(pk__in=list(scores), is_held=False)
    best = sorted(rows.values_list("pk", flat=True), key=lambda pk: -scores[pk])[:SHOWN]
    found = Case.objects.filter(pk__in=best).select_related("pack", "unit")
    return sorted((_ended(each, scores[each.pk]) for each in found), key=lambda each: -each.score)


def _telling(matches: list[Match]) -> list[Match]:
    return [match for match in matches if match.score >= LEAST]


@lru_cache(maxsize=1)
def _index(day: date) -> tuple[list[int], Similar]:
    """Made once a day and process, of what had ended by then."""
    rows = Case.objects.filter(is_open=False, is_held=False).exclude(state="merged").order_by("-pk")
    listed = list(rows.values_list("pk", "title", "text")[:INDEXED])
    return [pk for pk, _title, _text in listed], Similar([_normal(title, text) for _pk, title, text in listed])


def _normal(title: str, text: str) -> str:
    return normalise(MARK.sub("。", f"{title}\n{text}"))


def _ended(case: Case, score: float) -> Ended:
    classes = classes_of(history(case).entries)
    choices = choices_on(timezone.localdate(case.received_at))
    days = (case.ended_at - case.received_at).days if case.ended_at else None
    return Ended(
        case,
        score,
        _named(choices["cause"], classes.get("cause", "")),
        _named(choices["responsibility"], classes.get("responsibility", "")),
        Decimal(classes[PAID]) / 100 if PAID in classes else None,
        days,
    )


def _named(choices: tuple[Choice, ...], code: str) -> str:
    return next((title(each) for each in choices if each.code == code), code)
