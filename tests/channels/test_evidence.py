"""Is a file of a case known by its content, and is what could harm its reader refused?"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from huixiang.channels import evidence
from huixiang.channels.contract import Fault

pytestmark = pytest.mark.one_database
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"


def photo(kind: str = "JPEG") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (8, 8)).save(target, kind)
    return target.getvalue()


def archive(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return target.getvalue()


def bomb() -> bytes:
    """A PNG whose head tells of 60,000 × 60,000 pixels."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    data = struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    return b"\x89PNG\r\n\x1a\n" + chunk + data


WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (photo(), "jpeg"), (photo("PNG"), "png"), (PDF, "pdf"), (archive(**WORD), "word"),
        (b"ID3\x04" + b"\0" * 40, "mp3"), (b"RIFF\x24\0\0\0WAVEfmt ", "wav"), (b"#!AMR\n\x3c", "amr"),
        (b"\0\0\0\x18ftypM4A \0", "mp4"), ("客户说：没有告知。".encode("gb18030"), "text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 40, "old_office"),
    ],
)  # fmt: skip
def test_a_file_is_what_its_content_says(content: bytes, kind: str) -> None:
    assert evidence.kind_of(content, "录音.exe") == kind


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "空的"), (b"MZ\x90\0", "看不出"), (b"#!/bin/sh\nrm", "看不出"), (photo()[:30], "损坏"), (bomb(), "过大"),
        (archive(**{"readme.txt": b"x"}), "压缩包"), (b"PK\x03\x04 broken", "损坏"),
        (archive(**WORD, **{"word/vbaProject.bin": b"x"}), "宏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le"), "宏"),
        (archive(**WORD, **{"word/media/a.bin": b"\0" * (201 << 20)}), "展开后过大"),
    ],
    ids=["empty", "program", "script", "broken", "bomb", "archive", "broken zip", "macros", "old macros", "mountain"],
)  # fmt: skip
def test_what_could_harm_its_reader_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(Fault, match=why):
        evidence.kind_of(content, "证据.docx")


def test_a_name_ends_as_its_content_does() -> None:
    assert evidence.named("C:\\x\\通话.MP3", "mp3") == "通话.MP3"
    assert evidence.named("发票.pdf.exe", "pdf") == "发票.pdf.exe.pdf"
    assert evidence.named("\u202egpj.exe\n", "text") == "gpj.exe.txt"
