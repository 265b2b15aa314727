"""How do a survey's results leave for a spreadsheet or for SPSS? Figures for all who see them; answers for few.

Answers of an anonymous survey leave without their ids, in whole portions, with what all of a portion have in common
beside them (unit, tier, week …; releasing.py). The day is the week's Monday. Of what is only counted after its term
nobody knows more than the month.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from huixiang.apps.surveys.coverage import Coverage, coverage
from huixiang.apps.surveys.releasing import Release, released, whole
from huixiang.apps.surveys.result_cells import Asked
from huixiang.apps.surveys.results import Result, Results
from huixiang.channels import export, spss
from huixiang.channels.spss import Column
from huixiang.domain.statistics import Interval
from huixiang.domain.surveys.piping import heading
from huixiang.domain.surveys.questionnaire import Choice, Kind, Question, worded
from huixiang.domain.surveys.scores import FEWEST, SCORED
from huixiang.lake import questions
from huixiang.lake.store import Lake

AT_ONCE = 500


class TooFew(Exception):
    """So few answered anonymously that their answers may not be shown one by one."""


def figures_header() -> list[str]:
    names = (
        _("题目"),
        _("类型"),
        _("项目"),
        _("人数"),
        _("数值"),
        _("区间下限"),
        _("区间上限"),
        _("有效样本"),
        _("说明"),
    )
    return [*names]


def figures(found: Results) -> Iterator[list[Any]]:
    """All figures of the page, line by line."""
    yield _line(_("答卷"), "", _("计入的答卷"), found.responses, None, found.effective)
    for name, n, rate, why in account(found.coverage):
        yield [*_line(_("答卷"), "", name, n, rate)[:-1], why]
    for result in found.questions:
        if result.is_hidden:
            yield [
                result.title,
                str(result.question.kind),
                "",
                "",
                "",
                "",
                "",
                "",
                _("少于 %(n)s 人，或相减可知，不显示") % {"n": FEWEST},
            ]
        else:
            yield from _of(result)


def account(covered: Coverage) -> list[tuple[str, int | None, Interval | None, str]]:
    """How many were asked and answered, in all and by stratum: beside every result. Name, number, rate, remark."""
    if not covered.drawn:
        why = _("不是按名单发送的：不知道问了多少人，就没有应答率")
        return [(_("应答率（AAPOR RR1）"), None, None, why)]
    found: list[tuple[str, int | None, Interval | None, str]] = [
        (_("抽中"), covered.drawn, None, ""),
        (_("送达"), covered.delivered, None, ""),
        (_("应答率（AAPOR RR1）"), covered.completed, covered.rr1, ""),
    ]
    for each in covered.strata:
        name = _("%(stratum)s 层的应答率") % {"stratum": each.name or "—"}
        why = _("少于 %(n)s 人，不显示") % {"n": FEWEST} if each.drawn is None else ""
        found.append((name, each.completed, each.rate, why))
    return found


def about(it: Asked, covered: Coverage) -> list[str]:
    """What stands beside the answers one by one: of whom they are, and of how many that were asked."""
    lines = [f"{it.survey.name}（{it.survey.slug}）"]
    for name, n, rate, why in account(covered):
        told = [name, "" if n is None else str(n), "" if rate is None else f"{rate.value:.1%}", why]
        lines.append(" ".join(part for part in told if part))
    return lines


def _of(result: Result) -> Iterator[list[Any]]:
    title, kind, score = result.title, str(result.question.kind), result.score
    if score:
        name = _("净推荐值 NPS") if result.question.kind is Kind.NPS else _("均值")
        yield _line(title, kind, name, score.n, score.score, score.effective)
        yield _line(title, kind, _("好评占比"), score.n, score.good)
        yield _line(title, kind, _("差评占比"), score.n, score.bad)
        for step in result.steps:
            yield _line(title, kind, step.month, step.n, step.score)
    for part in result.parts:
        yield _line(title, kind, part.name, part.n, part.share)
    for row in result.rows:
        yield _line(title, kind, f"{row.name} · {_('均值')}", "", row.mean)
        for part in row.parts:
            yield _line(title, kind, f"{row.name} · {part.name}", part.n, part.share)


def _line(
    title: str, kind: str, name: str, n: object, found: Interval | None, effective: float | None = None
) -> list[Any]:
    told = ["", "", ""] if found is None else [round(each, 4) for each in (found.value, found.low, found.high)]
    return [title, kind, name, "" if n is None else n, *told, "" if effective is None else round(effective, 1), ""]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The answers, one row a response: variables, and where each finds its cell."""

    columns: tuple[Column, ...]
    keys: tuple[tuple[str, str], ...]  # question, item; of the first columns the response's own fields ("", name)


def sheet(it: Asked, *, with_words: bool) -> Sheet:
    """Which columns has the table of answers?"""
    own = [Column("id", _("答卷"))] if not it.survey.is_anonymous else []
    own += [
        Column("version", _("问卷版本"), is_number=True),
        Column("answered_on", _("答卷日期（匿名问卷为当周周一；已过保存期限的只有月份）")),
    ]
    own += [Column("unit", _("机构号")), Column("tier", _("客户等级")), Column("weight", _("权重"), is_number=True)]
    own += [
        Column("via", _("途径")),
        Column("language", _("语言")),
        Column("is_marked", _("带可疑标记"), is_number=True),
    ]
    columns, keys = list(own), [("", column.name) for column in own]
    for question in it.questionnaire.questions():
        for column, item in _columns(question, heading(question, it.questionnaire), with_words=with_words):
            columns.append(column)
            keys.append((question.code, item))
        for choice in question.choices if with_words else ():
            if choice.is_open:
                columns.append(_beside(question, choice, heading(question, it.questionnaire)))
                keys.append((f"{question.code}:{choice.code}", ""))
    return Sheet(tuple(columns), tuple(keys))


def _columns(question: Question, title: str, *, with_words: bool) -> Iterator[tuple[Column, str]]:
    places = _places(question)
    match question.kind:
        case kind if kind in SCORED:
            yield Column(question.code, title, is_number=True), ""
        case Kind.SINGLE:
            yield Column(question.code, title, values=places), ""
        case Kind.MULTIPLE | Kind.RANK:
            marks = {0: _("未选"), 1: _("选了")} if question.kind is Kind.MULTIPLE else {}
            for choice in question.choices:
                label = f"{title} · {worded(choice.wording, 'zh')}"
                name, is_place = f"{question.code}_{choice.code}", question.kind is Kind.RANK
                yield Column(name, label, is_number=True, values=marks, is_ordered=is_place), choice.code
        case Kind.MATRIX:
            for row in question.rows:
                label = f"{title} · {worded(row.wording, 'zh')}"
                yield Column(f"{question.code}_{row.code}", label, values=places, is_ordered=True), row.code
        case Kind.DATE:
            yield Column(question.code, title), ""
        case Kind.TEXT if with_words:
            yield Column(question.code, title), ""


def _beside(question: Question, choice: Choice, title: str) -> Column:
    """What was written beside an open choice: the commonest of all answers to "other" are worth most."""
    label = _("%(choice)s（写的字）") % {"choice": worded(choice.wording, "zh")}
    return Column(f"{question.code}_{choice.code}_words", f"{title} · {label}")


def _places(question: Question) -> dict[int, str]:
    return {place: worded(choice.wording, "zh") for place, choice in enumerate(question.choices, 1)}


@dataclass(frozen=True, slots=True)
class Leaving:
    """The answers on their way out: how many, and row by row; numbers as SPSS has them."""

    count: int
    rows: Iterator[list[Any]]


def leaving(lake: Lake, it: Asked, of: Sheet) -> Leaving:
    """Raises TooFew before the first row."""
    if not it.survey.is_anonymous:
        return Leaving(questions.response_count(lake, it.slice()), _rows(lake, it, of, None))
    release = released(lake, it)
    if not release.rows:
        raise TooFew
    return Leaving(len(release.rows), _rows(lake, it, of, release))


def _rows(lake: Lake, it: Asked, of: Sheet, release: Release | None) -> Iterator[list[Any]]:
    places = {q.code: {choice.code: n for n, choice in enumerate(q.choices, 1)} for q in it.questionnaire.questions()}
    same = {question.code: set(it.same(question.code)) for question in it.questionnaire.questions()}
    stream = questions.responses(lake, it.slice() if release is None else whole(it).slice())
    while some := list(islice(stream, AT_ONCE)):
        kept = [(row, told) for row in some if (told := release.row(row) if release else row) is not None]
        ids = {answer["voice"] for row, _told in kept for answer in row["answers"] or () if answer["voice"]}
        words = _words(lake, ids)
        for row, told in kept:
            given = [a for a in row["answers"] or () if _counts(a, row, same)]
            if release:
                given = [a for a in given if release.holds(row["id"], a["question"], a["item"])]
            answers = {(a["question"], a["item"]): a for a in given}
            yield [_cell(key, told, answers, places, words) for key in of.keys]


def _counts(answer: Mapping[str, Any], row: Mapping[str, Any], same: Mapping[str, set[int]]) -> bool:
    return row["version"] in same.get(answer["question"].partition(":")[0], ())


def _cell(
    key: tuple[str, str],
    row: Mapping[str, Any],
    answers: Mapping[tuple[str, str], Mapping[str, Any]],
    places: Mapping[str, Mapping[str, int]],
    words: Mapping[str, str],
) -> Any:
    question, item = key
    if not question:
        cell = row[item]
        if item == "answered_on" and isinstance(cell, date):
            return row["month"] if row.get("import_id") == "" else cell.isoformat()
        return int(cell) if item == "is_marked" and cell is not None else cell
    answer = answers.get(key)
    if answer is None:
        return None
    if answer["voice"]:
        return words.get(answer["voice"])
    if answer["code"]:
        return places[question].get(answer["code"], answer["code"])
    return answer["value"]


def _words(lake: Lake, ids: set[str]) -> dict[str, str]:
    if not ids:
        return {}
    found = lake.rows("voices", ids, columns=["id", "text"]).to_pylist()
    return {row["id"]: row["text"] for row in found}


def in_words(of: Sheet, row: Sequence[Any]) -> list[Any]:
    """A row as a spreadsheet reads it: choices by their names."""
    told = []
    for column, cell in zip(of.columns, row, strict=True):
        named = column.values.get(int(cell), cell) if column.values and cell is not None else cell
        told.append("" if named is None else named)
    return told


def write(path: Path, kind: str, it: Asked, of: Sheet, found: Iterator[list[Any]]) -> None:
    """Write the answers as xlsx or sav, with the response rate: on a sheet of its own, or in the file's notes."""
    told = about(it, coverage(it))
    if kind == "sav":
        spss.write(path, of.columns, found, it.survey.name, told)
    else:
        header = [column.label for column in of.columns]
        lines = (in_words(of, row) for row in found)
        export.write_sheet(path, _("答卷"), header, lines, about=(_("说明"), told))
