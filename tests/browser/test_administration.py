"""Is what locks a colleague out asked once more, and can the audit be read on a phone?"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from huixiang.apps.access.models import Staff
from tests.browser.conftest import Address, Visit, accessible, fits, shot


def test_an_account_is_closed_only_when_the_question_is_answered(
    administrator: Any, clerk: Any, visit: Visit, address: Address
) -> None:
    page = visit(administrator)
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.goto(address("staff", "1001"))
    page.get_by_role("button", name="停用账号").click()
    assert asked == ["停用林一的账号？会话和接口令牌会立即失效。"]
    assert Staff.objects.get(number="1001").is_active
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="停用账号").click()
    expect(page.get_by_text("已停用").first).to_be_visible()
    assert not Staff.objects.get(number="1001").is_active


@pytest.mark.one_database
def test_the_audit_and_the_api_page_fit_a_phone_and_are_accessible(
    auditor: Any, visit: Visit, address: Address
) -> None:
    page = visit(auditor, phone=True)
    for name in ("audit", "api-docs"):
        page.goto(address(name))
        accessible(page)
        fits(page)
        shot(page, f"{name}-phone")
