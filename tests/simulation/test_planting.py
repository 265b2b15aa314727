"""Does truth name nothing that did not happen? Effects outside the history, places that run out, effects that meet."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from huixiang.domain.calendar import mainland
from huixiang.simulation import dates, truth
from huixiang.simulation import scenario as scenarios
from huixiang.simulation.bank import Bank, found
from huixiang.simulation.demand import open_outlets
from huixiang.simulation.effects import Effect
from huixiang.simulation.entries import ScenarioError
from huixiang.simulation.pilots import Scores
from huixiang.simulation.planting import Planting, plant, warnings
from huixiang.simulation.scenario import Scenario
from tests.simulation import outside

BEGIN, UNTIL = date(2026, 4, 1), date(2026, 6, 30)
SPRING = (BEGIN, UNTIL)


def made(*effects: Effect, branches: int = 12, visits: float = 120.0, bundled: bool = False) -> tuple[Bank, Planting]:
    """A bank in the spring of 2026."""
    bank = found(Scenario(months=3, branches=branches, visits_a_day=visits, effects=effects, bundled=bundled))
    return bank, plant(bank)


# Dates counted from the last day.


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("-1 month", date(2026, 6, 1), date(2026, 5, 31)),
        ("-4 months", date(2026, 3, 1), date(2026, 2, 28)),
        ("-1 week", date(2026, 6, 24), date(2026, 6, 23)),
        ("-10 days", date(2026, 6, 21), date(2026, 6, 20)),
        ("begin", BEGIN, BEGIN - timedelta(1)),
        ("end", UNTIL + timedelta(1), UNTIL),
    ],
)
def test_what_ends_with_a_cut_and_what_begins_with_it_adjoin(text: str, first: date, last: date) -> None:
    assert dates.readable(text)
    assert dates.first(text, BEGIN, UNTIL) == first
    assert dates.before(text, BEGIN, UNTIL) == last


def test_a_month_back_is_never_a_day_that_is_not() -> None:
    assert dates.months_before(date(2026, 3, 30), 1) == date(2026, 2, 28)
    assert dates.months_before(date(2028, 2, 29), 12) == date(2027, 2, 28)
    assert dates.months_before(date(2026, 11, 26), 18) == date(2025, 5, 26)


@pytest.mark.parametrize("until", [date(2026, 11, 26), date(2027, 1, 1), date(2028, 2, 29), date(2026, 12, 31)])
def test_the_demonstration_has_every_effect_inside_and_some_still_going_on(until: date) -> None:
    scenario = scenarios.named("planted").sized(until=until, branches=40)
    planted = plant(found(scenario))
    assert list(warnings(planted)) == []
    assert len(planted.effects) == len(scenario.effects)
    for effect in planted.effects:
        assert scenario.first_day <= effect.start <= effect.end <= until, effect.name
    going_on = {effect.kind for effect in planted.effects if effect.end == until}
    assert {"pilot", "recoding", "pleased_only", "stressed_team", "batching"} <= going_on


def test_dates_of_a_calendar_stay_where_they_are() -> None:
    fixed = Effect("fee_change", "收费", *SPRING, 2.0)
    assert Scenario(effects=(fixed,)).sized(until=date(2026, 9, 30)).effects == (fixed,)


# Outside the history.


def test_an_effect_outside_the_history_is_refused_in_ones_own_scenario() -> None:
    with pytest.raises(ScenarioError, match=r"收费.*2025-01-01\.\.2025-02-01, outside the simulated 2026-04-01"):
        made(Effect("fee_change", "收费", date(2025, 1, 1), date(2025, 2, 1), 2.0))


def test_in_a_scenario_of_the_product_it_is_left_out_and_said() -> None:
    _, planted = made(Effect("fee_change", "收费", date(2025, 1, 1), date(2025, 2, 1), 2.0), bundled=True)
    assert planted.effects == ()
    assert [one.effect.name for one in planted.left_out] == ["收费"]
    assert ["not planted, 收费" in sentence for sentence in warnings(planted)] == [True]


def test_the_worst_cannot_be_chosen_before_anything_is_known() -> None:
    with pytest.raises(ScenarioError, match="the worst are chosen by the 14 days before"):
        made(Effect("worst_chosen", "帮扶", BEGIN + timedelta(13), UNTIL, 0.0, pilot="help", branches=2))
    _, planted = made(Effect("worst_chosen", "帮扶", BEGIN + timedelta(14), UNTIL, 0.0, pilot="help", branches=2))
    assert len(planted.effects) == 1


def test_truth_gives_the_days_inside_and_lists_the_rest_apart(small: Path) -> None:
    told = outside.truth(small)
    names = {effect.name for effect in scenarios.named("planted").effects}
    assert {one["name"] for one in told["planted"]} | {one["name"] for one in told["not_planted"]} == names
    for one in told["planted"]:
        assert told["from"] <= one["effective_from"] <= one["effective_to"] <= told["to"]
        assert one["effective_from"] == max(one["start"], told["from"])
    for one in told["not_planted"]:
        assert one["to"] < told["from"]
        assert "outside the simulated" in one["why"]


def test_what_is_switched_off_is_told_as_off(tmp_path: Path) -> None:
    off = Effect("fee_change", "收费", *SPRING, 2.0, enabled=False)
    bank, planted = made(off, Effect("fee_change", "收费二", *SPRING, 3.0))
    truth.write(tmp_path, bank, planted, truth.Known({}, {}, {}, texts=False))
    told = outside.truth(tmp_path)
    assert [one["name"] for one in told["planted"]] == ["收费二"]
    assert [(one["name"], "switched off" in one["why"]) for one in told["not_planted"]] == [("收费", True)]


# Places.


def pilots(*numbers: int) -> tuple[Effect, ...]:
    return tuple(
        Effect("pilot", f"试点{n}", *SPRING, 0.1, branches=number, pilot=f"p{n}") for n, number in enumerate(numbers)
    )


def test_places_that_run_out_are_refused_in_ones_own_scenario() -> None:
    made(*pilots(6, 6))
    with pytest.raises(ScenarioError, match=r"试点1.*12 outlets are too few for each effect.*试点0"):
        made(*pilots(6, 7))
    with pytest.raises(ScenarioError, match=r"branches = 200: the bank's 12 outlets are too few"):
        made(*pilots(200))


def test_in_a_scenario_of_the_product_they_are_shared_and_said() -> None:
    bank, planted = made(*pilots(8, 8), bundled=True)
    assert [effect.name for effect in planted.crowded] == ["试点1"]
    assert "试点1" in next(warnings(planted))
    (overlap,) = planted.overlaps(bank.network.codes, {})
    assert {overlap.one.name, overlap.other.name} == {"试点0", "试点1"}
    assert len(overlap.outlets) == 4


def test_effects_that_never_hold_on_the_same_day_do_not_meet() -> None:
    spans = ((BEGIN, date(2026, 4, 30)), (date(2026, 5, 1), UNTIL))
    both = [Effect("tier_mix", f"结构{n}", *span, 0.1, where=("HC010101",)) for n, span in enumerate(spans)]
    bank, planted = made(*both)
    assert list(planted.overlaps(bank.network.codes, {})) == []


def test_truth_lists_who_shares_an_outlet(small: Path) -> None:
    told = outside.truth(small)
    where = {one["name"]: set(one.get("where", [])) for one in told["planted"]}
    pairs = {frozenset(one["effects"]): set(one["outlets"]) for one in told["overlaps"]}
    assert pairs
    for names, outlets in pairs.items():
        one, other = names
        assert where[one] & where[other] == outlets


def test_no_outlet_is_the_worst_for_a_cause_of_its_own() -> None:
    other = Effect("understaffed", "人手不足", *SPRING, 0.5, branches=5, hours=(11, 14))
    worst = Effect("worst_chosen", "帮扶", date(2026, 5, 1), UNTIL, 0.0, pilot="help", branches=4)
    bank, planted = made(other, worst)
    never = planted.never_the_worst(worst)
    assert never.tolist() == planted.outlets[0].tolist()
    scores = Scores.of(bank)
    scores.counts[:], scores.sums[:] = 10, 40.0
    scores.sums[:, never] = 10.0  # far worse than all others
    assert not set(scores.worst(30, 4, never.tolist())) & set(never.tolist())
    assert set(scores.worst(30, 4)) <= set(never.tolist())


def test_effects_over_before_the_look_back_leave_an_outlet_free() -> None:
    early = Effect("understaffed", "人手不足", BEGIN, date(2026, 4, 10), 0.5, branches=5, hours=(11, 14))
    worst = Effect("worst_chosen", "帮扶", date(2026, 5, 1), UNTIL, 0.0, pilot="help", branches=12)
    assert made(early, worst)[1].never_the_worst(worst).tolist() == []


def test_too_few_of_whom_the_worst_could_be_chosen_is_refused() -> None:
    worst = Effect("worst_chosen", "帮扶", date(2026, 5, 1), UNTIL, 0.0, pilot="help", branches=4)
    with pytest.raises(ScenarioError, match=r"帮扶.*branches = 4: the bank's 12 outlets are too few"):
        made(*pilots(9), worst)


def test_where_there_is_one_counter_none_is_shut_and_truth_does_not_say_so() -> None:
    def short(**places: object) -> Effect:
        return Effect("understaffed", "人手不足", *SPRING, 0.5, hours=(11, 14), **places)  # type: ignore[arg-type]

    bank, planted = made(short(branches=40), branches=60, visits=60)
    single = np.flatnonzero(bank.network.ordinary == 1)
    assert len(single)
    assert not set(single) & set(planted.outlets[0].tolist())
    code = bank.network.codes[single[0]]
    with pytest.raises(ScenarioError, match="these outlets have one ordinary counter"):
        made(short(where=(code,)), branches=60, visits=60)
    assert code not in made(short(where=(code[:-2],)), branches=60, visits=60)[1].effects[0].where


# The exports do not tell.


def test_no_export_tells_what_is_true(small: Path) -> None:
    words = [effect.name for effect in scenarios.named("planted").effects]
    exports = [path for path in small.rglob("*") if path.is_file() and not path.name.startswith("truth")]
    assert len(exports) > 40
    for path in exports:
        text = outside.unpacked(path)
        assert not [word for word in words if word in text], path
    for name in ("improvement/试点名单.csv", "people/培训记录.csv"):
        text = (small / name).read_text("utf-8-sig")
        assert not [word for word in ("有效", "无效", "均值回归", "最差") if word in text], name


def test_what_comes_with_the_product_has_titles_that_do_not_tell() -> None:
    for effect in scenarios.named("planted").effects:
        if effect.kind in {"pilot", "worst_chosen", "course"}:
            assert effect.title
            assert not [word for word in ("有效", "无效", "均值", "最差") if word in effect.title + effect.pilot]


# Holidays.


def test_outlets_stay_shut_for_the_whole_run_of_a_feast() -> None:
    weekends = np.array([True, False])
    shut = [open_outlets(date(2025, 10, day), mainland(), weekends).tolist() for day in range(1, 9)]
    assert shut == [[False, False]] * 8  # the sixth is 中秋, inside the eight days of 国庆节
    assert open_outlets(date(2025, 10, 9), mainland(), weekends).all()
    assert open_outlets(date(2026, 9, 25), mainland(), weekends).tolist() == weekends.tolist()  # 中秋 by itself
