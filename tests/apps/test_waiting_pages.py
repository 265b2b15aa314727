"""From the bank down to the ticket: who waits longest stands first; nobody sees beyond her units, nor whose it is."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.standards import charting
from huixiang.lake.store import Lake
from huixiang.web import cli
from tests import make
from tests.apps.api import caller
from tests.apps.test_tickets import NINE, came, gone, parquet, ticket
from tests.make import Bank

pytestmark = pytest.mark.one_database


def busy(branch: str, wait: int, count: int = 60) -> list[dict[str, Any]]:
    return [ticket(number, wait + number, branch=branch) for number in range(count)]


@pytest.fixture
def tickets(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    rows = [*busy("N11", 300), *busy("N12", 2_400), *busy("S11", 600), *busy("N1", 60, 5), gone(70), gone(71)]
    came(parquet(tmp_path / "a.parquet", rows))


def read(person: Staff, name: str, *args: str, **asked: str) -> Any:
    return make.client(person).get(reverse(name, args=args), asked)


def test_the_understaffed_branch_is_seen_from_the_top(tickets: None, quality: Staff) -> None:
    top = read(quality, "waiting").content.decode()
    assert "取号 187 张，弃号 2 张" in top
    assert top.index("北方分行") < top.index("南方分行")
    assert "现金存取" in top
    region = read(quality, "waiting", unit="N1").content.decode()
    assert region.index("北山二路网点") < region.index("北山一路网点")
    outlet = read(quality, "waiting", unit="N12", limit="30").content.decode()
    assert "60 人中 60 人" in outlet
    assert reverse("waiting_day", args=["N12", "2026-03-02"]) in outlet
    day = read(quality, "waiting_day", "N11", "2026-03-02").content.decode()
    assert day.count("A0") == 62
    assert "弃号" in day
    assert "C3" not in day
    assert '<td class="number">5</td><td class="number">—</td>' not in region


def test_the_watch_over_figures_counts_the_same_by_unit(tickets: None) -> None:
    day = date(2026, 3, 2)
    over = charting.figure("waiting.share_over").daily(day, day)  # type: ignore[union-attr]
    assert {unit: (each.values[0], each.of[0]) for unit, each in over.items() if each.of is not None} == {
        "": (60, 185), "N": (60, 125), "N1": (60, 125), "N11": (0, 60), "N12": (60, 60), "S": (0, 60), "S1": (0, 60),
        "S11": (0, 60),
    }  # fmt: skip
    p90 = charting.figure("waiting.p90").daily(day, day)  # type: ignore[union-attr]
    assert sorted(p90) == ["N11", "N12", "S11"], "of five customers nothing is told"
    assert 40 <= p90["N12"].values[0] <= 41


def test_nobody_sees_beyond_her_units(tickets: None, manager: Staff, stranger: Staff, bank: Bank) -> None:
    own = read(manager, "waiting").content.decode()
    assert "南湖" not in own
    assert read(manager, "waiting", unit="S11").status_code == 404
    assert read(manager, "waiting_day", "S11", "2026-03-02").status_code == 404
    assert read(manager, "waiting", month="2031-01").status_code == 422


def test_before_any_ticket_came_the_page_says_what_to_do(bank: Bank, quality: Staff, lake: Lake) -> None:
    assert "还没有排队叫号记录" in read(quality, "waiting").content.decode()


def test_the_table_tells_what_the_page_tells(tickets: None, quality: Staff) -> None:
    listed = b"".join(read(quality, "waiting_export").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert len(listed.strip().splitlines()) == 1 + 1 + 2 + 1
    assert NINE.date().isoformat() in listed


def test_the_api_and_the_command_tell_the_same(
    tickets: None, quality: Staff, manager: Staff, capsys: pytest.CaptureFixture[str]
) -> None:
    told = caller(quality).get("/waiting?unit=N1").json()
    assert [each["key"] for each in told["units"]] == ["N12", "N11"]
    assert told["total"]["left_count"] == 2
    assert caller(manager).get("/waiting?unit=S11").status_code == 404
    assert cli.main(["waiting", "--unit", "N1", "--csv"]) == 0
    lines = capsys.readouterr().out.strip().splitlines()
    assert [line.split(",")[1] for line in lines[1:4]] == ["N1", "N12", "N11"]


def bank_of_six(tmp_path: Path) -> None:
    """Two months of six outlets: in the second one, N12 calls late and S12 is visited for other things."""
    for number in range(4):
        make.unit(f"S1{number + 2}", "outlet", Unit.objects.get(code="S1"))
    dice = random.Random(7)
    rows = []
    for month in (2, 3):
        for code, day in product(("N11", "N12", "S11", "S12", "S13", "S14", "S15"), range(1, 23)):
            late = month == 3 and code == "N12"
            others = month == 3 and code == "S12"
            for number in range(30):
                is_card = (number % 5 == 0) != others
                slow = dice.random() < (0.7 if is_card else 0.1) * (1.4 if late else 1.0) + (0.3 if late else 0)
                at = datetime(2026, month, day, 9, 0) + timedelta(minutes=12 * number)  # noqa: DTZ001
                rows.append(
                    ticket(number, branch=code, arrived_at=at, service="开卡换卡" if is_card else "现金存取")
                    | dict(zip(("called_at", "started_at", "ended_at"), later(at, 1_500 if slow else 300), strict=True))
                )
    came(parquet(tmp_path / "six.parquet", rows))


def later(at: datetime, wait: int) -> list[datetime]:
    return [at + timedelta(seconds=wait + more) for more in (0, 10, 300)]


def test_a_branch_that_serves_others_is_not_called_slow_and_one_that_got_slow_is(
    tmp_path: Path, bank: Bank, lake: Lake, quality: Staff, manager: Staff
) -> None:
    bank_of_six(tmp_path)
    page = read(quality, "waiting_fair", month="2026-03")
    found = page.context["found"]
    told = {line.unit.code: (line.stand.group.value, line.change.told) for line in found.lines}
    assert told["N12"] == ("worse", "rate")
    assert told["S12"] == ("alike", "mix"), "its customers came for cards, which take long everywhere"
    assert {told[code] for code in ("N11", "S11", "S13", "S14", "S15")} == {("alike", "unproven")}
    s12 = next(line.stand for line in found.lines if line.unit.code == "S12")
    assert s12.raw.low > s12.adjusted.share.value
    text = page.content.decode()
    assert "结构变了，不是服务" in text
    assert "按机构排列，不是名次" in text
    one = read(quality, "waiting_fair", month="2026-03", unit="S12").content.decode()
    assert "变的是来办什么、什么时候来，不是服务" in one
    noon = read(quality, "waiting_fair", month="2026-03", band="noon", span="3")
    assert noon.status_code == 200
    own = read(manager, "waiting_fair", month="2026-03")
    assert {line.unit.code for line in own.context["found"].lines} == {"N11", "N12"}
    assert read(manager, "waiting_fair", unit="S11").status_code == 404
    assert read(manager, "waiting_fair", month="2031-01").status_code == 422


def test_with_few_branches_or_days_nothing_is_concluded(tickets: None, quality: Staff) -> None:
    page = read(quality, "waiting_fair").content.decode()
    assert "不足五个：暂无结论" in page
    assert "天的取号才能比较：暂无结论" in page
