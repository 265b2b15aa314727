"""Are branches compared fairly where the people of one day wait together?"""

from __future__ import annotations

import numpy as np
import pytest

from huixiang.domain.statistics.day_mixing import Daily, adjusted, moved
from huixiang.domain.waiting.bands import BANDS, band_of
from huixiang.domain.waiting.fair import Group, changes, compare

PRIORITY, ORDINARY = 0.05, 0.2  # who waits too long, of either lane


def drawn(
    dice: np.random.Generator, mix: tuple[float, float], *, days: int = 30, times: float = 1.0, together: float = 0.6
) -> Daily:
    """A hundred people a day; on a bad day all wait together: the rates of a day are multiplied by one luck."""
    of = np.column_stack([dice.binomial(100, mix[0], days), dice.binomial(100, mix[1], days)])
    luck = np.exp(together * dice.standard_normal(days) - together**2 / 2)[:, None]
    rates = np.clip(np.array([PRIORITY, ORDINARY]) * luck * times, 0, 0.95)
    return Daily(dice.binomial(of, rates).astype(float), of.astype(float))


def test_intervals_of_days_hold_where_those_of_customers_do_not() -> None:
    dice = np.random.default_rng(1)
    everybody, truth = np.array([500.0, 500.0]), (PRIORITY + ORDINARY) / 2
    held, held_alone = 0, 0
    for _ in range(300):
        found = adjusted(drawn(dice, (0.5, 0.5)), everybody)
        assert found
        held += found.share.low <= truth <= found.share.high
        alone = 1.96 * np.sqrt(truth * (1 - truth) / 3000)
        held_alone += abs(found.share.value - truth) <= alone
    assert 0.9 <= held / 300 <= 0.98
    assert held_alone / 300 < 0.6, "as if each customer were drawn alone"


def test_who_was_open_a_week_only_is_told_nothing() -> None:
    dice = np.random.default_rng(2)
    assert adjusted(drawn(dice, (0.5, 0.5), days=7), np.array([1.0, 1.0])) is None
    assert moved(drawn(dice, (0.5, 0.5), days=7), drawn(dice, (0.5, 0.5))) is None


def test_a_change_of_those_who_come_is_told_apart_from_a_change_of_service() -> None:
    dice = np.random.default_rng(3)
    before = drawn(dice, (0.2, 0.8), together=0.2)
    mix = moved(before, drawn(dice, (0.7, 0.3), together=0.2))
    rate = moved(before, drawn(dice, (0.2, 0.8), times=1.6, together=0.2))
    nothing = moved(before, drawn(dice, (0.2, 0.8), together=0.2))
    assert mix
    assert rate
    assert nothing
    assert (mix.told, rate.told, nothing.told) == ("mix", "rate", "unproven")
    assert mix.total.value == pytest.approx(mix.by_mix.value + mix.by_rate.value)


def test_in_a_quiet_bank_hardly_a_branch_is_named_and_the_slow_one_is() -> None:
    dice = np.random.default_rng(4)
    named = 0
    for _ in range(10):
        bank = {f"B{at}": drawn(dice, (0.5, 0.5)) for at in range(30)}
        named += sum(each.group in (Group.WORSE, Group.BETTER) for each in compare(bank.items(), np.ones(2)).stands)
    assert named <= 3, "of three hundred"
    slow = bank | {"slow": drawn(dice, (0.5, 0.5), times=2.2), "new": drawn(dice, (0.5, 0.5), days=3)}
    found = {each.who: each.group for each in compare(slow.items(), np.ones(2)).stands}
    assert found["slow"] is Group.WORSE
    assert found["new"] is Group.UNPROVEN
    assert compare([("alone", bank["B0"])], np.ones(2)).funnel is None


def test_what_all_branches_have_in_common_is_no_branchs_own() -> None:
    """All get slower by a half, one besides at noon, and one gets other customers."""
    dice = np.random.default_rng(5)
    before = {f"B{at}": drawn(dice, (0.5, 0.5), together=0.2) for at in range(20)}
    after = {who: drawn(dice, (0.5, 0.5), times=1.5, together=0.2) for who in before}
    after["B3"], after["B7"] = drawn(dice, (0.5, 0.5), times=3.0, together=0.2), drawn(dice, (0.05, 0.95), times=1.5)
    both = {who: moved(before[who], after[who]) for who in before}
    whole = {who: each for who, each in both.items() if each}
    told = {each.who: each.told for each in changes(whole, {"noon": whole})}
    assert {who for who, each in told.items() if each != "unproven"} == {"B3", "B7"}
    assert (told["B3"], told["B7"]) == ("rate", "mix")


def test_each_hour_belongs_to_one_time_of_the_day() -> None:
    assert [band_of(hour) for hour in (0, 10, 11, 13, 14, 23)] == [
        *("morning", "morning", "noon", "noon", "afternoon", "afternoon")
    ]
    assert {end for _begin, end in BANDS.values()} == {11, 14, 24}
