"""How do another program's survey answers become ours? A table, one row a response, by a mapping or by its headings.

LimeSurvey heads its columns with the question's code, `code[part]` for the parts of a question; the codes of an .lss
that was imported are the same. Other tools head them with the words of the question, or with anything: then a mapping
(TOML) says which column is which. A cell holds a choice's code or its words, a number of points, Y or 1 where a choice
among several was taken.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from huixiang.channels import spss
from huixiang.channels.contract import Fault, Meter, Refused, Row, quoted
from huixiang.channels.dates import Dates
from huixiang.channels.mapped import READERS, kind
from huixiang.channels.tables import Layout
from huixiang.domain.surveys.answering import POINTS
from huixiang.domain.surveys.conditions import Value
from huixiang.domain.surveys.questionnaire import Choice, Kind, Question, Questionnaire

FIELDS = ("number", "at", "unit", "customer", "tier", "stratum", "weight", "language", "seconds")
USUAL = {
    "number": ("id", "response id", "答卷编号", "编号"),
    "at": (
        "submitdate",
        "date submitted",
        "提交时间",
        "提交答卷时间",
        "填写时间",
        "时间戳",
        "时间",
        "提交日期",
        "日期",
        "timestamp",
    ),
    "unit": ("unit", "branch", "网点", "机构号"),
    "customer": ("customer", "客户号"),
    "tier": ("tier", "客户等级"),
    "stratum": ("stratum", "层"),
    "weight": ("weight", "权重"),
    "language": ("startlanguage", "language"),
    "seconds": ("interviewtime", "total time", "所用时间"),
}
ALSO = frozenset({"时间", "日期"})  # words that a question may bear as well: then it is the question's column
YES = frozenset({"Y", "y", "1", "1.0", "是", "YES", "Yes", "True", "TRUE", "true", "✓", "√"})
_SEVERAL = re.compile(r"[;；┋]")
_BEFORE = re.compile(r"^\d{1,3}[、.．]\s*")
UNANSWERED = frozenset({"(空)", "(跳过)"})  # as 问卷星 writes it
OTHER = "-oth-"  # LimeSurvey's code of the choice beside which words were written


@dataclass(frozen=True, slots=True)
class AnswerMapping:
    """Which column tells what? `questions`: "code" or "code[part]" → column. `series`: of the voices (see Record)."""

    fields: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    series: str = ""
    layout: Layout = field(default_factory=Layout)
    is_whole: bool = False  # a person has gone through all of it: nothing is guessed besides


@dataclass(frozen=True, slots=True)
class Told:
    """What a row tells. Unmasked: lives in memory only."""

    row: int
    number: str
    at: datetime | None
    fields: Mapping[str, str]
    answers: Mapping[str, Value]


def mapping(text: str) -> AnswerMapping:
    """A mapping from TOML. Raises Fault."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Fault("映射文件不是有效的 TOML：%(reason)s", reason=str(error)) from None
    response, questions = told.get("response", {}), told.get("questions", {})
    if unknown := sorted(set(told) - {"response", "questions", "voices", "layout", "whole"}) + sorted(
        set(response) - {*FIELDS}
    ):
        raise Fault("映射文件里有不认识的名称“%(name)s”；可用的有 %(known)s", name=unknown[0], known="、".join(FIELDS))
    layout = {
        name: told["layout"][name] for name in ("encoding", "delimiter", "sheet") if name in told.get("layout", {})
    }
    series = str(told.get("voices", {}).get("series", ""))
    return AnswerMapping(response, questions, series, Layout(**layout), is_whole=told.get("whole") is True)


def plain(by: AnswerMapping) -> dict[str, Any]:
    """The mapping as its TOML has it: what `mapping` reads back is equal."""
    layout = {name: value for name in ("encoding", "delimiter", "sheet") if (value := getattr(by.layout, name))}
    tables = {"response": by.fields, "questions": by.questions, "layout": layout}
    voices = {"voices": {"series": by.series}} if by.series else {}
    return {"whole": by.is_whole} | {name: table for name, table in tables.items() if table} | voices


def guessed(questionnaire: Questionnaire, columns: Sequence[str]) -> AnswerMapping:
    """Which column tells what, by its heading alone?"""
    plain, questions = {_plain(column): column for column in columns}, _places(questionnaire, list(columns))
    asked = set(questions.values())

    def known(usual: Sequence[str]) -> str:
        return next(
            (plain[each] for each in usual if each in plain and not (each in ALSO and plain[each] in asked)), ""
        )

    found = {name: known(usual) for name, usual in USUAL.items()}
    return AnswerMapping({name: each for name, each in found.items() if each}, questions)


def places(questionnaire: Questionnaire) -> Iterator[tuple[str, Question, Choice | None]]:
    """All that a column can tell: "code" or "code[part]", the question, and its part."""
    for question in questionnaire.questions():
        if question.kind not in (Kind.MATRIX, Kind.RANK):
            yield question.code, question, None
        parts = {Kind.MULTIPLE: question.choices, Kind.MATRIX: question.rows, Kind.RANK: _numbered(question)}
        for part in parts.get(question.kind, ()):
            yield f"{question.code}[{part.code}]", question, part


def rows(path: Path, by: AnswerMapping, meter: Meter | None = None) -> Iterator[Row | Refused]:
    """The rows of a CSV, XLSX, JSONL or SPSS file. Raises Fault where it cannot be read as a whole."""
    if spss.is_sav(path):
        return spss.rows(path, meter)
    return READERS[kind(path)](path, by.layout, meter)


class Reader:
    """Reads rows into answers to one questionnaire. Raises Fault where a column that matters is wanting."""

    def __init__(self, questionnaire: Questionnaire, by: AnswerMapping, columns: list[str], time_zone: str) -> None:
        self._zone, self._columns, self._by = time_zone, columns, by
        usual = AnswerMapping() if by.is_whole else guessed(questionnaire, columns)
        self._fields = {**usual.fields, **by.fields}
        self._places = {**usual.questions, **by.questions}
        self._questions = {question.code: question for question in questionnaire.questions()}
        self._check(by)

    @property
    def whole(self) -> AnswerMapping:
        """What was chosen and what was guessed, so that a row of it reads the same on another day."""
        return AnswerMapping(self._fields, self._places, self._by.series, self._by.layout, is_whole=True)

    def column_of(self, question: str) -> str:
        """The column that tells of this question, the first where there are several."""
        keys = (key for key in self._places if key.partition("[")[0] == question)
        return self._places[next(keys)]

    @property
    def missing(self) -> list[str]:
        """Questions of which the file tells nothing."""
        told = {key.partition("[")[0] for key in self._places}
        return [code for code in self._questions if code not in told]

    def told(self, row: Row) -> Told | None:
        """What this row says; None for one that was never sent off. Raises Fault with row and column."""
        given = {name: row.fields.get(column, "").strip() for name, column in self._fields.items()}
        if not given["at"]:
            return None
        at, _ = Dates().read(given["at"], self._zone, None, (row.number, self._fields["at"]))
        answers: dict[str, Value] = {}
        for code, question in self._questions.items():
            cells = self._cells(row, code)
            if any(cells.values()):
                answers |= _Cells(question, cells, row.number, self._places).answers()
        return Told(row.number, given["number"], at, given, answers)

    def _cells(self, row: Row, code: str) -> dict[str, str]:
        """Part → cell; "" is the question itself."""
        found = {}
        for key, column in self._places.items():
            name, _, part = key.partition("[")
            if name == code:
                cell = row.fields.get(column, "").strip()
                found[part.rstrip("]")] = "" if cell in UNANSWERED else cell
        return found

    def _check(self, by: AnswerMapping) -> None:
        for column in (*by.fields.values(), *by.questions.values()):
            if column not in self._columns:
                raise Fault(
                    "文件里没有“%(column)s”列；现有的列：%(found)s",
                    column=column,
                    found=quoted("、".join(self._columns)),
                )
        for key in by.questions:
            if key.partition("[")[0] not in self._questions:
                raise Fault("问卷里没有题目“%(code)s”；请核对映射文件", code=key)
        for name, title in (("number", "答卷编号"), ("at", "提交时间")):
            if name not in self._fields:
                raise Fault("看不出哪一列是%(title)s；请在页面上选出这一列，或用映射文件指明", title=title)
        if not self._places:
            raise Fault("没有一列是这份问卷的题目；请在页面上选出哪列是哪题，或用映射文件指明")


@dataclass(frozen=True, slots=True)
class _Cells:
    """What one row tells of one question."""

    question: Question
    cells: Mapping[str, str]
    row: int
    places: Mapping[str, str]

    def answers(self) -> Mapping[str, Value]:
        question, whole = self.question, self.cells.get("", "")
        match question.kind:
            case Kind.NPS | Kind.CSAT | Kind.CES:
                return {question.code: self._points(whole)} if whole else {}
            case Kind.SINGLE:
                return self._single(whole)
            case Kind.MULTIPLE:
                return self._several()
            case Kind.MATRIX:
                found = {row.code: self._choice(cell, row.code) for row in question.rows if (cell := self._part(row))}
                return {question.code: dict(found)} if found else {}
            case Kind.RANK:
                places = sorted((int(part), cell) for part, cell in self.cells.items() if part.isdigit() and cell)
                return {question.code: [self._choice(cell, str(place)) for place, cell in places]} if places else {}
            case _:
                return {question.code: whole[:10] if question.kind is Kind.DATE else whole} if whole else {}

    def _single(self, cell: str) -> dict[str, Value]:
        if not cell:
            return {}
        code = self._choice(cell, "")
        beside = self.cells.get("other", "")
        found: dict[str, Value] = {self.question.code: code}
        return found | ({f"{self.question.code}:{code}": beside} if beside else {})

    def _several(self) -> dict[str, Value]:
        found: dict[str, Value] = {}
        chosen = []
        for choice in self.question.choices:
            cell = self._part(choice)
            if choice.is_open and cell and cell not in YES | {"N", "0", "否"}:
                found[f"{self.question.code}:{choice.code}"] = cell
                chosen.append(choice.code)
            elif cell in YES or (cell and cell == next(iter(choice.wording.values()), None)):
                chosen.append(choice.code)
        if whole := self.cells.get("", ""):  # all in one cell
            chosen += [self._choice(part.strip(), "") for part in _SEVERAL.split(whole) if part.strip()]
        return found | ({self.question.code: list(dict.fromkeys(chosen))} if chosen else {})

    def _part(self, part: Choice) -> str:
        own = self.cells.get(part.code, "")
        return own or (self.cells.get("other", "") if part.is_open else "")

    def _points(self, cell: str) -> int:
        try:
            number = float(cell.lstrip("A") or cell)
            if number.is_integer():
                return int(number)
        except ValueError:
            pass
        raise self._wrong(cell, "")

    def _choice(self, cell: str, part: str) -> str:
        for choice in self.question.choices:
            if cell == choice.code or cell in choice.wording.values() or (cell == OTHER and choice.is_open):
                return choice.code
        raise self._wrong(cell, part)

    def _wrong(self, cell: str, part: str) -> Fault:
        key = f"{self.question.code}[{part}]" if part else self.question.code
        column = self.places.get(key, self.question.code)
        return Fault(
            "第 %(row)s 行“%(column)s”列：“%(found)s”不是这道题的答案；请更正，或清空",
            row=self.row,
            column=column,
            found=quoted(cell),
        )


def _places(questionnaire: Questionnaire, columns: list[str]) -> dict[str, str]:
    """Which columns tell of which question, by their headings: code, code[part], code_part, or the question's words.

    问卷星 puts a number before the words, and of a choice among several the choice's words behind, in brackets.
    """
    found = {}
    for question in questionnaire.questions():
        keys = {question.code: ""} | {word: "" for word in question.wording.values()}
        for part in (*question.rows, *question.choices, *_numbered(question)):
            keys |= {f"{question.code}[{part.code}]": part.code, f"{question.code}_{part.code}": part.code}
            for language, word in question.wording.items():
                said = part.wording.get(language, "")
                keys |= {f"{word}({said})": part.code, f"{word}（{said}）": part.code} if said else {}
        keys |= {f"{question.code}[other]": "other", f"{question.code}_other": "other"}
        if question.kind in POINTS:  # of a labelled scale the number counts, and it stands behind the words
            keys |= {f"{question.code}{spss.NUMBER}": ""}
        for column in columns:
            part_code = keys.get(column.strip(), keys.get(_BEFORE.sub("", column.strip())))
            if part_code is not None:
                found[f"{question.code}[{part_code}]" if part_code else question.code] = column
    return found


def _numbered(question: Question) -> list[Choice]:
    """Of a rank the places are told one by one."""
    return [Choice(str(n), {}) for n in range(1, len(question.choices) + 1)] if question.kind is Kind.RANK else []


def _plain(column: str) -> str:
    return column.strip().lower()
