"""Do the made-up bank's courses and pulses tell the truth that was planted, and no more than a real bank's would?"""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from huixiang.apps.access.roster import files
from huixiang.domain.calendar import mainland
from huixiang.simulation.bank import Bank, duty, found
from huixiang.simulation.bank.staff import TELLER
from huixiang.simulation.effects import Effect
from huixiang.simulation.events.pulses import pulses
from huixiang.simulation.events.training import MISSED, PASS_MARK, RESIT_AFTER, Course, enrol, gain_by
from huixiang.simulation.exports import people
from huixiang.simulation.planting import Planting, plant
from huixiang.simulation.scenario import Scenario

SUMMER = (date(2025, 6, 2), date(2025, 8, 29))
STRESS = (date(2025, 9, 1), date(2026, 1, 31))
STRESSED_MONTHS = ("2025-09", "2025-10", "2025-11", "2025-12", "2026-01")
WORKS = Effect("course", "快速办理实训", *SUMMER, 0.12, course="quick-hands")
WORKS_NOT = Effect("course", "阳光心态讲座", *SUMMER, 0.0, course="sunny-mind")


def bank_of(seed: int = 7, branches: int = 60, *more: Effect) -> tuple[Bank, Planting]:
    bank = found(Scenario(seed=seed, branches=branches, effects=(WORKS, WORKS_NOT, *more)))
    return bank, plant(bank)


def course(courses: tuple[Course, ...], code: str) -> Course:
    return next(one for one in courses if one.code == code)


def stressed_bank() -> tuple[Bank, Planting, int]:
    """A bank whose outlet with most staff is under strain for five months: small teams are not shown apart."""
    place = int(np.argmax(bank_of()[0].staff.tellers))
    code = bank_of()[0].network.codes[place]
    return *bank_of(7, 60, Effect("stressed_team", "高压团队", *STRESS, 3.0, where=(code,))), place


def gap_within_outlets(bank: Bank, one: Course) -> float:
    """How much slower are those who attended than the other tellers of their outlet? In logarithms of handling time."""
    tellers = bank.staff.of_post(TELLER)
    frame = pd.DataFrame({
        "outlet": bank.staff.outlet[tellers],
        "skill": np.log(bank.staff.skill[tellers]),
        "went": one.day_of[tellers] >= 0,
    })  # fmt: skip
    means = frame.pivot_table(index="outlet", columns="went", values="skill").dropna()
    return float((means[True] - means[False]).mean())


def written(folder: Path, seed: int = 7) -> tuple[Bank, list[Path]]:
    bank, planting = bank_of(seed, 24)
    return bank, people.write(folder, bank, enrol(bank, planting), pulses(bank, planting))


def read(path: Path) -> list[dict[str, str]]:
    encoding = "gb18030" if path.name == "人事.csv" else "utf-8-sig"
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    first, again, other = (written(tmp_path / name, seed)[1] for name, seed in (("a", 7), ("b", 7), ("c", 8)))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    assert all(a.read_bytes() != b.read_bytes() for a, b in zip(first[1:], other[1:], strict=True))


def test_a_planted_course_is_drawn_fairly_within_outlets_whereas_volunteers_were_quicker_before() -> None:
    fair, willing = [], []
    for seed in range(12):
        bank, planting = bank_of(seed)
        courses = enrol(bank, planting)
        fair.append(gap_within_outlets(bank, course(courses, "quick-hands")))
        willing.append(gap_within_outlets(bank, course(courses, "products")))
    error = np.std(fair, ddof=1) / np.sqrt(len(fair))
    assert abs(np.mean(fair)) < 4 * error  # of twelve: beyond three of their errors chance goes once in eighty times
    assert abs(np.mean(fair)) < 0.02
    assert np.mean(willing) < -0.10  # one tenth quicker before they went: who compares them finds an effect of none


def test_half_of_the_tellers_of_every_outlet_are_called_and_only_tellers() -> None:
    bank, planting = bank_of()
    called = np.flatnonzero(course(enrol(bank, planting), "quick-hands").invited >= 0)
    assert {bank.staff.posts[person] for person in called} == {TELLER}
    number = np.bincount(bank.staff.outlet[called], minlength=len(bank.network))
    assert (abs(number - bank.staff.tellers / 2) <= 0.5).all()


def test_a_course_is_held_on_workdays_of_its_time_and_some_miss_it() -> None:
    bank, planting = bank_of()
    one = course(enrol(bank, planting), "quick-hands")
    begun = bank.scenario.first_day.toordinal()
    days = {date.fromordinal(begun + int(day)) for day in one.day_of[one.attended]}
    assert all(SUMMER[0] <= day <= SUMMER[1] for day in days)
    assert date(2025, 6, 2) not in days  # 端午节
    assert not any(day.weekday() >= 5 for day in days)
    assert max(course.hours for course in enrol(bank, planting)) <= 8  # a day has no more; what takes longer is parted
    share = len(one.missed) / (one.invited >= 0).sum()
    assert share == pytest.approx(MISSED, abs=0.05)


def test_nobody_sits_in_two_classes_on_one_day() -> None:
    bank, planting = bank_of()
    courses = enrol(bank, planting)
    attended = Counter((person, int(one.day_of[person])) for one in courses for person in one.attended.tolist())
    assert len(attended) > 1000
    assert max(attended.values()) == 1


def test_handling_gets_quicker_the_day_after_by_just_what_was_planted() -> None:
    bank, planting = bank_of()
    courses = enrol(bank, planting)
    works = course(courses, "quick-hands")
    person = works.attended[0]
    day = int(works.day_of[person])
    assert gain_by(bank, courses, np.array([0, day, day + 1, 540]))[:, person].tolist() == [1, 1, 0.88, 0.88]
    never = np.flatnonzero(works.day_of < 0)
    assert (gain_by(bank, courses, np.array([540]))[0, never] == 1).all()


def test_two_courses_that_work_add_up_as_a_product() -> None:
    bank, planting = bank_of(7, 60, Effect("course", "再提速", *SUMMER, 0.1, course="again"))
    courses = enrol(bank, planting)
    both = (course(courses, "quick-hands").day_of >= 0) & (course(courses, "again").day_of >= 0)
    assert both.any()
    assert gain_by(bank, courses, np.array([545]))[0, both] == pytest.approx(0.88 * 0.9)


def test_the_quiz_rises_by_what_was_learnt_and_a_little_by_habit_alone() -> None:
    bank, planting = bank_of()
    courses = enrol(bank, planting)
    rises = {one.code: float(np.nanmean(one.quiz[:, 1] - one.quiz[:, 0])) for one in courses}
    assert rises["quick-hands"] > 15
    assert 2 < rises["sunny-mind"] < 8
    for one in courses:
        failed = one.quiz[:, 1] < PASS_MARK
        assert np.isnan(one.quiz[~failed, 2]).all()
        assert ((one.resit_on >= 0) == ~np.isnan(one.quiz[:, 2])).all()
        assert np.nanmin(one.quiz) >= 0
        assert np.nanmax(one.quiz) <= 100


def test_a_quiz_is_sat_again_on_a_workday_without_a_seat_or_a_class() -> None:
    bank, planting = bank_of()
    courses = enrol(bank, planting)
    sat = [(person, one, int(one.resit_on[person])) for one in courses for person in np.flatnonzero(one.resit_on >= 0)]
    assert len(sat) > 100
    days = bank.scenario.days()
    assert all(mainland().is_workday(days[day]) for _, _, day in sat)
    assert all(day >= one.day_of[person] + RESIT_AFTER for person, one, day in sat)
    assert min(day - one.day_of[person] for person, one, day in sat) == RESIT_AFTER
    assert not any(one.day_of[person] == day for person, _, day in sat for one in courses)
    people_, on = np.array([person for person, _, _ in sat]), np.array([day for _, _, day in sat])
    seated = duty.serving(bank.staff, people_, np.unique(on))
    assert not seated[np.arange(len(on)), np.searchsorted(np.unique(on), on)].any()


def test_newcomers_and_only_they_learn_the_trade_from_its_beginning() -> None:
    bank, planting = bank_of()
    for one in enrol(bank, planting):
        if one.code.startswith("entry-"):
            assert len(one.attended) >= 3
            assert all((bank.scenario.first_day - bank.staff.hired_on[n]).days < 365 for n in one.attended)


def test_a_course_planted_twice_is_refused_and_one_of_the_plan_replaced() -> None:
    bank, planting = bank_of(7, 8, Effect("course", "又一次", *SUMMER, 0.1, course="quick-hands"))
    with pytest.raises(ValueError, match="quick-hands"):
        enrol(bank, planting)
    bank, planting = bank_of(7, 8, Effect("course", "适老服务（有效）", *SUMMER, 0.1, course="elderly"))
    assert [one.title for one in enrol(bank, planting) if one.code == "elderly"] == ["适老服务"]


def test_every_number_and_unit_in_the_files_is_somebody_and_somewhere(tmp_path: Path) -> None:
    bank, paths = written(tmp_path)
    numbers, units = set(map(str, bank.staff.numbers)), {unit.code for unit in bank.network.units}
    for path in paths:
        for row in read(path):
            assert row.get("工号", "100001") in numbers
            assert (row.get("机构号") or bank.scenario.code) in units
    assert {row["工号"] for row in read(tmp_path / "people" / "人事.csv")} == numbers


def test_files_hold_nothing_from_outside_the_history(tmp_path: Path) -> None:
    bank, _ = written(tmp_path)
    for name in ("培训记录.csv", "测验.csv"):
        days = [row["日期"] for row in read(tmp_path / "people" / name)]
        assert days == sorted(days)
        assert bank.scenario.first_day.isoformat() <= days[0]
        assert days[-1] <= bank.scenario.until.isoformat()


@pytest.mark.django_db
def test_the_product_imports_units_and_staff_without_a_single_wrong_row(tmp_path: Path) -> None:
    bank, _ = written(tmp_path)
    folder = tmp_path / "people"
    plan = files.plan(folder / "机构.csv", folder / "人员.csv", by="", today=bank.scenario.until)
    assert plan.refused == []
    roles = Counter((row["角色"], row["机构号"]) for row in read(tmp_path / "people" / "人员.csv"))
    assert all(roles["网点负责人", code] == 1 and roles["员工", code] >= 3 for code in bank.network.codes)
    assert not any(role and unit == bank.scenario.code for role, unit in roles)  # nobody sees the whole bank


def test_outside_readers_read_the_files(tmp_path: Path) -> None:
    written(tmp_path)
    records = pd.read_csv(tmp_path / "people" / "培训记录.csv", parse_dates=["日期"])
    assert records["日期"].dt.year.between(2025, 2026).all()
    assert records.loc[records["出勤"] == "否", "训后测验"].isna().all()
    assert "柜员" in set(pd.read_csv(tmp_path / "people" / "人事.csv", encoding="gb18030")["岗位"])
    pulse = pd.read_csv(tmp_path / "people" / "员工脉搏.csv")
    assert pulse.filter(like="(1-5)").isin(range(1, 6)).all(axis=None)


def test_pulses_bear_nobodys_number_and_no_group_below_five(tmp_path: Path) -> None:
    bank, planting = bank_of(3, 57)
    given = pulses(bank, planting)
    people.write(tmp_path, bank, enrol(bank, planting), given)
    answers = read(tmp_path / "people" / "员工脉搏.csv")
    assert min(Counter((row["月份"], row["机构号"]) for row in answers).values()) >= 5
    assert len(answers) == len(given)  # merged upward, none lost
    text = (tmp_path / "people" / "员工脉搏.csv").read_text("utf-8-sig")
    assert not {str(number) for number in bank.staff.numbers} & set(re.findall(r"(?<![A-Z\d])\d+", text))
    assert not any(name in text for name in bank.staff.names if len(name) > 2)


def test_answers_stand_in_an_order_that_tells_nothing() -> None:
    given = pulses(*bank_of())
    for month in range(3):
        team = given.team[given.month == month]
        assert abs(np.corrcoef(np.arange(len(team)), team)[0, 1]) < 0.2


def test_participation_adds_up_to_all_staff(tmp_path: Path) -> None:
    bank, _ = written(tmp_path)
    table = pd.DataFrame(read(tmp_path / "people" / "员工脉搏参与.csv")).astype({"邀请人数": int, "应答人数": int})
    assert (table.groupby("月份")["邀请人数"].sum() == len(bank.staff.numbers)).all()
    assert 0.6 < table["应答人数"].sum() / table["邀请人数"].sum() < 0.8
    answers = Counter((row["月份"], row["机构号"]) for row in read(tmp_path / "people" / "员工脉搏.csv"))
    assert all(answers[row["月份"], row["机构号"]] == row["应答人数"] for _, row in table.iterrows())


def test_a_stressed_team_shows_in_the_pulses_of_its_months_only(tmp_path: Path) -> None:
    bank, planting, place = stressed_bank()
    people.write(tmp_path, bank, enrol(bank, planting), pulses(bank, planting))
    pulse = pd.read_csv(tmp_path / "people" / "员工脉搏.csv")
    pulse["mean"] = pulse.filter(like="(1-5)").mean(axis=1)
    mine = pulse[pulse["机构号"] == bank.network.codes[place]].groupby("月份")["mean"].mean()
    bad = mine.index.isin(STRESSED_MONTHS)
    assert bad.sum() == 5
    assert mine[bad].max() < mine[~bad].min()
    rest = pulse[pulse["机构号"] != bank.network.codes[place]].groupby("月份")["mean"].mean()
    assert rest.max() - rest.min() < 0.35


def test_stress_is_planted_at_full_size_and_silences() -> None:
    bank, planting, place = stressed_bank()
    strained, calm = pulses(bank, planting), pulses(*bank_of())
    inside = np.isin(strained.months, STRESSED_MONTHS)
    added = strained.stress - calm.stress
    assert added[inside, place] == pytest.approx(3.0, abs=0.15)
    assert (added[~inside, place] == 0).all()
    given = [np.bincount(one.month[one.team == place], minlength=18)[inside].sum() for one in (strained, calm)]
    assert given[0] < given[1]
