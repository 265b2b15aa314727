"""What do the pages look like? Runs in a process of its own under limits.

`python -m huixiang.channels.paper.pages_child NAME AFTER MEMORY SECONDS` reads one frame {"is_pdf": …} with the file,
and writes a frame for each page, {"page", "width", "height"} with its JPEG (none: this page cannot be drawn), and at
last {"end": true}; or {"fault": sentence, "params": …} where it cannot go on.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from huixiang.channels import pictures
from huixiang.channels.contract import Fault
from huixiang.channels.paper import child
from huixiang.channels.paper.pages import LONGEST_SIDE, MOST_PAGES

DOTS = 200  # an inch
LONGEST_PAPER = 14_400  # points: what Acrobat allows, 5 metres; beyond it nobody scans


def main(name: str, after: int) -> int:
    frame = child.receive(sys.stdin.buffer)
    if frame is None:
        return 1
    told, content = frame
    try:
        for number, picture in _of_pdf(content, name, after) if told["is_pdf"] else _of_picture(content, name, after):
            size = {"width": picture.width, "height": picture.height} if picture else {}
            child.send(OUT, {"page": number, **size}, picture.jpeg if picture else b"")
    except Fault as fault:
        child.send(OUT, {"fault": fault.message, "params": fault.params})
        return 0
    child.send(OUT, {"end": True})
    return 0


def _of_picture(content: bytes, name: str, after: int) -> Iterator[tuple[int, pictures.Picture]]:
    if after < 1:
        yield 1, pictures.redrawn(content, name, LONGEST_SIDE)


def _of_pdf(content: bytes, name: str, after: int) -> Iterator[tuple[int, pictures.Picture | None]]:
    paper = _opened(content, name)
    count = len(paper)
    if count > MOST_PAGES:
        raise Fault(
            "“%(name)s”有 %(count)s 页，一次最多 %(most)s 页；请分成几个文件", name=name, count=count, most=MOST_PAGES
        )
    if not count:
        raise Fault("“%(name)s”里一页也没有；请重新扫描", name=name)
    for place in range(after, count):
        yield place + 1, _drawn(paper, place)


def _opened(content: bytes, name: str) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Fault("“%(name)s”加了密码；请去掉密码后再传", name=name) from None
        raise Fault("“%(name)s”不是完整的 PDF；请重新扫描或另存一次", name=name) from None


def _drawn(paper: Any, place: int) -> pictures.Picture | None:
    """None where this page is broken. Its links, forms and scripts are not even looked at."""
    try:
        page = paper[place]
        width, height = page.get_size()
        if not (0 < width <= LONGEST_PAPER and 0 < height <= LONGEST_PAPER):
            return None
        scale = min(DOTS / 72, LONGEST_SIDE / max(width, height))
        image = page.render(scale=scale, may_draw_forms=False).to_pil()
        page.close()
        return pictures.drawn(image)
    except Exception:  # whatever a renderer makes of hostile bytes
        return None


if __name__ == "__main__":
    OUT = child.own_output()
    child.limit(int(sys.argv[3]), int(sys.argv[4]))
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
