"""Has a figure of the bank's service moved? Told once from the night it is proven, ended once, to those it concerns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.urls import reverse

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import actions as complaints
from huixiang.apps.complaints.actions import Receipt
from huixiang.apps.complaints.models import Case
from huixiang.apps.standards import charting, monitoring
from huixiang.apps.standards.charting import Counts, Figure
from huixiang.apps.standards.models import Shift
from huixiang.apps.standards.views.monitored import leading
from huixiang.domain.statistics.control import Kind
from huixiang.lake.store import Lake
from tests import make
from tests.apps.api import caller
from tests.lake.voices import row, table

FIRST, BEGAN, OVER = date(2025, 1, 1), date(2026, 5, 4), date(2026, 6, 15)
OUTLETS = ("N11", "N12", "S11")
LEFT = "made-up.left"
Moves = Callable[..., None]


def drawn(moved: dict[str, float], over: date) -> dict[str, np.ndarray]:  # type: ignore[type-arg]
    """For each outlet the daily counts of 100 customers of whom a tenth leaves, and more while it is moved."""
    dice, days = np.random.default_rng(8), np.arange((date(2026, 12, 31) - FIRST).days)
    is_moved = (days >= (BEGAN - FIRST).days) & (days < (over - FIRST).days)
    return {unit: dice.binomial(100, np.where(is_moved, 0.1 * moved.get(unit, 1.0), 0.1)) for unit in OUTLETS}


@pytest.fixture
def moves(bank: make.Bank, monkeypatch: pytest.MonkeyPatch) -> Moves:
    """The one figure that is watched: which outlets' moved, and how much?"""

    def become(moved: dict[str, float], over: date = OVER) -> None:
        counts = drawn(moved, over)

        def daily(since: date, until: date) -> dict[str, Counts]:
            at = slice((since - FIRST).days, (until - FIRST).days + 1)
            days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
            rows = [(unit, day, float(n)) for unit in OUTLETS for day, n in zip(days, counts[unit][at], strict=True)]
            of = charting.by_unit(((unit, day, 100.0) for unit, day, _n in rows), since, until)
            return {unit: Counts(n, of[unit]) for unit, n in charting.by_unit(rows, since, until).items()}

        made = Figure(LEFT, "离开", Kind.SHARES, "overview.see", daily, charting.PER_CENT)
        monkeypatch.setattr(charting, "_REGISTERED", {LEFT: made})

    return become


def shift(**fields: Any) -> Shift:
    """A shift as a night would keep it."""
    days = dict.fromkeys(("raised_on", "since", "since_earliest", "since_latest"), BEGAN)
    lines = {"first": f"{BEGAN}", "value": [24.0], "low": [1.0], "centre": [10.0], "high": [20.0]}
    size = {"size": 2.5, "size_low": 2.0, "size_high": 3.0, "p": 1e-6}
    known: dict[str, Any] = {"figure": "voice.negative", "is_up": True, "window_days": 1, "lines": lines}
    return Shift.objects.create(**known | days | size | fields)


def look(*days: date) -> list[int]:
    """The night after each of these days: how many shifts were new?"""
    nights = [datetime(day.year, day.month, day.day, 4, tzinfo=UTC) + timedelta(days=1) for day in days]
    return [monitoring.watch(night) for night in nights]


def test_a_shift_of_one_outlet_is_found_once_and_ended_once(
    moves: Moves, quality: Staff, manager: Staff, stranger: Staff
) -> None:
    moves({"S11": 2.5})
    assert look(BEGAN - timedelta(days=2)) == [0], "nothing has moved yet"
    assert look(BEGAN + timedelta(days=14)) == [4], "of the outlet, and of all above it"
    assert look(BEGAN + timedelta(days=14)) == [0], "the same night again"
    (shift,) = leading(quality)
    assert (shift.unit, shift.is_up, shift.ended_on) == ("S11", True, None), "told is where it happened"
    assert shift.since_earliest <= BEGAN <= shift.since_latest
    assert shift.size_low < 2.5 < shift.size_high
    page = make.client(quality).get(reverse("monitoring"))
    assert [each.followers for each in page.context["open"]] == [["全行", "南方分行", "南湖支行"]]
    assert "st-chart" in page.content.decode()
    assert [each.shift.unit for each in make.client(manager).get(reverse("monitoring")).context["open"]] == []
    (one, *_more) = [each for each in caller(quality).get("/monitoring").json()["items"] if each["led_by"] is None]
    assert (one["unit"], one["is_factor"]) == ("S11", True)
    assert len(caller(quality).get(f"/monitoring/{one['id']}").json()["lines"]["value"]) == monitoring.SHOWN
    assert caller(manager).get(f"/monitoring/{one['id']}").status_code == 404, "another region's looks missing"
    assert look(BEGAN + timedelta(days=40), OVER + timedelta(days=20), OVER + timedelta(days=50)) == [0, 0, 0]
    (shift,) = leading(quality)
    assert OVER <= shift.ended_on <= OVER + timedelta(days=10)
    assert not shift.is_new_level
    page = make.client(quality).get(reverse("monitoring"))
    assert [len(page.context[name]) for name in ("open", "ended")] == [0, 1]


def test_what_all_outlets_of_the_bank_have_is_told_once_of_the_bank(
    moves: Moves, quality: Staff, stranger: Staff, manager: Staff
) -> None:
    moves({"N11": 2.0, "N12": 2.0, "S11": 2.0})
    look(BEGAN + timedelta(days=10))
    assert [shift.unit for shift in leading(quality)] == [""]
    assert [shift.unit for shift in leading(manager)] == ["N1"], "her own branch's, of which hers is the highest"


def test_a_new_level_is_told_once_and_then_usual(moves: Moves, quality: Staff) -> None:
    moves({"N11": 1.0, "S11": 2.5}, over=date(2026, 12, 31))
    look(*(BEGAN + timedelta(days=days) for days in (10, 35, 60, 85, 105, 130, 155, 180)))
    shifts = list(Shift.objects.filter(unit="S11"))
    assert [shift.is_new_level for shift in shifts] == [True]


def test_a_bank_without_facts_is_told_what_is_watched(bank: make.Bank, lake: Lake, quality: Staff) -> None:
    page = make.client(quality).get(reverse("monitoring")).content.decode()
    assert "还没有监测过" in page
    assert "负面声音占比" in page
    assert look(BEGAN) == [0]
    assert "数据还太少" in make.client(quality).get(reverse("monitoring")).content.decode()


def test_each_figure_counts_its_facts_by_unit(bank: make.Bank, lake: Lake, quality: Staff) -> None:
    day = date(2026, 6, 1)
    at = datetime(2026, 6, 1, 3, tzinfo=UTC)
    same = {"said_at": at, "said_on": day, "month": "2026-06", "said_precision": "time", "duplicate_of": None}
    feelings = [("N11", "negative"), ("N11", "positive"), ("N12", "negative"), ("S11", "positive"), (None, "negative")]
    rows = [row(n, branch=branch, sentiment=felt, **same) for n, (branch, felt) in enumerate(feelings)]
    lake.append_once("voices", table(rows), writer="made-up", batch=1)
    counts = charting.figure("voice.negative").daily(day - timedelta(days=1), day)
    told = {unit: (list(each.values), list(each.of)) for unit, each in counts.items()}
    assert told[""] == ([0, 3], [0, 5])
    assert told["N1"] == ([0, 2], [0, 3])
    assert told["S11"] == ([0, 0], [0, 1])
    case = complaints.register(Receipt("phone", bank.north_outlet, "年费", "扣了年费"), by=quality)
    Case.objects.filter(pk=case.pk).update(received_at=at)
    rate = charting.figure("complaint.rate").daily(day - timedelta(days=1), day)
    assert {unit: list(each.values) for unit, each in rate.items()} == {unit: [0, 1] for unit in ("", "N", "N1", "N11")}
    assert charting.figure("hotline.service_level").daily(day, day) == {}, "no call was ever imported"
