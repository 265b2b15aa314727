"""How does one page of questions look to the customer? The same for those who answer and for the builder's preview."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.domain.surveys.answering import LONGEST_BESIDE, LONGEST_TEXT, Reason, Refusal, places_of, points_of
from huixiang.domain.surveys.conditions import Answers
from huixiang.domain.surveys.fields import beside_name, field_name
from huixiang.domain.surveys.flow import Page
from huixiang.domain.surveys.order import choices_of, rows_of
from huixiang.domain.surveys.piping import piped
from huixiang.domain.surveys.questionnaire import Choice, Kind, Question, Questionnaire, Wording, worded

REASONS: dict[Reason, str | Promise] = {
    Reason.REQUIRED: gettext_lazy("请回答这一题"),
    Reason.INCOMPLETE: gettext_lazy("还没有填完，共 %(bound)s 项"),
    Reason.NOT_A_CHOICE: gettext_lazy("请从列出的选项里选择"),
    Reason.OUT_OF_SCALE: gettext_lazy("请在列出的分数里选择，最高 %(bound)s"),
    Reason.TOO_FEW: gettext_lazy("请至少选 %(bound)s 项"),
    Reason.TOO_MANY: gettext_lazy("最多选 %(bound)s 项"),
    Reason.TWICE: gettext_lazy("同一项排了两次"),
    Reason.EXCLUSIVE: gettext_lazy("“以上都没有”一类的选项不能与其他选项同时选"),
    Reason.TOO_SHORT: gettext_lazy("请至少写 %(bound)s 个字"),
    Reason.TOO_LONG: gettext_lazy("最多写 %(bound)s 个字"),
    Reason.NOT_A_DATE: gettext_lazy("请填写存在的日期，如 2026-03-15"),
    Reason.MALFORMED: gettext_lazy("看不懂这个回答，请重新填写"),
}
ENDS: dict[Kind, tuple[str | Promise, str | Promise]] = {
    Kind.NPS: (gettext_lazy("完全不可能"), gettext_lazy("非常可能")),
    Kind.CSAT: (gettext_lazy("非常不满意"), gettext_lazy("非常满意")),
    Kind.CES: (gettext_lazy("非常不同意"), gettext_lazy("非常同意")),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to be marked."""

    name: str
    value: str
    words: str
    is_marked: bool
    beside: str = ""  # the name of the field for her own words
    beside_words: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One row of a matrix, or one place of a ranking."""

    name: str
    words: str
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, ready for its template `surveys/questions/<kind>.html`."""

    question: Question
    number: int
    words: str
    help: str
    name: str
    value: str
    options: list[Option]
    groups: list[Group]
    fault: str

    @property
    def template(self) -> str:
        is_scale = self.question.kind in ENDS
        return f"surveys/questions/{'scale' if is_scale else self.question.kind}.html"

    @property
    def ends(self) -> tuple[str | Promise, str | Promise]:
        return ENDS[self.question.kind]

    @property
    def described_by(self) -> str:
        """The ids of what explains the question, for readers of screens."""
        return " ".join(f"{self.name}-{part}" for part in ("help", "fault") if getattr(self, part))

    @property
    def longest(self) -> int:
        return self.question.most or LONGEST_TEXT

    @property
    def longest_beside(self) -> int:
        return LONGEST_BESIDE

    @property
    def bounds(self) -> str:
        """How many may be chosen, said before and not only after."""
        least, most = self.question.least, self.question.most
        if self.question.kind is Kind.RANK:
            return _("请选出前 %(number)s 位") % {"number": places_of(self.question)[1]}
        if self.question.kind is not Kind.MULTIPLE:
            return ""
        if least and most:
            return _("可多选，%(least)s 到 %(most)s 项") % {"least": least, "most": most}
        if most:
            return _("可多选，最多 %(most)s 项") % {"most": most}
        return _("可多选，至少 %(least)s 项") % {"least": least} if least else _("可多选")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one customer has before her: the questionnaire in her language, in her order, with her answers so far."""

    questionnaire: Questionnaire
    answers: Answers
    language: str
    seed: str = ""

    def asked(self, page: Page, refused: Iterable[Refusal] = (), first_number: int = 1) -> list[Asked]:
        """The page's questions, and what was wrong with the answers given."""
        faults = {refusal.question: told(refusal) for refusal in refused}
        return [
            self._asked(question, faults.get(question.code, ""), number)
            for number, question in enumerate(page.questions, start=first_number)
        ]

    def words(self, wording: Wording) -> str:
        """In her language, with her earlier answers where the words repeat them."""
        return piped(worded(wording, self.language), self.questionnaire, self.answers, self.language)

    def _asked(self, question: Question, fault: str, number: int) -> Asked:
        given = self.answers.get(question.code)
        return Asked(
            question=question,
            number=number,
            words=self.words(question.wording),
            help=self.words(question.help),
            name=field_name(question),
            value=given if isinstance(given, str) else "",
            options=_options(question, self),
            groups=_groups(question, self),
            fault=fault,
        )


def told(refusal: Refusal) -> str:
    """What is wrong with the answer, as the customer reads it."""
    return str(REASONS[refusal.reason]) % {"bound": refusal.bound}


def _options(question: Question, sheet: Sheet) -> list[Option]:
    given, name = sheet.answers.get(question.code), field_name(question)
    if question.kind in ENDS:
        return [Option(name, str(point), str(point), given == point) for point in points_of(question)]
    if question.kind not in (Kind.SINGLE, Kind.MULTIPLE):
        return []
    marked = given if isinstance(given, list) else [given]
    return [
        Option(
            name,
            choice.code,
            worded(choice.wording, sheet.language),
            choice.code in marked,
            beside_name(question, choice.code) if choice.is_open else "",
            str(sheet.answers.get(f"{question.code}:{choice.code}", "")),
        )
        for choice in choices_of(question, sheet.seed)
    ]


def _groups(question: Question, sheet: Sheet) -> list[Group]:
    given = sheet.answers.get(question.code)
    if question.kind is Kind.MATRIX:
        marked = given if isinstance(given, dict) else {}
        return [
            _group(field_name(question, row.code), row, question, marked.get(row.code), sheet.language)
            for row in rows_of(question, sheet.seed)
        ]
    if question.kind is not Kind.RANK:
        return []
    ranked = given if isinstance(given, list) else []
    listed = [(choice.code, worded(choice.wording, sheet.language)) for choice in choices_of(question, sheet.seed)]
    groups = []
    for place in range(1, places_of(question)[1] + 1):
        name, chosen = field_name(question, str(place)), ranked[place - 1] if place <= len(ranked) else ""
        options = [Option(name, code, words, code == chosen) for code, words in listed]
        groups.append(Group(name, _("第 %(place)s 位") % {"place": place}, options))
    return groups


def _group(name: str, row: Choice, question: Question, marked: str | None, language: str) -> Group:
    options = [
        Option(name, choice.code, worded(choice.wording, language), choice.code == marked)
        for choice in question.choices
    ]
    return Group(name, worded(row.wording, language), options)
