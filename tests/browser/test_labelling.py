"""Can people teach the machine, see whether it got better, let it read, and take it back? On a phone and at a desk."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from huixiang.apps.access.jobs import perform
from huixiang.apps.access.models import Job, Staff
from huixiang.apps.annotation import actions, dealing, gathering
from huixiang.apps.annotation.models import Activation, Label
from tests import make
from tests.apps import learning
from tests.browser.conftest import DESKTOP, PHONE, Address, Visit, accessible, fits, shot


@pytest.mark.one_database
def test_from_labels_to_a_model_and_back(
    lake: Any,
    bank: make.Bank,
    quality: Any,
    visit: Visit,
    address: Address,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gathering, "FEWEST", 20)
    monkeypatch.setattr(dealing, "BY_LOT", 10)
    settings.LABELLED_TWICE = 0.0
    truth = learning.truth(learning.voices(lake, 60))
    other = make.staff("9004", bank.head_office, "analyst", name="郑七")
    for person in (quality, other):
        label(person, truth)
    page = visit(quality)
    page.goto(address("labelling", "sentiment"))
    by_keys(page, truth)
    label(other, truth)
    page.goto(address("models"))
    page.get_by_role("button", name="锁定评价集").click()
    expect(page.get_by_text("条声音为评价集。")).to_be_visible()
    page.get_by_label("模型名称").fill("q4")
    page.get_by_role("button", name="开始训练").click()
    done("train_model")
    page.goto(address("models"))
    seen(page, "models")
    page.get_by_role("link", name="q4-1").click()
    seen(page, "model")
    page.get_by_role("button", name="启用").click()
    expect(page.get_by_text("现在由 q4-1 判断")).to_be_visible()
    page.get_by_label("2026-06").check()
    page.get_by_role("button", name="开始重读").click()
    done("reread")
    page.reload()
    expect(page.get_by_role("heading", name="情感：原来的判断与现在的判断")).to_be_visible()
    seen(page, "rereading")
    page.locator("td.number a").first.click()
    accessible(page)
    page.goto(address("models"))
    page.get_by_role("button", name="退回上一个").click()
    expect(page.get_by_text("现在由规则判断").first).to_be_visible()
    assert Activation.objects.in_force("sentiment") is None


@pytest.mark.one_database
def test_topics_are_chosen_by_a_few_characters_on_a_phone(
    lake: Any, bank: make.Bank, quality: Any, visit: Visit, address: Address
) -> None:
    learning.voices(lake, 24)
    page = visit(quality, phone=True, dark=True)
    page.goto(address("labelling", "topics"))
    first = page.locator("[data-picker]").first
    box = first.get_by_role("combobox")
    box.fill("态度")
    seen(page, "labels-topics")
    box.press("ArrowDown")  # past what the complaints' causes call so
    box.press("Enter")
    box.fill("等候")
    box.press("Enter")
    expect(first.get_by_role("button")).to_have_count(2)
    box.press("Backspace")
    expect(first.get_by_role("button")).to_have_count(1)
    box.press("PageDown")
    page.keyboard.press("0")  # the second speaks of none
    page.keyboard.press("?")  # of the third she does not know
    page.get_by_role("button", name="保存，再来一页").click()
    expect(page.get_by_text("已保存 3 条标注。")).to_be_visible()
    assert sorted(Label.objects.values_list("value", flat=True)) == ["", "-", "D.empathy.attitude"]


@pytest.mark.one_database
def test_words_are_marked_by_a_finger_and_by_keys(
    lake: Any, bank: make.Bank, quality: Any, visit: Visit, address: Address
) -> None:
    learning.voices(lake, 24)
    page = visit(quality, phone=True)
    page.goto(address("labelling", "opinions"))
    first, second = page.locator("[data-marker]").first, page.locator("[data-marker]").nth(1)
    text = first.locator("[data-text]").inner_text()
    first.locator("[data-at='0']").click()
    chosen = first.locator(".hx-chosen")
    word = "".join(chosen.all_inner_texts())
    assert len(word) > 1, "a tap takes a whole word"
    first.get_by_role("button", name="右－").click()
    first.get_by_role("button", name="右＋").click()
    first.get_by_role("button", name="评价对象").click()
    expect(first.get_by_role("button", name=f"去掉 评价对象 {word}")).to_be_visible()
    first.locator("[data-at='0']").click()
    seen(page, "labels-opinions")
    first.get_by_role("button", name="产品").click()
    expect(first.get_by_role("button", name=f"去掉 产品 {word}")).to_be_visible()
    first.locator("[data-text]").press("ArrowRight")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")  # to the second voice
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("4")
    expect(second.locator("li button")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("0")  # nothing in the third
    page.get_by_role("button", name="保存，再来一页").click()
    expect(page.get_by_text("已保存 3 条标注。")).to_be_visible()
    kept = sorted(Label.objects.values_list("value", flat=True))
    assert kept[0] == "-"
    assert f"product:0-{len(word)}" in kept
    assert text.startswith(word)


def label(person: Staff, truth: dict[str, str]) -> None:
    """What she says of the page dealt to her, without a browser."""
    dealt = dealing.deal("sentiment", person)
    opened = dealing.opened("sentiment", person, dealing.sealed("sentiment", person, dealt))
    actions.label("sentiment", {each.voice.id: truth[each.voice.id] for each in dealt}, opened, by=person)


def by_keys(page: Page, truth: dict[str, str]) -> None:
    """A digit answers the voice in focus and goes on to the next; the last one leads to the button."""
    keys = {"negative": "1", "positive": "3"}
    for voice in page.locator("fieldset input:first-of-type").evaluate_all("all => [...new Set(all.map(e => e.name))]"):
        page.keyboard.press(keys[truth[voice.removeprefix("voice-")]])
    page.keyboard.press("Enter")
    expect(page.get_by_text("已保存 20 条标注。")).to_be_visible()


def done(kind: str) -> None:
    """What a worker does."""
    perform.func(str(Job.objects.get(kind=kind).pk))


def seen(page: Page, name: str) -> None:
    """On both screens, without barriers."""
    accessible(page)
    for screen, size in (("phone", PHONE), ("desktop", DESKTOP)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        fits(page)
        shot(page, f"{name}-{screen}")
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
