"""Do mails come in as what their writers said, however their programs wrote them?"""

from __future__ import annotations

import io
import mailbox
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import test.test_email

from huixiang.channels import charsets, markup, registry
from huixiang.channels.contract import Defaults, Fault, Meter, Refused, Row
from huixiang.channels.mail import boxes, quoting
from huixiang.channels.mail.formats import MailFormat
from huixiang.domain.feedback import Channel
from huixiang.polling.mailbox import boxed
from tests.channels.letters import letter, mbox
from tests.channels.reading import read

CPYTHON = Path(test.test_email.__file__).parent / "data"  # 47 mails nobody here wrote, many broken on purpose


def kept(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def only(path: Path, content: bytes) -> tuple[str, str]:
    """Title and text of the one voice that this mail is."""
    records, refused = read(kept(path, content), "eml", "")
    assert not refused
    return records[0].title, records[0].text


def test_one_mail_is_one_voice_of_the_website(tmp_path: Path) -> None:
    box = kept(
        tmp_path / "投诉.mbox", mbox(letter(), letter("吞卡了", number="2", Date="Wed, 04 Nov 2026 08:00:00 -0000"))
    )
    guess = registry.guess(box)
    assert guess.format == "mbox"
    records, refused = read(box, "mbox", "")
    assert not refused
    first = records[0]
    assert (first.channel, first.title, first.text) == (Channel.WEBSITE, "投诉", "排队太久")
    assert first.customer == "wang@mail.example"
    moments = [record.said_at.isoformat() for record in records if record.said_at]
    assert moments == ["2026-11-03T10:20:33+08:00", "2026-11-04T08:00:00+00:00"]
    hotline = registry.find("mbox").record(Row(1, {"正文": "x", "邮件编号": "1"}), Defaults(channel=Channel.HOTLINE))
    assert hotline.channel is Channel.HOTLINE


def test_a_mail_has_the_same_number_however_it_comes(tmp_path: Path) -> None:
    alone = kept(tmp_path / "a.eml", letter())
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as parts:
        parts.writestr("信/一.eml", letter())
    folder = tmp_path / "Maildir" / "cur"
    folder.mkdir(parents=True)
    kept(folder / "1762136433.M1P1.host:2,S", letter())
    boxed = kept(tmp_path / "a.mbox", mbox(letter()))
    apple = kept(tmp_path / "7.emlx", f"{len(letter())}   \n".encode() + letter() + b"<?xml version='1.0'?><plist/>")
    files = (alone, archive, tmp_path / "Maildir", apple)
    found = [read(path, "eml", "")[0][0] for path in files] + read(boxed, "mbox", "")[0]
    assert len({record.voice_id(b"k") for record in found}) == 1
    assert len({record.content_hash(b"k") for record in found}) == 1
    assert [registry.guess(path).format for path in (alone, archive, apple, boxed)] == ["eml"] * 3 + ["mbox"]
    assert read(kept(tmp_path / "o.eml", letter(sender="eve@mail.example")), "eml", "")[0][0].voice_id(b"k") not in {
        record.voice_id(b"k") for record in found
    }
    nameless = letter(Message_ID="")
    twice = [read(kept(tmp_path / name, nameless), "eml", "")[0][0].source_id for name in ("b.eml", "c.eml")]
    assert twice[0] == twice[1] != ""


@pytest.mark.parametrize(
    ("charset", "declared"),
    [
        ("gb18030", "gb2312"), ("gb18030", "us-ascii"), ("gb18030", "iso-8859-1"), ("gb18030", "utf-8"),
        ("gb18030", "x-unknown"),
        ("big5", "big5"), ("big5", "gb2312"), ("big5", "us-ascii"), ("utf-8", "gb2312"), ("utf-8", "rot13"),
        ("hz", "hz-gb-2312"),
    ],
)  # fmt: skip
def test_a_wrongly_declared_charset_is_seen_through(charset: str, declared: str, tmp_path: Path) -> None:
    text = "你好，櫃檯排隊太久，請改進服務。" if charset == "big5" else "你好，柜台排队太久，请改进服务。"
    assert only(tmp_path / "a.eml", letter(text, charset=charset, declared=declared))[1] == text


def test_text_of_other_languages_stays_itself() -> None:
    for text in ("Très déçu, le café était fermé à midi.", "Ich möchte mich über die Gebühren beschweren."):
        assert charsets.decode(text.encode("latin-1"), "iso-8859-1") == (text, True)
    assert charsets.decode("目前".encode("gbk"), "") == ("目前", True)
    assert charsets.decode(b"\xff\xfe\xfa\x00", "utf-8")[1] is False


@pytest.mark.parametrize(
    "subject",
    [
        "=?gb2312?B?yrnTw7PJ?= =?gb2312?B?uaY=?=",  # two words, one text
        "=?gb2312?B?yrnTw7PJuQ==?= =?gb2312?B?pg==?=",  # a character torn in two
        "=?utf-8?Q?=E4=BD=BF=E7=94=A8=E6=88=90=E5=8A=9F?=",
        "使用成功",  # 8 bits without a word
        "使用成功".encode("gbk").decode("ascii", "surrogateescape"),
    ],
)
def test_subjects_are_read_as_mailers_write_them(subject: str, tmp_path: Path) -> None:
    assert only(tmp_path / "a.eml", letter(Subject=subject))[0] == "使用成功"


def test_html_is_reduced_to_what_a_person_reads(tmp_path: Path) -> None:
    html = (
        "<html><head><title>x</title><style>p{color:red}</style></head><body><p>卡被<b>吞</b>了，&nbsp;请尽快</p>"
        "<img src='http://evil.example/pixel.gif'><script>alert(1)</script><div style='display:none'>隐藏</div>"
        "<div class='gmail_quote'>旧信<blockquote>更旧</blockquote></div></body></html>"
    )
    assert only(tmp_path / "a.eml", letter(html, Content_Type="text/html; charset=utf-8"))[1] == "卡被吞了， 请尽快"
    assert markup.text_of("<div>" * 2_000 + "深") == "深"


@pytest.mark.parametrize(
    "below",
    [
        "------------------ 原始邮件 ------------------\n发件人: \"客服\" <kf@bank.example>;\n您好",
        "发件人：客服 <kf@bank.example>\n发送时间：2026年11月3日 10:20\n收件人：王\n主题：回复\n\n您好",
        "在 2026年11月3日，10:20，客服 <kf@bank.example> 写道：\n\n> 您好\n> 请提供",
        "At 2026-11-03 10:20:33, \"客服\" <kf@bank.example> wrote:\n>您好",
        "On Tue, Nov 3, 2026 at 10:20 AM Service\n<kf@bank.example> wrote:\n\nDear customer",
        "发自我的iPhone",
        "本邮件及其附件含有保密信息，仅供指定收件人使用；误收请删除。",
        "-- \n王芳\n某某公司",
    ],
)  # fmt: skip
def test_what_others_wrote_before_is_cut(below: str) -> None:
    assert quoting.own_words(f"还是没有解决。\n\n{below}") == "还是没有解决。"


@pytest.mark.parametrize(("hostile", "words"), [("< a", 60_000), ("<td> ", 0), ("<i></b>", 0), ("&lt;", 20_000)])
def test_markup_made_to_take_for_ever_takes_no_longer_than_its_size(hostile: str, words: int) -> None:
    """Text added to text, or a search through all that is open, would take the square of it: hours for one mail."""
    assert len(markup.text_of(f"<table><tr>{hostile * 20_000}")) in (words, words - 1)


def test_what_only_looks_like_a_quotation_stays() -> None:
    for text in ("发件人：不详的短信骚扰我\n金额：100", "我在网点写道：不满意\n请回复", "From now on, no more."):
        assert quoting.own_words(text) == text
    for text in (
        "您好：\n\n本邮件内容请务必保密。我举报柜员泄密给收件人。",
        f"投诉信\n{'_' * 30}\n柜台吞卡三天",
        "先说经过\n--\n再说要求",
        "贵行在2026年公告里写道：\n免收年费。可是收了。",
        "请管管\n来自贵行城东支行的推销电话一天十几个\n发自内心感谢\n来自手机的扣费\nSent via courier yesterday",
    ):
        assert quoting.parted(text) == (text, "")
    assert quoting.parted("没解决\n\n发自我的华为手机\n-- \n王芳\n发件人：李\n发送时间：1\n主题：2\n旧信") == (
        "没解决",
        "旧信",
    )
    between = "在 2026年11月3日，客服 <kf@bank.example> 写道：\n> 卡号？\n信用卡。\n> 时间？\n昨天。"
    assert quoting.own_words(between) == "信用卡。\n昨天。"
    assert quoting.own_words("> 只有引文") == "> 只有引文"
    forwarded = "请处理\n\n-----原始邮件-----\n发件人：王\n主题：投诉\n排队太久"
    assert "排队太久" in quoting.own_words(forwarded, "转发：投诉")


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, "自动回复"), ({"Subject": "Automatic reply: out"}, "自动回复"),
        ({"Auto_Submitted": "auto-generated"}, "系统自动发送"), ({"Precedence": "bulk"}, "群发或邮件列表"),
        ({"List_Id": "<x>"}, "群发或邮件列表"),
        ({"From": "MAILER-DAEMON@mail.example"}, "退信或投递通知"), ({"Return_Path": "<>"}, "退信或投递通知"),
        ({"Subject": "Read: hello"}, "已读回执"),
        ({"X_Spam_Flag": "YES"}, "垃圾邮件"),
    ],
)  # fmt: skip
def test_machines_mails_are_kept_aside_with_the_reason(headers: dict[str, str], reason: str, tmp_path: Path) -> None:
    path = kept(tmp_path / "a.eml", letter(**headers))
    records, refused = read(path, "eml", "")
    assert not records
    assert reason in str(refused[0][1])
    row = next(iter(registry.find("eml").rows(path)))
    assert isinstance(row, Row)
    assert registry.find("eml").record(Row(1, {**row.fields, "自动邮件": ""}), Defaults()).text == "排队太久"


def test_attachments_are_named_and_broken_mails_say_what_to_do(tmp_path: Path) -> None:
    multipart = (
        "--b\nContent-Type: text/plain; charset=utf-8\n\n见附件\n--b\nContent-Type: application/pdf\n"
        "Content-Disposition: attachment; filename*=utf-8''%E5%87%AD%E8%AF%81%201.pdf\n\nx\n--b\n"
        'Content-Type: image/png; name="=?gb2312?B?xr7WpA==?=.png"\nContent-Disposition: attachment\n\nx\n--b--\n'
    )
    content_type = "multipart/mixed; boundary=b"
    whole = kept(tmp_path / "a.eml", letter(multipart, Content_Type=content_type))
    records, _ = read(whole, "eml", "")
    assert records[0].attachments == ("凭证_1.pdf", "凭证.png")
    broken = [letter("没有分隔线", Content_Type=content_type), letter("x").replace(b"x\r\n", b"\xff\xfe\xfa\x81\r\n")]
    records, refused = read(kept(tmp_path / "b.mbox", mbox(letter(), *broken)), "mbox", "")
    assert len(records) == 1
    assert [row for row, _ in refused] == [2, 3]
    assert all("原邮件" in str(fault) for _, fault in refused)


def test_a_mail_made_to_break_its_reader_keeps_no_other_out(tmp_path: Path) -> None:
    deep = "".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(1_200))
    bad = [letter(deep, number="2", Content_Type="multipart/mixed; boundary=b0"), letter("x", declared="a\0b"), b"junk"]
    first = b"DKIM-Signature: v=1\r\n" + letter("首封")
    box = kept(tmp_path / "a.mbox", b"".join(map(boxed, [first, *bad, letter("末封", number="3")])))
    records, refused = read(box, "mbox", "")
    assert [record.text for record in records if record.text != "x"] == ["首封", "末封"]
    assert [row for row, _ in refused if row != 3] == [2, 4]
    assert all("请" in str(fault) for _, fault in refused)
    assert all(files for _, files in MailFormat("", "", (), boxes.mails_of_mbox).enclosing(box))


def test_no_mail_of_another_house_is_lost_or_stops_the_reading(tmp_path: Path) -> None:
    """CPython's own test mails: in one box, cut as its mailbox module cuts them."""
    box = mailbox.mbox(tmp_path / "theirs.mbox", create=True)
    for path in sorted(CPYTHON.glob("*.txt")):
        box.add(path.read_bytes())
    box.flush()
    rows = list(registry.find("mbox").rows(tmp_path / "theirs.mbox"))
    assert [row.number for row in rows] == list(range(1, len(box) + 1))
    said = [row.fields.get("正文", "") for row in rows]
    assert sum("dingus fish" in text for text in said) == 2
    records, refused = read(tmp_path / "theirs.mbox", "mbox", "")
    assert len(records) + len(refused) == len(box)
    assert len(records) > 30


def test_a_box_is_read_in_bounded_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes, "LARGEST", 1 << 20)
    huge = letter("From here on\n" + "长" * 400_000)
    path = kept(tmp_path / "big.mbox", mbox(*[letter("短", number=str(n)) for n in range(200)], huge, letter("末")))
    meter, numbers = Meter(), []
    tracemalloc.start()
    for row in registry.find("mbox").rows(path, meter):
        numbers.append(row.number)
        last = row
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert numbers == list(range(1, 203))
    assert isinstance(last, Row)
    assert last.fields["正文"] == "末"
    assert meter.share == 1.0
    assert peak < 8 << 20


def test_archives_are_judged_by_their_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def archive(**parts: bytes) -> Path:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
            for name, content in parts.items():
                made.writestr(f"{name}.eml", content)
        return kept(tmp_path / "a.zip", held.getvalue())

    with pytest.raises(Fault, match="没有"):
        list(registry.find("eml").rows(kept(tmp_path / "b.zip", b"PK\x05\x06" + bytes(18))))
    monkeypatch.setattr(boxes, "LARGEST_OPENED", 1_000)
    with pytest.raises(Fault, match="展开后"):
        list(registry.find("eml").rows(archive(bomb=bytes(100_000))))
    monkeypatch.undo()
    torn = archive(a=letter(), b=letter(number="2"))
    torn.write_bytes(torn.read_bytes().replace(b"PK\x03\x04", b"PK\x03\x05", 1))
    rows = list(registry.find("eml").rows(torn))
    assert [isinstance(row, Refused) for row in rows] == [True, False]
    broken = archive(a=letter("损" * 500), b=letter(number="2"))
    content = bytearray(broken.read_bytes())
    content[40:60] = bytes([0xFF]) * 20  # within the first one's deflated bytes
    broken.write_bytes(content)
    assert [isinstance(row, Refused) for row in registry.find("eml").rows(broken)] == [True, False]
