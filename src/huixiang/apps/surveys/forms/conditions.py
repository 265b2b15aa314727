"""How is a condition put together without training? Row by row from lists: which question, how compared, with what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from huixiang.apps.surveys.names import OPERATORS, sentence
from huixiang.domain.surveys.answering import points_of
from huixiang.domain.surveys.conditions import Compare, Condition, Operator
from huixiang.domain.surveys.groups import condition_of, groups_of
from huixiang.domain.surveys.questionnaire import Kind, Question, Questionnaire, worded

NUMBERED = (Kind.NPS, Kind.CSAT, Kind.CES)
WRITTEN = (Kind.TEXT, Kind.DATE)
LISTED = (Kind.MULTIPLE, Kind.RANK)
BLANK = 2  # rows are offered beyond those filled
MOST_GROUPS = 6
OFFERED = (
    Operator.IS, Operator.IS_NOT, Operator.INCLUDES, Operator.AT_LEAST, Operator.AT_MOST, Operator.ANSWERED,
    Operator.UNANSWERED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison as the page shows it."""

    group: int
    subject: str  # "q1", of a matrix "q1.desk"
    operator: str
    value: str  # "q1=yes", "=9"
    typed: str  # of words and days


@dataclass(frozen=True, slots=True)
class Subject:
    """A question that may be asked about, with the answers it may have."""

    value: str
    words: str
    answers: list[tuple[str, str]]
    operators: str


class ConditionForm:
    """Of earlier questions alone: what comes later is not offered, so it cannot be chosen."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        earlier: Sequence[Question],
        former: Condition | None,
        data: QueryDict | None = None,
        prefix: str = "if",
    ) -> None:
        self.questionnaire, self.earlier, self.former, self.prefix = questionnaire, earlier, former, prefix
        groups = groups_of(former)
        self.is_foreign = groups is None  # said in a way the rows cannot show: it stays until it is replaced
        self.sentence = sentence(former, questionnaire)
        self.faults: list[str] = []
        self.data = data if data is not None and f"{prefix}-subject" in data else None
        self.rows = self._sent() if self.data is not None else self._shown(groups or ())

    @property
    def subjects(self) -> list[Subject]:
        return [subject for question in self.earlier for subject in _subjects(question, self.questionnaire)]

    @property
    def operators(self) -> list[tuple[str, str | Promise]]:
        return [(str(operator), OPERATORS[operator]) for operator in OFFERED]

    @property
    def groups(self) -> list[int]:
        return list(range(1, MOST_GROUPS + 1))

    def condition(self) -> Condition | None:
        """What was put together; the former one as it was written, where it says the same. Fills `faults`."""
        if self.data is None:
            return self.former
        if self.is_foreign and not any(row.subject for row in self.rows) and not self.data.get(f"{self.prefix}-drop"):
            return self.former
        found: dict[int, list[Compare]] = {}
        for row in self.rows:
            if row.subject and (compare := self._compare(row)):
                found.setdefault(row.group, []).append(compare)
        groups = tuple(tuple(found[group]) for group in sorted(found))
        return self.former if groups == groups_of(self.former) else condition_of(groups)

    def _sent(self) -> list[Row]:
        assert self.data is not None
        columns = [
            self.data.getlist(f"{self.prefix}-{name}") for name in ("group", "subject", "operator", "value", "typed")
        ]
        return [Row(int(g) if g.isdigit() else 1, s, o, v, t.strip()) for g, s, o, v, t in zip(*columns, strict=False)]

    def _shown(self, groups: tuple[tuple[Compare, ...], ...]) -> list[Row]:
        rows = [_row(number, compare) for number, group in enumerate(groups, start=1) for compare in group]
        return rows + [Row(max(len(groups), 1), "", "", "", "")] * BLANK

    def _compare(self, row: Row) -> Compare | None:
        code, _dot, matrix_row = row.subject.partition(".")
        question = next((each for each in self.earlier if each.code == code), None)
        if question is None:
            self.faults.append(_("条件只能看前面的题目"))
            return None
        operator = _fitting(question, row.operator)
        if operator in (Operator.ANSWERED, Operator.UNANSWERED):
            return Compare(code, operator, row=matrix_row)
        value = _value(question, row)
        if value is None:
            self.faults.append(_("请为“%(words)s”选一个答案") % {"words": worded(question.wording, self._first)[:24]})
            return None
        return Compare(code, operator, value, matrix_row)

    @property
    def _first(self) -> str:
        return self.questionnaire.languages[0]


def _row(group: int, compare: Compare) -> Row:
    subject = compare.question + (f".{compare.row}" if compare.row else "")
    value = compare.value[0] if isinstance(compare.value, tuple) else compare.value
    return Row(group, subject, str(compare.operator), f"{compare.question}={value}", str(value))


def _fitting(question: Question, chosen: str) -> Operator:
    """Of several choices "is" means that it is among them: nobody should fail by that."""
    operator = Operator(chosen) if chosen in {str(each) for each in OFFERED} else Operator.ANSWERED
    if question.kind in LISTED and operator is Operator.IS:
        return Operator.INCLUDES
    if question.kind not in LISTED and operator is Operator.INCLUDES:
        return Operator.IS
    return operator


def _value(question: Question, row: Row) -> int | str | None:
    if question.kind in WRITTEN:
        return row.typed or None
    code, _sign, value = row.value.partition("=")
    if code != question.code:
        return None
    if question.kind in NUMBERED:
        return int(value) if value.isdigit() and int(value) in points_of(question) else None
    return value if value in {choice.code for choice in question.choices} else None


def _subjects(question: Question, questionnaire: Questionnaire) -> list[Subject]:
    first = questionnaire.languages[0]
    words = worded(question.wording, first) or question.code
    if question.kind in NUMBERED:
        answers = [(f"{question.code}={point}", str(point)) for point in points_of(question)]
    else:
        answers = [(f"{question.code}={each.code}", worded(each.wording, first)) for each in question.choices]
    operators = _operators(question.kind)
    if question.kind is not Kind.MATRIX:
        return [Subject(question.code, words, answers, operators)]
    return [
        Subject(f"{question.code}.{row.code}", f"{words}·{worded(row.wording, first)}", answers, operators)
        for row in question.rows
    ]


def _operators(kind: Kind) -> str:
    """Which comparisons fit, for the page's script: it hides the others."""
    fitting = [Operator.ANSWERED, Operator.UNANSWERED]
    if kind in LISTED:
        fitting.append(Operator.INCLUDES)
    else:
        fitting += [Operator.IS, Operator.IS_NOT]
    if kind in NUMBERED or kind is Kind.DATE:
        fitting += [Operator.AT_LEAST, Operator.AT_MOST]
    return " ".join(map(str, fitting))
