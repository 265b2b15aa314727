"""What came out of a survey? Each question with its figures and how sure they are: docs/methods/survey-results.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from huixiang.apps.surveys.coverage import Coverage, coverage
from huixiang.apps.surveys.differing import answered, gives_away, whole_of
from huixiang.apps.surveys.models import Survey
from huixiang.apps.surveys.names import reading
from huixiang.apps.surveys.portioning import shown_cells
from huixiang.apps.surveys.result_cells import Asked, cut, gathered, of_question, scored_cells
from huixiang.domain.statistics import Interval
from huixiang.domain.surveys.piping import heading
from huixiang.domain.surveys.questionnaire import Choice, Kind, Question, worded
from huixiang.domain.surveys.scores import FEWEST, Scale, Score, by_group, scored
from huixiang.domain.surveys.small_cells import hidden
from huixiang.domain.surveys.weighting import Floats, Sample, means, share, strata_sizes
from huixiang.lake.questions import Cells
from huixiang.lake.questions.survey_cells import RESPONSE
from huixiang.lake.store import Lake


@dataclass(frozen=True, slots=True)
class Step:
    """One month of a score; None where it is hidden."""

    month: str
    n: int | None
    score: Interval | None


@dataclass(frozen=True, slots=True)
class Part:
    """One choice: how many took it, and which weighted share of those who answered. `mean`: of a rank, the place."""

    code: str
    name: str
    n: int
    share: Interval | None
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a matrix."""

    name: str
    parts: tuple[Part, ...]
    mean: Interval | None


@dataclass(frozen=True, slots=True)
class Result:
    """One question. `n` answered it, `passed_over` saw it and did not. `is_hidden`: fewer than FEWEST answered, or
    fewer of all others, who would be what is left of the whole.

    `left_out`: versions in which the question was another, so that they are not counted.
    """

    question: Question
    title: str
    n: int
    passed_over: int
    is_hidden: bool = False
    score: Score | None = None
    steps: tuple[Step, ...] = ()
    parts: tuple[Part, ...] = ()
    rows: tuple[Row, ...] = ()
    left_out: tuple[int, ...] = ()
    without_marked: Interval | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """All of it. `responses`: how many questionnaires count, `marked` of them bear a mark."""

    asked: Asked
    responses: int
    marked: int
    effective: float
    questions: tuple[Result, ...]
    coverage: Coverage
    months: tuple[str, ...]
    tiers: tuple[str, ...]
    by_via: tuple[tuple[str, int], ...]
    handed: int  # answers to links that colleagues handed over, with the same choice

    @property
    def scores(self) -> list[Result]:
        """Those with points, the headline ones: without those that measure an aspect, unless all do."""
        found = [result for result in self.questions if result.question.kind in (Kind.NPS, Kind.CSAT, Kind.CES)]
        return [result for result in found if not result.question.aspect] or found

    @property
    def is_few(self) -> bool:
        return self.responses < FEWEST

    @property
    def is_weighted(self) -> bool:
        return abs(self.effective - self.responses) > 0.5


def results(lake: Lake, it: Asked) -> Results:
    """Of the choice, and within the asker's reach."""
    every = shown_cells(lake, it.survey)
    cells = cut(every, it)
    whole = cells.where(cells.having("question", {RESPONSE}))
    covered = coverage(it)
    sizes = strata_sizes(covered.framed, cells.names["stratum"]) if not it.choice.is_part and covered.framed else None
    all_of_reach = cut(every, whole_of(it))
    told = tuple(_result(it, cells, question, sizes, all_of_reach) for question in it.questionnaire.questions())
    w, q, n = (float(each.sum()) for each in (whole.w, whole.q, whole.n))
    via = np.bincount(whole.places["code"], whole.n, len(whole.names["code"]))
    return Results(
        it,
        int(n),
        int(whole.n[whole.is_marked].sum()),
        w**2 / q if q else 0.0,
        told,
        covered,
        tuple(name for name in every.names["month"] if name),
        _tiers(every),
        tuple((name, int(via[place])) for place, name in enumerate(whole.names["code"]) if name and via[place]),
        _handed(every, it),
    )


def tiers(lake: Lake, survey: Survey) -> tuple[str, ...]:
    """Of which tiers are there answers to choose?"""
    return _tiers(shown_cells(lake, survey))


def _tiers(every: Cells) -> tuple[str, ...]:
    return tuple(name for name in every.names["tier"] if name)


def _handed(every: Cells, it: Asked) -> int:
    cells = cut(every, replace(it, choice=replace(it.choice, handed=True)))
    return int(cells.where(cells.having("question", {RESPONSE})).n.sum())


def _result(it: Asked, cells: Cells, question: Question, sizes: Floats | None, all_of_reach: Cells) -> Result:
    versions = it.same(question.code)
    own = of_question(cells, question.code, versions)
    passed = own.is_passed_over
    n = answered(question, own.where(~passed))
    plain: dict[str, Any] = {
        "question": question,
        "title": heading(question, it.questionnaire, reading()),
        "n": n,
        "passed_over": int(own.n[passed].sum()),
        "left_out": tuple(v.number for v in it.versions if v.number not in versions and not it.choice.version),
    }
    if 0 < n < FEWEST or (n and gives_away(it, question, n, of_question(all_of_reach, question.code, versions))):
        return Result(**plain | {"n": 0, "passed_over": 0}, is_hidden=True)
    own = own.where(~passed)
    scale = Scale.of(question)
    if scale and n:
        return Result(**plain, **_scored(it, own, scale, sizes))
    if question.kind is Kind.MATRIX:
        return Result(
            **plain, rows=tuple(_row(own, question, row.code, worded(row.wording, reading())) for row in question.rows)
        )
    return Result(**plain, parts=_parts(own, question))


def _scored(it: Asked, own: Cells, scale: Scale, sizes: Floats | None) -> dict[str, Any]:
    points = scored_cells(own)
    found = gathered(points, points.value, "month", sizes=sizes)
    sample, (month,) = found.sample, found.places
    months = points.names["month"]
    told: dict[str, Any] = {
        "score": scored(scale, sample),
        "steps": _steps(scale, sample, month, months),
        "parts": _points(scale, sample),
    }
    marked, unmarked = (float(points.n[each].sum()) for each in (points.is_marked, points.is_clean))
    if it.choice.marked and min(marked, unmarked) >= FEWEST:  # of fewer the difference would tell
        clean = points.where(points.is_clean)
        without = gathered(clean, clean.value)
        told["without_marked"] = by_group(scale, without.sample, np.zeros(len(without.sample.y), np.int64), 1).interval(
            0, *scale.ends
        )
    return told


def _steps(scale: Scale, sample: Sample, month: np.ndarray, months: Sequence[str]) -> tuple[Step, ...]:
    if not months:
        return ()
    found = by_group(scale, sample, month, len(months))
    out = hidden([int(n) for n in found.n], FEWEST)
    return tuple(
        Step(name, None, None) if place in out else Step(name, int(found.n[place]), found.interval(place, *scale.ends))
        for place, name in enumerate(months)
        if name and found.n[place]
    )


def _points(scale: Scale, sample: Sample) -> tuple[Part, ...]:
    return tuple(
        Part(str(point), str(point), int(sample.n[sample.y == point].sum()), share(_marked(sample, sample.y == point)))
        for point in range(scale.least, scale.most + 1)
    )


def _parts(own: Cells, question: Question) -> tuple[Part, ...]:
    if question.kind is Kind.SINGLE:
        found = gathered(own, np.zeros(len(own)), "code")
        codes = np.array(own.names["code"], dtype=object)[found.places[0]] if len(own) else np.empty(0, object)
        return tuple(_single(found.sample, codes == choice.code, choice) for choice in question.choices)
    if question.kind in (Kind.MULTIPLE, Kind.RANK):
        return tuple(_item(own, choice, question.kind) for choice in question.choices)
    return ()


def _single(sample: Sample, mine: np.ndarray, choice: Choice) -> Part:
    return Part(choice.code, worded(choice.wording, reading()), int(sample.n[mine].sum()), _share(sample, mine))


def _item(own: Cells, choice: Choice, kind: Kind) -> Part:
    """Of several choices how many took this one; of a rank, how many put it first, and where it stands on average."""
    code, name = choice.code, worded(choice.wording, reading())
    mine = own.where(own.having("item", {code}))
    found = gathered(mine, mine.value).sample
    taken = found.y == 1
    if not found.count:
        return Part(code, name, 0, None)
    mean = float(means(found).value[0]) if kind is Kind.RANK else None
    return Part(code, name, int(found.n[taken].sum()), _share(found, taken), mean)


def _row(own: Cells, question: Question, code: str, name: str) -> Row:
    mine = own.where(own.having("item", {code}))
    found = gathered(mine, mine.value).sample
    if found.count < FEWEST:
        return Row(name, (), None)
    parts = tuple(
        Part(
            choice.code,
            worded(choice.wording, reading()),
            int(found.n[found.y == place].sum()),
            _share(found, found.y == place),
        )
        for place, choice in enumerate(question.choices, 1)
    )
    return Row(name, parts, means(found).interval(0, 1, len(question.choices)))


def _marked(sample: Sample, mark: np.ndarray) -> Sample:
    return sample.of(mark.astype(np.float64))


def _share(sample: Sample, mark: np.ndarray) -> Interval | None:
    return share(_marked(sample, mark)) if sample.count else None
