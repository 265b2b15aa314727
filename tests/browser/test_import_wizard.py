"""Does a file come in by hand as it should: uploaded, looked at, confirmed, watched, mended, then read as voices?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from huixiang.apps.access.models import AuditRecord
from huixiang.apps.feedback.models import Import
from tests.apps.arrivals import row, table
from tests.browser.conftest import Address, Visit, accessible, fits, shot
from tests.make import Bank

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("HUIXIANG_SHARED", ROOT / "../shared/data"))
REAL = SHARED / "icbc_app_reviews.csv"
PATIENCE = 60_000  # milliseconds: the worker starts, understands and writes


@pytest.fixture
def worker(elsewhere: dict[str, str]) -> Iterator[None]:
    """The worker as it runs in a bank: a process of its own."""
    process = subprocess.Popen([sys.executable, "-m", "tests.loop.worker"], cwd=ROOT, env=elsewhere)
    yield
    process.kill()
    process.wait()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Forty good rows as an old system exports them, and two that cannot be read."""
    rows = [row(number) for number in range(40)]
    rows += [row(40, 机构="N13"), row(41, 内容="<b>请致电13800138000</b>", 时间="前天")]
    return table(tmp_path / "官网留言.csv", rows, encoding="gb18030")


def upload(page: Page, path: Path) -> None:
    page.locator("input[type=file]").set_input_files(path)
    expect(page.locator("[data-chosen]")).to_contain_text(path.name)
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_role("heading", name="怎样读这个文件")).to_be_visible(timeout=PATIENCE)


def figure(page: Page, title: str) -> int:
    found = page.locator(".hx-account > div", has=page.get_by_text(title, exact=True)).locator("dd")
    return int(re.sub(r"\D", "", found.inner_text()))


def test_from_upload_to_voices_by_hand(
    file: Path, quality: Any, bank: Bank, lake: Any, worker: None, visit: Visit, address: Address
) -> None:
    page = visit(quality)
    page.goto(address("imports"))
    expect(page.get_by_text("还没有导入过文件")).to_be_visible()
    page.get_by_role("link", name="导入文件").click()
    accessible(page)
    shot(page, "import-1-upload")
    upload(page, file)

    expect(page.get_by_label("内容")).to_have_value("内容")
    expect(page.get_by_label("机构号")).to_have_value("机构")
    page.get_by_label("渠道").select_option("website")
    page.get_by_label("来源编号").select_option("编号")
    page.get_by_label("客户标识").select_option("客户")
    expect(page.get_by_text("前 20 行中 20 行可读")).to_be_visible()
    page.get_by_label("时间").select_option("评分")
    expect(page.locator(".hx-refused").first).to_be_visible()
    page.get_by_label("时间").select_option("时间")
    expect(page.get_by_text("前 20 行中 20 行可读")).to_be_visible()
    page.wait_for_load_state("networkidle")
    accessible(page)
    fits(page)
    shot(page, "import-2-preview")

    page.get_by_role("button", name="确认并导入").click()
    expect(page.get_by_role("status").get_by_text("完成")).to_be_visible(timeout=PATIENCE)
    assert [figure(page, name) for name in ("读取", "新增", "相同", "变更", "隔离")] == [42, 40, 0, 0, 2]
    accessible(page)
    fits(page)
    shot(page, "import-3-account")
    assert not list(Path(Import.objects.get().path).parent.glob("*")), "the upload is gone once it is in"

    page.get_by_role("link", name="修正隔离的行").click()
    expect(page.get_by_role("heading", name="原因")).to_be_visible()
    accessible(page)
    fits(page)
    shot(page, "quarantine")
    page.get_by_role("link", name="第 42 行", exact=True).click()
    wrong = page.locator("[aria-invalid=true]")
    expect(wrong).to_have_value("N13")
    accessible(page)
    shot(page, "quarantine-row")
    page.get_by_role("button", name="修正并入库").click()
    expect(page.get_by_text("N13”不存在").first).to_be_visible()
    wrong.fill("N12")
    page.get_by_role("button", name="修正并入库").click()
    expect(page.get_by_text("已修正，作为新增的声音入库")).to_be_visible()
    expect(page.get_by_role("heading", name="第 43 行")).to_be_visible()
    page.get_by_label("放弃的原因").fill("测试留言")
    page.get_by_role("button", name="放弃这一行").click()
    expect(page.get_by_text("没有等待修正的行")).to_be_visible()

    page.get_by_role("link", name="回到导入").click()
    assert [figure(page, name) for name in ("读取", "新增", "隔离")] == [42, 41, 1]
    page.get_by_role("link", name="看这次导入的声音").click()
    expect(page.get_by_role("heading", name="客户之声", level=1)).to_be_visible()
    expect(page.get_by_text("共 41 条声音")).to_be_visible()
    verbs = set(AuditRecord.objects.values_list("verb", flat=True))
    assert {"import.upload", "import.run", "import.end", "quarantine.read", "quarantine.mend"} <= verbs


def test_on_a_phone_in_the_dark_and_without_script(
    file: Path, quality: Any, bank: Bank, lake: Any, visit: Visit, address: Address
) -> None:
    page = visit(quality, phone=True, dark=True)
    page.goto(address("import_new"))
    upload(page, file)
    accessible(page)
    fits(page)
    shot(page, "import-2-preview-phone-dark")
    page.get_by_role("button", name="放弃这个文件").click()
    expect(page.get_by_text("上传的文件已删除")).to_be_visible()
    fits(page)
    assert not Import.objects.exists()

    plain = visit(quality, script=False)
    plain.goto(address("import_new"))
    plain.locator("input[type=file]").set_input_files(file)
    plain.get_by_role("button", name="上传并核对").click()
    expect(plain.get_by_role("heading", name="怎样读这个文件")).to_be_visible()


def test_mappings_are_chosen_brought_and_taken_along(
    file: Path, tmp_path: Path, quality: Any, bank: Bank, lake: Any, visit: Visit, address: Address
) -> None:
    page = visit(quality)
    page.goto(address("import_new"))
    upload(page, file)
    with page.expect_response(lambda response: "/preview/?" in response.url):
        page.get_by_label("渠道", exact=True).select_option("website")
    expect(page.locator("#reading.htmx-settling, #reading.htmx-swapping")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    with page.expect_download() as kept:
        page.get_by_role("button", name="下载映射").click()
    assert kept.value.suggested_filename == "官网留言.toml"
    mine = tmp_path / "官网留言.toml"
    kept.value.save_as(mine)
    assert 'channel = "website"' in mine.read_text("utf-8")

    page.get_by_label("映射", exact=True).select_option("app-reviews-source-text")
    expect(page.get_by_role("alert")).to_contain_text("文件里没有“text”列")
    expect(page.get_by_label("内容")).to_be_disabled()
    page.get_by_label("用自己的映射文件").set_input_files(mine)
    expect(page.get_by_label("映射", exact=True)).to_have_value("text")
    expect(page.get_by_text("前 20 行中 20 行可读")).to_be_visible()
    expect(page.get_by_label("内容")).to_be_disabled()
    expect(page.get_by_label("映射（TOML）")).to_be_editable()
    accessible(page)
    fits(page)
    page.get_by_label("映射", exact=True).select_option("columns")
    expect(page.get_by_label("内容")).to_be_enabled()
    shot(page, "import-2-mapping")


def test_a_file_that_tells_no_channel_asks_for_it_once(
    tmp_path: Path, quality: Any, bank: Bank, lake: Any, visit: Visit, address: Address
) -> None:
    path = tmp_path / "资料.csv"
    path.write_text("内容\n排队太久\n态度很好\n", "utf-8")
    page = visit(quality)
    page.goto(address("import_new"))
    upload(page, path)
    expect(page.get_by_role("alert")).to_have_text("必填：文件没有写明渠道，请选择。")
    expect(page.locator(".hx-refused")).to_have_count(0)
    expect(page.get_by_role("button", name="确认并导入")).to_be_disabled()
    page.get_by_label("渠道", exact=True).select_option("website")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("button", name="确认并导入")).to_be_enabled()


UNREADABLE = {
    "空.csv": (b"", "“空.csv”是空的"),
    "只有标记.csv": (b"\xef\xbb\xbf", "没有列名，也没有数据"),
    "只有表头.csv": ("时间,内容\n".encode(), "没有数据"),
    "随机.csv": (Random(7).randbytes(4000), "“随机.csv”不是文字表格"),
    "坏表.xlsx": (b"PK\x03\x04" + Random(8).randbytes(4000), "“坏表.xlsx”不是完好的 .xlsx 文件"),
    "照片.png": (b"\x89PNG\r\n\x1a\n" + Random(9).randbytes(4000), "“照片.png”不是文字表格"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_is_told_where_it_was_chosen(
    name: str, tmp_path: Path, quality: Any, bank: Bank, lake: Any, visit: Visit, address: Address
) -> None:
    content, told = UNREADABLE[name]
    (tmp_path / name).write_bytes(content)
    page = visit(quality)
    page.goto(address("import_new"))
    page.locator("input[type=file]").set_input_files(tmp_path / name)
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_role("alert")).to_contain_text(told)
    assert page.url == address("import_new")
    assert not Import.objects.exists(), "nothing of it is kept"
    page.locator("input[type=file]").set_input_files(tmp_path / name)
    expect(page.get_by_role("button", name="上传并核对")).to_be_enabled()


def test_a_preview_is_rendered_once_and_looking_deletes_nothing(
    file: Path, quality: Any, bank: Bank, lake: Any, visit: Visit, address: Address
) -> None:
    page = visit(quality)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/preview/" in request.url else None)
    page.goto(address("import_new"))
    upload(page, file)
    assert len(asked) == 1
    Path(Import.objects.get().path).write_bytes(b"")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("“官网留言.csv”是空的")
    assert Import.objects.exists()


def test_the_real_reviews_come_in_by_hand(
    quality: Any, bank: Bank, lake: Any, worker: None, visit: Visit, address: Address, tmp_path: Path
) -> None:
    """Every third of them, more than two stretches; a second time none. test_stores_and_mappings reads them all."""
    if not REAL.exists():
        pytest.skip(f"the public reviews are not there ({REAL.name})")
    head, *reviews = REAL.read_text("utf-8").splitlines(keepends=True)  # one line each
    (tmp_path / REAL.name).write_text("".join([head, *reviews[::3]]), "utf-8")
    page = visit(quality)
    for expected in ([11_263, 11_263, 0, 0, 0], [11_263, 0, 11_263, 0, 0]):
        page.goto(address("import_new"))
        upload(page, tmp_path / REAL.name)
        page.get_by_label("渠道").select_option("app_review")
        expect(page.get_by_label("内容")).to_have_value("text")
        page.wait_for_load_state("networkidle")
        page.get_by_role("button", name="确认并导入").click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        shot(page, "import-real-running")
        expect(page.get_by_role("status").get_by_text("完成")).to_be_visible(timeout=2 * PATIENCE)
        assert [figure(page, name) for name in ("读取", "新增", "相同", "变更", "隔离")] == expected
        shot(page, "import-real-account")
    page.goto(address("voices"))
    expect(page.get_by_text("共 11,263 条声音")).to_be_visible()
    shot(page, "import-real-voices")
