"""What lies behind a survey's figures? Branches side by side, what goes with the verdict, answers crossed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from django.utils.translation import gettext as _

from huixiang.apps.access.models import Unit
from huixiang.apps.surveys import joint
from huixiang.apps.surveys.coverage import coarse
from huixiang.apps.surveys.joint import TIER, UNIT
from huixiang.apps.surveys.names import reading
from huixiang.apps.surveys.portioning import shown_cells
from huixiang.apps.surveys.result_cells import Asked, cut, gathered, of_question, scored_cells
from huixiang.domain.statistics import Interval
from huixiang.domain.surveys.comparing import Compared, Mix, compared
from huixiang.domain.surveys.crosstabs import Crosstab, Pairs, crosstab
from huixiang.domain.surveys.drivers import MOST_EXACT, Drivers, drivers
from huixiang.domain.surveys.piping import heading
from huixiang.domain.surveys.questionnaire import Kind, Question, Questionnaire, worded
from huixiang.domain.surveys.scores import FEWEST, SCORED, Scale
from huixiang.lake.questions import Matrix, Pair
from huixiang.lake.store import Lake

BY = {"unit": "unit", "tier": "tier"}
FEWEST_ASPECTS = 2  # one alone has all the weight, whatever it is
MOST_CELLS = 400  # of a cross table


def scored_questions(questionnaire: Questionnaire) -> list[Question]:
    """Those with points, the verdicts before the aspects."""
    found = [question for question in questionnaire.questions() if question.kind in SCORED]
    return sorted(found, key=lambda question: bool(question.aspect))


@dataclass(frozen=True, slots=True)
class Line:
    """A group with its name in words."""

    name: str
    code: str
    compared: Compared


def by_group(lake: Lake, it: Asked, code: str, by: str = "unit") -> list[Line]:
    """One question's score by unit or tier, the best first; the hidden ones last. Raises KeyError."""
    scale = Scale.of(it.questionnaire.question(code))
    if scale is None:
        raise KeyError(code)
    cells = cut(shown_cells(lake, it.survey), it)
    points = scored_cells(of_question(cells, code, it.same(code)))
    other = "tier" if by == "unit" else "unit"
    found = gathered(points, points.value, by, other) if by == "unit" else gathered(points, points.value, by)
    mix = Mix(found.places[1], len(points.names[other])) if by == "unit" and len(points.names[other]) > 1 else None
    names = _names(points.names[by], by)
    lines = [
        Line(names.get(each.name, each.name), each.name, each)
        for each in compared(scale, found.sample, found.places[0], points.names[by], mix)
    ]
    return sorted(lines, key=lambda line: (line.compared.score is None, -_value(line.compared)))


def key_drivers(lake: Lake, it: Asked, verdict: str) -> Drivers | None:
    """With which aspects does this verdict go? None: too few answers, or fewer than two aspects. Raises KeyError."""
    it.questionnaire.question(verdict)
    aspects = aspects_of(it, verdict)
    if len(aspects) < FEWEST_ASPECTS:
        return None
    codes = [code for aspect in aspects for code in aspect.codes]
    found = _by_aspect(joint.matrix(lake, it, [verdict, *codes]), aspects)
    names = [aspect.name for aspect in aspects]
    if not len(found.values):
        return None
    made = drivers(names, found.values[:, 1:], found.values[:, 0], found.weights)
    if made is None or not it.survey.is_anonymous:
        return made
    return _coarse(made, _own_means(lake, it, dict(zip(names, codes, strict=True))))


def _coarse(found: Drivers, means: Mapping[str, float]) -> Drivers:
    """Of an anonymous survey: the means that the questions have alone, the number by tens, the rest in two digits.

    Beside each question's own figures exact ones of those who answered all would tell of the few who did not.
    """

    def rough(of: Interval) -> Interval:
        return Interval(*(round(each, 2) for each in (of.value, of.low, of.high)))

    each = tuple(
        replace(
            one,
            mean=means[one.name],
            share=rough(one.share),
            weight=round(one.weight, 2),
            correlation=round(one.correlation, 2),
        )
        for one in found.drivers
    )
    return replace(found, explained=rough(found.explained), drivers=each, n=coarse(found.n))


def _own_means(lake: Lake, it: Asked, codes: Mapping[str, str]) -> dict[str, float]:
    """As the result page tells them, by name; `codes`: name → question."""
    cells, found = cut(shown_cells(lake, it.survey), it), {}
    for name, code in codes.items():
        points = scored_cells(of_question(cells, code, it.same(code)))
        found[name] = float(np.average(points.value, weights=points.w)) if points.w.sum() else 0.0
    return found


@dataclass(frozen=True, slots=True)
class Aspect:
    """What is rated beside the verdict: by one question, one row of a matrix ("question:row"), or some rows' mean."""

    name: str
    codes: tuple[str, ...]


def aspects_of(it: Asked, verdict: str) -> list[Aspect]:
    """What is called an aspect, and rows of points; where there is neither, all others with points. Twelve at most.

    Of an anonymous survey no rows: its portions hold whole questions.
    """
    others = [question for question in scored_questions(it.questionnaire) if question.code != verdict]
    named = [question for question in it.questionnaire.questions() if question in others and question.aspect]
    single = [Aspect(question.aspect, (question.code,)) for question in named]
    rows = [] if it.survey.is_anonymous else [a for q in it.questionnaire.questions() for a in _rows_of(q)]
    plain = [Aspect(heading(question, it.questionnaire, reading()), (question.code,)) for question in others]
    return (single + rows or plain)[:MOST_EXACT]


def _rows_of(question: Question) -> list[Aspect]:
    """A matrix that measures one named aspect is that aspect; else each row is one. Without points it is none."""
    if question.kind is not Kind.MATRIX or not all(choice.code.isdigit() for choice in question.choices):
        return []
    codes = [f"{question.code}:{row.code}" for row in question.rows]
    if question.aspect:
        return [Aspect(question.aspect, tuple(codes))]
    return [Aspect(worded(row.wording, reading()), (code,)) for row, code in zip(question.rows, codes, strict=True)]


def _by_aspect(found: Matrix, aspects: Sequence[Aspect]) -> Matrix:
    """The verdict, and one column an aspect."""
    ends = np.cumsum([1, *(len(aspect.codes) for aspect in aspects)]).tolist()
    columns = [found.values[:, begin:end].mean(1) for begin, end in pairwise(ends)]
    return replace(found, values=np.column_stack([found.values[:, 0], *columns]))


@dataclass(frozen=True, slots=True)
class Crossed:
    """A cross table in words: `cells` by row and column (number, share; None where hidden)."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[tuple[int, float] | None, ...], ...]
    sums: tuple[int | None, ...]
    table: Crosstab

    @property
    def lines(self) -> list[tuple[str, tuple[tuple[int, float] | None, ...], int | None]]:
        return list(zip(self.rows, self.cells, self.sums, strict=True))


def crossed(lake: Lake, it: Asked, one: str, other: str) -> Crossed | None:
    """Answers to one question by those to another, or by "tier:" or "unit:". None without answers. Raises KeyError."""
    options = dict(crossable(it.questionnaire))
    if one not in options or (other not in options and other not in (TIER, UNIT)):
        raise KeyError(one)
    pairs = joint.pairs(lake, it, one, other)
    if not pairs:
        return None
    both = [pair for pair in pairs if pair.row and (pair.column or other in (TIER, UNIT))]
    rows = ordered(it.questionnaire, other, {pair.column for pair in pairs})
    columns = ordered(it.questionnaire, one, {pair.row for pair in pairs})
    if len(rows) * len(columns) > MOST_CELLS:
        return None
    strata = sorted({pair.stratum for pair in pairs})
    at = [{name: place for place, name in enumerate(each)} for each in (rows, columns, strata)]

    is_tied = it.survey.is_anonymous and other not in (TIER, UNIT)

    def table_of(some: Sequence[Pair]) -> Crosstab:
        places = [[at[0][pair.column], at[1][pair.row], at[2][pair.stratum]] for pair in some]
        sums = [[pair.n, pair.w, pair.q] for pair in some]
        columns_of = np.array(places, np.int64).reshape(-1, 3).T, np.array(sums, np.float64).reshape(-1, 3).T
        return crosstab(Pairs(*columns_of[0], *columns_of[1]), len(rows), len(columns), also_empty=is_tied)

    table = table_of(pairs)
    if len(both) < len(pairs):  # whether two answers go together only those tell who gave both
        table = replace(table, test=table_of(both).test if both else None)
    counts, shares = table.counts, table.shares
    cells = tuple(
        tuple(
            None if table.hidden[row, column] else (int(counts[row, column]), float(shares[row, column]))
            for column in range(len(columns))
        )
        for row in range(len(rows))
    )
    names = _worded(it.questionnaire, other, rows), _worded(it.questionnaire, one, columns)
    sums = tuple(int(n) if n >= FEWEST else None for n in counts.sum(1))
    return Crossed(*names, cells, sums, table)


def crossable(questionnaire: Questionnaire) -> list[tuple[str, str]]:
    """What can be crossed: (code, words)."""
    found = []
    for question in questionnaire.questions():
        title = heading(question, questionnaire, reading())
        if question.kind in (*SCORED, Kind.SINGLE):
            found.append((question.code, title))
        elif question.kind in (Kind.MULTIPLE, Kind.MATRIX):
            parts = question.choices if question.kind is Kind.MULTIPLE else question.rows
            found += [
                (f"{question.code}:{part.code}", f"{title} · {worded(part.wording, reading())}") for part in parts
            ]
    return found


def ordered(questionnaire: Questionnaire, code: str, found: set[str]) -> list[str]:
    """The answers in the order of the questionnaire; points by their number; "", no answer, last."""
    if code in (TIER, UNIT):
        return sorted(found)
    if "" in found:
        return [*ordered(questionnaire, code, found - {""}), ""]
    question = questionnaire.question(code.partition(":")[0])
    if question.kind in (Kind.SINGLE, Kind.MATRIX):
        return [choice.code for choice in question.choices if choice.code in found]
    return sorted(found, key=int)


def _worded(questionnaire: Questionnaire, code: str, found: Sequence[str]) -> tuple[str, ...]:
    if code in (TIER, UNIT):
        names = _names(found, code[:-1])
        return tuple(names.get(each, each) for each in found)
    question = questionnaire.question(code.partition(":")[0])
    words = {choice.code: worded(choice.wording, reading()) for choice in question.choices}
    if question.kind is Kind.MULTIPLE:
        words = {"0": _("未选"), "1": _("选了")}
    words[""] = _("未答")
    return tuple(words.get(each, each) for each in found)


def _names(codes: Sequence[str], by: str) -> Mapping[str, str]:
    named = dict(Unit.objects.filter(code__in=list(codes)).values_list("code", "name")) if by == "unit" else {}
    return {"": _("全行（未注明机构）") if by == "unit" else _("未注明等级")} | named


def _value(compared: Compared) -> float:
    return compared.score.value if compared.score else 0.0
