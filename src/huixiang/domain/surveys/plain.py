"""How is a questionnaire written down? As JSON, the same for export, import and the versions that are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from huixiang.domain.surveys.conditions import All, Compare, Condition, Not, Operator, Some
from huixiang.domain.surveys.questionnaire import Choice, Kind, Question, Questionnaire, Quota, Section, Skip

FORMAT = "huixiang-survey-1"
DEEPEST = 100  # conditions within conditions; LimeSurvey's equations come to some 40
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Malformed(ValueError):
    """It is not a questionnaire; the message's first word is the place: `sections[0].questions[2].kind`."""


def to_plain(questionnaire: Questionnaire) -> dict[str, Any]:
    """A questionnaire as JSON holds it; what has its usual value is left out."""
    return {
        "format": FORMAT,
        "languages": list(questionnaire.languages),
        "title": dict(questionnaire.title),
        **_without_empty(welcome=dict(questionnaire.welcome), thanks=dict(questionnaire.thanks)),
        "sections": [_plain_section(section) for section in questionnaire.sections],
        **_without_empty(
            skips=[
                {"after": skip.after, "when": plain_condition(skip.when), "to": skip.to} for skip in questionnaire.skips
            ],
            quotas=[
                {"code": quota.code, "name": quota.name, "limit": quota.limit}
                | _without_empty(when=plain_condition(quota.when))
                for quota in questionnaire.quotas
            ],
        ),
    }


def from_plain(plain: Any) -> Questionnaire:
    """The questionnaire that was written down. Raises Malformed, naming the place; sense is checked elsewhere."""
    told = _mapping(plain, "questionnaire")
    if told.get("format") != FORMAT:
        raise Malformed(f"format {told.get('format')!r}, {FORMAT!r} expected")
    return Questionnaire(
        title=_wording(told, "title", ""),
        sections=_each(told, "sections", "", _section),
        languages=tuple(_each(told, "languages", "", _text)) or ("zh",),
        welcome=_wording(told, "welcome", ""),
        thanks=_wording(told, "thanks", ""),
        skips=_each(told, "skips", "", _skip),
        quotas=_each(told, "quotas", "", _quota),
    )


def plain_condition(condition: Condition | None) -> dict[str, Any] | None:
    """A condition as JSON holds it."""
    match condition:
        case None:
            return None
        case All(parts):
            return {"all": [plain_condition(part) for part in parts]}
        case Some(parts):
            return {"some": [plain_condition(part) for part in parts]}
        case Not(part):
            return {"not": plain_condition(part)}
        case Compare(question, operator, value, row):
            plain = list(value) if isinstance(value, tuple) else value
            return {"question": question, "is": str(operator), "value": plain} | _without_empty(row=row)


def condition_from(plain: Any, place: str, depth: int = 0) -> Condition:
    """The condition that was written down. Raises Malformed, also where it is nested so deep that pages would break."""
    told = _mapping(plain, place)
    if depth > DEEPEST:
        raise Malformed(f"{place[:60]}… is nested deeper than {DEEPEST}")
    within = partial(condition_from, depth=depth + 1)
    if "all" in told:
        return All(_each(told, "all", place, within))
    if "some" in told:
        return Some(_each(told, "some", place, within))
    if "not" in told:
        return Not(within(told["not"], f"{place}.not"))
    value = told.get("value", "")
    if isinstance(value, list):
        value = tuple(str(part) for part in value)
    elif isinstance(value, bool) or not isinstance(value, int | str):
        raise Malformed(f"{place}.value must be a whole number, text or a list of texts")
    return Compare(
        question=_text(told.get("question"), f"{place}.question"),
        operator=_one_of(Operator, told.get("is"), f"{place}.is"),
        value=value,
        row=_text(told.get("row", ""), f"{place}.row"),
    )


def _plain_section(section: Section) -> dict[str, Any]:
    return {
        "code": section.code,
        "wording": dict(section.wording),
        "questions": [_plain_question(question) for question in section.questions],
    } | _without_empty(shown_if=plain_condition(section.shown_if), is_shuffled=section.is_shuffled)


def _plain_question(question: Question) -> dict[str, Any]:
    return {
        "code": question.code,
        "kind": str(question.kind),
        "wording": dict(question.wording),
    } | _without_empty(
        help=dict(question.help),
        is_required=question.is_required,
        shown_if=plain_condition(question.shown_if),
        choices=[_plain_choice(choice) for choice in question.choices],
        rows=[_plain_choice(row) for row in question.rows],
        is_shuffled=question.is_shuffled,
        least=question.least,
        most=question.most,
        aspect=question.aspect,
    )


def _plain_choice(choice: Choice) -> dict[str, Any]:
    marks = {name: getattr(choice, name) for name in ("is_open", "is_exclusive", "is_fixed")}
    return {"code": choice.code, "wording": dict(choice.wording)} | _without_empty(**marks)


def _section(plain: Any, place: str) -> Section:
    told = _mapping(plain, place)
    return Section(
        code=_text(told.get("code"), f"{place}.code"),
        wording=_wording(told, "wording", place),
        questions=_each(told, "questions", place, _question),
        shown_if=_optional_condition(told, "shown_if", place),
        is_shuffled=_mark(told, "is_shuffled", place),
    )


def _question(plain: Any, place: str) -> Question:
    told = _mapping(plain, place)
    return Question(
        code=_text(told.get("code"), f"{place}.code"),
        kind=_one_of(Kind, told.get("kind"), f"{place}.kind"),
        wording=_wording(told, "wording", place),
        help=_wording(told, "help", place),
        is_required=_mark(told, "is_required", place),
        shown_if=_optional_condition(told, "shown_if", place),
        choices=_each(told, "choices", place, _choice),
        rows=_each(told, "rows", place, _choice),
        is_shuffled=_mark(told, "is_shuffled", place),
        least=_count(told, "least", place),
        most=_count(told, "most", place),
        aspect=_text(told.get("aspect", ""), f"{place}.aspect"),
    )


def _choice(plain: Any, place: str) -> Choice:
    told = _mapping(plain, place)
    return Choice(
        code=_text(told.get("code"), f"{place}.code"),
        wording=_wording(told, "wording", place),
        is_open=_mark(told, "is_open", place),
        is_exclusive=_mark(told, "is_exclusive", place),
        is_fixed=_mark(told, "is_fixed", place),
    )


def _skip(plain: Any, place: str) -> Skip:
    told = _mapping(plain, place)
    return Skip(
        after=_text(told.get("after"), f"{place}.after"),
        when=condition_from(told.get("when"), f"{place}.when"),
        to=_text(told.get("to"), f"{place}.to"),
    )


def _quota(plain: Any, place: str) -> Quota:
    told = _mapping(plain, place)
    return Quota(
        code=_text(told.get("code"), f"{place}.code"),
        name=_text(told.get("name"), f"{place}.name"),
        when=_optional_condition(told, "when", place),
        limit=_count(told, "limit", place),
    )


def _without_empty(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _optional_condition(told: Mapping[str, Any], name: str, place: str) -> Condition | None:
    return condition_from(told[name], f"{place}.{name}") if told.get(name) else None


def _each(told: Mapping[str, Any], name: str, place: str, made: Callable[[Any, str], T]) -> tuple[T, ...]:
    where = f"{place}.{name}".lstrip(".")
    listed = told.get(name, [])
    if not isinstance(listed, list):
        raise Malformed(f"{where} must be a list")
    return tuple(made(part, f"{where}[{index}]") for index, part in enumerate(listed))


def _mapping(plain: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(plain, dict):
        raise Malformed(f"{place} must be an object")
    return plain


def _wording(told: Mapping[str, Any], name: str, place: str) -> dict[str, str]:
    where = f"{place}.{name}".lstrip(".")
    return {
        _text(language, where): _text(words, where) for language, words in _mapping(told.get(name, {}), where).items()
    }


def _text(plain: Any, place: str) -> str:
    if not isinstance(plain, str):
        raise Malformed(f"{place} must be text")
    return plain


def _mark(told: Mapping[str, Any], name: str, place: str) -> bool:
    if not isinstance(mark := told.get(name, False), bool):
        raise Malformed(f"{place}.{name} must be true or false")
    return mark


def _count(told: Mapping[str, Any], name: str, place: str) -> int:
    count = told.get(name, 0)
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise Malformed(f"{place}.{name} must be a whole number, 0 or more")
    return count


def _one_of(kinds: type[E], plain: Any, place: str) -> E:
    try:
        return kinds(plain)
    except ValueError:
        raise Malformed(f"{place} {plain!r} is none of {', '.join(kinds)}") from None
