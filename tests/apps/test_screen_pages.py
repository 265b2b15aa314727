"""Who still comes to the counter, where do people stop, which version broke; nobody sees beyond her units, nor whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from huixiang.apps.access.models import Staff
from huixiang.apps.standards import charting, measuring
from huixiang.domain.standards.conformance import Measured
from huixiang.domain.standards.values import Aim, Scope, Standard
from huixiang.lake.store import Lake
from huixiang.web import cli
from tests import make
from tests.apps import test_tickets as queue
from tests.apps.api import caller
from tests.apps.arrivals import bring_in
from tests.apps.test_screens import NINE, came, click, failed, parquet, session, table
from tests.apps.test_standards import SET
from tests.make import Bank

pytestmark = pytest.mark.one_database
DAYS = 12
OLD, YOUNG = range(100, 140), range(40)


def people() -> list[dict[str, Any]]:
    """Forty of thirty, forty of seventy, half of each at either outlet."""
    ages = {number: 1996 for number in YOUNG} | dict.fromkeys(OLD, 1956)
    return [
        {"客户号": f"C{number}", "开户网点": "N11" if number % 2 else "N12", "出生年份": born, "客户等级": "普通"}
        for number, born in ages.items()
    ]


def on_screens() -> list[dict[str, Any]]:
    """Every day each of the young transfers money; on the sixth day version 8.4.0 fails at the log-in for an hour."""
    rows = []
    for day in range(DAYS):
        for number in YOUNG:
            told = {"customer": f"C{number}", "version": "8.4.0" if number % 2 else "8.3.0"}
            name, later = 1000 * day + number, timedelta(days=day, minutes=-1000 * day)
            if day == 6 and number % 2:
                rows += [failed(name, "V8001", **told)]
            else:
                rows += session(name, "填写" if number % 8 == 0 else "完成", **told)
            for row in rows[-3:]:
                if row["session"] == name:
                    row["at"] += later
    return rows


def at_the_counter() -> list[dict[str, Any]]:
    """Every day ten of the young and twenty of the old come for a transfer; all of them also for cash."""
    rows = []
    for day in range(DAYS):
        comers = [*list(YOUNG)[:10], *list(OLD)[:20]]
        for place, number in enumerate(comers):
            told = {"customer": f"C{number}", "branch": "N11" if number % 2 else "N12"}
            told |= {"service": "转账" if place < 30 else "现金存取"}
            row = queue.ticket(place, **told)
            moments = ("arrived_at", "called_at", "started_at", "ended_at")
            rows.append(row | {name: row[name] + timedelta(days=day) for name in moments})
        rows.append({**rows[-1], "kiosk_number": "A900", "service": "现金存取"})
    return rows


OUTAGE = {"故障编号": "INC1", "系统": "登录认证", "开始时间": NINE + timedelta(days=6), "失败比例": "0.8"}
OUTAGE["结束时间"] = NINE + timedelta(days=6, minutes=40)
MACHINE = {
    "设备编号": "ATM-7",
    "机构号": "N11",
    "开始时间": NINE,
    "结束时间": NINE + timedelta(hours=5),
    "原因": "卡钞",
}


@pytest.fixture
def screens(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    came(parquet(tmp_path / "clicks.parquet", on_screens()))
    came(table(tmp_path / "people.csv", people()), "customers")
    came(table(tmp_path / "outages.csv", [OUTAGE]), "downtimes")
    came(table(tmp_path / "machines.csv", [MACHINE]), "downtimes")
    queue.came(queue.parquet(tmp_path / "tickets.parquet", at_the_counter()))


def read(person: Staff, name: str, *args: str, **asked: str) -> str:
    response = make.client(person).get(reverse(name, args=args), asked)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_who_still_comes_is_told_and_the_old_are_told_apart(screens: None, quality: Staff) -> None:
    found = caller(quality).get(f"/digital?unit={top(quality)}").json()
    (transfer,) = found["services"]
    done = DAYS * 35 - 20 + 2  # five of forty stop early each day; on the sixth day half fail
    assert (transfer["key"], transfer["counter_done"], transfer["counter_customers"]) == ("转账", DAYS * 10, 10)
    assert abs(transfer["screen_done"] - done) <= 3
    assert transfer["share_on_screen_low"] < transfer["share_on_screen"] < transfer["share_on_screen_high"]
    assert [each["key"] for each in found["bands"]] == ["30-44"], "nobody of sixty stands in this table"
    (old,) = found["elderly"]
    assert (old["counter_done"], old["screen_done"]) == (DAYS * 20, 0)
    tenth = found["freed"][0]
    assert tenth["errands_a_day"] == pytest.approx(1.0), "a tenth of the ten young; none of the twenty old"
    assert tenth["minutes_a_day"] == pytest.approx(5.0)
    page = read(quality, "digital")
    assert "不设目标，不引导" in page
    assert "尚未计算" in page
    assert "ATM-7" in page
    assert "C100" not in page


def test_without_the_list_of_customers_nobody_is_taken_for_young(
    tmp_path: Path, bank: Bank, lake: Lake, quality: Staff
) -> None:
    came(parquet(tmp_path / "clicks.parquet", on_screens()))
    queue.came(queue.parquet(tmp_path / "tickets.parquet", at_the_counter()))
    found = caller(quality).get(f"/digital?unit={top(quality)}").json()
    assert [each["key"] for each in found["bands"]] == [""]
    assert {each["minutes_a_day"] for each in found["freed"]} == {None}
    page = read(quality, "digital")
    assert "其中可能有老年客户" in page
    assert "年龄未知" in page


def top(person: Staff) -> str:
    return person.current_posts[0].unit.code


def test_small_groups_are_hidden_and_so_is_what_would_betray_them(
    tmp_path: Path, bank: Bank, lake: Lake, quality: Staff
) -> None:
    listed = people()
    for each in listed[:3]:
        each["客户等级"] = "私人银行"
    came(parquet(tmp_path / "clicks.parquet", on_screens()))
    came(table(tmp_path / "people.csv", listed), "customers")
    queue.came(queue.parquet(tmp_path / "tickets.parquet", at_the_counter()))
    found = caller(quality).get(f"/digital?unit={top(quality)}").json()
    assert {each["key"]: each["is_hidden"] for each in found["tiers"]} == {"普通": True, "私人银行": True}
    assert all(each["counter_done"] is None for each in found["tiers"])
    assert "人数太少" in read(quality, "digital")


def test_of_an_outlet_to_which_few_come_not_even_the_total_is_told(screens: None, quality: Staff) -> None:
    found = caller(quality).get("/digital?unit=N11").json()
    assert found["total"]["is_hidden"]
    assert {found["total"]["counter_customers"], found["freed"][0]["minutes_a_day"]} == {None}, "five came"
    assert "5 位客户" not in read(quality, "digital", unit="N11")


def test_screens_of_nobody_known_stand_for_themselves(tmp_path: Path, bank: Bank, lake: Lake, quality: Staff) -> None:
    """As after the term: four hundred sessions without a customer are not one who came four hundred times."""
    came(parquet(tmp_path / "clicks.parquet", [{**row, "customer": ""} for row in on_screens()]))
    queue.came(queue.parquet(tmp_path / "tickets.parquet", at_the_counter()))
    total = caller(quality).get(f"/digital?unit={top(quality)}").json()["total"]
    assert total["share_on_screen_high"] - total["share_on_screen_low"] < 0.25


def test_machines_of_two_outlets_with_one_number_are_two(tmp_path: Path, screens: None, quality: Staff) -> None:
    came(table(tmp_path / "more.csv", [MACHINE | {"机构号": "N12"}]), "downtimes")
    page = read(quality, "digital")
    assert "ATM-7 · N11" in page
    assert "ATM-7 · N12" in page


def test_an_outage_past_midnight_is_held_against_its_own_hours(tmp_path: Path, screens: None, quality: Staff) -> None:
    """From half past eleven at night to twenty to one: at a quarter past midnight all tries fail."""
    began = NINE + timedelta(days=7, hours=14, minutes=30)
    night = OUTAGE | {"故障编号": "INC2", "开始时间": began, "结束时间": began + timedelta(minutes=70)}
    quarter = {"at": began + timedelta(minutes=45)}
    rows = [failed(9_000 + n, **quarter) for n in range(40)]
    rows += [
        click(9_100 + 100 * day + n, at=quarter["at"] - timedelta(days=day)) for day in (1, 3, 4) for n in range(40)
    ]
    came(parquet(tmp_path / "night.parquet", rows))
    came(table(tmp_path / "night.csv", [night]), "downtimes")
    found = caller(quality).get("/digital/outages?month=2026-03").json()["outages"]
    assert next(each for each in found if each["minutes"] == 70)["more_errors_low"] > 0.9


def test_the_broken_version_is_named_and_the_step_where_most_stop(screens: None, quality: Staff) -> None:
    found = caller(quality).get("/digital/use").json()
    (suspect,) = found["suspects"]
    assert (suspect["version"], suspect["step"], suspect["code"], suspect["failed"]) == ("8.4.0", "登录", "V8001", 20)
    assert [step["step"] for step in found["funnel"]] == ["登录", "填写", "完成"]
    worst = next(step for step in found["funnel"] if step["is_worst"])
    assert worst["step"] == "填写"
    assert found["total"]["sessions"] == DAYS * 40
    page = read(quality, "digital_use")
    assert "版本 8.4.0 · 登录 · V8001" in page
    assert "停下的最多" in page
    assert "2026-03-08" in page, "the day stands out"


def test_an_outage_is_held_against_errors_and_voices(tmp_path: Path, screens: None, quality: Staff) -> None:
    lines = ["手机银行登录不上，系统故障"] * 12
    rows = [said(6, number, text) for number, text in enumerate(lines)]
    rows += [said(day, 100 + day, "手机银行系统卡顿" if day % 5 == 0 else "排队太久") for day in range(-20, 30)]
    bring_in(table(tmp_path / "voices.csv", rows))
    (outage,) = caller(quality).get("/digital/outages?month=2026-03").json()["outages"]
    assert (outage["name"], outage["minutes"]) == ("登录认证", 40)
    assert outage["more_errors_low"] > 0
    assert outage["voices"] >= 10
    assert outage["times_usual_low"] > 1
    page = read(quality, "digital_outages", month="2026-03")
    assert "登录认证" in page
    assert "百分点" in page
    assert "99.910%" in page or "99." in page


def said(day: int, number: int, text: str) -> dict[str, str]:
    at = NINE + timedelta(days=day, hours=2)
    return {"编号": f"V{number}", "时间": f"{at}", "机构": "N11", "客户": "", "评分": "1", "内容": f"{text} {number}"}


def test_nobody_sees_beyond_her_units(screens: None, manager: Staff, bank: Bank) -> None:
    client = make.client(manager)
    assert client.get(reverse("digital")).status_code == 200
    assert client.get(reverse("digital"), {"unit": "S11"}).status_code == 404
    for name in ("digital_use", "digital_outages"):
        assert client.get(reverse(name)).status_code == 404, "an outage is the whole bank's"
    assert client.get(reverse("digital_export", args=["use"])).status_code == 404
    assert caller(manager).get("/digital/use").status_code == 404


def test_before_anything_came_the_pages_say_what_to_do(bank: Bank, quality: Staff, lake: Lake) -> None:
    assert "还没有电子渠道的记录" in read(quality, "digital")
    assert "还没有电子渠道的记录" in read(quality, "digital_use")
    assert "还没有故障与停机记录" in read(quality, "digital_outages")


def test_the_table_and_the_command_tell_what_the_page_tells(
    screens: None, quality: Staff, capsys: pytest.CaptureFixture[str]
) -> None:
    for part in ("people", "use", "outages"):
        client = make.client(quality)
        asked = client.get(reverse("digital_export", args=[part]), {"month": "2026-03"})
        listed = b"".join(asked.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        assert cli.main(["digital", part, "--month", "2026-03", "--csv"]) == 0
        shown = capsys.readouterr().out
        assert shown.lstrip("\ufeff").split() == listed.split()


def standard_of(measure: str, **scope: object) -> Standard:
    return replace(SET["digital-availability"], aim=Aim(measure, 99.95, 0.05, ()), scope=Scope(**scope))  # type: ignore[arg-type]


def measured(measure: str, **scope: object) -> dict[str, Measured]:
    standard = standard_of(measure, **scope)
    return {each.period: each for each in measuring.count(standard, date(2026, 3, 1), date(2026, 3, 31)) or ()}


def test_the_standards_are_held_against_the_same_facts(screens: None) -> None:
    whole = measured("digital.availability")[""]
    assert whole.value == pytest.approx(100 * (1 - 40 / whole.n))
    assert whole.low < whole.value < whole.high
    assert measured("device.availability")[""].value == pytest.approx(100 * (1 - 300 / whole.n), rel=0.01)
    errors = measured("digital.errors")["2026-03"]
    assert errors.low < errors.value < errors.high
    assert measured("digital.funnel")[""].n == DAYS * 40 - 3, "three of the last half hour may go on yet"
    assert measured("digital.funnel", services=frozenset({"别的"})) == {}
    assert 70 < measured("digital.substitution")[""].value < 85
    of_units = measuring.count_by_unit(standard_of("digital.substitution"), date(2026, 3, 1), date(2026, 3, 31))
    assert [each.unit for each in of_units or ()] == ["N", "N1"], "of either outlet only five came"
    assert measured("digital.page_p95")[""].value == pytest.approx(0.3, rel=0.03)


def test_the_watch_over_figures_counts_the_same(screens: None) -> None:
    day = date(2026, 3, 8)
    errors = charting.figure("digital.errors").daily(day, day)  # type: ignore[union-attr]
    assert errors[""].of is not None
    assert (errors[""].values[0], errors[""].of[0]) == (20, 20 + 15 * 3 + 5 * 2)


def test_a_session_that_may_go_on_counts_neither_as_done_nor_as_given_up(
    tmp_path: Path, bank: Bank, lake: Lake, quality: Staff
) -> None:
    rows = [each for number in range(40) for each in session(number)]
    came(parquet(tmp_path / "a.parquet", [*rows, click(60), *session(-60, "填写")]))
    total = caller(quality).get("/digital/use").json()["total"]
    assert (total["sessions"], total["done"], total["open"]) == (42, 40, 1), (
        "the last of all may go on; of nine it is over"
    )
    assert total["completion"] == pytest.approx(40 / 41)
