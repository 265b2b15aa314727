"""Do forms hold what was true of the outlet, what their inspector added, and nothing that cannot be?"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from python_calamine import load_workbook

from huixiang.domain.calendar import mainland
from huixiang.simulation.bank import Bank, found
from huixiang.simulation.bank.services import ORDINARY
from huixiang.simulation.effects import Effect
from huixiang.simulation.events.inspections import (
    AGAIN,
    ITEMS,
    LOOK_AGAIN_BELOW,
    ROUTINE,
    Forms,
    conduct,
    inspections,
    mystery_visits,
    timed,
)
from huixiang.simulation.events.visits import Tickets
from huixiang.simulation.exports import inspections as export
from huixiang.simulation.planting import Planting, plant
from huixiang.simulation.scenario import Scenario


def bank_of(seed: int = 7, branches: int = 60, *effects: Effect) -> tuple[Bank, Planting]:
    bank = found(Scenario(seed=seed, branches=branches, effects=effects))
    return bank, plant(bank)


def written(folder: Path, seed: int = 7) -> tuple[Bank, Forms, Forms, list[Path]]:
    bank, planting = bank_of(seed, 24)
    looked, mystery = inspections(bank, planting), mystery_visits(bank, planting)
    return bank, looked, mystery, export.write(folder, bank, looked, mystery)


def two_way(forms: Forms) -> NDArray[np.float64]:
    """What does each inspector take off, the outlets' own level apart? Means of rows and columns in turn."""
    outlet_mean, inspector_mean = np.zeros(forms.outlet.max() + 1), np.zeros(len(forms.inspectors))

    def mean(index: NDArray[np.int32], of: NDArray[np.float64], size: int) -> NDArray[np.float64]:
        return np.bincount(index, weights=of, minlength=size) / np.maximum(np.bincount(index, minlength=size), 1)

    for _ in range(30):
        outlet_mean = mean(forms.outlet, forms.share - inspector_mean[forms.inspector], len(outlet_mean))
        inspector_mean = mean(forms.inspector, forms.share - outlet_mean[forms.outlet], len(inspector_mean))
    return -inspector_mean


def one_ticket_every_ten_minutes(outlet: int, day: int, *, opens: int = 28_800) -> Tickets:
    """Each waits as many minutes as the line is long so far, and is served for three; the last one leaves."""
    count = 60
    arrived = opens + 600 * np.arange(count, dtype=np.int32)
    wait = 60 * np.arange(count, dtype=np.int32)
    zeros = np.zeros(count, dtype=np.int32)
    counter = np.where(np.arange(count) == count - 1, -1, 0).astype(np.int8)
    return Tickets(
        outlet=zeros + outlet, day=zeros + day, lane=np.full(count, ORDINARY, np.int8), number=zeros,
        service=zeros.astype(np.int8), customer=zeros, arrived=arrived, called=arrived + wait,
        ended=arrived + wait + 180, counter=counter, teller=zeros, score=zeros.astype(np.float32),
    )  # fmt: skip


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    first, again, other = (written(tmp_path / name, seed)[3] for name, seed in (("a", 7), ("b", 7), ("c", 8)))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    assert first[0].read_bytes() != other[0].read_bytes()
    assert first[1].read_bytes() != other[1].read_bytes()


def test_each_outlet_is_looked_at_once_a_quarter_and_not_every_month() -> None:
    bank, planting = bank_of()
    for forms in (inspections(bank, planting), mystery_visits(bank, planting)):
        days = pd.Timestamp(bank.scenario.first_day) + pd.to_timedelta(forms.day, unit="D")
        frame = pd.DataFrame({"visit": forms.visit, "outlet": forms.outlet, "quarter": days.to_period("Q")})
        routine = frame[forms.occasion != AGAIN].drop_duplicates("visit")
        assert (routine.groupby(["outlet", "quarter"]).size() == 1).all()
        assert len(routine) == 60 * 6
        assert all(mainland().is_workday(day.date()) for day in days)


def test_a_poor_result_is_looked_at_again_in_the_next_month_and_looks_better_by_luck_alone() -> None:
    forms = inspections(*bank_of())
    again = np.flatnonzero(forms.occasion == AGAIN)
    assert len(again) > 5
    rises = []
    for row in again:
        before = (forms.outlet == forms.outlet[row]) & (forms.day < forms.day[row]) & (forms.day > forms.day[row] - 62)
        assert forms.share[before].min() < LOOK_AGAIN_BELOW
        rises.append(forms.share[row] - forms.share[before].min())
    assert np.mean(rises) > 0.03


def test_two_inspectors_of_one_visit_are_two_people_at_one_place_and_time() -> None:
    forms = inspections(*bank_of())
    frame = pd.DataFrame({name: getattr(forms, name) for name in ("visit", "outlet", "day", "second", "inspector")})
    pairs = frame[frame.duplicated("visit", keep=False)]
    assert 0.05 < len(pairs) / 2 / frame["visit"].nunique() < 0.25
    by_visit = pairs.groupby("visit")
    assert (by_visit["inspector"].nunique() == 2).all()
    assert (by_visit[["outlet", "day", "second"]].nunique() == 1).all(axis=None)


@pytest.mark.parametrize("look", [inspections, mystery_visits])
def test_the_harsh_and_the_lenient_are_recovered_by_means_alone(look: object) -> None:
    forms = look(*bank_of(7, 120))  # type: ignore[operator]
    assert np.corrcoef(two_way(forms), forms.harshness)[0, 1] > 0.9


def test_forms_follow_the_true_conduct_of_the_staff() -> None:
    bank, planting = bank_of(7, 120)
    forms = mystery_visits(bank, planting)
    adjusted = forms.share + two_way(forms)[forms.inspector]
    mean = np.bincount(forms.outlet, weights=adjusted) / np.bincount(forms.outlet)
    assert np.corrcoef(mean, conduct(bank, planting, [bank.scenario.first_day])[0])[0, 1] > 0.5


def test_a_stressed_team_is_less_kind_to_mystery_visitors_while_it_lasts() -> None:
    strain = Effect("stressed_team", "高压团队", date(2025, 9, 1), date(2026, 2, 28), 4.0, branches=30)
    bank, planting = bank_of(7, 60, strain)
    forms, calm = mystery_visits(bank, planting), mystery_visits(*bank_of())
    change = forms.share - calm.share
    hit = np.isin(forms.outlet, planting.outlets[0])
    days = np.array(bank.scenario.days())[forms.day]
    during = (days >= strain.start) & (days <= strain.end)
    assert change[hit & during].mean() < -0.04
    assert (change[~(hit & during)] == 0).all()


def test_before_a_known_inspector_staff_do_better_than_before_a_stranger() -> None:
    bank, planting = bank_of(7, 120)
    known, stranger = inspections(bank, planting), mystery_visits(bank, planting)
    on_both = [n for n, item in enumerate(ITEMS) if item.mystery and item.conduct]
    gap = known.scores[known.occasion == ROUTINE][:, on_both].mean() - stranger.scores[:, on_both].mean()
    assert gap > 0.04


def test_a_mystery_visitor_waits_as_long_as_the_next_person_in_line() -> None:
    forms = mystery_visits(*bank_of(7, 12))
    row = 5
    tickets = one_ticket_every_ten_minutes(int(forms.outlet[row]), int(forms.day[row]))
    filled = timed(forms, tickets)
    place = min(-(-(int(forms.second[row]) - 28_800) // 600), 58)
    assert filled.wait_minutes[row] == place
    assert filled.handling_minutes[row] == 3
    assert np.isnan(np.delete(filled.wait_minutes, row)).all()


def test_what_one_months_tickets_timed_the_next_months_leave_alone() -> None:
    forms = mystery_visits(*bank_of(7, 12))
    first, last = (one_ticket_every_ten_minutes(int(forms.outlet[row]), int(forms.day[row])) for row in (0, -1))
    filled = timed(timed(forms, first), last)
    assert not np.isnan(filled.wait_minutes[[0, -1]]).any()
    late = one_ticket_every_ten_minutes(int(forms.outlet[0]), int(forms.day[0]), opens=1_000)
    assert timed(forms, late).wait_minutes[0] == 58  # after the last one served: as the last


def test_every_id_resolves_and_every_score_is_on_its_form(tmp_path: Path) -> None:
    bank, looked, mystery, _ = written(tmp_path)
    with (tmp_path / "inspections" / "检查员.csv").open(encoding="utf-8-sig", newline="") as file:
        known = {row["检查员编号"] for row in csv.DictReader(file)}
    with (tmp_path / "inspections" / "神秘人.csv").open(encoding="utf-8-sig", newline="") as file:
        visits = list(csv.DictReader(file))
    assert len(visits) == len(mystery)
    for row in visits:
        assert row["神秘人"] in known
        assert row["机构号"] in bank.network.codes
        points = [int(value) for title, value in row.items() if "·" in title]
        assert set(points) <= {0, 1, 2}
        assert sum(points) == int(row["得分"])
        assert 2 * len(points) == int(row["满分"])
        assert bool(row["问题描述"]) == (min(points) < 2)
    assert ((looked.scores >= 0) & (looked.scores <= 2)).all()


def test_outside_readers_read_the_workbook(tmp_path: Path) -> None:
    bank, looked, _, paths = written(tmp_path)
    header, *lines = load_workbook(str(paths[0])).get_sheet_by_index(0).to_python()
    table = pd.DataFrame(lines, columns=header)
    assert len(table) == len(looked)
    items = table.filter(like="·")
    assert items.shape[1] == len(ITEMS)
    assert (items.sum(axis=1) == table["得分"]).all()
    assert set(table["机构号"]) <= set(bank.network.codes)
    assert table["得分率"].between(0, 1).all()
    assert (table["整改期限"].astype(bool) == (table["得分率"] < 0.9)).all()
    assert pd.to_datetime(table["检查时间"]).between("2025-01-01", "2026-06-30 23:59").all()
