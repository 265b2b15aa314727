"""How is a questionnaire changed? Each change makes a new one; a code that changes, changes wherever it is named."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from huixiang.domain.surveys.conditions import All, Compare, Condition, Not, Some
from huixiang.domain.surveys.questionnaire import Question, Questionnaire, Section, Skip


def new_code(letter: str, taken: Iterable[str]) -> str:
    """The next free one: q1, q2, … Codes are never used again within a questionnaire as it stands."""
    known = set(taken)
    number = 1
    while f"{letter}{number}" in known:
        number += 1
    return f"{letter}{number}"


def codes(questionnaire: Questionnaire) -> set[str]:
    """All codes of sections and questions: they share one space, since both name places."""
    return {section.code for section in questionnaire.sections} | {each.code for each in questionnaire.questions()}


def new_codes(letter: str, taken: Collection[str], count: int) -> list[str]:
    """So many free ones."""
    found: list[str] = []
    for _ in range(count):
        found.append(new_code(letter, {*taken, *found}))
    return found


def with_question(questionnaire: Questionnaire, section: str, question: Question) -> Questionnaire:
    """One more, at the end of its section."""
    return _each_section(
        questionnaire,
        lambda each: replace(each, questions=(*each.questions, question)) if each.code == section else each,
    )


def with_changed(questionnaire: Questionnaire, code: str, changed: Question) -> Questionnaire:
    """The question is as given. Called otherwise from now on, conditions know it by its new name."""
    made = _each_section(
        questionnaire,
        lambda each: replace(each, questions=tuple(changed if q.code == code else q for q in each.questions)),
    )
    return made if changed.code == code else _renamed(made, code, changed.code)


def without_question(questionnaire: Questionnaire, code: str) -> Questionnaire:
    """Gone; conditions upon it stay, and are told as problems: nobody else may decide what shall hold instead."""
    return _each_section(
        questionnaire, lambda each: replace(each, questions=tuple(q for q in each.questions if q.code != code))
    )


def moved(questionnaire: Questionnaire, code: str, by: int) -> Questionnaire:
    """One place up (-1) or down (+1); over the edge of its section into the next one."""
    sections = list(questionnaire.sections)
    index = next(i for i, each in enumerate(sections) if code in {q.code for q in each.questions})
    questions = list(sections[index].questions)
    place = next(i for i, q in enumerate(questions) if q.code == code)
    question = questions.pop(place)
    if 0 <= place + by <= len(questions):
        questions.insert(place + by, question)
    elif 0 <= index + by < len(sections):
        other = sections[index + by]
        joined = (question, *other.questions) if by > 0 else (*other.questions, question)
        sections[index + by] = replace(other, questions=joined)
    else:
        return questionnaire
    sections[index] = replace(sections[index], questions=tuple(questions))
    return replace(questionnaire, sections=tuple(sections))


def doubled(questionnaire: Questionnaire, code: str) -> Questionnaire:
    """The same question once more, right behind, under a code of its own."""
    question = questionnaire.question(code)
    copy = replace(question, code=new_code("q", codes(questionnaire)))

    def with_copy(section: Section) -> Section:
        places = [(each, copy) if each.code == code else (each,) for each in section.questions]
        return replace(section, questions=tuple(each for pair in places for each in pair))

    return _each_section(questionnaire, with_copy)


def with_section(questionnaire: Questionnaire, section: Section) -> Questionnaire:
    return replace(questionnaire, sections=(*questionnaire.sections, section))


def with_changed_section(
    questionnaire: Questionnaire, code: str, changed: Section, skips: tuple[Skip, ...]
) -> Questionnaire:
    """The section is as given, and these are the skips behind it."""
    made = _each_section(questionnaire, lambda each: changed if each.code == code else each)
    return replace(made, skips=(*(skip for skip in made.skips if skip.after != code), *skips))


def without_section(questionnaire: Questionnaire, code: str) -> Questionnaire:
    """Gone with its questions, and with the skips behind it."""
    return replace(
        questionnaire,
        sections=tuple(each for each in questionnaire.sections if each.code != code),
        skips=tuple(skip for skip in questionnaire.skips if skip.after != code),
    )


def moved_section(questionnaire: Questionnaire, code: str, by: int) -> Questionnaire:
    """One place up (-1) or down (+1)."""
    sections = list(questionnaire.sections)
    place = next(i for i, each in enumerate(sections) if each.code == code)
    goal = min(max(place + by, 0), len(sections) - 1)
    sections.insert(goal, sections.pop(place))
    return replace(questionnaire, sections=tuple(sections))


def _each_section(questionnaire: Questionnaire, changed: Callable[[Section], Section]) -> Questionnaire:
    return replace(questionnaire, sections=tuple(changed(each) for each in questionnaire.sections))


def _renamed(questionnaire: Questionnaire, old: str, new: str) -> Questionnaire:
    def told(condition: Condition | None) -> Condition | None:
        match condition:
            case Compare(question=question) if question == old:
                return replace(condition, question=new)
            case All(parts):
                return All(tuple(part for part in map(told, parts) if part))
            case Some(parts):
                return Some(tuple(part for part in map(told, parts) if part))
            case Not(part):
                return Not(told(part) or part)
            case _:
                return condition

    def of(section: Section) -> Section:
        questions = tuple(replace(each, shown_if=told(each.shown_if)) for each in section.questions)
        return replace(section, shown_if=told(section.shown_if), questions=questions)

    return replace(
        _each_section(questionnaire, of),
        skips=tuple(replace(skip, when=told(skip.when) or skip.when) for skip in questionnaire.skips),
        quotas=tuple(replace(quota, when=told(quota.when)) for quota in questionnaire.quotas),
    )
