"""The way through a questionnaire: forward alone, whatever was written and whatever is answered."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from huixiang.domain.surveys.conditions import Compare, Operator, Value
from huixiang.domain.surveys.flow import page_after, page_before, pages_of, progress, way_through
from huixiang.domain.surveys.order import choices_of
from huixiang.domain.surveys.piping import heading, piped
from huixiang.domain.surveys.questionnaire import Choice, Kind, Questionnaire, Section, Skip
from tests.domain.surveys import making


@settings(max_examples=25, deadline=None)
@given(making.questionnaires(), making.answers())
def test_it_ends_and_never_comes_back(written: Questionnaire, answers: dict[str, Value]) -> None:
    seen: list[str] = []
    page = page_after(written, answers, "", seed="x")
    while page:
        seen.append(page.key)
        assert len(seen) <= len(pages_of(written))
        page = page_after(written, answers, page.key, seed="x")
    assert len(set(seen)) == len(seen)
    assert seen == [page.key for page in way_through(written, answers).pages]
    assert [progress(written, key) for key in seen] == sorted(progress(written, key) for key in seen)


@settings(max_examples=25, deadline=None)
@given(making.questionnaires(), making.answers(), st.sampled_from(making.CODES), st.integers(0, 10))
def test_a_hidden_answer_decides_nothing(
    written: Questionnaire, answers: dict[str, Value], code: str, other: int
) -> None:
    way = way_through(written, answers)
    assert set(way.answers) <= set(way.shown)
    assert way_through(written, way.answers) == way
    if code not in way.shown:
        assert way_through(written, {**answers, code: other}) == way


def test_who_was_not_helped_is_asked_why_on_the_next_page() -> None:
    """Without scripts a page cannot change under the hand: what depends on it stands on the next."""
    written = making.visit()
    assert [page.key for page in pages_of(written)] == ["visit", "visit.2", "liked", "more"]
    assert page_after(written, {"helped": "yes"}, "visit").key == "liked"  # type: ignore[union-attr]
    assert page_after(written, {"helped": "no"}, "visit").key == "visit.2"  # type: ignore[union-attr]
    assert page_before(written, {"helped": "no"}, "liked").key == "visit.2"  # type: ignore[union-attr]
    assert page_after(written, {"helped": "yes", "nps": 3}, "liked") is None


def test_a_skip_backward_leads_straight_on() -> None:
    always = Compare("helped", Operator.ANSWERED)
    written = replace(making.visit(), skips=(Skip("liked", always, "visit"), Skip("visit", always, "more")))
    assert [page.key for page in way_through(written, {"helped": "yes"}).pages] == ["visit", "more"]


def test_order_is_by_chance_over_customers_and_steady_for_one() -> None:
    """Four movable choices over 240 customers: each stands first in about a quarter; "其他" stays last."""
    some = (*making.choices(a="甲", b="乙", c="丙", d="丁"), Choice("other", {"zh": "其他"}, is_open=True))
    asked = making.question("q", Kind.SINGLE, choices=some, is_shuffled=True)
    orders = [choices_of(asked, str(seed)) for seed in range(240)]
    assert orders == [choices_of(asked, str(seed)) for seed in range(240)]
    assert {order[-1].code for order in orders} == {"other"}
    firsts = [order[0].code for order in orders]
    assert all(35 <= firsts.count(code) <= 90 for code in "abcd")


def test_what_was_said_is_repeated_where_it_counts() -> None:
    written = making.visit()
    answers: dict[str, Value] = {"why": ["queue", "other"], "why:other": "空调  太冷", "parts": {"desk": "b"}}
    assert piped("因为{{why}}", written, answers, "zh") == "因为排队、空调 太冷"
    assert piped("柜台：{{parts.desk}}，{{ nps | 未打分 }}", written, answers, "zh") == "柜台：差， 未打分 "
    asked = replace(written.question("nps"), wording={"zh": "打了{{nps}}分，{{why|原因}}，{{gone}}"})
    assert heading(asked, written).endswith("分，「原因」，「…」")
    assert "「nps」" not in heading(asked, written), "no code stands over a result"
    assert piped("{{gone}}{{{{", written, answers, "zh") == "{{{{"


def test_what_repeats_an_answer_stands_behind_it() -> None:
    asked = making.question("b", Kind.TEXT)
    told = replace(asked, wording={"zh": "您给了{{a}}分，为什么？"})
    written = Questionnaire({"zh": "x"}, (Section("s", {}, (making.question("a"), told)),))
    assert [page.key for page in pages_of(written)] == ["s", "s.2"]
