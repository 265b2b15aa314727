"""A customer in a queue, on her telephone: can she write in a minute, on any network, and read the answer?"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback.models import Attachment
from huixiang.apps.intake import taking
from huixiang.apps.intake.models import Attempt, PostBox, Submission
from huixiang.lake.store import Lake
from tests.apps.intake import SAID, box
from tests.browser.conftest import Address, Visit, accessible, fits, shot
from tests.channels.test_pictures import photo
from tests.make import Bank


@pytest.fixture
def north_box(transactional_db: None, bank: Bank) -> PostBox:
    return box(bank.north_outlet)


def test_on_the_telephone_with_a_photo_and_back_with_the_answer(
    visit: Visit, address: Address, north_box: PostBox, lake: Lake, manager: Staff, tmp_path: Path
) -> None:
    (tmp_path / "排队.jpg").write_bytes(photo(size=(3000, 2000)))
    page, weight = visit(phone=True), []
    page.on("response", lambda response: weight.append(len(response.body())))
    page.goto(address("public_box", north_box.slug))
    assert sum(weight) < 30_000, "a slow network loads it in seconds"
    accessible(page)
    fits(page)
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_role("alert")).to_contain_text("请写几句话")
    accessible(page)
    page.get_by_label("您想说什么？").fill(SAID)
    page.get_by_role("radio", name="不满意", exact=True).check()
    page.get_by_label("照片").first.set_input_files(tmp_path / "排队.jpg")
    expect(page.get_by_role("button", name="去掉 排队.jpg")).to_be_visible()
    page.get_by_text("希望得到答复？").click()
    page.get_by_label("手机号或邮箱").fill("13812345678")
    page.get_by_label("我同意").check()
    accessible(page)
    fits(page)
    shot(page, "intake-phone-form")
    page.get_by_role("button", name="发送").dblclick()
    expect(page.get_by_role("heading", name="谢谢，已经收到")).to_be_visible()
    accessible(page)
    fits(page)
    shot(page, "intake-phone-receipt")
    assert Submission.objects.count() == Attachment.objects.count() == 1
    assert Attempt.objects.filter(what="proof").count() == 1, "the browser did its sum"
    taking.take_in()
    desk = visit(manager)
    desk.goto(address("voice", Submission.objects.get().voice_id))
    accessible(desk)
    desk.get_by_label("答复").fill("您好，下周起周三增开两个窗口。")
    shot(desk, "intake-voice")
    desk.get_by_role("button", name="发出答复").click()
    expect(desk.get_by_text("已答复，客户凭查询码就能看到。")).to_be_visible()
    desk.get_by_role("button", name="查看联系方式").click()
    expect(desk.get_by_text("13812345678")).to_be_visible()
    page.get_by_role("button", name="现在看看进展").click()
    expect(page.get_by_text("下周起周三增开两个窗口")).to_be_visible()
    accessible(page)
    fits(page)
    shot(page, "intake-phone-progress")


def test_without_a_network_it_waits_and_goes_out_once(visit: Visit, address: Address, north_box: PostBox) -> None:
    page = visit(phone=True, dark=True)
    page.goto(address("public_box", north_box.slug) + "?lang=en")
    page.get_by_label("What would you like to say?").fill(SAID)
    page.context.set_offline(True)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("No network")
    shot(page, "intake-phone-offline")
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Thank you, it has arrived")).to_be_visible()
    accessible(page)
    assert Submission.objects.count() == 1


def test_refused_by_a_proxy_nothing_is_lost_and_it_can_be_discarded(
    visit: Visit, address: Address, north_box: PostBox
) -> None:
    page, there = visit(phone=True), address("public_box", north_box.slug)
    page.goto(there)
    page.get_by_label("您想说什么？").fill(SAID)
    page.get_by_role("radio", name="不满意", exact=True).check()
    refusal = "<html><h1>访问被拦截</h1></html>"
    page.route(there + "*", lambda route: route.fulfill(status=200, content_type="text/html", body=refusal))
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_role("status")).to_contain_text("没有送到")
    expect(page.get_by_label("您想说什么？")).to_have_value(SAID)
    expect(page.get_by_role("button", name="发送")).to_be_enabled()
    page.unroute_all()
    page.reload()
    expect(page.get_by_label("您想说什么？")).to_have_value(SAID)
    expect(page.get_by_role("radio", name="不满意", exact=True)).to_be_checked()
    page.get_by_text("隐私说明全文").click()
    accessible(page)
    fits(page)
    shot(page, "intake-phone-restored")
    page.get_by_role("button", name="丢弃").click()
    expect(page.get_by_label("您想说什么？")).to_have_value("")
    page.reload()
    expect(page.get_by_label("您想说什么？")).to_have_value("")


def test_without_scripts_it_works_as_well(visit: Visit, address: Address, north_box: PostBox) -> None:
    page = visit(script=False)
    page.goto(address("public_box", north_box.slug))
    page.get_by_label("您想说什么？").fill(SAID)
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_text("您的查询码")).to_be_visible()
    assert Submission.objects.count() == 1


def test_a_manager_opens_a_box_and_sees_what_hangs_on_the_wall(
    visit: Visit, address: Address, north_box: PostBox, manager: Staff, bank: Bank
) -> None:
    page = visit(manager)
    page.goto(address("box_new"))
    page.get_by_label("机构").select_option(label="北山二路网点")
    page.get_by_label("名称").fill("北山二路网点意见箱")
    page.get_by_role("button", name="开放").click()
    expect(page.get_by_role("heading", name="北山二路网点意见箱")).to_be_visible()
    accessible(page)
    fits(page)
    shot(page, "intake-box")
    with page.expect_download() as poster:
        page.get_by_role("link", name="海报 PDF").click()
    assert Path(poster.value.path()).read_bytes().startswith(b"%PDF-")
    phone = visit(manager, phone=True)
    phone.goto(address("boxes"))
    accessible(phone)
    fits(phone)
    shot(phone, "intake-boxes-phone")


@pytest.fixture
def elsewhere_on_the_web() -> Iterator[Any]:
    """The bank's own website, another origin: its pages carry one tag and a policy without inline styles."""

    class Site(BaseHTTPRequestHandler):
        tag = ""

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!doctype html><html lang=zh><body><h1>海川银行</h1>{Site.tag}</body></html>".encode())

        def log_message(self, *arguments: Any) -> None:
            """Nothing to tell."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Site, f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


OWN_FORM = """async (there) => {
  const headers = { Accept: "application/json" }, body = new FormData();
  try {
    body.set("key", (await (await fetch(there, { headers })).json()).key);
    body.set("text", "网上转账总是失败");
    return await (await fetch(there, { method: "POST", headers, body })).json();
  } catch (failure) { return failure.name; }
}"""

PLACED = """[...document.querySelectorAll("[data-huixiang-box]")].map((each) => {
  const look = getComputedStyle(each);
  return [look.position, look.opacity, look.transform, look.bottom];
})"""


def test_one_tag_on_the_banks_own_website_and_no_other_site_may(
    chromium: Any, live_server: Any, bank: Bank, transactional_db: None, elsewhere_on_the_web: Any
) -> None:
    site, origin = elsewhere_on_the_web
    allowed, other = box(bank.head_office, "website", origins=origin), box(bank.north, "website")
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(60_000)
    site.tag = f'<script src="{live_server.url}/w/{allowed.slug}.js" async></script>'
    page.goto(origin)
    page.get_by_role("button", name="意见与建议").click()
    inside = page.frame_locator("iframe")
    inside.get_by_label("您想说什么？").fill("官网的利率表看不清。")
    shot(page, "intake-widget")
    inside.get_by_role("button", name="发送").click()
    expect(inside.get_by_role("heading", name="谢谢，已经收到")).to_be_visible()
    assert Submission.objects.get().box == allowed
    page.get_by_role("button", name="关闭").click()
    expect(page.get_by_role("button", name="意见与建议")).to_be_focused()
    # A form of the site's own hands in by script; of a box that does not list it, it may not even read the notice.
    there = f"{live_server.url}/b/{allowed.slug}/"
    assert page.evaluate(OWN_FORM, there)["tracking_code"]
    assert Submission.objects.filter(box=allowed).count() == 2
    assert page.evaluate(OWN_FORM, there.replace(allowed.slug, other.slug)) == "TypeError"
    assert not context.cookies()
    # The site's own rules reach neither the button nor its place; the same tag twice is one, another box has its own.
    tags = [f'<script src="{live_server.url}/w/{each.slug}.js" async></script>' for each in (allowed, allowed, other)]
    rules = "div { position: relative; opacity: .2; transform: rotate(9deg); width: 100% } button { display: none }"
    site.tag = f"<style>{rules} * {{ color: red !important }}</style>{''.join(tags)}"
    page.goto(origin)
    expect(page.locator("[data-huixiang-box]")).to_have_count(2)
    placed = page.evaluate(PLACED)
    assert [each[:3] for each in placed] == [["fixed", "1", "none"]] * 2
    assert len({each[3] for each in placed}) == 2, "one above the other"
    site.tag = f'<iframe src="{live_server.url}/b/{other.slug}/?embed=1"></iframe>'
    page.goto(origin)
    expect(page.frame_locator("iframe").get_by_label("您想说什么？")).to_have_count(0)
    context.close()
