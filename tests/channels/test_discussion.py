"""Is the record of a talk read as its clerk meant it, and does a hostile file do no harm?"""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from huixiang.channels import discussion
from huixiang.channels.contract import Fault

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ENTITY = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
TYPED = """焦点小组记录　主题：网点排队与服务　日期：2026-03-16　北方分行

记录人：小周
主持人：大家好。
[00:01:20] 参与者A：等了一个小时，
  腿都站麻了。
参与者B（00:02:05）: 时间10:30才开门：不方便。
3号：同意。
P1: OK
参与者C：
"""


def read(text: str, name: str = "座谈.txt", encoding: str = "utf-8") -> discussion.Transcript:
    return discussion.read(text.encode(encoding), name)


def package(document: str, name: str = "word/document.xml") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, document)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_who_said_what_with_times_and_lines_that_go_on(encoding: str) -> None:
    found = read(TYPED, encoding=encoding)
    assert (found.subject, str(found.held_on)) == ("网点排队与服务", "2026-03-16")
    assert [(each.line, each.label, each.start) for each in found.said] == [
        (4, "主持人", None), (5, "参与者A", 80.0), (7, "参与者B", 125.0), (8, "3号", None), (9, "P1", None),
    ]  # fmt: skip
    assert found.said[1].text == "等了一个小时，\n腿都站麻了。"
    assert found.said[2].text == "时间10:30才开门：不方便。", "a time is no speaker"
    assert str(found.faults[0]) == "座谈.txt:10：“参与者C”后面没有话；请补上，或删去这一行"


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("张三 00:00:05\n大家好\n\n李四 00:12\n排队太久\n", ["张三", "李四"]),
        ("张三：00:00:05\n大家好\n李四：00:00:12\n排队太久\n", ["张三", "李四"]),
        ("Speaker 1 00:05\nhello\nSpeaker 2 00:12\nslow\n", ["Speaker 1", "Speaker 2"]),
        ("主持人：大家好\n参与者A（金卡）：排队太久\n参与者 B：太冷\n", ["主持人", "参与者A", "参与者 B"]),
    ],
)
def test_meeting_programs_and_clerks_name_who_speaks_each_in_their_way(text: str, labels: list[str]) -> None:
    """Whoever is not seen to begin would go on in another's name."""
    found = read(text)
    assert [each.label for each in found.said] == labels
    assert not found.faults


def test_word_files_that_another_program_wrote_as_paragraphs_and_as_a_table() -> None:
    made = docx.Document()
    made.add_paragraph("主题：手机银行")
    paragraph = made.add_paragraph("参与者A：")
    paragraph.add_run("登录").bold = True
    paragraph.add_run("太慢")
    table = made.add_table(rows=0, cols=2)
    for who, said in (("主持人", "还有吗？"), ("参与者B", "字太小")):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = who, said
    file = io.BytesIO()
    made.save(file)
    found = discussion.read(file.getvalue(), "座谈.docx")
    assert [(each.label, each.text) for each in found.said] == [
        ("参与者A", "登录太慢"), ("主持人", "还有吗？"), ("参与者B", "字太小"),
    ]  # fmt: skip
    assert found.subject == "手机银行"


@pytest.mark.parametrize(
    "written",
    ["说话人1 00:{}\n", "发言人 1 00:00:{}\n\n", "王小明(00:00:{})：\n", "[00:{}] 参与者A\n", "San Zhang  00:{}\n"],
)
def test_what_meeting_programs_write_is_read_as_they_write_it(written: str) -> None:
    """Who and when stand alone on a line, the words below: 讯飞听见, 通义听悟, 腾讯会议, 飞书妙记."""
    other = written.replace("1", "2").replace("王小明", "客户乙").replace("A", "B").replace("San", "Li")
    said = "大家好。\n我觉得：排队久，\n约的 10:30 还要等"
    told = ["网点座谈\n", written.format("01"), f"{said}\n", other.format("23"), "同意。\n", written.format("32")]
    found = read("".join(told))
    assert [(each.text, each.start) for each in found.said] == [(said, 1.0), ("同意。", 23.0)]
    assert len(found.labels) == 2
    assert "后面没有话" in str(found.faults[0])


def test_subtitles_that_a_program_cut_are_put_together_by_speaker() -> None:
    cues = [("<v 主持人>大家好", 1), ("<v P1>我说", 3), ("<v P1>还有一句", 5), ("P2：同意", 7)]
    blocks = [f"00:00:0{at}.000 --> 00:00:0{at + 1}.000\n{said}" for said, at in cues]
    found = read("WEBVTT\n\n" + "\n\n".join(blocks), "座谈.vtt")
    assert [(each.label, each.text, each.start) for each in found.said] == [
        ("主持人", "大家好", 1.0), ("P1", "我说 还有一句", 3.0), ("P2", "同意", 7.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"  \n", "是空的"),
        ("只是一段话，没有人说。".encode(), "没有找到说话人"),
        (b"\xd0\xcf\x11\xe0old", "旧版 Word"),
        (b"%PDF-1.7", "不是文字记录"),
        (package("x", "xl/workbook.xml"), "不是 Word 文档"),
        (package("<broken"), "不是完整的 XML"),
        (package(f'<w:document xmlns:w="{WORD}"><w:t>' + "啊" * (12 << 20)), "压缩炸弹"),
        (package(f'{ENTITY}<w:d xmlns:w="{WORD}"><w:p>&a;</w:p></w:d>'), "文档类型声明"),
        (package("x")[:-30], "已损坏"),
        (b"0" * (discussion.LARGEST + 1), "超过 8 MiB"),
    ],
)
def test_what_is_no_record_or_means_harm_is_told_and_not_read(content: bytes, told: str) -> None:
    with pytest.raises(Fault, match=told):
        discussion.read(content, "座谈")


def test_a_hostile_record_costs_no_more_than_its_size() -> None:
    """Turns that never end, nothing but faults, and 50 kB of Word that unfold into a gigabyte of tree."""
    endless = read("参与者A：嗯\n参与者B：好\n" + "嗯\n" * 20_000)
    assert (len(endless.said), "参与者B" in str(endless.faults[0])) == (1, True)
    faulty = read("参与者A：好\n" + "参与者B：\n" * 2_000)
    assert (len(faulty.faults), "还有 1900 行" in str(faulty.faults[-1])) == (101, True)
    empty = f'<w:document xmlns:w="{WORD}"><w:body>{"<w:p/>" * 1_000_000}</w:body></w:document>'
    with pytest.raises(Fault, match="压缩炸弹"):
        discussion.read(package(empty), "座谈.docx")
