"""What is spoken of more than it used to be? A rise is told from the night it is proven, once, to those it concerns."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from django.urls import reverse

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import rises
from huixiang.apps.feedback.models import Rise, Watch
from huixiang.lake.store import Lake
from tests import make
from tests.apps.api import caller
from tests.browser import voices as made
from tests.lake.voices import row, table

pytestmark = pytest.mark.one_database

LAST = date(2026, 6, 30)
DAYS = 130
FEES, ATTITUDE = "C.pricing", "D.empathy.attitude"


def told(on: date, topics: list[str], number: int, branch: str, first: count[int]) -> list[dict[str, Any]]:
    at = datetime(on.year, on.month, on.day, 3, tzinfo=UTC)
    return [
        row(
            next(first), topics=topics, branch=branch, said_at=at, said_on=on, month=f"{on:%Y-%m}",
            said_precision="time", duplicate_of=None,
        )
        for _ in range(number)
    ]  # fmt: skip


@pytest.fixture
def heard(bank: make.Bank, lake: Lake) -> Lake:
    """Four months of about six voices a day in the north, one on fees; in the last three days eight."""
    dice, first, rows = Random(5), count(), []
    for day in range(DAYS):
        on = LAST - timedelta(days=DAYS - 1 - day)
        fees = 8 if day >= DAYS - 3 else dice.choice([0, 1, 1, 2])
        rows += told(on, [FEES], fees, "N11", first)
        rows += told(on, [ATTITUDE], 4 + dice.choice([0, 1, 2]), "N11", first)
        rows += told(on, [], 2, "S11", first)
    lake.append_once("voices", table(rows), writer="made-up", batch=1)
    return lake


def night(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 4, tzinfo=UTC) + timedelta(days=1)


def test_a_rise_is_told_once_from_the_night_it_is_proven(
    heard: Lake, quality: Staff, manager: Staff, stranger: Staff
) -> None:
    assert rises.watch_topics(night(LAST - timedelta(days=4))) == 0, "nothing has risen yet"
    assert rises.watch_topics(night(LAST)) > 0
    assert rises.watch_topics(night(LAST)) == 0, "the same night again"
    assert Watch.objects.latest("on").on == LAST
    assert {rise.topic for rise in Rise.objects.all()} == {FEES}
    assert {"", "N11"} <= {rise.unit for rise in Rise.objects.all()}
    assert {rise.since for rise in Rise.objects.filter(unit="")} == {LAST - timedelta(days=2)}
    shown = make.client(quality).get(reverse("trends")).content.decode()
    assert "定价收费" in shown
    assert "全行" in shown
    assert reverse("voices") in shown
    assert "定价收费" in make.client(manager).get(reverse("trends")).content.decode()
    assert "定价收费" not in make.client(stranger).get(reverse("trends")).content.decode(), "another unit's"
    (first, *_rest) = caller(quality).get("/trends").json()["items"]
    assert (first["topic"], first["verdict"], first["ended_on"]) == (FEES, "rising", None)
    assert first["observed_count"] > first["expected_count"]


def test_a_bank_of_a_few_days_is_watched_without_a_word(bank: make.Bank, lake: Lake) -> None:
    first = count()
    rows = [each for day in range(10) for each in told(LAST - timedelta(days=day), [FEES], 5, "N11", first)]
    lake.append_once("voices", table(rows), writer="made-up", batch=1)
    for day in range(3):
        assert rises.watch_topics(night(LAST + timedelta(days=day))) == 0
    assert Watch.objects.count() == 3


def test_an_empty_bank_is_told_that_nobody_has_looked_yet(bank: make.Bank, lake: Lake, quality: Staff) -> None:
    assert rises.watch_topics(night(LAST)) == 0
    assert "还没有看过" in make.client(quality).get(reverse("trends")).content.decode()
    assert "没有归纳出话题" in make.client(quality).get(reverse("trend_topics")).content.decode()


def test_topics_are_found_in_the_words_of_a_slice(bank: make.Bank, lake: Lake, quality: Staff) -> None:
    dice = Random(3)
    said_of = [("指纹登录识别失败", "闪退", "黑屏"), ("理财到期", "利息少了", "没有到账")]
    said = [said_of[n % 2][0] + dice.choice(said_of[n % 2][1:]) + str(n) for n in range(120)]
    made.fill(lake, [made.record(n, text, LAST) for n, text in enumerate(said)])
    shown = make.client(quality).get(reverse("trend_topics")).content.decode()
    assert "指纹登录" in shown
    assert "理财到期" in shown
