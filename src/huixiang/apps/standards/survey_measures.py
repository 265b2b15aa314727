"""How do customers judge the bank in its surveys, against what it aims at? By what was drawn and answered.

Of each survey the verdicts count, not the aspects; of answers those of the drawn, weighted as in the survey's results.
Surveys are put together as strata of their own: each has the weight of its answers, so that none counts for more
because its customers stand for more. docs/methods/conformance.md tells what that means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from huixiang.apps.feedback import facts
from huixiang.apps.standards.measuring import measures, measures_by_unit, upward
from huixiang.apps.surveys.models import Survey
from huixiang.apps.surveys.portioning import shown_cells
from huixiang.apps.surveys.result_cells import Choice, asked, cut, gathered, of_question, scored_cells
from huixiang.domain.standards.conformance import Measured
from huixiang.domain.standards.values import Standard
from huixiang.domain.statistics import Interval
from huixiang.domain.surveys.questionnaire import Kind
from huixiang.domain.surveys.scores import FEWEST, Scale
from huixiang.domain.surveys.small_cells import hidden
from huixiang.domain.surveys.weighting import Floats, Places, Sample, means, share

KINDS = {"survey.csat": Kind.CSAT, "survey.easy": Kind.CES, "survey.nps": Kind.NPS}
RIGHT = "survey.see"


@dataclass(frozen=True, slots=True)
class _Answers:
    """Alike answers: `y` is 1 where good (of NPS 100, 0, -100); where and when they were given."""

    y: Floats
    stratum: Places
    n: Floats
    w: Floats
    q: Floats
    unit: NDArray[np.object_]
    month: NDArray[np.object_]

    def sample(self, mask: NDArray[np.bool_]) -> Sample:
        return Sample(self.y[mask], self.stratum[mask], self.n[mask], self.w[mask], self.q[mask])


@measures(*KINDS, right=RIGHT)
def verdicts(standard: Standard, since: date, until: date) -> list[Measured]:
    """Of all, and of each month that the period touches, as a whole: answers are told by month."""
    found = _answers(standard, since, until)
    if found is None:
        return []
    months = sorted(set(found.month))
    counts = [int(found.n[found.month == month].sum()) for month in months]
    out = hidden(counts, FEWEST)
    parts = {month: found.month == month for place, month in enumerate(months) if place not in out}
    return _told(
        standard, found, {"": np.ones(len(found.y), bool), **parts}, lambda each, key: replace(each, period=key)
    )


@measures_by_unit(*KINDS)
def verdicts_by_unit(standard: Standard, since: date, until: date) -> list[Measured]:
    """Of each unit with all below it; what is of few, or would give away few, is left out."""
    found = _answers(standard, since, until)
    if found is None:
        return []
    tree = upward()
    own = {unit: int(found.n[found.unit == unit].sum()) for unit in set(found.unit) if unit in tree}
    above = {unit: frozenset(tree[unit]) for unit in own}
    parts = {unit: np.array([unit in above.get(each, ()) for each in found.unit]) for unit in shown_units(own, tree)}
    return _told(standard, found, parts, lambda each, key: replace(each, unit=key))


def shown_units(own: Mapping[str, int], tree: Mapping[str, Sequence[str]]) -> set[str]:
    """Of which units may a number be told? None is told that, with its sisters, would tell of few."""
    sums: dict[str, int] = {}
    below: dict[str, set[str]] = {}
    for unit, number in own.items():
        way = tree[unit]
        for above, each in zip(("", *way), way, strict=False):
            sums[each] = sums.get(each, 0) + number
            below.setdefault(above, set()).add(each)
    found: set[str] = set()
    open_ = [unit for unit in below.get("", ()) if sums[unit] >= FEWEST]
    while open_:
        unit = open_.pop()
        found.add(unit)
        parts = sorted(below.get(unit, ()))
        out = hidden([*(sums[part] for part in parts), own.get(unit, 0)], FEWEST)
        open_ += [part for place, part in enumerate(parts) if place not in out]
    return found


def _told(
    standard: Standard,
    found: _Answers,
    parts: Mapping[str, NDArray[np.bool_]],
    named: Callable[[Measured, str], Measured],
) -> list[Measured]:
    assert standard.aim is not None
    reckon = _points if standard.aim.measure == "survey.nps" else _percent
    return [named(each, key) for key, mask in parts.items() if (each := reckon(found.sample(mask)))]


def _percent(sample: Sample) -> Measured | None:
    return _measured(sample.count, share(sample), 100)


def _points(sample: Sample) -> Measured | None:
    return _measured(sample.count, means(sample).interval(0, -100, 100), 1)


def _measured(n: int, found: Interval | None, times: int) -> Measured | None:
    """None of few: neither reliable nor anonymous."""
    if found is None or n < FEWEST:
        return None
    return Measured(n, times * found.value, times * found.low, times * found.high)


def _answers(standard: Standard, since: date, until: date) -> _Answers | None:
    """Of all surveys together; None where nobody answered such a question."""
    assert standard.aim is not None
    kind, choice = KINDS[standard.aim.measure], Choice(since=f"{since:%Y-%m}", until=f"{until:%Y-%m}")
    parts = [part for survey in Survey.objects.order_by("pk") for part in _of_survey(survey, kind, choice)]
    return _together(parts) if parts else None


def _of_survey(survey: Survey, kind: Kind, choice: Choice) -> Iterator[_Answers]:
    """One part a question of this kind."""
    try:
        it = asked(survey, choice, None)
    except LookupError:  # never published
        return
    questions = [each for each in it.questionnaire.questions() if each.kind is kind and not each.aspect]
    cells = cut(shown_cells(facts.lake(), survey), it) if questions else None
    for question in questions:
        assert cells is not None
        own = scored_cells(of_question(cells, question.code, it.same(question.code)))
        scale = Scale.of(question)
        if scale is None or not own.w.sum():
            continue
        good = scale.headline(own.value) if kind is Kind.NPS else (own.value >= scale.good).astype(np.float64)
        found = gathered(own, good, "unit", "month")
        unit, month = (
            np.array(own.names[name], dtype=object)[place]
            for name, place in zip(("unit", "month"), found.places, strict=True)
        )
        s = found.sample
        even = s.n.sum() / s.w.sum()
        yield _Answers(s.y, s.stratum, s.n, s.w * even, s.q * even**2, unit, month)


def _together(parts: Iterable[_Answers]) -> _Answers:
    """Each part's strata are its own."""
    listed, shifted, begin = list(parts), [], 0
    for part in listed:
        shifted.append(part.stratum + begin)
        begin += int(part.stratum.max(initial=-1)) + 1
    y, n, w, q, unit, month = (
        np.concatenate([getattr(part, name) for part in listed]) for name in ("y", "n", "w", "q", "unit", "month")
    )
    return _Answers(y, np.concatenate(shifted), n, w, q, unit, month)
