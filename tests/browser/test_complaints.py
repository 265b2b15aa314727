"""From the angry call to the regulator-proof archive, by the pages alone: can the complaint office work in them?"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.models import Case
from huixiang.domain.complaints.periods import period_of
from huixiang.web.cli import main
from tests import make
from tests.browser.conftest import Address, Visit, accessible, fits, in_english, shot

pytestmark = pytest.mark.one_database
ANGRY = "卡年费 200 元，从没告诉过我，打了三次电话都推来推去！再不解决我就找记者曝光，并向监管部门投诉。"
STEPS = ["register", "attach", "acknowledge", "accept", "contact", "contact", "assign", "take", "attach", "classify",
         "ask_extension", "approve_extension", "extend", "propose", "approve", "reply", "dispute", "apply_review",
         "decide_review", "tell_review", "close", "archive"]  # fmt: skip


class Desk:
    """One browser at which people sit down one after the other, before one case."""

    def __init__(self, page: Page, address: Address) -> None:
        self.page, self.address, self.place, self.shots = page, address, "", 0

    def sits(self, person: Staff) -> None:
        cookie = make.client(person).cookies["sessionid"].value
        home = re.sub(r"(//[^/]+).*", r"\1", self.page.url)
        self.page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": home}])
        self.page.goto(self.place)

    def form(self, verb: str) -> Locator:
        """Of one verb, opened."""
        card = self.page.locator(f"#do-{verb}")
        if not card.is_visible():
            self.page.locator("summary", has_text="也可以").click()
        card.locator("summary").click()
        return card.locator("form")

    def does(self, verb: str, words: str = "", **said: str) -> None:
        """Say what the verb asks for, send it, and keep what the page looks like then."""
        form = self.form(verb)
        for label, chosen in said.items():
            form.get_by_label(label).select_option(chosen)
        if words:
            form.locator("textarea").fill(words)
        form.locator("button").click()
        self.recorded(verb)

    def recorded(self, verb: str) -> None:
        expect(self.page.get_by_text("已记录。")).to_be_visible()
        self.keeps(verb)

    def keeps(self, name: str) -> None:
        self.shots += 1
        shot(self.page, f"case-{self.shots:02}-{name}")


@pytest.fixture
def handler(bank: make.Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


@pytest.fixture
def head(bank: make.Bank) -> Staff:
    """Leads the region above the branch."""
    return make.staff("1201", bank.north, "branch_manager", name="卫八")


def test_from_the_angry_call_to_the_regulator_proof_archive(
    handler: Staff, head: Staff, quality: Staff, visit: Visit, address: Address, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    desk = Desk(visit(handler), address)
    _is_taken_down(desk)
    desk.sits(head)
    _is_known_of(desk)
    desk.sits(handler)
    _is_worked_on(desk)
    _asks_for_longer(desk, handler, head)
    _is_decided_by_four_eyes(desk, handler, head)
    _is_answered_by_letter(desk)
    _is_disputed_and_reviewed(desk, handler, quality)
    case = Case.objects.get()
    assert list(case.events.order_by("seq").values_list("verb", flat=True)) == STEPS
    assert (case.state, case.unit.code, case.cause_code[:1]) == ("archived", "N1", "C")
    _stands_in_the_register(desk, case)
    _is_counted(desk, case)
    _is_proved(desk, tmp_path, capsys)
    in_english(desk.page, {"case-archived": address("complaint", case.pk)})


def _is_taken_down(desk: Desk) -> None:
    page = desk.page
    page.goto(desk.address("complaint_new"))
    page.get_by_label("承办机构").select_option(label="北山支行")
    page.get_by_label("一句话说明").fill("年费没说清就扣了")
    page.get_by_label("事情经过").fill(ANGRY)
    page.get_by_label("投诉请求").fill("退还年费并赔偿")
    page.locator("summary", has_text="投诉人的联系方式").click()
    page.get_by_label("姓名", exact=True).fill("王芳")
    page.get_by_label("电话", exact=True).fill("13800138000")
    recording = {"name": "来电录音.mp3", "mimeType": "audio/mpeg", "buffer": b"ID3\x04" + b"\0" * 900}
    page.get_by_label("附件").set_input_files(recording)
    accessible(page)
    fits(page)
    desk.keeps("intake")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("答复期限")).to_be_visible()
    desk.keeps("receipt")
    page.get_by_role("link", name="去办理").click()
    expect(page.get_by_text("须由上级机构知悉").first).to_be_visible()
    expect(page.get_by_text("13800138000")).to_have_count(0)
    accessible(page)
    fits(page)
    desk.keeps("registered")
    desk.place = page.url
    expect(page.locator("#do-acknowledge")).to_have_count(0)


def _is_known_of(desk: Desk) -> None:
    desk.page.goto(desk.address("complaint_risks"))
    desk.keeps("risk-waits")
    desk.page.goto(desk.place)
    desk.does("acknowledge")
    expect(desk.page.get_by_text("须由上级机构知悉")).to_have_count(0)


def _is_worked_on(desk: Desk) -> None:
    desk.does("accept", 如何告知="电话")
    call = {"联系方式": "电话", "谁联系谁": "我方联系投诉人"}
    desk.does("contact", 结果="无人接听", **call)
    desk.does("contact", "客户要书面答复", 结果="已联系上", **call)
    desk.does("assign", 由谁办理="韩七（1101）")
    desk.does("take")
    page = desk.page
    page.locator("#files summary", has_text="添加附件").click()
    page.locator("#files input[type=file]").set_input_files(
        {"name": "领用合约.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF"}
    )
    page.get_by_role("button", name="添加附件").click()
    expect(page.get_by_role("link", name="领用合约.pdf")).to_be_visible()
    desk.keeps("attach")
    expect(page.locator("#classes").get_by_text("模型建议：").first).to_be_visible()
    page.get_by_role("button", name="采用模型的建议").click()
    desk.recorded("classify")


def _asks_for_longer(desk: Desk, handler: Staff, head: Staff) -> None:
    desk.does("ask_extension", "须调取三年前的开卡录音", 延长为="complex")
    desk.sits(head)
    desk.does("approve_extension")
    desk.sits(handler)
    desk.does("extend", 如何告知="电话")


def _is_decided_by_four_eyes(desk: Desk, handler: Staff, head: Staff) -> None:
    form = desk.form("decide")
    form.get_by_label("补偿金额（元）").fill("800")
    form.locator("textarea").fill("退还年费，补偿 800 元")
    form.locator("button").click()
    expect(desk.page.get_by_text("须经复核：请提交复核")).to_be_visible()
    desk.keeps("above-the-limit")
    desk.page.goto(desk.place)
    form = desk.form("propose")
    form.get_by_label("补偿金额（元）").fill("800")
    form.locator("textarea").fill("退还年费，补偿 800 元")
    form.locator("button").click()
    desk.recorded("propose")
    desk.sits(head)
    desk.does("approve")
    desk.sits(handler)


def _is_answered_by_letter(desk: Desk) -> None:
    page = desk.page
    desk.form("reply").get_by_role("link", name="用模板起草公文").click()
    words = page.get_by_label("正文")
    expect(words).to_have_value(re.compile("请填写：处理结果"))
    words.fill(re.sub("〔请填写：[^〕]*〕", "经核对录音，开卡时未告知；退还年费，补偿 800 元", words.input_value()))
    page.get_by_label("如何告知").select_option(label="信函")
    page.get_by_label("答复写明了核实情况与理由、依据").check()
    accessible(page)
    fits(page)
    desk.keeps("letter")
    page.get_by_role("button", name="封存并办理").click()
    desk.recorded("reply")
    with page.expect_download() as letter:
        page.get_by_role("link", name="PDF").first.click()
    assert letter.value.path().read_bytes().startswith(b"%PDF")


def _is_disputed_and_reviewed(desk: Desk, handler: Staff, quality: Staff) -> None:
    desk.does("dispute", "客户认为赔偿太少")
    desk.does("apply_review")
    desk.sits(quality)
    desk.does("decide_review", "维持：补偿与损失相当")
    desk.does("tell_review", "核查维持原决定，已说明理由", 如何告知="电话")
    desk.sits(handler)
    desk.does("close")
    desk.sits(quality)
    desk.does("archive")
    expect(desk.page.get_by_text("已归档").first).to_be_visible()
    expect(desk.page.get_by_text("没有待您办理的事项")).to_be_visible()
    accessible(desk.page)


def _stands_in_the_register(desk: Desk, case: Case) -> None:
    desk.page.goto(desk.address("complaint_register"))
    expect(desk.page.get_by_text(case.number)).to_be_visible()
    desk.keeps("register")


def _is_counted(desk: Desk, case: Case) -> None:
    period = period_of(timezone.localdate(case.received_at)).code
    desk.page.goto(desk.address("complaint_returns", query=f"period={period}&unit=HQ"))
    desk.page.get_by_role("link", name="1", exact=True).first.click()
    expect(desk.page.get_by_text(case.number)).to_be_visible()
    desk.keeps("return")


def _is_proved(desk: Desk, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file that the page gives holds, and so do the lines here: whoever changed one would be seen."""
    page = desk.page
    page.goto(desk.address("complaints"))
    page.locator(".hx-drop summary", has_text="更多").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="导出").click()
    file = folder / "cases.jsonl"
    download.value.save_as(file)
    assert main(["complaints", "verify"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"lines": len(STEPS), "broken": 0}
    assert main(["complaints", "verify", "--export", str(file)]) == 0
    exported = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (exported["cases"], exported["events"]) == (1, len(STEPS))


def test_a_complaint_is_taken_down_and_a_letters_text_read_on_a_telephone(
    bank: make.Bank, quality: Staff, visit: Visit, address: Address
) -> None:
    small = visit(quality, phone=True)
    small.goto(address("complaint_new"))
    fits(small)
    small.get_by_label("承办机构").select_option(label="北山支行")
    small.get_by_label("一句话说明").fill("等了两小时")
    small.get_by_label("事情经过").fill("只开一个窗口")
    shot(small, "complaint-new-phone")
    small.get_by_role("button", name="登记", exact=True).click()
    small.get_by_role("link", name="去办理").click()
    fits(small)
    shot(small, "complaint-phone")
    for name, args in (("complaint_templates", ()), ("complaint_template", ("reply",))):
        small.goto(address(name, *args))
        accessible(small)
        fits(small)
        shot(small, f"{name}-phone")
