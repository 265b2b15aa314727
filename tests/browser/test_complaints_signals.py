"""Can a manager see what gathers, say that she knows of a risk, and decide on voices that a rule proposes?"""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import actions, voicing
from huixiang.apps.complaints.actions import Receipt, ruling
from huixiang.apps.complaints.forms.voice_rules import EXAMPLE
from huixiang.apps.complaints.models import SignalWatch, VoiceRuleBook
from tests import make
from tests.apps import complaints_filled
from tests.browser import voices as made
from tests.browser.conftest import Address, Visit, accessible, fits, in_english, shot

pytestmark = pytest.mark.one_database


def test_a_signal_a_risk_and_a_rule(lake: Any, bank: make.Bank, quality: Staff, visit: Visit, address: Address) -> None:
    second = make.staff("9102", bank.head_office, "quality_manager", name="吕三")
    receipt = Receipt(way="phone", unit=bank.north_branch, title="短信管理费", text="信用卡被盗刷，还扣短信管理费")
    signal = complaints_filled.signal(actions.register(receipt, by=quality))
    SignalWatch.objects.create(on=timezone.localdate(), series=663, alerts=1)
    made.fill(lake, made.made_up(["N11", "N12"], timezone.localdate(), count=40))
    book = ruling.write_rules(EXAMPLE.replace("80", "1"), effective_from=timezone.localdate(), note="试行", by=second)
    page = visit(quality)
    for name, args in (
        ("complaints", ()), ("complaint_risks", ()), ("complaint_signals", ()), ("complaint_signal", (signal.pk,)),
        ("complaint_voice_rules", ()), ("complaint_voice_rule", (book.pk,)), ("complaint_voice_rule_new", ()),
    ):  # fmt: skip
        page.goto(address(name, *args))
        accessible(page)
        fits(page)
        shot(page, f"signals-{name}")
    page.get_by_role("button", name="试算最近 30 天").click()
    expect(page.get_by_text("试算结果").first).to_be_visible()
    shot(page, "signals-preview")
    page.goto(address("complaint_voice_rule", book.pk))
    page.get_by_role("button", name="批准", exact=True).click()
    expect(page.get_by_text("已批准，到起用日生效。")).to_be_visible()
    VoiceRuleBook.objects.update(effective_from=timezone.localdate() - voicing.PREVIEWED)
    voicing.take_due(timezone.now())
    page.goto(address("complaint_voices_taken"))
    accessible(page)
    fits(page)
    shot(page, "signals-taken")
    page.goto(address("complaint_risks"))
    page.get_by_role("link", name="短信管理费").click()
    page.locator("#do-acknowledge summary").click()
    page.get_by_role("button", name="知悉风险").click()
    expect(page.get_by_text("已知悉")).to_be_visible()
    shot(page, "signals-case")
    small = visit(quality, phone=True)
    for name, args in (("complaint_signal", (signal.pk,)), ("complaint_risks", ()), ("complaint_voices_taken", ())):
        small.goto(address(name, *args))
        fits(small)
        shot(small, f"signals-phone-{name}")
    places = {name: address(name) for name in ("complaint_signals", "complaint_risks", "complaint_voices_taken")}
    in_english(small, {f"signals-{name}": place for name, place in places.items()})
