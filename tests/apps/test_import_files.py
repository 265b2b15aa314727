"""What does bad input get? A clear message with its place, good rows in, nothing executed, memory bounded."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.channels.contract import Fault
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake
from tests import make
from tests.apps.arrivals import HEADER, MAPPING, bring_in, content, counts, row, table
from tests.make import Bank

pytestmark = pytest.mark.one_database

HEAD = ",".join(HEADER)


def line(number: int, **fields: str) -> str:
    return ",".join(row(number, **fields).values())


def raw(path: Path, *lines: str | bytes) -> Path:
    path.write_bytes(b"".join((each.encode() if isinstance(each, str) else each) + b"\n" for each in lines))
    return path


def test_an_empty_file_says_so(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    with pytest.raises(Fault, match="是空的"):
        bring_in(raw(tmp_path / "a.csv").parent / "a.csv")
    assert not Import.objects.exists()


def test_a_product_of_more_signs_than_fit_says_so(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    with pytest.raises(Fault, match="最多 80 个字"):
        bring_in(table(tmp_path / "a.csv", [row(0)]), product="卡" * 81)
    assert not Import.objects.exists()


def test_a_file_of_only_a_header_says_so(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    with pytest.raises(Fault, match="只有表头"):
        bring_in(raw(tmp_path / "a.csv", HEAD))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_does_not_matter(encoding: str, tmp_path: Path, bank: Bank, lake: Lake) -> None:
    imported = bring_in(table(tmp_path / "a.csv", [row(number) for number in range(6)], encoding=encoding))
    assert counts(imported) == (6, 6, 0, 0, 0)
    assert any("柜员态度很好" in each["text"] for each in content(lake)["voices"])


def test_a_broken_byte_costs_its_row_alone(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    broken = line(1).encode().replace("反映".encode(), b"\xff\xfe")
    imported = bring_in(raw(tmp_path / "a.csv", HEAD, line(0), broken, line(2)))
    assert counts(imported) == (3, 2, 0, 0, 1)
    assert Quarantined.objects.get().row == 3


def test_a_quote_that_never_closes_loses_no_good_row_in_silence(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    lines = [line(number) for number in range(40)]
    lines[20] = lines[20].replace("排队", '"排队').replace("柜员", '"柜员').replace("手机", '"手机')
    imported = bring_in(raw(tmp_path / "a.csv", HEAD, *lines))
    read, new, _same, _changed, quarantined = counts(imported)
    assert new + quarantined == read
    assert new >= 20
    assert quarantined >= 1 or new == 40


def test_a_cell_of_fifty_megabytes_is_kept_out_and_the_others_go_in(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD + "\n" + line(0) + "\n")
        file.write(line(1, 内容="长" * 17_000_000) + "\n")
        file.write(line(2) + "\n")
    imported = bring_in(path)
    assert counts(imported)[1] == 2
    waiting = Quarantined.objects.get()
    assert waiting.row == 3
    assert len(waiting.sealed) < 2_000_000


def test_a_million_columns_are_refused_with_a_reason(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    path = raw(tmp_path / "a.csv", ",".join(f"c{number}" for number in range(1_000_000)), "x," * 999_999)
    with pytest.raises(Fault, match="表头"):
        bring_in(path)
    assert questions.count(lake, Slice()) == 0


def test_a_row_with_a_million_fields_is_kept_apart(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    imported = bring_in(raw(tmp_path / "a.csv", HEAD, line(0), line(1) + ",多" * 1_000_000, line(2)))
    assert counts(imported)[1] == 2
    assert Quarantined.objects.get().row == 3


def test_a_spreadsheet_bomb_is_refused_before_it_opens(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", "<Types/>")
        bomb.writestr("xl/workbook.xml", "<workbook/>")
        with bomb.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(420):
                sheet.write(b"0" * 1_000_000)
    with pytest.raises(Fault, match="最多 400 MB"):
        bring_in(path, form="xlsx", mapping='format = "xlsx"\nchannel = "other"\n[columns]\ntext = "a"\n')


def test_what_only_calls_itself_a_spreadsheet_is_told_apart(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    path = raw(tmp_path / "a.xlsx", "PK not a zip at all")
    with pytest.raises(Fault):
        bring_in(path, form="xlsx", mapping='format = "xlsx"\nchannel = "other"\n[columns]\ntext = "a"\n')
    failed = Import.objects.get()
    assert failed.state == "failed"
    assert failed.fault["message"]


def test_script_in_a_text_is_shown_and_never_run(tmp_path: Path, bank: Bank, lake: Lake, quality: Staff) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    imported = bring_in(table(tmp_path / "a.csv", [row(1, 内容=evil), row(2, 机构=evil)]))
    browser = make.client(quality)
    for page in (
        f"/imports/{imported.pk}/",
        f"/imports/{imported.pk}/quarantine/",
        f"/quarantine/{Quarantined.objects.get().pk}/",
    ):
        shown = browser.get(page).content.decode()
        assert "<script>alert" not in shown, page
        assert "<img src=x" not in shown, page
    assert "&lt;script&gt;" in browser.get(f"/quarantine/{Quarantined.objects.get().pk}/").content.decode()


def test_a_missing_column_is_named(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    with pytest.raises(Fault, match="内容"):
        bring_in(raw(tmp_path / "a.csv", "编号,时间,机构,客户,评分", "1,2026-01-01,N11,C1,5"))


def test_an_upload_says_what_is_wrong_with_it(quality: Staff, bank: Bank, lake: Lake) -> None:
    browser = make.client(quality)
    answer = browser.post("/imports/new/", {"file": SimpleUploadedFile("空.csv", b"")})
    assert answer.status_code == 422
    assert "是空的" in answer.content.decode()
    answer = browser.post("/imports/new/", {})
    assert answer.status_code == 422
    assert "请先选择" in answer.content.decode()
    assert not Import.objects.exists()


def test_a_file_imported_beyond_ones_reach_is_not_told_of(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    file = table(tmp_path / "留言.csv", [row(0)])
    bring_in(file)
    for unit, told in ((bank.north, False), (bank.head_office, True)):
        browser = make.client(make.staff(f"3{unit.pk:03}", unit, "analyst"))
        upload = {"file": SimpleUploadedFile(file.name, file.read_bytes())}
        page = browser.post("/imports/new/", upload, follow=True)
        assert (page.context["before"] is not None) is told


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("时间.csv", "内容,时间\n好,9999-12-31 24:00:00\n"),
        ("深.json", '[{"id":"1","text":"好"},' + '{"a":' * 5_000 + "1" + "}" * 5_000 + "]"),
        ("深.jsonl", '{"text":"好"}\n' + "[" * 99_999 + "\n"),
        ("苹果.json", '{"feed":{"entry":[{"im:rating":' + '{"a":' * 3_000 + "1" + "}" * 3_000 + "}]}}"),
        ("引号.csv", '内容,时间\n"好\n'),
        ("断.json", '[{"id":"1","te'),
    ],
)
def test_no_file_breaks_the_preview(name: str, content: str, bank: Bank, lake: Lake, quality: Staff) -> None:
    make.post(quality, bank.head_office, "analyst")
    browser = make.client(quality)
    answer = browser.post("/imports/new/", {"file": SimpleUploadedFile(name, content.encode())})
    if answer.status_code == 422:
        assert answer.context["form"].errors["file"], "told at its field, and nothing is kept"
        assert not Import.objects.exists()
    else:
        assert browser.get(answer["Location"], follow=True).status_code == 200


def test_running_numbers_without_their_source_are_warned_of(bank: Bank, lake: Lake, quality: Staff) -> None:
    make.post(quality, bank.head_office, "analyst")
    browser = make.client(quality)
    file = SimpleUploadedFile("问卷.csv", "编号,内容\n1,好\n2,不好\n".encode())
    preview = browser.post("/imports/new/", {"file": file})["Location"]
    assert "流水号" in browser.get(preview).content.decode()
    chosen = {"format": "csv", "channel": "survey", "column_text": "内容", "column_source_id": "编号"}
    assert "流水号" in browser.get(preview, chosen).content.decode()
    assert "请填写“来源”" not in browser.get(preview, chosen | {"series": "2026 年问卷"}).content.decode()
    browser.post(preview, chosen | {"series": "2026 年问卷"})
    assert 'series = "2026 年问卷"' in Import.objects.get().mapping


def test_an_upload_that_nobody_confirmed_can_be_deleted_from_the_list(bank: Bank, lake: Lake, quality: Staff) -> None:
    make.post(quality, bank.head_office, "analyst")
    browser = make.client(quality)
    browser.post("/imports/new/", {"file": SimpleUploadedFile("a.csv", "内容\n好\n".encode())})
    draft = Import.objects.get()
    drop = f"/imports/{draft.pk}/drop/"
    assert drop in browser.get("/imports/").content.decode()
    browser.post(drop)
    assert not Import.objects.exists()


def test_a_short_file_of_which_no_row_is_read_for_one_reason_was_read_wrongly(
    tmp_path: Path, bank: Bank, lake: Lake
) -> None:
    with pytest.raises(Fault, match="3 行无一可读"):
        bring_in(table(tmp_path / "a.csv", [row(number, 时间="昨天") for number in range(3)]))
    assert not Quarantined.objects.exists()
    two_reasons = [row(1, 时间="昨天"), row(2, 评分="很多")]
    assert counts(bring_in(table(tmp_path / "b.csv", two_reasons))) == (2, 0, 0, 0, 2)
    assert counts(bring_in(table(tmp_path / "c.csv", [row(3, 时间="昨天")]))) == (1, 0, 0, 0, 1), (
        "one row tells nothing"
    )
    unknown = [row(1, 机构="N1X"), row(2, 机构="N1X")]
    assert counts(bring_in(table(tmp_path / "d.csv", unknown))) == (2, 0, 0, 0, 2), "they were read well"


def test_the_preview_says_why_a_name_is_no_customer(quality: Staff, bank: Bank, lake: Lake) -> None:
    browser = make.client(quality)
    lines = "留言内容,留言时间,客户姓名\n很好,2026-03-01,张三\n太慢,2026-03-02,张三\n"
    preview = browser.post("/imports/new/", {"file": SimpleUploadedFile("留言.csv", lines.encode())})["Location"]
    assert "“客户姓名”是姓名或昵称" in browser.get(preview).content.decode()
    assert "是姓名或昵称" not in browser.get(preview, {"format": "apple-reviews"}).content.decode()


def test_the_page_of_an_import_tells_what_the_mapping_sets_and_when_it_ended(
    tmp_path: Path, quality: Staff, bank: Bank, lake: Lake
) -> None:
    mapping = MAPPING.replace("[columns]", 'product = "手机银行"\n[columns]', 1)
    imported = bring_in(table(tmp_path / "a.csv", [row(0)]), quality, mapping=mapping)
    browser = make.client(quality)
    page = browser.get(f"/imports/{imported.pk}/").content.decode()
    assert "手机银行</dd>" in page
    assert "官方网站</dd>" in page
    assert "按文件" not in page
    refreshed = browser.get(f"/imports/{imported.pk}/progress/").content.decode()
    assert f"{timezone.localtime(imported.finished_at):%Y-%m-%d %H:%M:%S}" in refreshed
