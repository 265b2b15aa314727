"""A branch manager with a pile of paper: are the slips in before her tea is cold, by keyboard, and none twice?"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.slips import reading, taking
from huixiang.apps.slips.models import Slip
from huixiang.channels.paper.reading import Line, Reader, Reading
from huixiang.channels.pictures import Picture
from huixiang.lake.store import Lake
from tests.apps.arrivals import spoken
from tests.apps.paper import SAID, blank, pdf, slip, two_on_one
from tests.browser.conftest import Address, Visit, accessible, fits, shot
from tests.make import Bank

READ = {
    "slip": [("叫号屏幕字太小，我爸七十多岁看不清", 0.99), ("总怕过号。", 0.71)],
    "blank": [],
    "two": [("叫号屏幕字太小。", 0.98), ("谢谢3号窗口的小姑娘，特别耐心。", 0.99)],
}


class Quick(Reader):
    """Knows each page by its shape: how well one is read is told in tests/apps."""

    def __init__(self) -> None:
        pass

    def close(self) -> None:
        pass

    def read(self, picture: Picture) -> Reading:
        shape = picture.width / picture.height
        kind = "blank" if shape == pytest.approx(2, abs=0.05) else "slip" if shape > 2 else "two"
        tops = [0.12, 0.55] if kind == "slip" else [0.1, 0.75]
        high = 0.3 if kind == "slip" else 0.1
        lines = [
            Line(text, sure, (0.03, top, 0.95, top + high)) for (text, sure), top in zip(READ[kind], tops, strict=False)
        ]
        return Reading(tuple(lines), picture)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "Reader", Quick)


def test_a_pile_is_brought_in_corrected_by_keyboard_and_confirmed(
    visit: Visit, address: Address, bank: Bank, manager: Staff, lake: Lake, tmp_path: Path
) -> None:
    (tmp_path / "一周.pdf").write_bytes(pdf(slip(), blank()))
    (tmp_path / "两张.png").write_bytes(two_on_one())
    page = visit(manager)
    page.goto(address("slips"))
    expect(page.get_by_text("没有要核对的纸质意见")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="上传扫描件或照片").click()
    page.get_by_label("把扫描件、照片拖到这里").set_input_files([tmp_path / "一周.pdf", tmp_path / "两张.png"])
    page.get_by_label("机构").select_option(label=str(bank.north_outlet))
    page.get_by_label("意见单上没有日期时").fill("2026-11-20")
    accessible(page)
    shot(page, "slips-upload")
    page.get_by_role("button", name="上传并读取").click()
    expect(page.get_by_text("收到 2 个文件")).to_be_visible()
    reading.read_all()
    page.goto(address("slips"))
    expect(page.get_by_text("像是几张放在一起")).to_be_visible()
    accessible(page)
    fits(page)
    shot(page, "slips-list")
    page.get_by_role("link", name="逐张核对").click()
    unsure = page.get_by_label("第 2 行")
    expect(unsure).to_be_focused()
    accessible(page)
    shot(page, "slips-correct")
    unsure.fill("总怕过号。谢谢！")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("这一页像是几张放在一起").first).to_be_visible()
    page.get_by_role("button", name="上下切开").click()
    expect(page.get_by_text("核对完了")).to_be_visible()
    assert reading.read_all() == 2
    taking.take_in()
    assert [voice.text for voice in spoken(lake)] == ["叫号屏幕字太小，我爸七十多岁看不清总怕过号。谢谢！"]
    assert AuditRecord.objects.filter(verb="slip.confirm", actor=manager.number).count() == 1
    page.goto(address("slips", query="state=taken"))
    page.get_by_role("link", name="叫号屏幕").click()
    page.get_by_text("当时读出的文字与改动").click()
    accessible(page)
    shot(page, "slips-taken")
    page.get_by_role("link", name="纸质意见").first.click()
    page.get_by_role("link", name="张像是空白").click()
    accessible(page)
    shot(page, "slips-blank")
    page.get_by_role("button", name="不是空白").click()
    page.get_by_label("意见单上写了什么").fill(SAID)
    shot(page, "slips-typed")
    page.get_by_role("button", name="确认，下一张").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("两张.png")


def test_on_the_telephone_in_the_dark_and_without_scripts(
    visit: Visit, address: Address, bank: Bank, manager: Staff, lake: Lake, tmp_path: Path
) -> None:
    (tmp_path / "IMG_1.png").write_bytes(slip())
    (tmp_path / "表.docx").write_bytes(b"PK\x03\x04 not a picture")
    page = visit(manager, phone=True, dark=True, script=False)
    page.goto(address("slips_new"))
    page.get_by_label("把扫描件、照片拖到这里").set_input_files([tmp_path / "表.docx"])
    page.get_by_label("机构").select_option(label=str(bank.north_outlet))
    page.get_by_role("button", name="上传并读取").click()
    expect(page.get_by_role("alert")).to_contain_text("“表.docx”不是能读取的扫描件")
    page.get_by_label("把扫描件、照片拖到这里").set_input_files([tmp_path / "IMG_1.png", tmp_path / "表.docx"])
    page.get_by_role("button", name="上传并读取").click()
    expect(page.get_by_text("收到 1 个文件")).to_be_visible()
    reading.read_all()
    looked = visit(manager, phone=True, dark=True)
    looked.goto(address("slips"))
    accessible(looked)
    fits(looked)
    shot(looked, "slips-list-phone")
    looked.goto(address("slip", Slip.objects.get().pk))
    accessible(looked)
    fits(looked)
    shot(looked, "slips-correct-phone")
    page.goto(address("slip", Slip.objects.get().pk))
    page.get_by_role("button", name="确认，下一张").click()
    expect(page.get_by_text("核对完了")).to_be_visible()
