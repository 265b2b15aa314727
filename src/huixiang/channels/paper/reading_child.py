"""What does the page say? Runs in a process of its own under limits, and never asks a network.

`python -m huixiang.channels.paper.reading_child THREADS MEMORY SECONDS` reads frames {"width", "height"} with a JPEG,
and answers each with {"lines": [{"text", "sure", "box"}], "turned", "width", "height"}, and the JPEG where it was
turned. The models (PP-OCRv6 small) lie in the wheel of rapidocr.
"""

from __future__ import annotations

import io
import sys
from typing import Any

from PIL import Image

from huixiang.channels import pictures
from huixiang.channels.paper import child
from huixiang.channels.paper.lines import Piece, in_rows

LARGEST = 1_600  # pixels of the longer side while text is sought; a slip is read well at this, and A4 still is
FEW = 0.6  # where the mean is below, the page may lie on its side or on its head
TALL = 1.5  # height to width of a piece of text that runs downwards


class Page:
    """Its picture, and what was read of it when it was turned so."""

    def __init__(self, image: Image.Image, pieces: list[Piece], turned: int, *, is_on_its_head: bool = False) -> None:
        self.image, self.pieces, self.turned, self.is_on_its_head = image, pieces, turned, is_on_its_head

    @property
    def rank(self) -> tuple[bool, float]:
        """Upright comes before all: the reader turns each piece for itself, but their order is then wrong."""
        return not (self.lies or self.is_on_its_head), sum(len(piece.text) * piece.sure**2 for piece in self.pieces)

    @property
    def lies(self) -> bool:
        """Does most of its writing run downwards?"""
        tall = sum(piece.height > TALL * piece.width for piece in self.pieces)
        return 2 * tall > len(self.pieces)

    @property
    def is_doubtful(self) -> bool:
        count = len(self.pieces)
        unsure = count > 0 and sum(piece.sure for piece in self.pieces) / count < FEW
        return self.lies or self.is_on_its_head or unsure


def main(threads: int) -> int:
    engine = _engine(threads)
    while (frame := child.receive(sys.stdin.buffer)) is not None:
        image = Image.open(io.BytesIO(frame[1]), formats=("JPEG",)).convert("RGB")
        page = _upright(engine, image)
        width, height = page.image.size
        lines = [_told(piece, width, height) for piece in in_rows(page.pieces)]
        jpeg = pictures.drawn(page.image).jpeg if page.turned else b""
        child.send(OUT, {"lines": lines, "turned": page.turned, "width": width, "height": height}, jpeg)
    return 0


def _told(piece: Piece, width: int, height: int) -> dict[str, Any]:
    box = (piece.left / width, piece.top / height, piece.right / width, piece.bottom / height)
    return {"text": piece.text, "sure": round(piece.sure, 4), "box": [round(each, 5) for each in box]}


def _engine(threads: int) -> Any:
    from rapidocr import RapidOCR

    class Engine(RapidOCR):
        """Tells also how many pieces it had to turn round: it reads them all the same, but their order is wrong."""

        turned = 0

        def cls_and_rotate(self, pieces: Any) -> Any:
            found = super().cls_and_rotate(pieces)
            self.turned = sum(str(label) == "180" for label, _ in found[1].cls_res or ())
            return found

    session = "EngineConfig.onnxruntime."
    chosen = {
        f"{session}intra_op_num_threads": threads,
        f"{session}inter_op_num_threads": 1,
        "Global.log_level": "critical",
        "Global.text_score": 0.0,  # a line that is hardly read is shown, and marked
        "Det.limit_type": "max",  # else a low, broad slip is blown up to 736 pixels of height
        "Det.limit_side_len": LARGEST,
    }
    return Engine(params=chosen)


def _upright(engine: Any, image: Image.Image) -> Page:
    """Read as it lies; where that goes ill, on its other sides until one goes well, else the best of them."""
    tried = [_read(engine, image, 0)]
    for turn in _turns(tried[0]):
        if not tried[-1].is_doubtful:
            break
        tried.append(_read(engine, image.rotate(-turn, expand=True), turn))
    return max(tried, key=lambda page: page.rank)


def _turns(page: Page) -> list[int]:
    """The likeliest first: writing that runs downwards, and was then turned round, runs up the page."""
    if page.lies:
        return [90, 270] if page.is_on_its_head else [270, 90]
    return [180] if page.is_on_its_head else [90, 270, 180]


def _read(engine: Any, image: Image.Image, turned: int) -> Page:
    import numpy as np

    found = engine(np.asarray(image)[:, :, ::-1])
    if found.boxes is None or not found.txts:
        return Page(image, [], turned)
    pieces = [
        Piece(str(text), float(sure), *_bounds(box))
        for text, sure, box in zip(found.txts, found.scores, found.boxes, strict=True)
        if str(text).strip()
    ]
    return Page(image, pieces, turned, is_on_its_head=2 * engine.turned > len(found.txts))


def _bounds(box: Any) -> tuple[float, float, float, float]:
    across, down = [float(x) for x, _ in box], [float(y) for _, y in box]
    return min(across), min(down), max(across), max(down)


if __name__ == "__main__":
    OUT = child.own_output()
    child.limit(int(sys.argv[2]), int(sys.argv[3]))
    sys.exit(main(int(sys.argv[1])))
