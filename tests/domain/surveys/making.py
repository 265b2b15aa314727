"""Questionnaires for the tests: one as a branch would write it, and strategies for any that can be written at all."""

from __future__ import annotations

from hypothesis import strategies as st

from huixiang.domain.surveys.conditions import All, Compare, Condition, Not, Operator, Some, Value
from huixiang.domain.surveys.questionnaire import END, Choice, Kind, Question, Questionnaire, Section, Skip

CODES = ("q1", "q2", "q3", "q4", "q5")
SECTIONS = ("s1", "s2", "s3", "s4")


def choices(**words: str) -> tuple[Choice, ...]:
    return tuple(Choice(code, {"zh": zh}) for code, zh in words.items())


def question(code: str, kind: Kind = Kind.NPS, **fields: object) -> Question:
    return Question(code, kind, {"zh": f"题目{code}"}, **fields)  # type: ignore[arg-type]


def visit() -> Questionnaire:
    """After a visit: who was helped by nobody is asked why, who does not recommend us goes to the end."""
    reasons = (*choices(queue="排队", words="听不懂"), Choice("other", {"zh": "其他"}, is_open=True))
    helped = question("helped", Kind.SINGLE, choices=choices(yes="办成了", no="没办成"), is_required=True)
    why = question("why", Kind.MULTIPLE, choices=reasons, shown_if=Compare("helped", Operator.IS, "no"), most=2)
    parts = question("parts", Kind.MATRIX, rows=choices(desk="柜台", hall="大堂"), choices=choices(g="好", b="差"))
    first = question("first", Kind.RANK, choices=choices(speed="快", kind="热情", clear="清楚"), most=2)
    return Questionnaire(
        title={"zh": "到店之后"},
        sections=(
            Section("visit", {"zh": "这次办理"}, (helped, why)),
            Section("liked", {"zh": "推荐"}, (question("nps", is_required=True), question("on", Kind.DATE))),
            Section("more", {"zh": "更多"}, (parts, first, question("words", Kind.TEXT, most=20))),
        ),
        skips=(Skip("liked", Compare("nps", Operator.AT_MOST, 6), END),),
    )


def conditions() -> st.SearchStrategy[Condition]:
    """Any, also of questions that come later or are not there."""
    compared = st.builds(
        Compare,
        question=st.sampled_from((*CODES, "gone")),
        operator=st.sampled_from(Operator),
        value=st.one_of(st.integers(0, 10), st.sampled_from(("a", "b"))),
    )
    return st.recursive(
        compared,
        lambda part: st.one_of(
            st.builds(All, st.tuples(part, part)), st.builds(Some, st.tuples(part)), st.builds(Not, part)
        ),
        max_leaves=3,
    )


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """Any that can be written down, sound or not."""
    maybe = st.none() | conditions()
    questions = [
        question(
            code,
            draw(st.sampled_from((Kind.NPS, Kind.SINGLE, Kind.MULTIPLE, Kind.TEXT))),
            choices=choices(a="甲", b="乙"),
            shown_if=draw(maybe),
            is_required=draw(st.booleans()),
        )
        for code in CODES
    ]
    cuts = sorted(draw(st.lists(st.integers(0, len(CODES)), min_size=3, max_size=3)))
    parts = zip(SECTIONS, [0, *cuts], [*cuts, len(CODES)], strict=True)
    sections = tuple(
        Section(code, {"zh": code}, tuple(questions[start:stop]), draw(maybe), draw(st.booleans()))
        for code, start, stop in parts
    )
    goals = st.sampled_from((*SECTIONS, "nowhere", END))
    skips = st.builds(Skip, st.sampled_from(SECTIONS), conditions(), goals)
    return Questionnaire({"zh": "任意"}, sections, skips=tuple(draw(st.lists(skips, max_size=3))))


def answers() -> st.SearchStrategy[dict[str, Value]]:
    """Any, fitting or not."""
    value: st.SearchStrategy[Value] = st.one_of(
        st.integers(-1, 11), st.sampled_from(("a", "b", "", "好")), st.lists(st.sampled_from("abc"), max_size=3)
    )
    return st.dictionaries(st.sampled_from((*CODES, "gone")), value)
