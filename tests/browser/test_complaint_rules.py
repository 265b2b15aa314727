"""Can head office change a rule, hours and terms by the pages alone, and does a handler find a class by typing?"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from huixiang.apps.access import jobs
from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import actions
from huixiang.apps.complaints.actions import Identity, Person, Receipt
from huixiang.apps.complaints.models import Party
from tests import make
from tests.apps.test_complaints_rules import shorter
from tests.browser.conftest import Address, Visit, accessible, fits, in_english, shot

pytestmark = pytest.mark.one_database
PAGES = ("complaint_packs", "complaint_pack_new", "complaint_warning_terms", "complaint_hours", "complaint_holidays",
         "complaint_retention", "complaint_agents")  # fmt: skip


def test_a_rule_is_changed_and_a_class_is_found(bank: make.Bank, quality: Staff, visit: Visit,
                                                address: Address) -> None:  # fmt: skip
    people = (Person(Party.Role.COMPLAINANT, Identity(customer_number="C1", phone="13800138000")),
              Person(Party.Role.AGENT, Identity(name="李四")))  # fmt: skip
    told = Receipt("phone", bank.north_branch, "年费没说清", "没告诉我就扣了年费", complainant="agent", people=people,
                   has_mandate=False)  # fmt: skip
    case = actions.register(told, by=quality)
    other = Person(Party.Role.COMPLAINANT, Identity(customer_number="C2", phone="13800138000"))
    actions.register(Receipt("phone", bank.north_branch, "又扣年费", "又扣了", people=(other,)), by=quality)
    draft = actions.propose_pack(shorter(), by=quality)
    jobs.perform.func(str(actions.replay_pack(draft, by=quality).pk))
    page, small = visit(quality), visit(quality, phone=True)
    for each, kind in ((page, ""), (small, "-phone")):
        for name in PAGES:
            each.goto(address(name))
            accessible(each)
            fits(each)
            shot(each, f"{name}{kind}")
        for name, pk in (("complaint_draft", draft.pk), ("complaint_pack", case.pack_id), ("complaint", case.pk)):
            each.goto(address(name, pk))
            accessible(each)
            fits(each)
            shot(each, f"{name}-rules{kind}")
    page.goto(address("complaint", case.pk))
    page.locator("summary", has_text="自己选").click()
    box = page.get_by_role("searchbox").nth(1)
    box.fill("银行卡")
    expect(page.locator("#classes [role=status]").nth(1)).to_have_text(re.compile(r"找到 \d+ 项"))
    box.press("ArrowDown")
    expect(page.locator("#classes select[name=business]")).to_be_focused()
    shot(page, "complaint-class-search")
    in_english(
        page, {name: address(name) for name in PAGES} | {"complaint_draft": address("complaint_draft", draft.pk)}
    )
