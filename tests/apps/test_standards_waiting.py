"""Are the standards of waiting and handling held against the tickets that the branches' kiosks printed?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.standards import measuring
from huixiang.apps.standards.scoring import scored
from huixiang.apps.standards.views.reading import last_month
from huixiang.domain.standards.conformance import Measured, Verdict
from huixiang.domain.standards.values import Aim, Scope
from huixiang.lake.store import Lake
from tests import make
from tests.apps.test_standards import SET, hold
from tests.apps.test_tickets import NINE, came, gone, parquet, ticket
from tests.make import Bank

pytestmark = pytest.mark.one_database
SINCE, UNTIL = date(2026, 3, 1), date(2026, 3, 31)


@pytest.fixture
def second(bank: Bank) -> Staff:
    return make.staff("9010", bank.head_office, "quality_manager", name="郑七")


@pytest.fixture
def tickets(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    """Outlet N11: 5 to 6 minutes from nine on, and two who left; the branch N1: an hour each, for a lost card."""
    quick = [ticket(number, 300 + number) for number in range(60)]
    lost = {"branch": "N1", "service": "挂失补办"}
    slow = [ticket(number, 3_600, kiosk_number=f"V{number:03d}", **lost) for number in range(40)]
    came(parquet(tmp_path / "a.parquet", [*quick, gone(70), gone(71), *slow]))


def last_months(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same tickets on the first day of the month before this one, which the page of conformance tells of."""
    days = last_month(timezone.localdate())[0] - NINE.date()
    moments = ("arrived_at", "called_at", "started_at", "ended_at", "left_at")
    return [row | {name: row[name] + days for name in moments if row[name]} for row in rows]


def found(code: str, measure: str, **scope: object) -> dict[str, Measured]:
    standard = replace(SET[code], aim=Aim(measure, 20, 2, SET[code].aim.parameters), scope=Scope(**scope))  # type: ignore[union-attr,arg-type]
    return {each.period: each for each in measuring.count(standard, SINCE, UNTIL) or ()}


def minutes(**scope: object) -> float:
    return found("waiting-ordinary", "waiting.p90", **scope)[""].value


def test_what_customers_waited_is_held_against_the_standard(tickets: None) -> None:
    line = measuring.conform(SET["waiting-ordinary"], SINCE, UNTIL)
    assert line.found
    assert (line.found.n, line.found.value, line.verdict) == (100, 60.0, Verdict.MISSED)
    own = found("waiting-ordinary", "waiting.p90", branch_kinds=frozenset({"outlet"}))
    assert own.keys() == {"", "2026-03"}
    assert own[""].value == own["2026-03"].value == (300 + 53) / 60, "nine in ten of sixty waited so long at most"
    assert own[""].low < own[""].value < own[""].high
    longer = found("waiting-over-30", "waiting.share_over")[""]
    assert (longer.n, longer.value) == (100, 40.0), "who left after 20: nobody knows"
    left = found("waiting-ordinary", "waiting.abandonment")[""]
    assert (left.n, left.value) == (102, pytest.approx(100 * 2 / 102))
    assert left.low < left.value < left.high
    assert found("handling-loss", "handling.p90")[""].value == 5.0, "from the start to the end, in minutes"


def test_a_scope_chooses_service_lane_branch_and_hours_of_the_branchs_clock(tickets: None) -> None:
    assert minutes(services=frozenset({"loss"})) == 60.0, "what standards call loss, the kiosk calls 挂失补办"
    assert minutes(tiers=frozenset({"V"})) == 60.0
    assert minutes(tiers=frozenset({"A"})) < 6
    half = found("waiting-ordinary", "waiting.p50", branch_kinds=frozenset({"outlet"}), hours=((9 * 60, 9 * 60 + 30),))
    assert (half[""].n, half[""].value) == (30, (300 + 14) / 60), "from nine to half past, its end left out"
    assert found("waiting-ordinary", "waiting.p90", hours=((0, 60),)) == {}
    assert found("waiting-ordinary", "waiting.p90", branch_kinds=frozenset({"region"})) == {}


def test_the_page_tells_value_number_interval_and_verdict_or_that_there_is_nothing(
    tmp_path: Path, bank: Bank, lake: Lake, quality: Staff, second: Staff
) -> None:
    hold(replace(SET["waiting-ordinary"], effective_from=timezone.localdate()), quality, second)

    def page() -> str:
        return make.client(quality).get(reverse("standard_conformance")).content.decode()

    assert "这段时间没有数据" in page()
    came(parquet(tmp_path / "a.parquet", last_months([ticket(number, 300 + number) for number in range(60)])))
    told = page()
    assert "5.88 分钟" in told
    assert "5.80 分钟 – 5.97 分钟" in told
    assert "达标" in told
    assert ">60<" in told


def test_units_are_told_apart_to_whom_they_are_in_reach_and_none_is_ranked(
    tmp_path: Path, bank: Bank, lake: Lake, quality: Staff, second: Staff
) -> None:
    hold(replace(SET["waiting-ordinary"], effective_from=timezone.localdate(), scope=Scope()), quality, second)
    quick = [ticket(number, 300 + number) for number in range(60)]
    slow = [ticket(number, 3_600, branch="S1", kiosk_number=f"V{number:03d}") for number in range(40)]
    came(parquet(tmp_path / "a.parquet", last_months([*quick, *slow])))
    address = reverse("standard_units", args=["waiting-ordinary"])
    page = make.client(quality).get(address)
    lines = [(line.unit.code, line.found.n, line.verdict) for line in page.context["lines"]]
    assert lines[0][2] is Verdict.MISSED, "what asks for somebody stands first"
    told = {unit: (n, verdict) for unit, n, verdict in lines}
    assert told["S1"] == (40, Verdict.MISSED)
    assert told["N11"] == told["N1"] == (60, Verdict.MET), "a branch with all below it"
    assert told["HQ"][0] == 100
    only = make.client(quality).get(address, {"verdict": "met"}).content.decode()
    assert "60.00" not in only
    assert make.client(quality).get(address, {"month": "1999-01"}).status_code == 422
    csv = b"".join(make.client(quality).get(reverse("standard_units_export", args=["waiting-ordinary"])))  # type: ignore[arg-type]
    assert "S1" in csv.decode()
    manager = make.staff("9020", bank.north_branch, "branch_manager", name="吴八")
    reach = make.client(manager).get(address).context["lines"]
    assert {line.unit.code for line in reach} == {"N1", "N11"}, "no other branch's numbers"


def test_a_scope_that_chooses_nothing_is_found(tickets: None) -> None:
    scope = Scope(services=frozenset({"loss", "gold"}), tiers=frozenset({"Z"}), branch_kinds=frozenset({"region"}))
    assert measuring.unseen(replace(SET["waiting-ordinary"], scope=scope)) == {"gold", "Z", "region"}
    assert not measuring.unseen(replace(SET["waiting-ordinary"], scope=Scope(services=frozenset({"loss"}))))


def test_the_scorecard_line_follows_the_standard_unit_by_unit(
    tmp_path: Path, bank: Bank, lake: Lake, quality: Staff, second: Staff
) -> None:
    address, client, today = reverse("scorecard"), make.client(quality), timezone.localdate()
    assert "还没有进考核的标准" in client.get(address).content.decode()
    hold(replace(SET["waiting-ordinary"], effective_from=today, scope=Scope()), quality, second)
    quick = [ticket(number, 300 + number) for number in range(60)]
    slow = [ticket(number, 3_600, branch="S1", kiosk_number=f"V{number:03d}") for number in range(40)]
    came(parquet(tmp_path / "a.parquet", last_months([*quick, *slow])))
    manager = make.staff("9021", bank.north_branch, "branch_manager", name="吴九")
    for unit, score in ((bank.north_branch, 100.0), (bank.south_branch, 0.0), (bank.south_outlet, None)):
        [line] = scored(unit, last_month(today)[0], today, quality)
        assert (line.title, line.score) == ("网点服务质量", score)
    [unseen] = scored(bank.south_branch, last_month(today)[0], today, manager)
    assert unseen.entries[0].found is None, "no number of a unit in which the right of its facts does not hold"
    assert client.get(address).context["lines"] == [], "nobody is judged by a standard that did not hold yet"
    assert "暂无结论" in client.get(address, {"unit": "S11", "month": f"{today:%Y-%m}"}).content.decode()
    csv = b"".join(client.get(reverse("scorecard_export"), {"month": f"{today:%Y-%m}"})).decode()  # type: ignore[arg-type]
    assert "网点服务质量" in csv
    own = make.client(manager)
    assert own.get(address).context["unit"].code == "N1"
    assert own.get(address, {"unit": "S1"}).status_code == 404
