"""Does what head office sets hold from its day on: warnings, opening hours, holidays?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import actions, opening, warnings
from huixiang.apps.complaints.actions import Doing, Receipt
from huixiang.apps.complaints.models import Case, OpeningTerm
from huixiang.apps.complaints.standings import history
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.hours import CHINA, OFFICE
from huixiang.domain.complaints.openings import holidays_of, opening_of, spans_of
from huixiang.domain.complaints.warning import Level
from huixiang.web.cli import main
from tests import make
from tests.apps.api import caller
from tests.make import Bank

pytestmark = pytest.mark.one_database

NOTICE = """2027-01-01 元旦
2027-02-05 春节
2027-02-06 春节
2027-02-14 上班
2027-04-05 清明节
2027-05-01 劳动节
2027-06-09 端午节
2027-09-15 中秋节
2027-10-01 国庆节"""


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    opening.forget()
    yield
    opening.forget()


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


def received(bank: Bank, by: Staff, at: datetime) -> Case:
    return actions.register(Receipt("phone", bank.north_branch, "年费", "收了年费", received_at=at), by=by)


def test_head_office_sets_who_is_told_and_from_when(bank: Bank, handler: Staff, quality: Staff) -> None:
    received(bank, handler, timezone.now() - timedelta(days=13))
    deputy = make.staff("1102", bank.north_branch, "branch_manager", name="郑九")
    assert len(warnings.warned(deputy, timezone.now())[0]) == 1
    page = make.client(quality)
    sent = {"pack": "cn-2020", "handler": 50, "unit": 95, "superior": "", "head_office": 100}
    page.post("/complaints/rules/warnings/", sent | {"effective_from": f"{timezone.localdate()}"})
    assert warnings.warned(deputy, timezone.now())[0] == [], "86 per cent of it has run"
    assert "cn-2020" in make.client(deputy).get("/complaints/warnings/").content.decode()
    with pytest.raises(Fault, match="由低到高"):
        actions.set_warnings({Level.HANDLER: 80, Level.UNIT: 50}, pack="", effective_from=timezone.localdate(),
                             by=quality)  # fmt: skip
    assert make.client(handler).get("/complaints/rules/warnings/").status_code == 404


def test_a_units_hours_move_its_limits_of_hours_and_a_hand_over_takes_the_others(
    bank: Bank, handler: Staff, quality: Staff
) -> None:
    week = {f"day_{n}": "10:00-11:00" for n in range(7)}
    page = make.client(quality)
    sent = {"unit": "N", "effective_from": f"{timezone.localdate()}", "special": "", "holiday": "", "make_up": "休",
            "why": "试行短时段"}  # fmt: skip
    assert page.post("/complaints/rules/hours/", sent | week | {"day_0": "11:00-10:00"}).status_code == 422
    assert page.post("/complaints/rules/hours/", sent | week).status_code == 302
    OpeningTerm.objects.update(effective_from=date(2026, 3, 1))  # as if it had been set then
    opening.forget()
    case = received(bank, handler, datetime(2026, 3, 2, 9, tzinfo=CHINA))  # a Monday
    due = history(case).clock("first_contact", timezone.now())
    assert due
    assert due.due == datetime(2026, 3, 3, 11, tzinfo=CHINA), "two open hours: an hour a day, as in the region above"
    head = make.staff("0100", bank.head_office, "quality_manager")
    at = datetime(2026, 3, 2, 14, tzinfo=CHINA)
    actions.do(case.pk, "hand_over", Doing(unit=bank.south_branch, words="属南方", at=at, is_simulated=True), by=head)
    moved = history(Case.objects.get()).clock("first_contact", timezone.now())
    assert moved
    assert moved.due == datetime(2026, 3, 2, 15, tzinfo=CHINA), "one hour is left, and the south has office hours"
    assert "随北方分行" in page.get("/complaints/rules/hours/?unit=N11").content.decode()


def test_next_years_holidays_are_written_in_with_every_mistake_told(bank: Bank, quality: Staff) -> None:
    page = make.client(quality)
    year = timezone.localdate().year + 1
    text = NOTICE.replace("2027", str(year))
    worked = next(d for d in (date(year, 2, n) for n in range(7, 20)) if d.weekday() == 6)
    text = text.replace(f"{year}-02-14", f"{worked}")
    missing = opening.missing_year(date(year - 1, 11, 28))
    assert missing in {None, year}
    assert opening.missing_year(date(2041, 3, 1)) == 2041
    bad = page.post(
        "/complaints/rules/holidays/",
        {"year": year, "notice": "国办发明电", "why": "通知", "text": text + "\n5月1日 劳动节"},
    )
    assert "第 10 行" in bad.content.decode()
    good = {"year": year, "notice": "x", "why": "通知", "text": text}
    assert page.post("/complaints/rules/holidays/", good).status_code == 302
    assert opening.missing_year(date(year - 1, 11, 28)) is None
    calendar = opening.calendar()
    assert calendar.is_workday(worked)
    assert not calendar.is_workday(date(year, 10, 1))
    assert "国庆节" in page.get("/complaints/rules/holidays/").content.decode()


@pytest.mark.parametrize("text", ["9-12", "12:00-9:00", "9:00-12:00 11:00-13:00", "9:00-25:00", "9:70-10:00"])
def test_hours_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        spans_of(text)


def test_half_a_notice_is_refused() -> None:
    with pytest.raises(ValueError, match="中秋、国庆"):
        holidays_of("\n".join(NOTICE.splitlines()[:7]), 2027)
    assert opening_of({"week": [[]] * 7, "holiday": [], "make_up": None, "special": {"2027-01-01": [[0, 60]]}}).special


def test_the_same_settings_by_api(bank: Bank, quality: Staff, handler: Staff) -> None:
    office, today = caller(quality), f"{timezone.localdate()}"
    told = office.post("/complaint-warning-terms", {"effective_from": today, "handler": 40, "head_office": 90}).json()
    assert told == [{"pack": "", "levels": {"handler": 40, "head_office": 90}}]
    week = ["8:30-12:00, 14:00-17:30"] * 5 + ["9:00-12:00", ""]
    assert office.post("/complaint-hours/N", {"effective_from": today, "week": ["9-5"] * 7}).status_code == 422
    assert office.post("/complaint-hours/N", {"effective_from": today, "week": week}).status_code == 201
    below = office.get("/complaint-hours/N11").json()
    assert (below["of"], below["week"][5]) == ("N", "09:00-12:00")
    year = timezone.localdate().year
    assert office.post(f"/complaint-holidays/{year}", {"source": "x", "text": "x"}).status_code == 422
    assert any(each["year"] == year for each in office.get("/complaint-holidays").json())
    assert caller(handler).get("/complaint-agents").json() == []
    assert caller(handler).post("/complaint-holidays/2030", {"source": "x", "text": "x"}).status_code in {403, 404}


def test_who_changed_hours_and_holidays_when_and_why_is_told_in_words(bank: Bank, quality: Staff) -> None:
    today = timezone.localdate()
    nine, ten = (replace(OFFICE, week=(spans_of(f"{hour}:00-12:00"),) * 5 + ((), ())) for hour in (9, 10))
    actions.set_hours(bank.north, nine, effective_from=today, why="疫情后恢复", by=quality)
    actions.set_hours(bank.north, ten, effective_from=today + timedelta(days=1), why="人手不足", by=quality)
    page = make.client(quality).get("/complaints/rules/hours/").content.decode()
    assert "周一：由 09:00-12:00 改为 10:00-12:00" in page
    assert "人手不足" in page
    assert "改用自己的营业时间" in page
    english = caller(quality)
    english.headers["Accept-Language"] = "en"
    latest = english.get("/complaint-hours").json()[0]
    assert (latest["of"], latest["by"], latest["why"]) == ("N", quality.number, "人手不足")
    assert "Monday" in latest["differences"][0]
    year = today.year + 1
    text = NOTICE.replace("2027", f"{year}").replace(f"{year}-02-14 上班\n", "")
    actions.set_holidays(year, text, notice="国办发明电〔2026〕1 号", by=quality)
    actions.set_holidays(year, f"{text}\n{year}-10-02 国庆节", notice="更正", why="漏了一天", by=quality)
    page = make.client(quality).get("/complaints/rules/holidays/").content.decode()
    assert f"新增放假：{year}-10-02 国庆节" in page
    assert "漏了一天" in page


def test_the_command_reckons_by_the_banks_own_hours_and_says_so(
    bank: Bank, quality: Staff, capsys: pytest.CaptureFixture[str]
) -> None:
    week = (spans_of("10:00-11:00"),) * 7
    actions.set_hours(bank.north, replace(OFFICE, week=week), effective_from=timezone.localdate(), by=quality)
    OpeningTerm.objects.update(effective_from=date(2026, 3, 1))
    asked = ["complaints", "due", "--received", "2026-03-02T09:00+08:00", "--rule", "cn-2020/simple", "--unit", "N1"]

    def first_contact(*more: str) -> tuple[str, str]:
        assert main([*asked, *more]) == 0
        told = json.loads(capsys.readouterr().out)
        clock = next(each for each in told["clocks"] if each["clock"] == "first_contact")
        return told["reckoned_by"]["source"], clock["due"]

    assert first_contact() == ("bank", "2026-03-03T11:00:00+08:00")
    assert first_contact("--no-bank")[0] == "product"
    assert first_contact("--no-bank")[1] == "2026-03-02T11:00:00+08:00"
