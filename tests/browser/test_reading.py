"""Can the bank's people read what customers say: at a desk, on a phone, in the dark, on paper?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import make
from tests.browser import voices as made
from tests.browser.conftest import Address, Visit, accessible, fits, printed, shot


@pytest.fixture(scope="session")
def half_a_year() -> Any:
    """Customers spoke for five months until today; some sources give no date. Understood once for all tests."""
    return made.table([*made.made_up(["N11", "N12", "S11"], timezone.localdate()), *made.undated(12)])


@pytest.fixture
def filled(lake: Any, bank: make.Bank, half_a_year: Any) -> Any:
    made.pour(lake, half_a_year)
    return lake


def test_the_overview_tells_the_month_with_intervals(filled: Any, quality: Any, visit: Visit, address: Address) -> None:
    page = visit(quality)
    page.goto(address("overview"))
    expect(page.get_by_role("heading", name="总览", level=1)).to_be_visible()
    expect(page.get_by_text("95% 区间").first).to_be_visible()
    expect(page.get_by_text("未注明时间 12 条，未计入").first).to_be_visible()
    expect(page.locator("[data-chart] svg path").first).to_be_attached()
    page.locator("[data-chart]").hover(position={"x": 400, "y": 120})
    accessible(page)
    fits(page)
    shot(page, "overview")
    page.get_by_role("link", name="北方分行").click()
    expect(page.get_by_role("heading", name="客户之声", level=1)).to_be_visible()
    expect(page.locator("#filter_branch")).to_have_value("N")


@pytest.mark.one_database
@pytest.mark.parametrize(("phone", "dark"), [(True, True), (False, True)])
def test_every_reading_page_fits_screen_and_theme(
    filled: Any, quality: Any, visit: Visit, address: Address, phone: bool, dark: bool
) -> None:
    page = visit(quality, phone=phone, dark=dark)
    look = ("phone" if phone else "desktop") + ("-dark" if dark else "")
    for name in ("overview", "voices"):
        page.goto(address(name))
        accessible(page)
        fits(page)
        shot(page, f"{name}-{look}")
    page.locator(".hx-voice-text").first.click()
    expect(page.get_by_role("heading", name="系统的理解")).to_be_visible()
    accessible(page)
    fits(page)
    shot(page, f"voice-{look}")


@pytest.mark.one_database
def test_the_menu_opens_on_a_phone(filled: Any, quality: Any, visit: Visit, address: Address) -> None:
    page = visit(quality, phone=True)
    page.goto(address("overview"))
    menu = page.get_by_role("navigation", name="主导航")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="菜单").click()
    expect(menu).to_be_visible()
    expect(menu.get_by_role("list", name="理解").get_by_role("link")).to_have_count(4)
    menu.get_by_role("link", name="机构与人员").scroll_into_view_if_needed()
    expect(menu.get_by_role("link", name="机构与人员")).to_be_in_viewport(ratio=1)  # longer than the phone: it scrolls
    shot(page, "menu-phone")
    menu.get_by_role("link", name="客户之声").click()
    expect(page.get_by_role("heading", name="客户之声", level=1)).to_be_visible()


def test_searching_one_character_lights_up_hits_and_counts_them(
    filled: Any, quality: Any, visit: Visit, address: Address
) -> None:
    page = visit(quality)
    page.goto(address("voices"))
    page.get_by_role("searchbox").fill("卡")
    page.get_by_role("button", name="搜索").click()
    expect(page.locator(".hx-voice mark").first).to_have_text("卡")
    assert set(
        page.locator(".hx-voice").evaluate_all("all => all.map(one => one.querySelectorAll('mark').length > 0)")
    ) == {True}
    expect(page.locator(".hx-count strong")).to_have_text(
        str(sum("卡" in record.text for record in _all_records(filled)))
    )
    assert "q=%E5%8D%A1" in page.url
    assert "channel=" not in page.url  # empty choices stay out of the address
    shot(page, "voices-search")
    page.get_by_role("searchbox").fill("卡 没有这样的话")
    page.keyboard.press("Enter")
    expect(page.get_by_text("没有找到符合条件的声音")).to_be_visible()
    accessible(page)
    shot(page, "voices-none")


def test_paging_on_and_back_finds_every_voice_once(filled: Any, quality: Any, visit: Visit, address: Address) -> None:
    page = visit(quality)
    page.goto(address("voices", query="sentiment=negative"))
    first = _ids(page)
    page.get_by_role("link", name="更早的声音").click()
    page.wait_for_url("**before=**")
    second = _ids(page)
    assert not set(first) & set(second)
    page.go_back()
    page.wait_for_url(lambda url: "before" not in url)
    assert _ids(page) == first
    expect(page.locator("#filter_sentiment")).to_have_value("negative")


def test_a_filter_applies_when_chosen(filled: Any, quality: Any, visit: Visit, address: Address) -> None:
    page = visit(quality)
    page.goto(address("voices"))
    page.locator("#filter_version").select_option("8.2.0")
    page.wait_for_url("**version=8.2.0**")
    expect(page.locator(".hx-voice").first).to_contain_text("8.2.0")
    page.get_by_role("link", name="清除条件").click()
    page.wait_for_url(lambda url: "version" not in url)


def test_without_scripts_the_numbers_and_the_filter_still_work(
    filled: Any, quality: Any, visit: Visit, address: Address
) -> None:
    page = visit(quality, script=False)
    page.goto(address("overview"))
    page.get_by_text("查看数据表").click()
    expect(page.get_by_role("region", name="走势数据表")).to_be_visible()
    expect(page.get_by_role("navigation", name="主导航")).to_be_visible()
    shot(page, "overview-no-script")


@pytest.mark.one_database
def test_the_overview_prints_without_frame(filled: Any, quality: Any, visit: Visit, address: Address) -> None:
    page = visit(quality, dark=True)
    page.goto(address("overview"))
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="主导航")).to_be_hidden()
    shot(page, "overview-print")
    assert printed(page, "overview").startswith(b"%PDF")


@pytest.mark.one_database
@pytest.mark.parametrize(("language", "width"), [("zh-hans", 390), ("en", 320)])
def test_narrow_screens_hold_the_longer_words_too(
    filled: Any, quality: Any, visit: Visit, address: Address, language: str, width: int, live_server: Any
) -> None:
    page = visit(quality, phone=True)
    page.set_viewport_size({"width": width, "height": 800})
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    for name in ("overview", "voices", "imports", "jobs"):
        page.goto(address(name))
        fits(page)
        shot(page, f"{name}-{language}-{width}")


@pytest.mark.one_database
def test_a_printed_list_says_what_it_shows_and_begins_on_its_first_page(
    filled: Any, quality: Any, visit: Visit, address: Address
) -> None:
    page = visit(quality)
    page.goto(address("voices", query="q=排队&channel=hotline&branch=N"))
    line = page.locator(".hx-print-only")
    expect(line).to_be_hidden()
    page.emulate_media(media="print")
    expect(line).to_contain_text("搜索：排队 · 渠道：客服热线 · 机构：北方分行 · 全部时间 · 由 吴五（9002）于")
    page.goto(address("voices"))
    assert printed(page, "voices").count(b"/Type /Page\n") == 4, (
        "fifty voices fill four sheets, none is left to the heading alone"
    )


@pytest.mark.one_database
def test_dark_mode_is_kept_until_switched_back(filled: Any, quality: Any, visit: Visit, address: Address) -> None:
    page = visit(quality)
    page.goto(address("voices"))
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.get_by_role("button", name="深色模式").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.get_by_role("button", name="深色模式")).to_have_attribute("aria-pressed", "true")


def test_the_language_switch_stays_on_the_page(filled: Any, quality: Any, visit: Visit, address: Address) -> None:
    page = visit(quality)
    page.goto(address("voices", query="q=卡"))
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("q=%E5%8D%A1")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")


def test_a_person_corrects_what_the_machine_misunderstood(
    filled: Any, quality: Any, visit: Visit, address: Address
) -> None:
    page = visit(quality)
    page.goto(address("voices", query="sentiment=negative"))
    page.locator(".hx-voice-text").first.click()
    page.get_by_label("情感").select_option("neutral")
    page.get_by_label("说明").fill("只是在询问")
    page.get_by_role("button", name="保存更正").click()
    expect(page.get_by_text("更正已保存，谢谢。")).to_be_visible()
    expect(page.get_by_role("heading", name="更正记录")).to_be_visible()
    expect(page.get_by_text("已由人工更正，以人的判断为准")).to_be_visible()
    accessible(page)
    shot(page, "voice-corrected")
    page.get_by_role("button", name="保存更正").click()
    expect(page.get_by_text("没有任何改动：请先选择正确的情感、机构或产品。")).to_be_visible()


def test_an_empty_bank_is_told_what_to_do_first(lake: Any, quality: Any, visit: Visit, address: Address) -> None:
    page = visit(quality)
    for name in ("overview", "voices"):
        page.goto(address(name))
        expect(page.get_by_role("link", name="导入第一个文件")).to_be_visible()
        accessible(page)
        shot(page, f"{name}-empty")


def test_what_is_not_there_is_said_kindly(filled: Any, manager: Any, visit: Visit, address: Address) -> None:
    page = visit(manager, expect={404})
    page.goto(address("voice", "0" * 24))
    expect(page.get_by_role("heading", name="没有找到这个页面")).to_be_visible()
    accessible(page)
    shot(page, "not-found")


@pytest.mark.one_database
def test_hostile_words_are_shown_and_never_run(lake: Any, quality: Any, visit: Visit, address: Address) -> None:
    text = "<script>document.title='hit'</script><img src=x onerror=alert(1)>{{ 7|add:7 }} 你好"
    made.fill(lake, [made.record(1, text, timezone.localdate() - timedelta(days=1), product="<b>卡</b>")])
    page = visit(quality)
    for target in (address("overview"), address("voices", query="q=script")):
        page.goto(target)
        expect(page.get_by_text("onerror=alert(1)").first).to_be_visible()
        assert "hit" not in page.title()


def _ids(page: Page) -> list[str]:
    return page.locator(".hx-voice-text").evaluate_all("all => all.map(one => one.getAttribute('href'))")


def _all_records(lake: Any) -> list[Any]:
    from huixiang.lake import questions

    return list(questions.stream(lake, questions.Slice()))
