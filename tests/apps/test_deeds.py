"""Are customers told what was done about what they said? In nobody's own words, by who may, with no claim of effect."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.intake import actions as boxes
from huixiang.apps.needs import actions, deed_posters, evidence
from huixiang.apps.needs.actions import Ruling, Telling, Wording
from huixiang.apps.needs.models import Deed, Need
from huixiang.channels.contract import Fault
from huixiang.lake.store import Lake
from huixiang.web.demo import deeds, needs
from tests import make
from tests.apps.api import caller
from tests.apps.intake import Customer, box, code_of
from tests.browser import voices as made
from tests.make import Bank

pytestmark = pytest.mark.one_database

OWN = "我妈妈坐轮椅，门口的坡道根本上不去"
SAID, DID = "坡道太陡，轮椅上不来", "门口坡道装了扶手，放缓了坡度。"


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def need(lake: Lake, bank: Bank, quality: Staff) -> Need:
    """Of the whole bank, decided; four customers spoke of it before the deed and one since."""
    texts = [OWN, "轮椅不好进", "轮椅进不来", "推轮椅太费劲"]
    told = [made.record(n, text, today() - timedelta(days=40 + n), branch="N11") for n, text in enumerate(texts)]
    told += [made.record(9, "柜员热情", today() - timedelta(days=2), branch="N11")]
    made.fill(lake, told)
    rules = [evidence.rule(evidence.group(terms=["轮椅"]), kinds=["demand", "expectation", "pain_point"])]
    found = actions.propose(Wording("轮椅进得来", "expectation", "坐轮椅的人要能自己进门。"), rules, by=quality)
    actions.confirm(found.pk, "", by=quality)
    actions.decide(found.pk, Ruling("process", "改造门口坡道"), by=quality)
    return found


def told(unit: str = "N11", did: str = DID, days: int = 20) -> Telling:
    return Telling(SAID, did, today() - timedelta(days=days), unit)


def test_what_a_branch_did_is_read_at_its_box_and_not_at_others(need: Need, bank: Bank, manager: Staff) -> None:
    north, other, south = (box(unit) for unit in (bank.north_outlet, bank.north_outlet_2, bank.south_outlet))
    assert "您说，我们做" not in Customer(north).browser.get(f"/b/{north.slug}/").content.decode(), "no empty page"
    browser = make.client(manager)
    written = browser.get(reverse("deed_new", args=[need.pk])).content.decode()
    assert "坐轮椅的人要能自己进门。" in written
    assert "改造门口坡道" in written, "prefilled with its statement and its decision"
    english = {"said_en": "The ramp is too steep", "did_en": "A handrail was put up."}
    fields = {"said": SAID, "did": DID, "done_on": today() - timedelta(days=20), "unit": "N11"} | english
    halved = browser.post(reverse("deed_new", args=[need.pk]), fields | {"did_en": ""})
    assert "两句都写" in halved.content.decode()
    assert browser.post(reverse("deed_new", args=[need.pk]), fields).status_code == 302
    draft = Deed.objects.get()
    assert DID not in make.client().get(f"/did/{north.slug}/").content.decode(), "a draft is for staff"
    browser.post(reverse("deed_turn", args=[draft.pk, "publish"]))
    customer = Customer(north)
    page = customer.browser.get(f"/did/{north.slug}/?lang=en")
    assert "A handrail was put up." in page.content.decode()
    assert DID not in page.content.decode()
    assert "only in Chinese" not in page.content.decode()
    assert DID in customer.browser.get(f"/did/{north.slug}/").content.decode()
    assert "I have something to say too" in page.content.decode()
    assert not page.cookies
    assert b"<script" not in page.content
    receipt = customer.sends()
    progress = customer.looks_up(code_of(receipt))
    for each in (customer.browser.get(f"/b/{north.slug}/"), receipt, progress):
        assert f'href="/did/{north.slug}/' in each.content.decode()
    for elsewhere in (other, south):
        assert DID not in make.client().get(f"/did/{elsewhere.slug}/").content.decode()
    boxes.close_box(north.pk, by=manager)
    closed = make.client().get(f"/did/{north.slug}/").content.decode()
    assert DID in closed
    assert f'href="/b/{north.slug}/' not in closed
    assert make.client().get("/did/nowhere/").status_code == 404
    listed = browser.get(reverse("deeds")).content.decode()
    assert f'hx-get="/deeds/{draft.pk}/since/"' in listed, "asked behind the list: nobody waits for the lake"
    for headers in ({}, {"HX-Request": "true"}):
        compared = browser.get(reverse("deed_since", args=[draft.pk]), headers=headers).content.decode()
        assert "未证实" in compared, "one voice since proves nothing"
    poster = browser.get(reverse("deed_poster"), {"box": other.slug})
    assert poster.status_code == 302, "nothing published there, nothing to print"
    browser.post(reverse("deed_turn", args=[draft.pk, "withdraw"]))
    assert DID not in make.client().get(f"/did/{north.slug}/").content.decode()
    verbs = AuditRecord.objects.filter(on_kind="deed").order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["deed.draft", "deed.publish", "deed.withdraw"]
    steps = [step.verb for step in need.steps.all()[:3]]
    assert steps == ["deed.withdraw", "deed.publish", "deed.draft"]


def test_nobodys_own_words_nothing_undone_and_nobody_elses_branch(need: Need, manager: Staff, quality: Staff) -> None:
    def refused(telling: Telling, match: str) -> None:
        with pytest.raises(Fault, match=match):
            actions.draft(need.pk, telling, by=manager)

    refused(Telling(f"{OWN}。", DID, today(), "N11"), "原话")
    refused(told(days=-1), "还没有做的不能说做了")
    refused(Telling("说" * 81, DID, today(), "N11"), "最多 80")
    for beyond in ("S11", "", "HQ"):
        with pytest.raises(PermissionDenied):
            actions.draft(need.pk, told(beyond), by=manager)
    masked = actions.draft(need.pk, told(did="已回电 13812345678 的客户，坡道装了扶手。"), by=manager)
    assert "13812345678" not in masked.did
    bank_wide = actions.draft(need.pk, told("HQ"), by=quality)
    assert bank_wide.unit is None
    with pytest.raises(PermissionDenied):
        actions.publish(bank_wide.pk, by=manager)
    refused(told(did=masked.did), "一样的")


def test_by_the_api_and_on_the_wall(need: Need, bank: Bank, manager: Staff, clerk: Staff) -> None:
    api = caller(manager)
    body: dict[str, Any] = {"need_id": need.pk, "said": SAID, "did": DID, "unit": "N11"}
    made_ = api.post("/deeds", body).json()
    assert (made_["state"], made_["done_on"]) == ("draft", today().isoformat())
    assert api.post(f"/deeds/{made_['id']}/publish").json()["state"] == "published"
    hung = box(bank.north_outlet)
    in_english = make.client().get(f"/did/{hung.slug}/?lang=en").content.decode()
    assert f'<dd class="did" lang="zh-hans">{DID}</dd>' in in_english, "a screen reader knows how to say it"
    assert "written only in Chinese" in in_english
    poster = make.client(manager).get(reverse("deed_poster"), {"box": hung.slug})
    assert poster.content.startswith(b"%PDF-")
    longest = [Deed(said="说" * 80, did="做" * 160, done_on=today())] * 5
    sheet = deed_posters.poster(longest, bank="海川银行", unit="网点", name="箱", address="https://a.example/b/x/")
    assert len(re.findall(rb"/Type ?/Page\b", sheet)) == 1, "one page, whatever was written"
    assert AuditRecord.objects.get(verb="deed.poster").on_id == hung.slug
    assert api.post(f"/deeds/{made_['id']}/withdraw").json()["state"] == "withdrawn"
    assert api.post(f"/deeds/{made_['id']}/withdraw").status_code == 422
    assert [each["id"] for each in api.get("/deeds").json()["items"]] == [made_["id"]]
    assert make.client(clerk).get(reverse("deeds")).status_code == 404


def test_the_demonstrations_branch_manager_tells_two_things_once(need: Need, bank: Bank) -> None:
    branch = make.unit("HC010101", "outlet", bank.north_branch)
    needs._raise(make.staff("20101", branch, "branch_manager"))
    Need.objects.filter(pk=need.pk).update(key=needs.PRICE)
    deeds.tell(today())
    deeds.tell(today())
    assert Deed.objects.told_at(branch).count() == 2
    assert not Deed.objects.told_at(bank.south_outlet).exists()
