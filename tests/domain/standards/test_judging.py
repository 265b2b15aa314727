"""Is it told honestly whether a standard is kept, which one holds, and what is wrong with a set of them?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from huixiang.domain.standards.catalogue import MEASURES
from huixiang.domain.standards.conformance import Measured, Verdict, judge
from huixiang.domain.standards.differing import differences
from huixiang.domain.standards.linting import Fails, Known, lint
from huixiang.domain.standards.scopes import Place, covers, in_force, is_exception, overlap, within
from huixiang.domain.standards.starter import starter_set
from huixiang.domain.standards.values import Aim, Scope, Standard
from tests.domain.standards.standards import FEW, days, scopes, standards

DAY = date(2026, 11, 28)
SET = {each.code: each for each in starter_set()}
ALL = Known(frozenset(MEASURES), lambda owner: True)
places = some.builds(Place, *[some.none() | some.sampled_from(["cash", "card", "loss", "x"])] * 3,
                     some.none() | some.integers(0, 1439))  # fmt: skip


@pytest.mark.parametrize(
    ("n", "value", "low", "high", "verdict"),
    [
        (500, 15, 14, 16, Verdict.MET),
        (500, 20, 19, 21, Verdict.NEAR),
        (20, 20, 15, 25, Verdict.UNPROVEN),
        (500, 21, 20.5, 21.5, Verdict.NEAR),
        (500, 25, 24, 26, Verdict.MISSED),
        (500, 23, 15, 30, Verdict.UNPROVEN),
        (0, 0, 0, 0, Verdict.UNPROVEN),
        (9, 60, 50, 70, Verdict.UNPROVEN),
    ],
)
def test_waiting_against_twenty_minutes_and_two(
    n: int, value: float, low: float, high: float, verdict: Verdict
) -> None:
    assert judge(Aim("waiting.p90", 20, 2), Measured(n, value, low, high)) is verdict
    # The same seen from the other side: of shares more is better.
    turned = Measured(n, 100 - value, 100 - high, 100 - low)
    assert judge(Aim("hotline.service_level", 80, 2), turned) is verdict


@given(some.floats(0, 50), some.floats(0, 5), some.floats(0, 5), some.integers(0, 100), some.floats(0, 10))
def test_a_looser_target_is_never_kept_worse(value: float, below: float, above: float, n: int, more: float) -> None:
    found = Measured(n, value, value - below, value + above)
    strict, loose = (judge(Aim("waiting.p90", target, 2), found) for target in (20, 20 + more))
    rank = [Verdict.MISSED, Verdict.UNPROVEN, Verdict.NEAR, Verdict.MET]
    if Verdict.UNPROVEN not in (strict, loose):
        assert rank.index(loose) >= rank.index(strict)
    assert not (strict is Verdict.MET and loose is not Verdict.MET)


@given(scopes, scopes, places)
def test_scopes_are_sets(one: Scope, other: Scope, place: Place) -> None:
    assert overlap(one, other) == overlap(other, one)
    assert overlap(one, one)
    assert within(one, one)
    assert within(one, Scope())
    assert not is_exception(one, one)
    if covers(one, place) and covers(other, place):
        assert overlap(one, other)
    if within(one, other) and covers(one, place) and None not in (place.minute,):
        assert covers(other, place)


@FEW
@given(some.lists(standards, max_size=5), days, places, some.randoms())
def test_which_one_holds_does_not_hang_on_the_order(
    given_: list[Standard], day: date, place: Place, dice: object
) -> None:
    held = [replace(each, code=f"s{n}") for n, each in enumerate(given_)]
    found = in_force(held, day, place)
    assert in_force(list(reversed(held)), day, place) == found
    fits = [each for each in held if each.holds_on(day) and covers(each.scope, place)]
    assert (found is None) == (not fits)
    if found:
        assert found in fits
        assert not any(is_exception(each.scope, found.scope) and within(each.scope, found.scope) for each in fits)


def test_the_elderly_have_a_standard_of_their_own() -> None:
    waiting = [SET["waiting-ordinary"], SET["waiting-priority"]]
    assert in_force(waiting, DAY, Place(tier="priority")) == SET["waiting-priority"]
    assert in_force(waiting, DAY, Place(tier="gold")) == SET["waiting-ordinary"]


def test_a_later_version_takes_the_place_of_the_earlier() -> None:
    old = SET["waiting-ordinary"]
    new = replace(old, effective_from=DAY, effective_until=DAY, aim=Aim("waiting.p90", 15))
    assert in_force([new, old], DAY - timedelta(days=1), Place()) == old
    assert in_force([new, old], DAY, Place()) == new
    assert in_force([new, old], DAY + timedelta(days=1), Place()) is None  # it has ended; the old one does not return


def test_a_change_is_told_in_words() -> None:
    old = SET["waiting-ordinary"]
    new = replace(old, aim=Aim("waiting.p90", 15, 2), weight=20, taught_by=())
    said = [each.message for each in differences(old, new)]
    assert said[0] == "目标由 %(old)s收紧为 %(new)s（更严）"
    assert len(said) == 3
    assert differences(new, old)[0].message == "目标由 %(old)s放宽为 %(new)s（更松）"


@FEW
@given(standards, standards)
def test_what_differs_is_told_and_nothing_else(old: Standard, new: Standard) -> None:
    assert differences(old, old) == []
    new = replace(new, code=old.code, aim=None, checklist=None)
    old = replace(old, aim=None, checklist=None)
    assert bool(differences(old, new)) == (old != new)


def test_the_set_to_begin_with_is_clean_where_everything_is_measured() -> None:
    assert lint(SET.values(), DAY, ALL) == []


def test_each_way_to_be_wrong_is_found() -> None:
    cash, waiting = SET["handling-cash"], SET["waiting-ordinary"]
    bad = [
        replace(waiting, aim=Aim("waiting.mood", 3)),
        replace(waiting, code="other", aim=Aim("waiting.p90", 15), taught_by=()),
        replace(waiting, code="third", scope=Scope(hours=((540, 720),), services=frozenset({"cash"}))),
        replace(waiting, code="fourth", scope=Scope(hours=((660, 780),)), aim=Aim("waiting.p90", 12)),
        replace(cash, aim=None),
    ]
    found = {(each.code, each.fails) for each in lint(bad, DAY, Known({"waiting.p90"}, lambda owner: False))}
    assert ("waiting-ordinary", Fails.UNMEASURABLE) in found
    assert ("other", Fails.UNTAUGHT) in found
    assert ("handling-cash", Fails.UNCHECKED) in found
    assert ("other", Fails.OWNERLESS) in found
    assert ("", Fails.WEIGHTS) in found
    # They overlap from 11 to 12 for cash, and neither is an exception of the other; the narrower ones are of "other".
    assert {code for code, fails in found if fails is Fails.CONTRADICTORY} == {"fourth"}


def test_versions_that_follow_each_other_do_not_contradict_another_standard() -> None:
    one = SET["waiting-ordinary"]
    ends = replace(one, code="old", aim=Aim("waiting.p90", 12), effective_until=DAY + timedelta(days=5))
    begins = replace(one, effective_from=DAY + timedelta(days=6))
    assert not [each for each in lint([ends, begins], DAY, ALL) if each.fails is Fails.CONTRADICTORY]
    touching = replace(begins, effective_from=DAY + timedelta(days=5))
    assert [each.fails for each in lint([ends, touching], DAY, ALL)].count(Fails.CONTRADICTORY) == 1
