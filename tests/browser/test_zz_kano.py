from __future__ import annotations
from datetime import timedelta
import pytest
from typing import Any
from django.utils import timezone
from huixiang.apps.needs import actions
from huixiang.apps.surveys.actions import Terms, create_survey
from huixiang.apps.surveys.starting import started
from huixiang.domain.surveys.plain import from_plain
from tests import make
from tests.apps.surveys import lies_in_the_lake, survey
from tests.apps.test_kano import ASKED, LOVED, MISSED, SHRUGGED, answers, linked, need
from tests.browser import voices as made
from tests.browser.conftest import DESKTOP, PHONE, accessible, fits, shot

def seen(page, name):
    accessible(page)
    for screen, size in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)
        fits(page)
        shot(page, f"{name}-{screen}")

@pytest.mark.one_database
def test_look(lake: Any, bank: make.Bank, quality: Any, visit, address) -> None:
    made.fill(lake, made.made_up(["N11", "S11"], timezone.localdate() - timedelta(days=1), count=60))
    draft = create_survey(bank.head_office, Terms("到店"), started("visit"), by="cli:test")
    v = survey(bank.head_office, ASKED, name="2026 年春季网点服务问卷")
    found = need(quality)
    page = visit(quality)
    page.goto(address("need", found.pk)); seen(page, "k-none")
    page.goto(address("need_kano", found.pk)); seen(page, "k-link")
    page.get_by_role("button", name="关联").click()
    page.wait_for_url("**/needs/*/"); seen(page, "k-few")
    lies_in_the_lake(lake, v, answers((MISSED, 60), (LOVED, 52), (("like", "dislike"), 21), (("like","like"), 2)))
    lies_in_the_lake(lake, v, answers((LOVED, 14), (SHRUGGED, 6), (("dislike","like"), 3), unit="S11"))
    page.goto(address("need", found.pk)); seen(page, "k-told")
    page.locator("#kano").screenshot(path="screenshots/k-card-phone.png")
    page.goto(address("needs")); seen(page, "k-list")
    page.set_viewport_size(DESKTOP)
    page.goto(address("survey_questions", draft.pk))
    page.get_by_text("加入一对 Kano 问题").first.click()
    seen(page, "k-build")
    page.locator("input[name=feature]").first.fill("网上取号、到点再来")
    page.locator(".sv-kano button").first.click()
    page.wait_for_load_state(); seen(page, "k-built")
    page.goto(address("survey_preview", draft.pk)); shot(page, "k-preview")
    page.get_by_role("button", name="取消关联") 
    page.goto(address("need", found.pk)); page.get_by_role("button", name="取消关联").click(); page.wait_for_load_state(); shot(page, "k-off")
    dark = visit(quality, phone=True, dark=True); 
    actions.link_kano(found.pk, actions.Pairing(v.survey_id, "with", "without"), by=quality)
    dark.goto(address("need", found.pk)); accessible(dark); dark.locator("#kano").screenshot(path="screenshots/k-card-dark.png")
