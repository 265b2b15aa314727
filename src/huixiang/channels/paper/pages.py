"""Which pages does a scan or photo hold? Each drawn anew as a picture, by a child of little memory and time.

Looked at by content, never by name. A PDF can be a program, a mountain of pages or one page of a hectare: how many
there are and how large they are is asked before one is drawn, and what draws them holds nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec

from huixiang.channels.contract import Fault, marked
from huixiang.channels.paper import child
from huixiang.channels.pictures import Picture

LARGEST_PDF, LARGEST_PICTURE = 60_000_000, 20_000_000  # bytes
MOST_PAGES = 300
LONGEST_SIDE = 2_400  # pixels: A4 at 200 dots an inch
MOST_MEMORY = 1_500 << 20  # bytes of address space
LONGEST_RUN = 600  # seconds of processor time for a file
LONGEST_PAGE = 60.0  # seconds until the next page must be there
MOST_BROKEN_OFF = 4  # times that a file may end a child
CHILD = "huixiang.channels.paper.pages_child"


@dataclass(frozen=True, slots=True)
class Page:
    """`number` counts from 1; a picture is one page. `fault` says why one could not be drawn; the others go on."""

    number: int
    picture: Picture | None
    fault: Fault | None = None


def refuse(size: int, start: bytes, name: str) -> None:
    """May it be taken in at all, by its size and its first bytes? Raises Fault."""
    if not size:
        raise Fault("“%(name)s”是空的；请重新扫描或拍照", name=name)
    is_pdf = _is_pdf(start)
    most = LARGEST_PDF if is_pdf else LARGEST_PICTURE
    if size > most:
        told = (
            marked("“%(name)s”超过 %(most)s MB；请分成几个文件，或把扫描分辨率降到 200 dpi")
            if is_pdf
            else marked("“%(name)s”超过 %(most)s MB；请把照片缩小后再传")
        )
        raise Fault(told, name=name, most=most // 1_000_000)
    if is_pdf and not find_spec("pypdfium2"):
        raise Fault("“%(name)s”是 PDF，这里没有安装读取 PDF 的部件；请管理员安装 huixiang[ocr]，或改传图片", name=name)
    if not is_pdf and not _looks_like_picture(start):
        raise Fault("“%(name)s”不是能读取的扫描件；请用 PDF、JPEG、PNG 或 WebP", name=name)


def pages(content: bytes, name: str, after: int = 0) -> Iterator[Page]:
    """The pages beyond `after`, one at a time. Raises Fault where the file as a whole cannot be read.

    A page at which the child breaks off (a limit, or a fault of the renderer) is told as broken, and a fresh child goes
    on behind it: one bad page does not cost the pile. Not for ever: a file of bombs is given up.
    """
    reached = after
    for _broken_off in range(MOST_BROKEN_OFF):
        for page in _drawn_by_one_child(content, name, reached):
            if page is None:
                return
            reached = page.number
            yield page
        if not _is_pdf(content):
            break
        reached += 1
        yield _page({"page": reached}, b"", name)
    raise Fault(
        "“%(name)s”读到第 %(page)s 页时内容损坏，或展开后过大；请重新扫描这一页以后的各页，另存为新文件",
        name=name,
        page=max(reached, 1),
    )


def _drawn_by_one_child(content: bytes, name: str, after: int) -> Iterator[Page | None]:
    """Its pages, and None at the end; without that None it was killed by a limit, or by us."""
    with child.started(CHILD, name, after, MOST_MEMORY, LONGEST_RUN) as process:
        assert process.stdin
        assert process.stdout
        with child.at_most(process, LONGEST_PAGE):
            try:
                child.send(process.stdin, {"is_pdf": _is_pdf(content)}, content)
            except BrokenPipeError:
                return
        while True:
            with child.at_most(process, LONGEST_PAGE):
                frame = child.receive(process.stdout)
            if frame is None:
                return
            told, jpeg = frame
            if "end" in told:
                yield None
                return
            if "fault" in told:
                raise Fault(told["fault"], **told["params"])
            yield _page(told, jpeg, name)


def _page(told: dict[str, int], jpeg: bytes, name: str) -> Page:
    if not jpeg:
        fault = Fault("“%(name)s”第 %(page)s 页无法打开；请单独重新扫描这一页", name=name, page=told["page"])
        return Page(told["page"], None, fault)
    return Page(told["page"], Picture(jpeg, told["width"], told["height"]))


def _is_pdf(start: bytes) -> bool:
    """Readers look for it in the first kilobyte."""
    return b"%PDF-" in start[:1024]


def _looks_like_picture(start: bytes) -> bool:
    return start.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (
        start[:4] == b"RIFF" and start[8:12] == b"WEBP"
    )
