"""A teller sees how long serving takes at her own counter, beside her branch and the standard; her manager the team."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.standards import tellers
from huixiang.domain.standards.conformance import Verdict
from huixiang.lake.store import Lake
from tests import make
from tests.apps.test_standards import SET
from tests.apps.test_tickets import came, parquet, ticket
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture
def teller(bank: Bank) -> Staff:
    return make.staff("100123", bank.north_outlet, "staff", name="冯十")


@pytest.fixture
def tickets(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    """Hers: forty of cash, five of cards; a colleague's thirty; and one of the south."""
    hers = [ticket(number) for number in range(40)]
    cards = [ticket(number, service="开卡换卡") for number in range(50, 55)]
    other = [ticket(number, teller="100124") for number in range(60, 90)]
    south = [ticket(number, teller="200001", branch="S11") for number in range(30)]
    came(parquet(tmp_path / "a.parquet", [*hers, *cards, *other, *south]))


def read(person: Staff, name: str, **asked: str) -> Any:
    return make.client(person).get(reverse(name), asked)


def test_she_sees_her_own_counter_and_of_few_nothing(tickets: None, teller: Staff, quality: Staff, bank: Bank) -> None:
    second = make.staff("9010", bank.head_office, "quality_manager", name="郑七")
    page = read(teller, "own_service")
    cash, cards = sorted(page.context["lines"], key=lambda line: -line.mine.count)
    assert (cash.service, cash.mine.count, cash.all.count) == ("现金存取", 40, 70)
    assert cash.mine.p90.value == 300
    assert cards.mine.p50 is None
    text = page.content.decode()
    assert "暂无结论" in text
    assert "100124" not in text
    assert page.context["kept"] == []
    assert read(teller, "team_service").status_code == 404
    assert "这个月没有您办理的号" in read(quality, "own_service").content.decode()
    assert second.rights >= {"service.own"}


def test_the_standard_of_handling_is_held_against_her_own(
    tickets: None, teller: Staff, quality: Staff, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    standard = replace(SET["handling-cash"], effective_from=date(2026, 1, 1))
    monkeypatch.setattr("huixiang.apps.standards.tellers.in_force_on", lambda _day: [standard])
    (kept,) = read(teller, "own_service").context["kept"]
    assert kept.found.n == 40
    assert kept.found.value == 5.0
    assert kept.verdict is Verdict.MET
    scope = replace(standard.scope, tiers=frozenset({"V"}))
    monkeypatch.setattr("huixiang.apps.standards.tellers.in_force_on", lambda _day: [replace(standard, scope=scope)])
    (kept,) = read(teller, "own_service").context["kept"]
    assert kept.found is None, "she served nobody in that lane"


def test_nobody_is_judged_by_a_standard_that_does_not_hold_yet(
    tickets: None, teller: Staff, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[date] = []
    monkeypatch.setattr("huixiang.apps.standards.tellers.in_force_on", lambda day: asked.append(day) or [])
    tellers.own(lake, teller, date(2026, 11, 1), timezone.localdate() + timedelta(days=3))
    assert asked == [timezone.localdate()]


def test_a_manager_sees_her_people_by_number_and_it_is_noted(
    tickets: None, teller: Staff, manager: Staff, quality: Staff
) -> None:
    page = read(manager, "team_service")
    assert [(number, name) for number, name, _told in page.context["lines"]] == [("100123", "冯十"), ("100124", "")]
    assert "不是名次" in page.content.decode()
    assert read(manager, "team_service", unit="S11").status_code == 404
    assert AuditRecord.objects.filter(verb="service.team_read", on_id="N1").count() == 1
    assert len(read(quality, "team_service").context["lines"]) == 3
