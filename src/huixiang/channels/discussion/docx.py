"""Which paragraphs does a Word file hold? Read as hostile: bounded, without entities, DTDs, links or macros.

Only `word/document.xml` is opened, and of it only the words: no relation is followed, no embedded thing unpacked. What
was deleted with changes tracked stays deleted; text boxes, which Word writes twice, are read once.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from huixiang.channels.contract import Fault

MAIN = "word/document.xml"
MOST_MEMBERS = 2_000
MOST_BYTES = 32 << 20  # of the words with their markup; a day's talk has less than 2 MiB
MOST_TAGS = 1_000_000  # a day's talk has less than 100,000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n"}
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def paragraphs(content: bytes, name: str) -> Iterator[tuple[int, str]]:
    """Number (from 1, empty ones counted) and words of each; a table's row is one: “speaker：words”. Raises Fault."""
    root = _parsed(_main(content, name), name)
    for number, block in enumerate(_blocks(root), 1):
        words = _row(block) if block.tag == f"{_W}tr" else _words(block)
        if words.strip():
            yield number, words.strip()


def _main(content: bytes, name: str) -> bytes:
    """The part with the words. Its size is counted while it is unpacked: what the package says of it may be a lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if len(archive.infolist()) > MOST_MEMBERS:
                raise Fault("“%(name)s”里有太多文件，不像 Word 文档；请在 Word 里另存为 .docx 或 .txt", name=name)
            with archive.open(MAIN) as part:
                found = part.read(MOST_BYTES + 1)
    except KeyError:
        raise Fault("“%(name)s”不是 Word 文档（.docx）；请在 Word 里另存为 .docx 或 .txt", name=name) from None
    except _BROKEN:
        raise Fault("“%(name)s”已损坏或有密码，打不开；请在 Word 里另存一份再上传", name=name) from None
    if len(found) > MOST_BYTES:
        raise Fault("“%(name)s”解开后大得可疑（压缩炸弹）；没有读取", name=name)
    return found


def _parsed(found: bytes, name: str) -> etree._Element:
    if found.count(b"<") > MOST_TAGS:  # a tree of them takes thirty times the room of the text
        raise Fault("“%(name)s”解开后大得可疑（压缩炸弹）；没有读取", name=name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(found, parser)
    except etree.XMLSyntaxError:
        raise Fault("“%(name)s”的内容不是完整的 XML；请在 Word 里另存一份再上传", name=name) from None
    if root.getroottree().docinfo.doctype:
        raise Fault("“%(name)s”里有文档类型声明（DTD），Word 从不这样写；没有读取", name=name)
    return root


def _blocks(root: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and rows of tables, in order; what stands in a row is not told again."""
    waiting = list(reversed(list(root)))
    while waiting:
        each = waiting.pop()
        if each.tag in {f"{_W}p", f"{_W}tr"}:
            yield each
        elif each.tag != _FALLBACK and isinstance(each.tag, str):
            waiting.extend(reversed(list(each)))


def _row(row: etree._Element) -> str:
    """A transcript typed as a table: who in one cell, what was said in the next; cells before may tell the time."""
    cells = [" ".join(_words(p) for p in cell.iter(f"{_W}p")).strip() for cell in row.iter(f"{_W}tc")]
    cells = [cell for cell in cells if cell]
    if len(cells) < 2 or cells[-2].endswith(("：", ":")):
        return " ".join(cells)
    return " ".join([*cells[:-2], f"{cells[-2]}：{cells[-1]}"])


def _words(block: etree._Element) -> str:
    parts, waiting = [], [block]
    while waiting:
        each = waiting.pop()
        if each.tag == f"{_W}t":
            parts.append(each.text or "")
        elif each.tag in _BREAKS:
            parts.append(_BREAKS[each.tag])
        elif each.tag != _FALLBACK and isinstance(each.tag, str):
            waiting.extend(reversed(list(each)))
    return "".join(parts)
