"""How many points does a visit count? Its lines as they were answered, or as was decided of their findings."""

from __future__ import annotations

from huixiang.apps.inspections.models import Answer, Form, Visit
from huixiang.domain.inspections.scoring import Mark, Score, score


def count(visit: Visit, *, given: bool = False) -> None:
    """Of each form and of the whole, in the caller's transaction; `given`: as the inspector scored, the first time."""
    scores = [found for form in visit.forms.all() if (found := _count(form, given=given))]
    most = sum(each.most for each in scores)
    visit.points, visit.most = (sum(each.points for each in scores), most) if most else (None, None)
    visit.save(update_fields=["points", "most"])


def _count(form: Form, *, given: bool) -> Score | None:
    answers = form.answers.select_related("finding")
    found = score(Mark(answer.points, level_now(answer)) for answer in answers)
    form.points, form.most = (found.points, found.most) if found else (None, None)
    if given:
        form.given_points = form.points
    form.save(update_fields=["points", "most", "given_points"])
    return found


def level_now(answer: Answer) -> int | None:
    """As decided, where its finding was."""
    finding = getattr(answer, "finding", None)
    return finding.level if finding else answer.level
