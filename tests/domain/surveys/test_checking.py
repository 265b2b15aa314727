"""What is wrong is found before a customer meets it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from huixiang.domain.surveys.checking import Problem, Trouble, problems
from huixiang.domain.surveys.conditions import All, Compare, Condition, Not, Operator, Some, Value
from huixiang.domain.surveys.flow import way_through
from huixiang.domain.surveys.questionnaire import END, Kind, Question, Questionnaire, Quota, Section, Skip
from tests.domain.surveys import making

NPS_LOW = Compare("nps", Operator.AT_MOST, 6)
NPS_HIGH = Compare("nps", Operator.AT_LEAST, 9)


def last(*, shown_if: Condition | None = None, **fields: object) -> Questionnaire:
    """The visit with one more question at its end."""
    written = making.visit()
    more = making.question("more1", Kind.TEXT, shown_if=shown_if)
    section = Section("last", {"zh": "最后"}, (replace(more, **fields),))  # type: ignore[arg-type]
    return replace(written, sections=(*written.sections, section))


def at_last(trouble: Trouble, what: str = "") -> Problem:
    return Problem("question", "more1", trouble, what)


def skipping(*skips: Skip) -> Questionnaire:
    return replace(making.visit(), skips=skips)


def test_a_sound_questionnaire_has_none() -> None:
    assert problems(making.visit()) == ()


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (Questionnaire({"zh": "x"}, ()), Problem("title", "", Trouble.NO_QUESTIONS)),
        (last(code="nps"), Problem("question", "nps", Trouble.SAME_CODE, "nps")),
        (last(code="甲"), Problem("question", "甲", Trouble.BAD_CODE, "甲")),
        (last(wording={}), at_last(Trouble.NO_WORDS)),
        (last(kind=Kind.SINGLE), at_last(Trouble.FEW_CHOICES)),
        (last(least=9, most=3), at_last(Trouble.BOUNDS, "9-3")),
        (last(kind=Kind.CES, most=12), at_last(Trouble.SCALE, "12")),
        (last(shown_if=Compare("gone", Operator.ANSWERED)), at_last(Trouble.UNKNOWN_QUESTION, "gone")),
        (last(shown_if=Compare("more1", Operator.ANSWERED)), at_last(Trouble.LATER_QUESTION, "more1")),
        (last(shown_if=Compare("helped", Operator.IS, "x")), at_last(Trouble.UNKNOWN_VALUE, "helped")),
        (last(shown_if=Compare("nps", Operator.INCLUDES, "a")), at_last(Trouble.UNFIT, "nps")),
        (last(shown_if=Some(())), at_last(Trouble.EMPTY_GROUP)),
        # Two that cannot both be; what a skip has passed over; what its own condition shuts out through another's.
        (last(shown_if=All((NPS_LOW, NPS_HIGH))), at_last(Trouble.UNREACHABLE)),
        (last(shown_if=NPS_LOW), at_last(Trouble.UNREACHABLE)),
        (last(shown_if=All((Compare("why", Operator.ANSWERED), Compare("helped", Operator.IS, "yes")))),
         at_last(Trouble.UNREACHABLE)),
        (last(wording={"zh": "{{gone}}"}), at_last(Trouble.PIPED_UNKNOWN, "gone")),
        (last(wording={"zh": "{{why}}"}), at_last(Trouble.PIPED_MAYBE, "why")),
        (skipping(Skip("more", NPS_LOW, "visit")), Problem("skip", "1", Trouble.SKIP_BACK, "visit")),
        (skipping(Skip("visit", NPS_LOW, END)), Problem("skip", "1", Trouble.LATER_QUESTION, "nps")),
        (skipping(Skip("liked", All((NPS_LOW, NPS_HIGH)))), Problem("skip", "1", Trouble.SKIP_NEVER)),
        (replace(making.visit(), languages=("zh", "en")), Problem("question", "helped", Trouble.UNTRANSLATED, "en")),
        (replace(making.visit(), quotas=(Quota("a", "甲", None, 0),)), Problem("quota", "a", Trouble.QUOTA_LIMIT)),
        (replace(making.visit(), quotas=(Quota("a", "甲", All((NPS_LOW, NPS_HIGH)), 5),)),
         Problem("quota", "a", Trouble.QUOTA_NEVER)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(written: Questionnaire, problem: Problem) -> None:
    assert problem in problems(written)


def test_what_only_those_reach_who_leave_out_what_must_be_answered_is_a_dead_end() -> None:
    """Everybody is led to the end, or must have answered what the condition wants unanswered."""
    picks = making.choices(a="甲", b="乙")
    first = making.question("first", Kind.SINGLE, choices=picks, is_required=True)
    further = making.question("further", Kind.TEXT)
    pages = (Section("one", {}, (first,)), Section("two", {}, (further,)))
    written = Questionnaire({"zh": "x"}, pages)
    either = Some((Compare("first", Operator.IS, "a"), Compare("first", Operator.IS_NOT, "a")))
    lost = Problem("question", "further", Trouble.UNREACHABLE)
    hidden = replace(further, shown_if=Compare("first", Operator.UNANSWERED))
    assert problems(replace(written, skips=(Skip("one", either, END),))) == (lost,)
    assert problems(replace(written, sections=(pages[0], Section("two", {}, (hidden,))))) == (lost,)
    assert problems(replace(written, skips=(Skip("one", Compare("first", Operator.IS, "a"), END),))) == ()
    none = replace(first, kind=Kind.MULTIPLE, least=2, choices=(picks[0], replace(picks[1], is_exclusive=True)))
    assert Problem("question", "first", Trouble.BOUNDS, "2-1") in problems(
        Questionnaire({}, (Section("s", {}, (none,)),))
    )


def test_what_can_be_reached_is_not_accused() -> None:
    fits: list[Condition] = [
        NPS_HIGH,
        Not(Compare("why", Operator.ANSWERED)),
        Compare("parts", Operator.IS, "b", "hall"),
    ]
    fits += [Compare("why", Operator.INCLUDES, "queue"), Compare("parts", Operator.IS, "b", "hall")]
    fits += [Compare("on", Operator.AT_LEAST, "2026-05-01")]
    assert all(problems(last(shown_if=condition)) == () for condition in fits)


@settings(max_examples=25, deadline=None)
@given(making.questionnaires(), making.answers())
def test_no_answers_reach_what_is_called_unreachable(written: Questionnaire, answers: dict[str, Value]) -> None:
    """Sound answers alone: what is refused counts for nothing."""
    from huixiang.domain.surveys.answering import accepted

    lost = {problem.place for problem in problems(written) if problem.trouble is Trouble.UNREACHABLE}
    taken = accepted(written, answers)
    assert taken.refused or not lost & set(way_through(written, taken.answers).shown)


def test_a_long_questionnaire_is_checked_while_one_waits() -> None:
    """Sixty questions, each shown by the one before: a chain that cannot be tried through is not accused."""

    def asked(number: int) -> Question:
        shown_if = Compare(f"q{number - 1}", Operator.AT_LEAST, 3) if number else None
        return making.question(f"q{number}", shown_if=shown_if)

    written = Questionnaire({"zh": "x"}, (Section("s", {"zh": "s"}, tuple(map(asked, range(60)))),))
    assert problems(written) == ()
