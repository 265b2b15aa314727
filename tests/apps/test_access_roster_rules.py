"""A file of staff keeps to the rules of the forms, follows posts through time, and leaves a record for every row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huixiang.apps.access import audit
from huixiang.apps.access.models import AuditRecord, Post, Staff, Unit
from huixiang.apps.access.roster.carrying import carry_out
from tests import make
from tests.apps.test_access_roster import STAFF, TODAY, UNITS, counts, faults, planned

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
HEAD = "工号,姓名,邮箱,角色,机构号,自,至\n"


def periods(number: str) -> list[tuple[date, date | None]]:
    return list(Post.objects.filter(staff__number=number).order_by("from_on").values_list("from_on", "to_on"))


def row(from_on: str, to_on: str = "", number: str = "30001") -> str:
    return f"{number},何照临,,审计员,HQ,{from_on},{to_on}\n"


@pytest.fixture
def held(bank: make.Bank) -> Staff:
    """He was auditor once, until 2022."""
    person = make.staff("30001", name="何照临")
    make.post(person, bank.head_office, "auditor", date(2020, 1, 1), date(2022, 12, 31))
    return person


def test_several_periods_of_one_post_come_in_together(data: Path, bank: make.Bank) -> None:
    text = HEAD + row("2023-01-01", "2023-06-30") + row("2024-01-01") + row("2020-01-01", "2022-12-31")
    plan = planned(data, staff=text)
    assert counts(plan) == (4, 0, 0, 0)
    carry_out(plan, "cli:test")
    assert [start.year for start, _ in periods("30001")] == [2020, 2023, 2024]
    assert counts(planned(data, staff=text)) == (0, 0, 4, 0)


def test_periods_that_share_a_day_are_refused_within_the_file_too(data: Path, bank: make.Bank) -> None:
    plan = planned(data, staff=HEAD + row("2023-01-01", "2024-01-01") + row("2024-01-01") + row("2023-01-01"))
    assert faults(plan) == [(3, "自"), (4, "自")]
    assert "第 2 行" in str(plan.refused[0].fault)


def test_a_file_may_end_one_post_and_begin_the_next_in_whichever_order(data: Path, bank: make.Bank) -> None:
    make.post(make.staff("30001", name="何照临"), bank.head_office, "auditor", date(2020, 1, 1))
    carry_out(planned(data, staff=HEAD + row("2027-01-01") + row("2020-01-01", "2026-12-31")), "cli:test")
    assert periods("30001") == [(date(2020, 1, 1), date(2026, 12, 31)), (date(2027, 1, 1), None)]


def test_without_a_first_day_a_post_that_has_ended_is_left_alone(data: Path, held: Staff) -> None:
    carry_out(planned(data, staff=HEAD + row("")), "cli:test")
    assert periods("30001") == [(date(2020, 1, 1), date(2022, 12, 31)), (TODAY, None)]


def test_without_a_first_day_the_post_of_today_is_meant(data: Path, bank: make.Bank) -> None:
    make.post(make.staff("30001", name="何照临"), bank.head_office, "auditor", date(2020, 1, 1))
    carry_out(planned(data, staff=HEAD + row("", "2026-12-31")), "cli:test")
    assert periods("30001") == [(date(2020, 1, 1), date(2026, 12, 31))]


def test_what_has_ended_is_not_written_anew(data: Path, held: Staff) -> None:
    plan = planned(data, staff=HEAD + row("2020-01-01"))
    assert faults(plan) == [(2, "至")]
    assert "2022-12-31" in str(plan.refused[0].fault)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("30001," + "长" * 61 + ",,,,,", "姓名"),
        ("30001,何照临,不是邮箱,,,,", "邮箱"),
        ("..,何照临,,,,,", "工号"),
        ("3" * 33 + ",何照临,,,,,", "工号"),
        ("30001,何照临,,审计员,GONE,2024-01-01,", "机构号"),
    ],
)
def test_what_a_form_refuses_of_a_person_a_file_does_too(data: Path, bank: make.Bank, line: str, column: str) -> None:
    make.unit("GONE", "outlet", bank.north_branch, closed_on=date(2025, 1, 1))
    assert faults(planned(data, staff=HEAD + line + "\n")) == [(2, column)]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (".,点,网点,N1", "机构号"),
        ("N15," + "长" * 121 + ",网点,N1", "机构名称"),
        ("N15,新网点,网点,GONE", "上级机构号"),
    ],
)
def test_what_a_form_refuses_of_a_unit_a_file_does_too(data: Path, bank: make.Bank, line: str, column: str) -> None:
    make.unit("GONE", "branch", bank.north, closed_on=date(2025, 1, 1))
    assert faults(planned(data, "机构号,机构名称,级别,上级机构号\n" + line + "\n")) == [(2, column)]


def test_a_unit_closes_by_file_only_after_those_below_it(data: Path, bank: make.Bank) -> None:
    head, north = "机构号,机构名称,级别,上级机构号,撤并日期\n", "N1,北山支行,支行,N,2026-10-01\n"
    outlets = "".join(f"{code},网点{code},网点,N1,2026-10-01\n" for code in ("N11", "N12"))
    assert faults(planned(data, head + north)) == [(2, "撤并日期")]
    carry_out(planned(data, head + north + outlets), "cli:test")
    assert not Unit.objects.filter(path__startswith="/HQ/N/N1/", closed_on=None).exists()


def test_each_row_that_comes_in_leaves_a_record_without_a_name(data: Path) -> None:
    carry_out(planned(data, UNITS, STAFF), "cli:test")
    changed = STAFF.replace("林知夏,lin@", "林之夏,xia@").replace("HC010101,2024年1月1日,", "HC010101,,2026-12-31")
    carry_out(planned(data, UNITS.replace("滨江城东支行", "城东支行"), changed), "cli:test")
    told = [(record.verb, record.on_id) for record in AuditRecord.objects.order_by("seq")]
    assert [told.count((verb, code)) for verb, code in [("unit.create", "HC"), ("staff.create", "20101")]] == [1, 1]
    assert told[-4:] == [
        ("unit.change", "HC0101"),
        ("staff.change", "10001"),
        ("post.change", "20101"),
        ("organisation.import", ""),
    ]
    assert len(told) == 10 + 1 + 4
    assert "夏" not in str(list(AuditRecord.objects.values("detail")))
    assert audit.verify().whole


def test_thousands_of_people_come_in_with_few_statements(data: Path, bank: make.Bank) -> None:
    lines = [f"{number},员工{number},e{number}@bank.example,员工,N11,2024-01-01," for number in range(100_000, 103_000)]
    plan = planned(data, staff=HEAD + "\n".join(lines))
    with CaptureQueriesContext(connection) as asked:
        carry_out(plan, "cli:test")
    assert len(asked) < 300, "the writers' lock is held as long as they take"
    assert Staff.objects.count() == Post.objects.count() == 3_000
    assert AuditRecord.objects.count() == 6_001
