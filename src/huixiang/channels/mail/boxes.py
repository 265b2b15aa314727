"""Where does one mail end and the next begin? Mboxes of any size as a stream, EML files alone, in a folder or a ZIP."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from huixiang.channels.contract import Fault, Meter
from huixiang.channels.mail.letters import LARGEST

LARGEST_OPENED = 8 << 30  # bytes of all mails of a ZIP together: told by its list before anything is unzipped
MOST_FILES = 500_000
SUFFIXES = (".eml", ".msg.eml", ".emlx")
_MAILDIR = {"cur", "new"}
_CHUNK = 1 << 20  # of a line: there are attachments without line ends
# "From MAILER-DAEMON Fri Jul  8 12:08:34 2011", Thunderbird's "From - …", Takeout's "From 123@xxx … +0000 2015".
_STRICT = re.compile(rb"From \S.{0,400}\d{1,2}:\d{2}.{0,40}\b(?:19|20)\d{2}\b")
_LENGTH = re.compile(rb"\A(\d{1,10})[ \t]*\r?\n")
_ESCAPED = re.compile(rb"^>+From ")
_HEADER = re.compile(
    rb"(?im)^(?:return-path|received|from|to|date|subject|message-id|mime-version|delivered-to|content-type|x-[\w-]+):"
)


def is_mbox(head: bytes) -> bool:
    """Does this file begin as an mbox does? By its separator; where that has no date, by a header below it."""
    first, _, rest = head.lstrip(b"\xef\xbb\xbf\r\n").partition(b"\n")
    return _STRICT.match(first) is not None or (first.startswith(b"From ") and _HEADER.match(rest) is not None)


def is_eml(head: bytes) -> bool:
    """Does it begin with the headers of a mail? Three that every mail has; a CSV has no such lines."""
    top = re.split(rb"\r?\n\r?\n", _LENGTH.sub(b"", head.lstrip(b"\xef\xbb\xbf\r\n"), 1), maxsplit=1)[0]
    return _HEADER.match(top) is not None and len({name.lower() for name in _HEADER.findall(top)}) >= 3


def is_zip_of_mails(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return "[Content_Types].xml" not in names and any(name.lower().endswith(SUFFIXES) for name in names)


def mails_of_mbox(path: Path, meter: Meter | None = None) -> Iterator[tuple[int, bytes | None]]:
    """Number and bytes of each mail, one at a time in memory; None for one that is too large to be a letter."""
    size = path.stat().st_size
    if not size:
        raise Fault("文件“%(name)s”是空的；请检查导出是否成功", name=path.name)
    with path.open("rb") as file:
        if not is_mbox(file.read(1 << 16)):
            raise Fault("“%(name)s”不是 mbox 邮箱文件：首行应以“From ”开头；单封邮件请用格式 eml", name=path.name)
        file.seek(0)
        if meter:
            meter.by(lambda: 1.0 if file.closed else file.tell() / size)
        yield from enumerate(_cut(file), 1)


def _cut(file: BinaryIO) -> Iterator[bytes | None]:
    """A separator is a line "From …" after an empty one, with a date if the first has one: prose may begin so too."""
    mail, held, after_empty, separator = bytearray(), True, True, None
    begun = line_begins = False
    while line := file.readline(_CHUNK):
        is_whole_line = not begun or line_begins
        if is_whole_line and after_empty and line.startswith(b"From "):
            separator = separator or _separator(line)
            if separator.match(line):
                if begun:
                    yield _closed(mail, held=held)
                mail, held, begun, after_empty, line_begins = bytearray(), True, True, False, True
                continue
        if begun:
            held = held and len(mail) + len(line) <= LARGEST
            mail += (line[1:] if is_whole_line and _ESCAPED.match(line) else line) if held else b""
        after_empty = is_whole_line and not line.strip(b"\r\n")
        line_begins = line.endswith(b"\n")
    if begun:
        yield _closed(mail, held=held)


def _separator(first: bytes) -> re.Pattern[bytes]:
    return _STRICT if _STRICT.match(first) else re.compile(rb"From \S")


def _closed(mail: bytearray, *, held: bool) -> bytes | None:
    return bytes(mail) if held else None


def mails_of_files(path: Path, meter: Meter | None = None) -> Iterator[tuple[int, bytes | None]]:
    """The mails of a folder, of a ZIP, or the one of a file; in the order of their names, so that numbers stay."""
    if path.is_dir():
        yield from _of_folder(path, meter)
    elif zipfile.is_zipfile(path):
        yield from _of_zip(path, meter)
    else:
        yield 1, _one(path)


def _letter(data: bytes) -> bytes:
    """Apple's mail program (.emlx) writes how long the mail is in a first line, and notes of its own behind it."""
    found = _LENGTH.match(data)
    return data[found.end() : found.end() + int(found[1])] if found else data


def _one(path: Path) -> bytes | None:
    if path.stat().st_size > LARGEST:
        return None
    data = _letter(path.read_bytes())
    if not is_eml(data[: 1 << 16]):
        raise Fault("“%(name)s”不是邮件：开头没有发件人、主题等邮件头；请导出为 EML 后重试", name=path.name)
    return data


def files_of(folder: Path) -> list[Path]:
    """The mails of a folder: EML files anywhere beneath it, or a Maildir's cur and new."""
    return sorted(
        each
        for each in folder.rglob("*")
        if each.is_file() and (each.suffix.lower() in SUFFIXES or each.parent.name in _MAILDIR)
    )


def _of_folder(folder: Path, meter: Meter | None) -> Iterator[tuple[int, bytes | None]]:
    files = files_of(folder)
    if not files:
        raise Fault("文件夹“%(name)s”里没有 .eml 邮件；请核对路径", name=folder.name)
    done = 0
    if meter:
        meter.by(lambda: done / len(files))
    for done, each in enumerate(files, 1):
        yield done, None if each.stat().st_size > LARGEST else _letter(each.read_bytes())


def _of_zip(path: Path, meter: Meter | None) -> Iterator[tuple[int, bytes | None]]:
    with zipfile.ZipFile(path) as archive:
        parts = _checked(path, archive)
        done = 0
        if meter:
            meter.by(lambda: done / len(parts))
        for done, part in enumerate(parts, 1):
            yield done, None if part.file_size > LARGEST else _letter(_unzipped(archive, part))


def _unzipped(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """zipfile stops at the size that the list tells, and checks the sum; what is broken is refused as a mail."""
    try:
        return archive.read(part)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, ValueError, NotImplementedError, EOFError):
        return b""


def _checked(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    parts = [part for part in archive.infolist() if Path(part.filename).suffix.lower() in SUFFIXES]
    parts = sorted((part for part in parts if "__MACOSX" not in part.filename), key=lambda part: part.filename)
    opened = sum(part.file_size for part in parts)
    if not parts:
        raise Fault("压缩包“%(name)s”里没有 .eml 邮件；请核对内容", name=path.name)
    if any(part.flag_bits & 1 for part in parts):
        raise Fault("压缩包“%(name)s”加了密码；请去掉密码后重试", name=path.name)
    if opened > LARGEST_OPENED or len(parts) > MOST_FILES:
        raise Fault(
            "压缩包“%(name)s”展开后有 %(opened)s MB、%(files)s 封邮件，最多 %(most)s MB、%(most_files)s 封；请分成几个",
            name=path.name,
            opened=opened >> 20,
            files=len(parts),
            most=LARGEST_OPENED >> 20,
            most_files=MOST_FILES,
        )
    return parts
