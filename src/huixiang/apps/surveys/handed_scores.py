"""Are those whom colleagues asked more pleased than those whom chance drew? By unit, on the survey's first verdict.

Whoever hands out links may choose the pleased. Their answers count in no result (weight 0); here they stand beside the
sample of the same unit. A difference that is proven is a reason to look, as all on that page is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.surveys import joint
from huixiang.apps.surveys.analyses import scored_questions
from huixiang.apps.surveys.models import Survey
from huixiang.apps.surveys.names import reading
from huixiang.apps.surveys.result_cells import Choice, asked
from huixiang.domain.surveys.fairness import Gap, Side, handed_less_drawn
from huixiang.domain.surveys.piping import heading
from huixiang.domain.surveys.questionnaire import Kind
from huixiang.domain.surveys.scores import FEWEST, Scale
from huixiang.domain.surveys.small_cells import hidden
from huixiang.domain.surveys.weighting import Sample, means
from huixiang.lake.questions import Points
from huixiang.lake.store import Lake

ALL = ""


@dataclass(frozen=True, slots=True)
class HandedScore:
    """One unit, or all in reach together (code ""). Sides are None where one would tell of few."""

    code: str
    name: str
    handed: Side | None
    drawn: Side | None
    gap: Gap


@dataclass(frozen=True, slots=True)
class HandedScores:
    """`kind` and `title` of the question that is compared."""

    code: str
    kind: Kind
    title: str
    lines: tuple[HandedScore, ...]


def handed_scores(lake: Lake, survey: Survey, by: Staff | None) -> HandedScores | None:
    """Within the reader's reach; None where nothing with points is asked, or no link was handed over and answered."""
    try:
        it = asked(survey, Choice(), by)
    except LookupError:
        return None
    scored = scored_questions(it.questionnaire)
    scale = Scale.of(scored[0]) if scored else None
    if scale is None:
        return None
    reach = it.units()
    points = [each for each in joint.points_of_invited(lake, it, scored[0].code) if reach is None or each.unit in reach]
    if not any(each.is_handed for each in points):
        return None
    codes = sorted({each.unit for each in points})
    sides = [_sides(scale, [each for each in points if each.unit == code]) for code in codes]
    shown = _shown(sides)
    if len(codes) > 1:
        codes, sides, shown = [ALL, *codes], [_sides(scale, points), *sides], [True, *shown]
    title = heading(scored[0], it.questionnaire, reading())
    return HandedScores(scored[0].code, scale.kind, title, _lines(codes, sides, shown))


def _lines(codes: Sequence[str], sides: Sequence[tuple[Side, Side]], shown: Sequence[bool]) -> tuple[HandedScore, ...]:
    nothing = Side(0.0, 0.0, 0)
    gaps = handed_less_drawn(
        [pair if is_shown else (nothing, nothing) for pair, is_shown in zip(sides, shown, strict=True)]
    )
    names = dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    return tuple(
        HandedScore(code, names.get(code, ""), _enough(pair[0], is_shown), _enough(pair[1], is_shown), gap)
        for code, pair, is_shown, gap in zip(codes, sides, shown, gaps, strict=True)
    )


def _enough(side: Side, is_shown: bool) -> Side | None:
    return side if is_shown and side.n >= FEWEST else None


def _shown(sides: Sequence[tuple[Side, Side]]) -> list[bool]:
    """A unit's small side is hidden, and with it whose number would give it away beside the sum of all."""
    out = {place for side in (0, 1) for place in hidden([pair[side].n for pair in sides], FEWEST)}
    return [place not in out for place in range(len(sides))]


def _sides(scale: Scale, points: Sequence[Points]) -> tuple[Side, Side]:
    handed, drawn = ([each for each in points if each.is_handed == which] for which in (True, False))
    return _side(scale, handed, is_weighted=False), _side(scale, drawn, is_weighted=True)


def _side(scale: Scale, points: Sequence[Points], *, is_weighted: bool) -> Side:
    """Those drawn are weighted as in all results; of those handed a link one counts as much as another."""
    if not points:
        return Side(0.0, 0.0, 0)
    n, w, q = (np.array([getattr(each, name) for each in points], dtype=np.float64) for name in ("n", "w", "q"))
    y = scale.headline(np.array([each.value for each in points]))
    one = np.zeros(len(points), np.int64)
    found = means(Sample(y, one, n, w if is_weighted else n, q if is_weighted else n))
    return Side(float(found.value[0]), float(np.nan_to_num(found.variance[0])), int(n.sum()))
