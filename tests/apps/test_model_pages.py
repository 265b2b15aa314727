"""The pages on models: empty, with a model, refused, activated, taken back, read again; and the API says the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from huixiang.apps.access.jobs import perform
from huixiang.apps.access.models import Staff
from huixiang.apps.annotation import watching
from huixiang.apps.annotation.models import Activation, Rereading
from huixiang.lake.store import Lake
from tests import make
from tests.apps import learning
from tests.apps.api import caller
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture
def browser(quality: Staff) -> Client:
    return make.client(quality)


def said(browser: Client, address: str) -> str:
    page = browser.get(address)
    assert page.status_code == 200
    return page.content.decode()


def test_before_anything_is_there_the_page_says_what_to_do(bank: Bank, browser: Client, manager: Staff) -> None:
    page = said(browser, "/models/")
    assert "还没有登记的模型" in page
    assert "还没有锁定的评价集" in page
    assert "由自带规则判断，什么都不用做" in page
    assert "没有要标注的声音了" in said(browser, "/labels/kind/")
    assert "没有待裁定的分歧" in said(browser, "/labels/kind/disputes/")
    assert make.client(manager).get("/models/").status_code == 404


def test_from_the_card_to_activation_rereading_and_back(
    lake: Lake, bank: Bank, browser: Client, quality: Staff, data: Path
) -> None:
    voices = learning.voices(lake, 24)
    learning.locked(learning.truth(voices), quality)
    good = learning.registered(learning.model(), quality, "good")
    bad = learning.registered(learning.model(upside_down=True), quality, "bad")
    assert "κ" in said(browser, f"/models/{good.pk}/")
    assert browser.post(f"/models/{good.pk}/", {"reason": ""}).status_code == 302
    refused = browser.post(f"/models/{bad.pk}/", {"reason": "试试"})
    assert refused.status_code == 422
    assert "比 good-1 差" in refused.content.decode()
    assert "证明更差" in said(browser, f"/models/{bad.pk}/")
    assert browser.post(f"/models/{bad.pk}/", {"reason": "试试", "although_worse": "on"}).status_code == 302
    assert browser.post("/models/rereadings/", {"months": ["2026-06"]}).status_code == 302
    of = Rereading.objects.get()
    assert "等待" in said(browser, f"/models/rereadings/{of.pk}/")
    perform.func(str(of.job_id))
    page = said(browser, f"/models/rereadings/{of.pk}/")
    assert "原来的判断与现在的判断" in page
    assert (
        voices[0].text[:4]
        in said(browser, f"/models/rereadings/{of.pk}/sentiment/?before=negative&now=positive") + page
    )
    assert watching.watch() == 1
    page = said(browser, "/models/")
    assert "现在由 bad-2 判断" in page
    assert "漂移" in page
    (data / "models/sentiment/2/model.npz").unlink()
    assert "启用的模型不能使用" in said(browser, "/models/")
    browser.post("/models/rollback/", {"task": "sentiment"})
    assert "现在由 good-1 判断" in said(browser, "/models/")


def test_the_api_lists_activates_and_takes_back(lake: Lake, bank: Bank, quality: Staff) -> None:
    learning.locked(learning.truth(learning.voices(lake, 24)), quality)
    version = learning.registered(learning.model(), quality)
    call = caller(quality)
    (listed,) = call.get("/models").json()["items"]
    assert (listed["label"], listed["is_active"], listed["figures"]["n"]) == ("trial-1", False, 24)
    assert call.post(f"/models/{version.pk}/activate", {}).json()["is_active"]
    assert call.post("/rereadings", {"months": ["2026-06"]}).status_code == 202
    assert call.post("/rereadings", {"months": ["2026-06"]}).status_code in (409, 422)
    assert call.get("/rereadings").json()["items"][0]["months"] == ["2026-06"]
    wanted: dict[str, Any] = {"task": "sentiment", "reason": "误判"}
    assert call.post("/models/rollback", wanted).json() is None
    assert Activation.objects.count() == 2
