"""Which of LimeSurvey's question types holds a question of ours, and what does that type not do?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from huixiang.channels.contract import marked
from huixiang.channels.surveys.kinds import FIXED, OTHER
from huixiang.domain.surveys.answering import points_of
from huixiang.domain.surveys.questionnaire import Choice, Kind, Question

Attribute = tuple[str, str, str]  # its name, value, language ("": all)


@dataclass(frozen=True, slots=True)
class Form:
    """The question as LimeSurvey lays it out."""

    type: str
    subquestions: tuple[Choice, ...] = ()
    answers: tuple[Choice, ...] = ()
    other: Choice | None = None
    opened: tuple[Choice, ...] = ()  # words beside them have no place there
    attributes: tuple[Attribute, ...] = ()
    losses: tuple[str, ...] = field(default=())

    @property
    def theme(self) -> str:
        return _THEMES[self.type]


def form_of(question: Question) -> Form:
    """The type that asks the same."""
    return _FORMS[question.kind](question)


def is_native(question: Question, choice: Choice) -> bool:
    """Is it what LimeSurvey itself calls "other": the last, open, and nothing else?"""
    return (
        question.kind in (Kind.SINGLE, Kind.MULTIPLE)
        and choice.code == OTHER.code
        and choice is question.choices[-1]
        and choice.is_open
        and not choice.is_fixed
        and not (choice.is_exclusive and question.kind is Kind.MULTIPLE)
    )


def _scale(question: Question) -> Form:
    points = points_of(question)
    if question.kind is Kind.CSAT and len(points) == 5:
        return Form("5")
    listed = tuple(Choice(str(point), {each: str(point) for each in question.wording}) for point in points)
    return Form("L", answers=listed, losses=(_NO_SCALE,))


def _single(question: Question) -> Form:
    if fixed := _fixed(question, "YG"):
        return Form(fixed)
    listed, other = _apart(question)
    opened = tuple(each for each in listed if each.is_open)
    order = (("answer_order", "random", ""),) if question.is_shuffled else ()
    return Form("L", (), listed, other, opened, (*order, *_replaced(other)), _losses(question, opened))


def _multiple(question: Question) -> Form:
    listed, other = _apart(question)
    is_open = bool(listed) and all(each.is_open for each in listed)
    opened = () if is_open else tuple(each for each in listed if each.is_open)
    exclusive = ";".join(each.code for each in listed if each.is_exclusive)
    attributes = (*_random(question), *_bounds(question), ("exclude_all_others", exclusive, ""), *_replaced(other))
    return Form("P" if is_open else "M", listed, (), other, opened, attributes, _losses(question, opened))


def _matrix(question: Question) -> Form:
    losses = _losses(question, ())
    if fixed := _fixed(question, "ABCE"):
        return Form(fixed, question.rows, attributes=_random(question), losses=losses)
    return Form("F", question.rows, question.choices, attributes=_random(question), losses=losses)


def _rank(question: Question) -> Form:
    order = (("answer_order", "random", ""),) if question.is_shuffled else ()
    return Form("R", answers=question.choices, attributes=(*order, *_bounds(question)), losses=_losses(question, ()))


def _text(question: Question) -> Form:
    most = (("maximum_chars", str(question.most), ""),) if question.most else ()
    return Form("T", attributes=most, losses=(_NO_LEAST,) if question.least else ())


def _date(question: Question) -> Form:
    return Form("D", attributes=(("date_format", "yyyy-mm-dd", ""),))


def _apart(question: Question) -> tuple[tuple[Choice, ...], Choice | None]:
    other = next((each for each in question.choices if is_native(question, each)), None)
    return tuple(each for each in question.choices if each is not other), other


def _replaced(other: Choice | None) -> Iterable[Attribute]:
    """What "other" is called, where it is not called as LimeSurvey and our import call it."""
    told = other.wording if other else {}
    if any(words != OTHER.wording.get(language, OTHER.wording["en"]) for language, words in told.items()):
        for language, words in told.items():
            yield "other_replace_text", words, language


def _fixed(question: Question, types: str) -> str:
    return next((each for each in types if FIXED[each] == question.choices), "")


def _random(question: Question) -> tuple[Attribute, ...]:
    return (("random_order", "1", ""),) if question.is_shuffled else ()


def _bounds(question: Question) -> tuple[Attribute, ...]:
    told = (("min_answers", question.least), ("max_answers", question.most))
    return tuple((name, str(bound), "") for name, bound in told if bound)


def _losses(question: Question, opened: tuple[Choice, ...]) -> tuple[str, ...]:
    is_fixed = question.is_shuffled and any(each.is_fixed for each in (*question.choices, *question.rows))
    return (*((_NOT_OPEN,) if opened else ()), *((_NOT_FIXED,) if is_fixed else ()))


_NO_SCALE = marked("LimeSurvey 没有这种打分题，写成单选；再导入本系统时仍是打分题")
_NO_LEAST = marked("LimeSurvey 不管文字至少几个字；再导入本系统时还在")
_NOT_OPEN = marked("选项旁的填写栏 LimeSurvey 没有，客户只能勾选；再导入本系统时还在")
_NOT_FIXED = marked("LimeSurvey 打乱选项时不留固定的位置；再导入本系统时还在")
_FORMS: dict[Kind, Callable[[Question], Form]] = {
    Kind.NPS: _scale, Kind.CSAT: _scale, Kind.CES: _scale, Kind.SINGLE: _single, Kind.MULTIPLE: _multiple,
    Kind.MATRIX: _matrix, Kind.RANK: _rank, Kind.TEXT: _text, Kind.DATE: _date,
}  # fmt: skip
_THEMES = {
    "L": "listradio", "Y": "yesno", "G": "gender", "5": "5pointchoice", "M": "multiplechoice",
    "P": "multiplechoice_with_comments", "F": "arrays/array", "A": "arrays/5point", "B": "arrays/10point",
    "C": "arrays/yesnouncertain", "E": "arrays/increasesamedecrease", "R": "ranking", "T": "longfreetext", "D": "date",
}  # fmt: skip
