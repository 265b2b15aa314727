"""Do people walk their funnels step by step, and do a broken release and an outage show where they are planted?"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from huixiang.domain.calendar import mainland
from huixiang.simulation.bank import Bank, found
from huixiang.simulation.demand import day_factors
from huixiang.simulation.effects import Effect
from huixiang.simulation.events.journeys import BROKEN as BROKEN_CODE
from huixiang.simulation.events.journeys import JOURNEYS, OK, OUT_OF_ORDER, STEPS, SYSTEMS
from huixiang.simulation.events.releases import outages, releases
from huixiang.simulation.events.sessions import CHANNELS, ONE_CUSTOMER_IN, TRIES, WEB, Sessions, sessions
from huixiang.simulation.exports import clicks
from huixiang.simulation.planting import Planting, plant
from huixiang.simulation.scenario import Scenario

BROKEN = Effect("broken_release", "新版本登录失败", date(2026, 5, 11), date(2026, 5, 24), 0.3, version="8.4.0")
LOG_IN = STEPS.index("登录")


def bank_of(*effects: Effect, seed: int = 7, branches: int = 60, months: int = 2) -> tuple[Bank, Planting]:
    bank = found(Scenario(seed=seed, branches=branches, months=months, effects=effects))
    return bank, plant(bank)


def month_of(bank: Bank, planting: Planting, month: str) -> list[Sessions]:
    factors = day_factors(bank.scenario.days(), mainland(), bank.dice.of("days", "screens"), counters=False)
    days = dict(bank.scenario.by_month())[month]
    first = (days[0] - bank.scenario.first_day).days
    return list(sessions(bank, planting, month, days, factors[first : first + len(days)]))


@pytest.fixture(scope="module")
def bank() -> tuple[Bank, Planting]:
    return bank_of(BROKEN)


@pytest.fixture(scope="module")
def may(bank: tuple[Bank, Planting]) -> Sessions:
    return month_of(*bank, "2026-05")[0]


def test_the_same_seed_gives_the_same_clicks(bank: tuple[Bank, Planting], may: Sessions) -> None:
    again, other = month_of(*bank, "2026-05")[0], month_of(*bank_of(BROKEN, seed=8), "2026-05")[0]
    for column in ("session", "customer", "day", "second", "version", "step", "code", "milliseconds"):
        assert np.array_equal(getattr(may, column), getattr(again, column)), column
    assert len(other) != len(may)


def test_clicks_follow_one_another_within_a_session_of_one_customer(may: Sessions) -> None:
    same = may.session[1:] == may.session[:-1]
    assert (np.diff(may.session) >= 0).all()
    for column in ("customer", "day", "channel", "device", "version", "journey"):
        values = getattr(may, column)
        assert (values[1:] == values[:-1])[same].all(), column
    assert (may.second[1:] >= may.second[:-1])[same].all()
    assert (may.milliseconds > 0).all()


def test_every_session_walks_its_funnel_in_order_and_repeats_a_step_only_after_an_error(may: Sessions) -> None:
    order = np.full((len(JOURNEYS), len(STEPS)), -1)
    for number, journey in enumerate(JOURNEYS):
        for place, step in enumerate(journey.steps):
            order[number, STEPS.index(step.name)] = place
    place = order[may.journey, may.step]
    assert (place >= 0).all()
    same = may.session[1:] == may.session[:-1]
    assert (place[np.concatenate([[True], ~same])] == 0).all(), "a session begins with the first step"
    moved = np.diff(place)[same]
    assert np.array_equal(moved, (may.code[:-1] == OK)[same].astype(int))
    _, tries = np.unique(may.session * 100 + place, return_counts=True)
    assert tries.max() <= TRIES


def test_the_share_that_comes_to_the_end_differs_by_errand(may: Sessions) -> None:
    done = {}
    for number, journey in enumerate(JOURNEYS):
        of_it = may.journey == number
        last = of_it & (may.step == STEPS.index(journey.steps[-1].name)) & (may.code == OK)
        done[journey.name] = len(np.unique(may.session[last])) / len(np.unique(may.session[of_it]))
    assert 0.7 < done["转账"] < 0.9
    assert 0.2 < done["理财购买"] < 0.4
    assert 0.2 < done["贷款申请"] < 0.45


def test_those_with_little_digital_habit_give_up_more_often(bank: tuple[Bank, Planting], may: Sessions) -> None:
    habit = bank[0].customers.digital[may.customer]
    transfers = may.journey == 1
    finished = np.isin(may.session, may.session[transfers & (may.step == STEPS.index("完成"))])
    shares = [finished[transfers & (may.step == LOG_IN) & who].mean() for who in (habit < 0.4, habit > 0.8)]
    assert shares[0] < shares[1] - 0.04


def test_the_panel_is_one_customer_in_six_and_the_clicks_are_affordable(
    bank: tuple[Bank, Planting], may: Sessions
) -> None:
    customers = bank[0].customers
    assert (may.customer % ONE_CUSTOMER_IN == ONE_CUSTOMER_IN // 2).all()
    assert may.customer.max() < len(customers)
    assert customers.digital[may.customer].mean() > customers.digital.mean()
    assert 150_000 < len(may) < 5_000_000 / 16


def test_versions_rise_and_the_planted_one_comes_out_on_its_day(bank: tuple[Bank, Planting]) -> None:
    calendar = releases(*bank)
    numbers = [tuple(int(part) for part in release.version.split(".")) for release in calendar]
    assert numbers == sorted(set(numbers))
    assert [release.day for release in calendar if release.version == "8.4.0"] == [BROKEN.start]
    assert next(release.version for release in calendar if release.day > BROKEN.end) == "8.4.1"
    assert calendar[0].day <= bank[0].scenario.first_day


def test_two_planted_versions_leave_numbers_between_them() -> None:
    later = Effect("broken_release", "又一个", date(2026, 5, 20), date(2026, 5, 30), 0.2, version="8.4.1")
    early = Effect("broken_release", "新版本", date(2025, 3, 10), date(2025, 3, 20), 0.2, version="8.4.0")
    calendar = releases(*bank_of(early, later, months=18))
    numbers = [tuple(int(part) for part in release.version.split(".")) for release in calendar]
    assert numbers == sorted(set(numbers))


def test_a_version_that_is_no_version_is_named() -> None:
    with pytest.raises(ValueError, match="spring-edition"):
        releases(
            *bank_of(Effect("broken_release", "坏", date(2026, 5, 1), date(2026, 5, 9), 0.2, version="spring-edition"))
        )


def test_the_broken_release_fails_log_ins_of_its_version_on_its_days_and_nothing_else(
    bank: tuple[Bank, Planting], may: Sessions
) -> None:
    days = bank[0].scenario.days()
    broken = np.array([BROKEN.holds(day) for day in days])[may.day]
    version = np.array([release.version for release in may.calendar])[may.version]
    hit = (may.step == LOG_IN) & broken & (version == BROKEN.version) & (may.channel != WEB)
    assert hit.sum() > 3000
    assert (may.code[hit] == BROKEN_CODE).mean() == pytest.approx(BROKEN.size, abs=0.02)
    assert not (may.code[~hit] == BROKEN_CODE).any()


def test_web_sessions_have_no_app_version(may: Sessions) -> None:
    assert ((may.version < 0) == (may.channel == WEB)).all()


def test_an_outage_fails_its_system_at_its_time_and_no_other() -> None:
    bank, planting = bank_of(months=18)
    listed = outages(bank)
    assert len(listed) >= 2
    for one in listed:
        assert 600 <= one.ends - one.begins <= 3600
        day = bank.scenario.days()[one.day]
        told = month_of(bank, planting, f"{day:%Y-%m}")[0]
        down = told.code == OUT_OF_ORDER
        among = [(o.day, o.begins, o.ends) for o in listed]
        assert all(
            any(d == at and b <= s < e + 1 for at, b, e in among)
            for d, s in zip(told.day[down], told.second[down], strict=True)
        )
        system = np.array([[{s.name: s.system for s in j.steps}.get(name, -1) for name in STEPS] for j in JOURNEYS])
        hit = (told.day == one.day) & (told.second >= one.begins) & (told.second < one.ends)
        hit &= system[told.journey, told.step] == one.system
        if hit.sum() >= 30:
            assert down[hit].mean() == pytest.approx(one.share, abs=0.25)


def test_the_export_is_readable_and_the_same_bytes_each_time(
    bank: tuple[Bank, Planting], may: Sessions, tmp_path: Path
) -> None:
    one, two = (clicks.write(tmp_path / name, bank[0], "2026-05", 0, may) for name in ("a", "b"))
    assert one.read_bytes() == two.read_bytes()
    table = pq.read_table(one)
    assert table.num_rows == len(may)
    assert set(table["channel"].unique().to_pylist()) == set(CHANNELS)
    assert set(table["step"].unique().to_pylist()) == set(STEPS)
    assert table["version"].null_count == (may.channel == WEB).sum()
    assert str(table["at"][0])[:7] == "2026-05"


def test_the_list_of_outages_is_a_table(bank: tuple[Bank, Planting], tmp_path: Path) -> None:
    with clicks.write_outages(tmp_path, bank[0]).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(outages(bank[0]))
    assert all(row["系统"] in SYSTEMS and row["开始时间"] < row["结束时间"] for row in rows)
