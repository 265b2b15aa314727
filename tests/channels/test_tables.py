"""Does every row of a table come in, and does each that cannot say where and why?"""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huixiang.channels import encoding, registry
from huixiang.channels.contract import Fault, Refused
from huixiang.channels.export import safe_cell
from huixiang.domain.feedback import Precision
from tests.channels.reading import HEADER, MAPPING, read, row, table

TEXT_ONLY = 'format = "csv"\nchannel = "app_review"\n[columns]\ntext = "text"\n'


def test_a_row_becomes_a_record_with_all_its_fields(tmp_path: Path) -> None:
    (record,), refused = read(table(tmp_path / "a.csv", [row()]))
    assert not refused
    assert (record.source_id, record.branch, record.customer, record.rating) == ("W1", "N11", "C1", 2.0)
    assert record.said_at == datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    assert record.said_precision is Precision.TIME


@pytest.mark.parametrize("form", ["csv", "xlsx", "sep="])
def test_where_there_is_no_header_columns_are_told_by_number_or_letter(form: str, tmp_path: Path) -> None:
    path = tmp_path / "a.table"
    if form == "xlsx":
        with xlsxwriter.Workbook(str(path)) as book:
            book.add_worksheet().write_row(1, 0, ["W1", "2026-11-20", "排队太久", "x"])
    else:
        path.write_text(("sep=;\n" if form == "sep=" else "\n") + "W1;2026-11-20;排队太久;x\n", "utf-8")
    columns = 'source_id = 1\nsaid_at = ["b"]\ntext = "第3列"\n'
    mapping = f'format = "table"\nchannel = "website"\nheader = 0\nignore = ["D"]\n[columns]\n{columns}'
    (record,), refused = read(path, mapping=mapping)
    assert not refused
    assert (record.source_id, record.text) == ("W1", "排队太久")
    assert record.said_at == datetime(2026, 11, 19, 16, tzinfo=UTC)
    assert not record.extra


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_is_found_out(encoding: str, tmp_path: Path) -> None:
    records, _ = read(table(tmp_path / "a.csv", [row(n) for n in range(30)], encoding))
    assert {record.text for record in records} == {"排队太久"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026年11月20日 下午3点05分", "2026-11-20T15:05:00+08:00"),
        ("2026/11/20 15:05", "2026-11-20T15:05:00+08:00"),
        ("2026-11-20T15:05:00Z", "2026-11-20T15:05:00+00:00"),
        ("二〇二六年十一月二十日 下午三点零五分", "2026-11-20T15:05:00+08:00"),
        ("二零二六年十一月廿日（星期五）", "2026-11-20T00:00:00+08:00"),
        ("20261120", "2026-11-20T00:00:00+08:00"),
        ("1795158300", "2026-11-20T15:05:00+08:00"),
        ("2026-11-20-15.05.00.000000", "2026-11-20T15:05:00+08:00"),
        ("20261120 150500", "2026-11-20T15:05:00+08:00"),
        ("20261120T070500Z", "2026-11-20T15:05:00+08:00"),
        ("20261120150500000", "2026-11-20T15:05:00+08:00"),
        ("2026-11-20T15:05+08:00[Asia/Shanghai]", "2026-11-20T15:05:00+08:00"),
        ("Fri Nov 20 15:05:00 +0800 2026", "2026-11-20T15:05:00+08:00"),
        ("Fri Nov 20 15:05:00 CST 2026", "2026-11-20T15:05:00+08:00"),
        ("Fri, 20 Nov 2026 07:05:00 GMT", "2026-11-20T15:05:00+08:00"),
        ("Nov 20, 2026, 3:05 PM", "2026-11-20T15:05:00+08:00"),
        ("20-NOV-2026", "2026-11-20T00:00:00+08:00"),
    ],
)
def test_dates_are_read_as_chinese_exports_write_them(written: str, meant: str, tmp_path: Path) -> None:
    (record,), _ = read(table(tmp_path / "a.csv", [row(时间=written)]))
    assert record.said_at == datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    "wrong",
    [
        "昨天",
        "26-11-20",
        "2026年13月45日",
        "2027-11-20",
        "11月20日",
        "随便",
        "二〇二六年十三月一日",
        "9999-12-31 24:00:00",
        "11/12/2026",
        "20-NOV-26",
        "1.79516E+12",
    ],
)
def test_a_date_that_cannot_be_known_is_refused_with_its_place(wrong: str, tmp_path: Path) -> None:
    records, [(number, fault)] = read(table(tmp_path / "a.csv", [row(1), row(2, 时间=wrong), row(3)]))
    assert len(records) == 2
    assert (number, fault.column) == (3, "时间")
    assert wrong in str(fault)


@pytest.mark.parametrize(("written", "stars"), [("5星", 5), ("四星", 4), ("好评", 5), ("差评", 1), ("3.5", 3.5)])
def test_ratings_are_read_in_words_and_numbers(written: str, stars: float, tmp_path: Path) -> None:
    (record,), _ = read(table(tmp_path / "a.csv", [row(评分=written)]))
    assert record.rating == stars


def test_a_scale_of_ten_is_mapped_to_five(tmp_path: Path) -> None:
    mapping = MAPPING + "[rating]\nscale = 10\n"
    records, refused = read(table(tmp_path / "a.csv", [row(1, 评分="10"), row(2, 评分="11")]), mapping=mapping)
    assert [record.rating for record in records] == [5.0]
    assert refused[0][1].column == "评分"


def test_a_broken_quote_does_not_swallow_the_rest_of_the_file(tmp_path: Path) -> None:
    lines = [",".join(row(number)) for number in range(200)]
    lines[50] = lines[50].replace("排队太久", '"排队太久')
    path = tmp_path / "a.csv"
    path.write_text("\n".join([",".join(HEADER), *lines]) + "\n", "utf-8")
    records, refused = read(path)
    assert len(records) == 199
    assert [number for number, _ in refused] == [52]


def test_too_many_fields_nul_and_undecodable_bytes_cost_their_row_alone(tmp_path: Path) -> None:
    lines = [",".join(row(number)).encode() for number in range(6)]
    lines[1] += ",多一列".encode()
    lines[3] = lines[3].replace("排队".encode(), b"\x00")
    lines[4] = lines[4].replace("排队".encode(), b"\xff\xfe")
    path = tmp_path / "a.csv"
    path.write_bytes(b"\n".join([",".join(HEADER).encode(), *lines]) + b"\n")
    records, refused = read(path)
    assert len(records) == 3
    assert [number for number, _ in refused] == [3, 5, 6]


@pytest.mark.parametrize(("content", "says"), [(b"", "是空的"), (",".join(HEADER).encode(), "只有表头")])
def test_a_file_without_rows_says_so(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(Fault, match=says):
        read(path)


def test_a_mapping_for_another_file_names_the_columns_there_are(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="文件的列：其他、列"):
        read(table(tmp_path / "a.csv", [["1", "2"]], header=["其他", "列"]))


def test_equal_rows_without_a_number_are_each_a_voice_and_stay_the_same_voices(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    table(one, [["很好"], ["很好"], ["太慢"]], header=["text"])
    table(two, [["新来的一行"], ["很好"], ["很好"], ["太慢"]], header=["text"])
    first, _ = read(one, mapping=TEXT_ONLY)
    again, _ = read(one, mapping=TEXT_ONLY)
    longer, _ = read(two, mapping=TEXT_ONLY)
    ids = [record.source_id for record in first]
    assert len(set(ids)) == 3
    assert ids == [record.source_id for record in again]
    assert set(ids) < {record.source_id for record in longer}


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(
    lambda text: text.strip() and "\ufeff" not in text
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(st.builds("{}\n{}".format, texts, texts), min_size=1, max_size=5))
def test_whatever_is_written_between_quotes_comes_back(said: list[str], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["text"], *[["客户：" + text] for text in said]])
    records, refused = read(path, mapping='encoding = "utf-8"\n' + TEXT_ONLY)
    assert not refused
    assert [record.text.split() for record in records] == [("客户：" + text).split() for text in said]


def test_a_workbook_is_read_with_real_dates_and_long_numbers_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet, moment = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, ["622200000000000001", None, "N11", 1380013, 5, "很好"])
    sheet.write_row(20_000, 0, [" ", None, "\u3000"])  # a forgotten space far below: blank rows are no rows
    sheet.write_datetime(1, 1, datetime(2026, 11, 20, 9, 30), moment)  # noqa: DTZ001  # a sheet knows no zone
    book.close()
    (record,), refused = read(path, "xlsx", MAPPING.replace('"csv"', '"xlsx"'))
    assert not refused
    assert (record.source_id, record.customer, record.rating) == ("622200000000000001", "1380013", 5.0)
    assert record.said_at == datetime(2026, 11, 20, 1, 30, tzinfo=UTC)


def test_what_is_no_workbook_is_refused_kindly(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"not a zip at all")
    with pytest.raises(Fault, match=r"\.xlsx"):
        read(path, "xlsx", MAPPING.replace('"csv"', '"xlsx"'))


@pytest.mark.parametrize("dangerous", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "＝1", "＠x"])
def test_no_cell_of_an_export_is_a_formula(dangerous: str) -> None:
    assert safe_cell(dangerous).startswith("'")
    assert safe_cell("很好") == "很好"


def test_lines_of_utf8_within_a_file_of_gb18030_wait_with_the_reason_and_their_words(tmp_path: Path) -> None:
    lines = [",".join(row(number)) for number in range(40)]
    path = tmp_path / "a.csv"
    gb = "\n".join([",".join(HEADER), *lines, ""]).encode("gbk")
    path.write_bytes(
        gb + ",".join(row(50, 内容="大家都很满意")).encode() + b"\n" + ",".join(row(51)).encode("gbk") + b"\n"
    )
    records, [(number, fault)] = read(path)
    assert len(records) == 41
    assert number == 42
    assert "UTF-8" in str(fault)
    refused = next(each for each in registry.find("csv", MAPPING).rows(path) if isinstance(each, Refused))
    assert refused.fields["内容"] == "大家都很满意"


def test_a_mapping_for_a_table_reads_whichever_it_is(tmp_path: Path) -> None:
    mapping = MAPPING.replace('"csv"', '"table"')
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, row(1))
    for name in ("table", "xlsx", ""):
        assert len(read(path, name, mapping)[0]) == 1
    assert len(read(table(tmp_path / "a.csv", [row(1)]), "table", mapping)[0]) == 1


def test_a_stray_cell_far_away_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["编号", "内容"])
        sheet.write_row(1, 0, ["1", "很好"])
        sheet.write(1048575, 16383, "x")
    with pytest.raises(Fault, match=r"XFD1048576.*请删去远处的空行空列"):
        read(path, "xlsx", MAPPING.replace('"csv"', '"xlsx"'))


def test_a_broken_line_does_not_make_a_small_file_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for broken in ("太慢".encode("gb18030"), "太慢".encode()[:-1], b"\xff\xfe"):
        path.write_bytes("编号,留言内容\n1,很好\n2,".encode() + broken + "\n3,不错\n".encode())
        assert encoding.guess(path) == "utf-8"
    path.write_bytes("编号,留言内容\n1,很好\n".encode("gb18030") + "2,太慢\n".encode())
    assert encoding.guess(path) == "gb18030"


def test_a_pdf_is_told_the_same_whoever_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n")
    for reading in (lambda: registry.guess(path), lambda: read(path)):
        with pytest.raises(Fault, match="不是文字表格"):
            reading()
