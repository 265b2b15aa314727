"""Does a complaint show the bank's own target beside the law's limits, and is it measured how often it is kept?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access import jobs
from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import actions as complaints
from huixiang.apps.complaints.actions import Receipt
from huixiang.apps.standards import actions, measuring, previewing
from huixiang.apps.standards.models import Preview
from huixiang.channels.contract import Fault
from huixiang.domain.standards.values import Clock, ClockUnit, Standard
from huixiang.domain.standards.writing import write
from tests import make
from tests.apps.test_standards import SET, hold, second  # noqa: F401


def reply(days: int = 7, unit: ClockUnit = ClockUnit.CALENDAR_DAYS, later: int = 0) -> Standard:
    day = timezone.localdate() + timedelta(days=later)
    return replace(SET["complaint-reply"], effective_from=day, clock=Clock("reply", days, unit))


def test_an_approved_target_stands_on_the_page_of_a_case(bank: make.Bank, quality: Staff, second: Staff) -> None:  # noqa: F811
    case = complaints.register(Receipt("phone", bank.north_branch, "年费", "扣了年费"), by=quality)
    address = reverse("complaint", args=[case.pk])
    assert "本行目标" not in make.client(quality).get(address).content.decode()
    hold(reply(), quality, second)
    page = make.client(quality).get(address)
    [target] = page.context["targets"]
    assert target.reading.due == timezone.localdate() + timedelta(days=7)
    [legal] = [each for each in page.context["clocks"] if each.limit.code == "reply"]
    assert legal.due == timezone.localdate() + timedelta(days=15)  # the law's limit stays as it was
    assert reverse("standard", args=["complaint-reply"]) in page.content.decode()


def test_a_target_later_than_the_law_is_refused(quality: Staff) -> None:
    for standard, why in ((reply(16), "晚于法定期限 15"), (reply(15, ClockUnit.WORKING_DAYS), "单位不同")):
        version = actions.write_version(write(standard), by=quality)
        with pytest.raises(Fault, match=why):
            actions.submit(version, by=quality)
        page = make.client(quality).get(reverse("standard_version", args=["complaint-reply", version.number]))
        assert why in page.content.decode()


def test_a_year_is_replayed_under_the_new_target(bank: make.Bank, quality: Staff, second: Staff) -> None:  # noqa: F811
    hold(reply(), quality, second)
    long_ago = timezone.now() - timedelta(days=20)
    told = Receipt("phone", bank.north_branch, "年费", "扣了年费", received_at=long_ago)
    for number in range(12):
        complaints.register(replace(told, text=f"扣了年费{number}"), by=quality)
    draft = actions.write_version(write(reply(14, later=1)), by=quality)
    jobs.perform.func(str(previewing.begin_preview(draft, by=quality).pk))
    found = Preview.objects.get(version=draft).found or {}
    assert (found["whole"]["old"]["n"], found["whole"]["old"]["value"]) == (12, 0.0)
    assert found["whole"]["new"]["verdict"] == "missed"
    page = make.client(quality).get(reverse("standard_version", args=["complaint-reply", 2])).content.decode()
    assert "未达标" in page
    line = measuring.conform(reply(), timezone.localdate(long_ago), timezone.localdate())
    assert (line.is_measured, line.found and line.found.n) == (True, 12)
