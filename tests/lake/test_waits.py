"""Roll-ups tell what the tickets tell: branches' days exactly, sums of steps within two per cent, touched days anew."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huixiang.domain.waiting import SMALL, STEP, Spread
from huixiang.lake.questions import wait_days, wait_recent, wait_strata, waits
from huixiang.lake.schema import TICKETS
from huixiang.lake.store import Lake
from huixiang.lake.traces import traces

pytestmark = pytest.mark.one_database
MONDAY = date(2026, 3, 2)
SECONDS = st.integers(0, 7_200)
TOLD = st.tuples(st.integers(0, 3), st.sampled_from("ABC"), SECONDS, st.booleans(), SECONDS)


def tickets(rows: list[tuple[int, str, int, bool, int]], first: int = 0) -> pa.Table:
    """(day, branch, wait, left, service)."""
    cells = []
    for number, (day, branch, wait, left, service) in enumerate(rows, first):
        on = MONDAY + timedelta(days=day)
        cell: dict[str, Any] = dict.fromkeys(("lane", "counter", "teller", "import_id"), "")
        cell |= {"id": f"{on:%Y%m%d}{number:016x}", "branch": branch, "kiosk_number": f"{number}", "service": "现金"}
        cell |= {"arrived_at": datetime(on.year, on.month, on.day, 2, tzinfo=UTC), "arrived_on": on, "hour": 10}
        cell |= {"left": left, "wait_seconds": wait, "service_seconds": None if left else service}
        cells.append(cell | {"lane": "A" if number % 2 else "V", "month": f"{on:%Y-%m}", "import_row": number})
    return pa.Table.from_pylist(cells, TICKETS)


def at_rank(values: list[int], part: float) -> int:
    return sorted(values)[max(1, ceil(len(values) * part - 1e-9)) - 1]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TOLD, min_size=1, max_size=400))
def test_a_branchs_day_is_exact_and_sums_miss_by_two_per_cent_at_most(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, str, int, bool, int]]
) -> None:
    lake = Lake(tmp_path_factory.mktemp("lake"))
    lake.append_once("tickets", tickets(rows), writer="w", batch=1)
    last = MONDAY + timedelta(days=6)
    for found in waits.branch_days(lake, MONDAY, last):
        ours = [row for row in rows if (MONDAY + timedelta(days=row[0]), row[1]) == (found.day, found.branch)]
        called = [row[2] for row in ours if not row[3]]
        assert (found.tickets, found.called) == (len(ours), len(called))
        for part, told in ((0.5, found.wait_p50), (0.9, found.wait_p90), (0.95, found.wait_p95)):
            assert (told and told.value) == (at_rank(called, part) if called else None)
        assert (found.branch, found.day, len(called)) in {each[:3] for each in waits.day_points(lake, MONDAY, last)}
        longer = [row for row in ours if row[2] > 600]
        assert found.over[600] == (len(longer), len(called) + sum(row[3] for row in longer))
    for branch, spread in waits.spreads(lake, MONDAY, last, "branch").items():
        called = [row[2] for row in rows if row[1] == branch and not row[3]]
        assert spread.served == len(called)
        if called:
            told = spread.quantile(0.9)
            assert told is not None
            apart = (1 + told.value) / (1 + at_rank(called, 0.9))
            assert STEP**-0.5 - 1e-9 <= apart <= STEP**0.5 + 1e-9
            if sum(row[1] == branch for row in rows) < SMALL:
                assert told.value == at_rank(called, 0.9)
    whole = waits.spreads(lake, MONDAY, last)[""]
    assert whole.all == len(rows) == sum(each.tickets for each in waits.tallies(lake, MONDAY, last, "day"))


def test_only_days_that_new_files_touch_are_counted_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake(tmp_path)
    some = [(day, "A", 60 * day, False, 300) for day in range(4)] * 3
    lake.append_once("tickets", tickets(some), writer="w", batch=1)
    waits.count_waits(lake, MONDAY, MONDAY + timedelta(days=30))
    counted: list[date] = []
    original = wait_days.count_days

    def watched(lake: Lake, view: str, days: Any) -> dict[str, pa.Table]:
        counted.extend(days)
        return original(lake, view, days)

    monkeypatch.setattr(wait_days, "count_days", watched)
    lake.append_once("tickets", tickets([(5, "A", 10, False, 20)], first=90), writer="w", batch=2)
    waits.count_waits(lake, MONDAY, MONDAY + timedelta(days=30))
    assert counted == [MONDAY + timedelta(days=5)]
    other = Lake(tmp_path)  # another process finds it counted
    found = waits.branch_days(other, MONDAY, MONDAY + timedelta(days=30))
    assert [each.tickets for each in found] == [3, 3, 3, 3, 1]
    assert counted == [MONDAY + timedelta(days=5)]
    # What is erased is counted no longer, and nothing counted of it is left.
    lake.erase([f"20260307{90:016x}"])
    assert [each.day.day for each in waits.branch_days(lake, MONDAY, MONDAY + timedelta(days=30))] == [2, 3, 4, 5]
    assert not lake.is_stale("tickets")
    assert counted == [MONDAY + timedelta(days=5)]
    # The files of a month put together hold the same tickets: nothing is counted again.
    lake.append_once("tickets", tickets([(6, "A", 10, False, 20)], first=91), writer="w", batch=3)
    waits.count_waits(lake, MONDAY, MONDAY + timedelta(days=30))
    counted.clear()
    assert lake.compact("tickets") == 1
    assert [each.day.day for each in waits.branch_days(lake, MONDAY, MONDAY + timedelta(days=30))] == [2, 3, 4, 5, 8]
    assert not counted


def test_who_left_is_not_forgotten() -> None:
    """Ten wait an hour, ten leave after a minute: of the called half waited an hour, and so does Kaplan-Meier say."""
    exact = np.ones(2, np.bool_)
    spread = Spread.of(np.array([60, 3_600]), exact, np.array([0, 10]), np.array([10, 0]))
    reached = spread.until_called(0.5)
    assert reached
    assert reached.value == 3_600
    early = Spread.of(np.array([60, 3_600]), exact, np.array([10, 0]), np.array([0, 10]))
    called = early.quantile(0.9)
    assert called
    assert called.value == 60  # the called alone: all within a minute
    at_least = early.until_called(0.9)
    assert at_least
    assert at_least.value is None  # nine in ten: not reached as long as anybody waited


def test_a_scope_chooses_and_months_add_up(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    rows = [(0, "A", 60, False, 300), (1, "B", 120, False, 300), (30, "A", 180, False, 300), (31, "A", 240, True, 0)]
    lake.append_once("tickets", tickets(rows), writer="w", batch=1)
    last = MONDAY + timedelta(days=60)
    every = waits.scoped_spreads(lake, MONDAY, last, waits.TicketScope())
    assert {month: each.all for month, each in every.items()} == {"2026-03": 2, "2026-04": 2}
    told = Spread.together(every.values()).quantile(0.5)
    assert told
    assert told.value == 120
    of_a = waits.TicketScope(frozenset("A"), lanes=frozenset("V"), hours=((600, 660),))
    assert sum(each.all for each in waits.scoped_spreads(lake, MONDAY, last, of_a).values()) == 2
    nobody = waits.TicketScope(frozenset(), hours=((0, 60),))
    assert not waits.scoped_spreads(lake, MONDAY, last, nobody)


def test_days_that_come_one_by_one_add_up_to_what_is_counted_at_once(tmp_path: Path) -> None:
    dice = np.random.default_rng(7)
    one, other = Lake(tmp_path / "one"), Lake(tmp_path / "other")
    for day in range(5):  # a branch of a few a day grows beyond those of which each second is kept
        rows = [(day, branch, int(dice.gamma(1.4, 420)), bool(dice.random() < 0.2), 300) for branch in "AAAAAAAB" * 6]
        for lake in (one, other):
            lake.append_once("tickets", tickets(rows, first=100 * day), writer="w", batch=day + 1)
        waits.count_waits(one, MONDAY, MONDAY)
    ends = MONDAY.replace(day=1), MONDAY.replace(day=31)
    for ask in (
        lambda lake: waits.spreads(lake, *ends, "branch"),
        lambda lake: waits.spreads(lake, *ends, "branch", waits.SERVICE),
        lambda lake: waits.hour_spreads(lake, *ends),
    ):
        found, expected = ask(one), ask(other)
        assert found.keys() == expected.keys()
        for key, spread in expected.items():
            assert [each.tolist() for each in (found[key].seconds, found[key].called, found[key].left)] == [
                each.tolist() for each in (spread.seconds, spread.called, spread.left)
            ]


def test_a_disk_that_takes_nothing_costs_time_and_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake(tmp_path)
    rows = [(day, branch, 60 * day + 60, not day, 300) for day in range(4) for branch in "AB"]
    lake.append_once("tickets", tickets(rows), writer="w", batch=1)

    def full(*_given: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(lake.rolled, "put", full)
        days, spreads = waits.branch_days(lake, MONDAY, MONDAY, {"A"}), waits.spreads(lake, MONDAY, MONDAY, "day")
        lanes = waits.tallies(lake, MONDAY, MONDAY + timedelta(days=3), "lane", {"B"})
    other = Lake(tmp_path)
    assert days == waits.branch_days(other, MONDAY, MONDAY, {"A"})
    assert spreads.keys() == waits.spreads(other, MONDAY, MONDAY, "day").keys()
    assert lanes == waits.tallies(other, MONDAY, MONDAY + timedelta(days=3), "lane", {"B"})


def test_the_last_week_and_the_last_four_are_final_until_a_day_comes(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    assert wait_recent.recent(lake, "A") is None
    rows = [(day, branch, 60 * day + number, False, 300) for day in range(30) for branch in "AB" for number in range(9)]
    lake.append_once("tickets", tickets(rows), writer="w", batch=1)
    wait_recent.count_recent(lake)
    found = wait_recent.recent(lake, "B")
    assert found
    assert found.until == MONDAY + timedelta(days=29)
    for days in (7, 28):
        waited = [row[2] for row in rows if row[1] == "B" and row[0] >= 30 - days]
        assert (found.p95[days].value, found.p95[days].of) == (at_rank(waited, 0.95), 9 * days)
    lake.append_once("tickets", tickets([(30, "B", 9_000, False, 300)], first=900), writer="w", batch=2)
    assert wait_recent.recent(lake, "B") == found  # until the night
    wait_recent.count_recent(lake)
    newer = wait_recent.recent(lake, "B")
    assert newer
    assert newer.p95[7].of == 55
    lake.erase([f"20260401{900:016x}"])
    assert wait_recent.recent(lake, "B") is None
    assert not lake.is_stale("tickets")


def test_counts_of_a_day_outlast_a_tidied_lake_and_go_with_the_tickets_they_counted(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    for day in range(3):
        lake.append_once("tickets", tickets([(day, "A", 600, False, 100)] * 20, 20 * day), writer="w", batch=day + 1)
    wait_strata.count_strata(lake, MONDAY, MONDAY + timedelta(days=6))
    kept = lake.path / ".kept" / "tickets"
    before = {each.name for each in kept.iterdir()}
    assert not lake.is_stale("tickets"), "each day was counted of the files that hold it"
    lake.purge("tickets", older_than_hours=168)
    assert {each.name for each in kept.iterdir()} == before
    gone = f"{MONDAY:%Y%m%d}{0:016x}"
    lake.erase([gone])
    assert traces(lake, [gone]) == 0
    wait_strata.count_strata(lake, MONDAY, MONDAY + timedelta(days=6))
    assert traces(lake, [gone]) == 0, "a page that was asked meanwhile is no trace"
    assert len(before - {each.name for each in kept.iterdir()}) == 1


def test_nothing_final_is_kept_of_tickets_that_were_erased_while_they_were_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, gone = Lake(tmp_path / "lake"), f"{MONDAY:%Y%m%d}{0:016x}"
    lake.append_once("tickets", tickets([(0, "A", 600, False, 100)] * 20), writer="w", batch=1)
    once = wait_recent.percentiles

    def erased_meanwhile(*told: Any) -> Any:
        found = once(*told)
        if lake.rows("tickets", [gone]).num_rows:
            lake.erase([gone])
        return found

    monkeypatch.setattr(wait_recent, "percentiles", erased_meanwhile)
    wait_recent.count_recent(lake)
    assert wait_recent.recent(lake, "A") is None
    assert traces(lake, [gone]) == 0
    wait_recent.count_recent(lake)
    told = wait_recent.recent(lake, "A")
    assert told is not None
    assert told.p95[7].of == 19
