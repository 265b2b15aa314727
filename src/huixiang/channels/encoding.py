"""In which encoding is this file written? Guessed from the content, and bytes that fit nothing are seen, not lost."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from huixiang.channels.contract import Fault, Meter

ENCODINGS = ("utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "big5")
ENOUGH = 4 << 20  # so many bytes of non-English text decide; plain ASCII decides nothing and is passed over
CHUNK = 1 << 18
_ALIASES = {"utf8": "utf-8", "utf-8-sig": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "utf16": "utf-16"}
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

# What text of a readable row never holds: NUL (no database keeps it) and lone surrogates (bytes that fit nothing).
UNREADABLE = re.compile("[\x00\ud800-\udfff]")


def _keep_apart(error: UnicodeError) -> tuple[str, int]:
    """Undecodable bytes become lone surrogates, so that their row goes to quarantine and the others go in.

    Python's own surrogateescape cannot do it for UTF-16, whose broken bytes may be ASCII.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    broken = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in broken), error.end


codecs.register_error("huixiang-keep-apart", _keep_apart)


def shown(text: str) -> str:
    """The same text as people and databases can hold it: each unreadable character as �."""
    return UNREADABLE.sub("\ufffd", text)


def is_utf8(cells: Iterable[str]) -> str | None:
    """What these cells say if their bytes, read as GB18030, were UTF-8; None where they were not.

    Three Chinese characters or more whose bytes in GB18030 happen to be UTF-8 are no words.
    """
    text = "\0".join(cells)
    if text.isascii():
        return None
    try:
        read = text.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return None
    return read if len(text.encode("ascii", "ignore")) + 2 < len(text) else None


def named(name: str) -> str | None:
    """Which of our encodings does this name mean? None where it means none of them."""
    plain = name.strip().lower().replace("_", "-")
    plain = _ALIASES.get(plain, plain)
    return plain if plain in ENCODINGS else None


def guess(path: Path) -> str:
    """UTF-8, UTF-16 or GB18030? By mark, by NUL bytes, else by which of the two reads more lines without fault."""
    with path.open("rb") as file:
        return guess_of(file)


def guess_of(file: BinaryIO) -> str:
    """As `guess`, of what stands in an open file that begins here and can be sought."""
    start = file.read(4096)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if wide := _without_mark(start):
        return wide
    file.seek(0)
    return _fewer_faults(file)


def open_text(path: Path, encoding: str, meter: Meter | None = None) -> TextIOWrapper:
    """Open for streaming, line ends left as they are. A mark at the start is passed over. The meter counts bytes."""
    name = {"utf-8": "utf-8-sig"}.get(encoding, encoding)
    size = path.stat().st_size
    if not size:
        raise Fault("文件“%(name)s”是空的；请检查导出是否成功", name=path.name)
    if name == "utf-16":
        with path.open("rb") as file:
            marked = file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
        name = "utf-16" if marked else "utf-16-le"
    raw = path.open("rb")
    if meter:
        meter.by(lambda: 1.0 if raw.closed else raw.tell() / size)
    return TextIOWrapper(raw, encoding=name, errors="huixiang-keep-apart", newline="")


def _without_mark(start: bytes) -> str | None:
    """Every other byte NUL: UTF-16 of a program that writes no mark. The text needs some ASCII, as tables have."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    few = max(2, len(start) // 20)
    if odd >= few and even * 10 < odd:
        return "utf-16-le"
    if even >= few and odd * 10 < even:
        return "utf-16-be"
    return None


def _fewer_faults(file: BinaryIO) -> str:
    header, seen, told = file.readline(CHUNK), 0, 0
    file.seek(0)
    utf8, gb18030 = Counter[str](), Counter[str]()
    for lines in _stretches(file):
        if lines.isascii():
            continue
        seen += len(lines)
        told += sum(not line.isascii() for line in lines.split(b"\n"))
        utf8 += _faults(lines, "utf-8")
        gb18030 += _faults(lines, "gb18030")
        if seen >= ENOUGH:
            break
    fewer = (gb18030["lines"], gb18030["bytes"]) < (utf8["lines"], utf8["bytes"])
    if fewer and 2 * utf8["lines"] <= told and _says_utf8(header):
        fewer = False  # a few broken lines of a small file; most of UTF-8 reads as GB18030 too, as nonsense
    return "gb18030" if fewer else "utf-8"  # a tie is UTF-8: few texts in GB18030 read as such by chance


def _says_utf8(line: bytes) -> bool:
    """Two Chinese characters or more that read as UTF-8 are meant so."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return sum(map("\u2e80".__le__, text)) >= 2


def _stretches(file: BinaryIO) -> Iterator[bytes]:
    """Pieces that end with a line, so that no character is cut; a line longer than a piece is cut all the same."""
    rest = b""
    while chunk := file.read(CHUNK):
        whole, end, rest = (rest + chunk).rpartition(b"\n")
        if end:
            yield whole + end
        elif len(rest) > CHUNK:
            yield rest
            rest = b""
    if rest:
        yield rest


def _faults(lines: bytes, encoding: str) -> Counter[str]:
    """How many lines does this encoding not read, and how many bytes in them?"""
    if b"\n" not in lines and len(lines) > CHUNK:  # cut anywhere: a character may be torn at either end
        return Counter(lines=int(not any(_flows(lines[torn:], encoding) for torn in range(4))))
    found = Counter[str]()
    try:
        lines.decode(encoding)
    except UnicodeDecodeError:
        for line in lines.split(b"\n"):
            if broken := len(UNREADABLE.findall(line.decode(encoding, "huixiang-keep-apart"))):
                found += Counter(lines=1, bytes=broken)
    return found


def _flows(piece: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(piece, final=False)
    except UnicodeDecodeError:
        return False
    return True
