"""Answers are taken as far as they are sound and their questions were shown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from huixiang.domain.surveys.answering import Reason, Refusal, accepted, quotas_counting
from huixiang.domain.surveys.conditions import Compare, Operator, Value
from huixiang.domain.surveys.fields import answers_in
from huixiang.domain.surveys.questionnaire import Kind, Questionnaire, Quota, Section
from tests.domain.surveys import making

GOOD: dict[str, Value] = {
    "helped": "no",
    "why": ["other", "queue"],
    "why:other": " 空调太冷\x00 ",
    "nps": 9,
    "on": "2026-11-28",
    "parts": {"desk": "g"},
    "first": ["kind", "speed"],
    "words": "谢谢\r\n大家",
}


def test_good_answers_are_written_in_one_form() -> None:
    taken = accepted(making.visit(), GOOD)
    assert not taken.refused
    assert not taken.dropped
    assert taken.answers == GOOD | {"why": ["queue", "other"], "why:other": "空调太冷", "words": "谢谢\n大家"}
    assert accepted(making.visit(), taken.answers) == taken


@pytest.mark.parametrize(
    ("code", "value", "refusal"),
    [
        ("nps", 11, Refusal("nps", Reason.OUT_OF_SCALE, 10)),
        ("nps", "9", Refusal("nps", Reason.MALFORMED)),
        ("nps", True, Refusal("nps", Reason.MALFORMED)),
        ("nps", "", Refusal("nps", Reason.REQUIRED)),
        ("helped", "maybe", Refusal("helped", Reason.NOT_A_CHOICE)),
        ("why", ["queue", "words", "other"], Refusal("why", Reason.TOO_MANY, 2)),
        ("parts", {"desk": "x"}, Refusal("parts", Reason.NOT_A_CHOICE)),
        ("parts", ["desk"], Refusal("parts", Reason.MALFORMED)),
        ("first", ["kind", "kind"], Refusal("first", Reason.TWICE)),
        ("first", ["kind"], Refusal("first", Reason.INCOMPLETE, 2)),
        ("on", "2026-02-30", Refusal("on", Reason.NOT_A_DATE)),
        ("words", "长" * 21, Refusal("words", Reason.TOO_LONG, 20)),
    ],
)
def test_what_is_wrong_is_named_and_does_not_count(code: str, value: Value, refusal: Refusal) -> None:
    taken = accepted(making.visit(), GOOD | {code: value})
    assert refusal in taken.refused
    assert code not in taken.answers


def test_who_changes_her_mind_leaves_nothing_behind() -> None:
    taken = accepted(making.visit(), GOOD | {"helped": "yes", "gone": 1})
    assert "why" not in taken.answers
    assert "why:other" not in taken.answers
    assert set(taken.dropped) == {"why", "why:other", "gone"}
    assert not taken.refused


def test_nothing_is_required_that_was_not_shown() -> None:
    taken = accepted(making.visit(), {"helped": "yes", "nps": 2})
    assert not taken.refused
    assert taken.shown == ("helped", "nps", "on")


@settings(max_examples=40, deadline=None)
@given(making.questionnaires(), making.answers())
def test_only_shown_and_sound_answers_survive(written: Questionnaire, answers: dict[str, Value]) -> None:
    taken = accepted(written, answers)
    assert set(taken.answers) <= set(taken.shown)
    assert {refusal.question for refusal in taken.refused} <= set(taken.shown) - set(taken.answers)
    again = accepted(written, taken.answers)
    assert again.answers == taken.answers
    assert again.way == taken.way


def test_a_page_without_scripts_carries_each_kind() -> None:
    sent = {
        "q-helped": ["no"],
        "q-why": ["queue", "other"],
        "q-why:other": ["空调"],
        "q-nps": ["９"],
        "q-parts.desk": ["g"],
        "q-parts.hall": [""],
        "q-first.1": ["kind"],
        "q-first.2": ["speed"],
        "q-words": ["好"],
    }
    read = answers_in(making.visit().questions(), lambda name: sent.get(name, []))
    assert read == {
        "helped": "no", "why": ["queue", "other"], "why:other": "空调", "nps": "９",
        "parts": {"desk": "g"}, "first": ["kind", "speed"], "words": "好",
    }  # fmt: skip


def test_a_customer_takes_a_place_of_each_quota_she_fits() -> None:
    fits = Compare("nps", Operator.AT_LEAST, 9)
    written = Questionnaire(
        {"zh": "x"},
        (Section("s", {}, (making.question("nps", Kind.NPS),)),),
        quotas=(Quota("all", "全部", None, 10), Quota("fans", "推荐者", fits, 5)),
    )
    assert quotas_counting(written, {"nps": 9}) == ("all", "fans")
    assert quotas_counting(written, {"nps": 8}) == ("all",)
