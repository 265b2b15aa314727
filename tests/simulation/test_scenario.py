"""What does a scenario file with a mistake in it say to its author? Where it is, and what may stand there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from huixiang.simulation import scenario as scenarios
from huixiang.simulation.bank import found
from huixiang.simulation.bank.services import SERVICES
from huixiang.simulation.bank.units import KINDS as KINDS_OF_OUTLET
from huixiang.simulation.checking import check
from huixiang.simulation.effects import KINDS, Effect
from huixiang.simulation.events.visits import Month, visits
from huixiang.simulation.exports.tickets import write as write_tickets
from huixiang.simulation.holidays import unnoticed
from huixiang.simulation.planting import plant
from huixiang.simulation.run import live
from huixiang.simulation.scenario import Scenario, ScenarioError
from huixiang.web.cli import main

GOOD = """
[bank]
months = 3
branches = 8
[[effect]]
kind = "understaffed"
name = "午间人手不足"
branches = 2
hours = [11, 14]
from = 2026-05-01
to = 2026-06-30
size = 0.5
"""
SPRING = (date(2026, 4, 1), date(2026, 6, 30))


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_good_file_is_read(tmp_path: Path) -> None:
    scenario = scenarios.load(written(tmp_path, GOOD))
    assert (scenario.name, scenario.months, scenario.branches) == ("mine", 3, 8)
    assert scenario.effects[0].hours == (11, 14)
    assert scenario.first_day == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('kind = "understaffed"', 'kind = "understafed"', "unknown kind 'understafed'; one of bottleneck"),
        ('kind = "understaffed"', "kind = 3", "unknown kind 3; one of bottleneck"),
        ('kind = "understaffed"', "", "'kind' is missing; one of bottleneck"),
        ("size = 0.5", "", "'size' is missing in understaffed; size means: share of the ordinary counters"),
        ("hours = [11, 14]", "", "'hours' is missing in understaffed"),
        ("branches = 2", "", "'where or branches' is missing in understaffed"),
        ("branches = 2", 'branches = 2\nwhere = ["HC010101"]', "it has where and branches; only one"),
        ("branches = 2", 'branches = "2"', "branches is '2'; it must be a whole number from 1 on"),
        ("branches = 2", "branches = -8", "branches is -8; it must be a whole number from 1 on"),
        ("branches = 2", "branches = 0", "branches is 0; it must be a whole number from 1 on"),
        ("branches = 2", 'where = "HC0101"', "where is 'HC0101'; it must be a list of unit codes"),
        ("branches = 2", "where = []", r"where is \[\]; it must be a list of unit codes"),
        ("size = 0.5", "size = 1.5", r"size 1.5 is not in 0.0..0.95 \(share"),
        ("size = 0.5", "size = nan", "size is nan; it must be a number"),
        ("size = 0.5", "size = true", "size is True; it must be a number"),
        ("size = 0.5", 'size = "half"', "size is 'half'; it must be a number"),
        ("from = 2026-05-01", "from = 2026-07-01", "it ends on 2026-06-30, before it begins on 2026-07-01"),
        ("from = 2026-05-01", 'from = "2026-05-01"', "written 2026-01-31 without quotes"),
        ("from = 2026-05-01", 'from = "-2 moons"', 'counted from the last day: "-8 months"'),
        ("from = 2026-05-01", 'from = "end"', "from cannot be 'end'"),
        ("from = 2026-05-01", "from = 2026-05-01T08:00:00", "written 2026-01-31 without quotes"),
        ("hours = [11, 14]", "hours = [14, 11]", r"hours is \[14, 11\]; it must be two hours of a day"),
        ("hours = [11, 14]", 'hours = ["11", "14"]', r"hours is \['11', '14'\]; it must be two hours of a day"),
        ("hours = [11, 14]", "hours = 11", "hours is 11; it must be two hours of a day"),
        ("size = 0.5", "size = 0.5\nstrength = 2", "understaffed has no key 'strength'; it may have kind, name, hours"),
        ("size = 0.5", 'size = 0.5\nenabled = "false"', "enabled is 'false'; it must be true or false, without quotes"),
        ('name = "午间人手不足"', "name = 5", "name is 5; it must be a text in quotes"),
        ('name = "午间人手不足"', 'name = ""', "name is ''; it must be a text in quotes"),
        ("[bank]", "[bank]\nbranchs = 8", "has no key 'branchs'; it may have name, short"),
        ("months = 3", "months = 0", "months is 0; it must be a whole number from 1 on"),
        ("branches = 8", "branches = 3", "branches is 3; it must be a whole number from 4 on"),
        ("months = 3", 'until = "2026-06-30"', "until is '2026-06-30'; it must be a day, written 2026-01-31 without"),
        ("months = 3", "visits_a_day = inf", "visits_a_day is inf; it must be a number above 0"),
        ("months = 3", 'code = ""', "code is ''; it must be 1 to 8 letters or digits"),
        ("months = 3", "seed = -1", "seed is -1; it must be a whole number from 0 on"),
        ("[[effect]]", "[[effects]]", r"unknown table 'effects'; a scenario has \[bank\] and \[\[effect\]\]"),
        ("[[effect]]", "[effect]", r"an effect is headed \[\[effect\]\], in double brackets"),
        ("[bank]", "[[bank]]", r"\[bank\] stands once, in single brackets"),
        ("[[effect]]", "[[effect]", "cannot be read as TOML"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, right: str, wrong: str, says: str) -> None:
    assert right in GOOD
    with pytest.raises(ScenarioError, match=rf"mine\.toml：.* / .*{says}") as told:
        scenarios.load(written(tmp_path, GOOD.replace(right, wrong)))
    assert re.search(r"[一-鿿]{2}.* / ", str(told.value))


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_takes_its_own_keys_and_refuses_those_that_would_change_nothing(tmp_path: Path, kind: str) -> None:
    rule, size = KINDS[kind], KINDS[kind].least
    values = {
        "process": '"loan"', "step": '"payout"', "version": '"8.4.0"', "course": '"a"', "pilot": '"a"', "title": '"甲"',
        "hours": "[11, 14]", "where": '["HC010101"]', "branches": "3",
    }  # fmt: skip
    own = [key for key in rule.keys if key in values]
    given = {key: values[key] for key in own if key != "branches" or "where" not in own}
    effect = f'[[effect]]\nkind = "{kind}"\nname = "甲"\nfrom = "begin"\nto = "end"\nsize = {size}\n'
    text = effect + "".join(f"{key} = {value}\n" for key, value in given.items())
    assert scenarios.load(written(tmp_path, text)).effects[0].kind == kind
    for key in values.keys() - set(own):
        with pytest.raises(ScenarioError, match=f"{kind} has no key '{key}'; it may have kind, name"):
            scenarios.load(written(tmp_path, f"{text}{key} = {values[key]}\n"))


@pytest.mark.parametrize("key", ["name", "pilot"])
def test_two_effects_that_truth_could_not_tell_apart_are_refused(tmp_path: Path, key: str) -> None:
    def pilot(**given: str) -> str:
        values = {"kind": "pilot", "from": "begin", "to": "end", **given}
        return "[[effect]]\nbranches = 1\nsize = 0.1\n" + "".join(f'{k} = "{v}"\n' for k, v in values.items())

    other = {"name": "乙", "pilot": "b"}
    text = pilot(name="甲", pilot="a") + pilot(**{**other, key: {"name": "甲", "pilot": "a"}[key]})
    with pytest.raises(ScenarioError, match=rf"mine\.toml：\[\[effect\]\] 1.*{key} '.' stands in 2 effects"):
        scenarios.load(written(tmp_path, text))


def test_a_scenario_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(ScenarioError, match="no scenario 'loud'; there are planted, quiet"):
        scenarios.named("loud")


def planting(*effects: Effect) -> None:
    """As the first day begins: places are drawn, processes looked up."""
    check(effects)
    plant(found(Scenario(branches=6, months=3, effects=effects)))


def test_a_unit_that_is_not_there_is_told_before_the_first_day() -> None:
    with pytest.raises(ValueError, match="no unit HC9999; outlets are HC010101 to HC010202"):
        planting(Effect("pilot", "试点", *SPRING, 0.1, where=("HC9999",)))


def test_a_step_that_is_not_there_is_told_before_the_first_day() -> None:
    with pytest.raises(ValueError, match=r"慢.* / loan has no step 'sing'; it has apply, screen,"):
        planting(Effect("bottleneck", "慢", *SPRING, 2.0, process="loan", step="sing"))


def test_a_process_that_is_not_there_is_told_before_the_first_day() -> None:
    with pytest.raises(ValueError, match=r"慢.* / there is no process 'loans'; one of account, loan"):
        planting(Effect("needless_check", "慢", *SPRING, 0.5, process="loans"))


def test_a_score_that_is_never_asked_for_cannot_be_lowered() -> None:
    with pytest.raises(ValueError, match="there is no process 'complaint'; one of account, loan, activation"):
        planting(Effect("step_lowers_scores", "慢", *SPRING, 2.0, process="complaint", step="answer"))


def test_a_step_that_nobody_takes_is_told() -> None:
    slow = Effect("bottleneck", "慢", *SPRING, 2.0, process="account", step="recheck")
    with pytest.raises(ValueError, match="nobody goes through recheck unless a needless_check is planted in account"):
        planting(slow)
    planting(slow, Effect("needless_check", "复核", *SPRING, 0.5, process="account"))


def test_the_command_says_it_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, GOOD.replace("branches = 2", 'where = ["HC9999"]'))
    assert main(["simulate", "--scenario", str(path), "--out", str(tmp_path / "out")]) == 1
    assert re.search(
        r"mine\.toml：\[\[effect\]\] 1（午间人手不足）：.* / where: no unit HC9999", capsys.readouterr().err
    )
    assert [path.name for path in tmp_path.iterdir()] == ["mine.toml"]


def test_the_smallest_bank_has_an_outlet_of_each_kind() -> None:
    for branches in range(4, 9):
        kinds = found(Scenario(branches=branches)).network.kinds
        assert len(kinds) == branches
        assert set(kinds) == set(KINDS_OF_OUTLET)


def test_what_people_call_an_outlet_is_no_other_unit_s_name() -> None:
    network = found(Scenario(branches=300)).network
    assert len(set(network.titles)) == len(network)
    parents = {unit.called: unit.parent for unit in network.units if unit.called}
    named = {unit.name: unit.code for unit in network.units}
    assert len(named) == len(network.units)
    met = [title for title in network.titles if title in named]
    assert len(met) == sum(unit.level == "支行" for unit in network.units)
    assert all(named[title] == parents[title] for title in met)


def test_an_outlet_may_be_busier_than_a_kiosk_has_digits_but_not_than_counters_can_be_numbered(tmp_path: Path) -> None:
    bank = found(Scenario(branches=4, months=1, until=date(2026, 6, 1), visits_a_day=1200))
    days = bank.scenario.days()
    month = Month("2026-06", days, np.array([1.2]), np.ones((1, len(bank.staff.numbers))))
    for here in visits(bank, plant(bank), month):
        tickets = pd.read_parquet(write_tickets(tmp_path, bank, "2026-06", 0, here))
        assert not tickets.duplicated(["branch", "kiosk_number"]).any()
        assert "A1000" in set(tickets["kiosk_number"])
        assert (tickets["counter"].dropna() > 0).all()
    with pytest.raises(ScenarioError, match=r"窗口.* / visits_a_day is 9000: the largest .* \d+ counters"):
        next(live(Scenario(branches=4, months=1, visits_a_day=9000), tmp_path / "out"))
    assert not (tmp_path / "out.part").exists()


def test_a_history_may_begin_when_the_oldest_were_born_in_the_century_before() -> None:
    bank = found(Scenario(branches=4, months=121, until=date(2000, 2, 28)))
    days = [date(1990, 2, 1) + timedelta(n) for n in range(28)]
    assert bank.scenario.first_day == days[0]
    month = Month("1990-02", days, np.ones(28), np.ones((28, len(bank.staff.numbers))))
    (here,) = visits(bank, plant(bank), month)
    oldest = here.service[bank.customers.born[here.customer] < 1900]
    assert len(oldest) > 100
    passbooks = [one.code for one in SERVICES].index("passbook")
    assert (oldest == passbooks).mean() > 0.15  # which the young never come for


# Switching off.


def test_what_comes_with_the_product_plants_every_kind_or_none() -> None:
    assert {effect.kind for effect in scenarios.named("planted").effects} == set(KINDS)
    assert scenarios.named("quiet").effects == ()


@pytest.mark.parametrize("kind", KINDS)
def test_each_effect_can_be_switched_off_and_moves_no_other(kind: str) -> None:
    scenario = scenarios.named("planted")
    without = replace(scenario, effects=tuple(replace(e, enabled=e.kind != kind) for e in scenario.effects))
    on, off = (plant(found(one.sized(branches=60, months=18))) for one in (scenario, without))
    assert on.of(kind)
    assert off.of(kind) == []
    rest = {effect.name: effect.where for effect in on.effects if effect.kind != kind}
    assert rest == {effect.name: effect.where for effect in off.effects}


def test_where_two_of_a_kind_meet_the_larger_one_holds() -> None:
    both = [Effect("pilot", name, *SPRING, size, where=("HC010101",)) for name, size in (("有效", 0.2), ("无效", 0.0))]
    planted = plant(found(Scenario(branches=6, months=3, effects=tuple(both))))
    assert planted.sizes("pilot", [SPRING[0]], planted.outlets[0]).tolist() == [[0.2]]


def test_a_bank_without_words_writes_the_same_facts(tmp_path: Path) -> None:
    scenario = scenarios.named("planted").sized(branches=4, months=1)
    for name, texts in (("told", True), ("silent", False)):
        for _ in live(scenario, tmp_path / name, texts=texts):
            pass
    for name in ("queue/tickets-2026-06-00.parquet", "processes/complaint.xes.gz", "people/员工脉搏.csv"):
        assert (tmp_path / "told" / name).read_bytes() == (tmp_path / "silent" / name).read_bytes()
    assert not (tmp_path / "silent/social").exists()


def test_a_year_whose_holidays_are_not_known_yet_is_named() -> None:
    days = [date(2026, 12, 31), date(2090, 1, 1), date(2090, 2, 1)]
    assert unnoticed(days) == [2090]
