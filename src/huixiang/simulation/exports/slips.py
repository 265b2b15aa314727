"""What lies in the suggestion boxes? Slips as typed in by a clerk, and pictures of some as people wrote them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from io import BytesIO
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from huixiang.simulation.bank import Bank
from huixiang.simulation.exports.waiting import Text
from huixiang.simulation.moments import aware

FILE = "suggestions/slips.jsonl"
MOST_PICTURES = 120
# Fonts that look written by hand, from Debian's packages; the first that is there is used.
FONTS = (
    Path("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf"),
    Path("/usr/share/fonts/truetype/arphic/ukai.ttc"),
    Path("/usr/share/fonts/truetype/arphic-gkai00mp/gkai00mp.ttf"),
)
PACKAGE = "fonts-lxgw-wenkai"  # of the first
LINE, SIZE, WIDTH = 17, 34, 680  # characters a line, pixels a character, pixels of the slip
MARKS = frozenset("，。、；：！？”’）》…～,.;:!?)")  # begin no line


class Slips:
    """`suggestions/slips.jsonl`, and `suggestions/pictures/*.png` of some of them, spread over the whole history."""

    def __init__(self, folder: Path, bank: Bank) -> None:
        self._bank, self._count, self._path = bank, 0, folder / FILE
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("w", encoding="utf-8")

    def write(self, texts: Iterable[Text]) -> Iterator[tuple[str, str, Text]]:
        """The next in order of time; yields each with file and number."""
        for place, voice in enumerate(texts, self._count + 1):
            number, self._count = f"Y{place:06d}", place
            slip = {
                "slip": number,
                "date": f"{aware(self._bank.scenario.first_day, voice.day, voice.second):%Y-%m-%d}",
                "outlet": self._bank.network.codes[voice.outlet],
                "words": voice.text,
            }
            self._file.write(json.dumps(slip, ensure_ascii=False) + "\n")
            yield FILE, number, voice

    def close(self) -> None:
        """Finish the file, and draw some slips one by one."""
        self._file.close()
        if has_font():
            with self._path.open(encoding="utf-8") as lines:
                step = max(1, self._count // MOST_PICTURES)
                chosen = islice(lines, 0, step * MOST_PICTURES, step)
                _pictures(self._path.parent / "pictures", map(json.loads, chosen), self._bank.dice.of("slips"))


def has_font() -> bool:
    """Can slips be drawn? Only where a Chinese font that looks written is installed."""
    return any(font.exists() for font in FONTS)


def lines_of(text: str) -> Iterator[str]:
    """As people write: no line begins with a mark, what it belongs to goes down with it."""
    while len(text) > LINE:
        end = next((end for end in range(LINE, LINE - 3, -1) if text[end] not in MARKS), LINE)
        yield text[:end]
        text = text[end:]
    yield text


def _pictures(folder: Path, slips: Iterable[Mapping[str, str]], dice: np.random.Generator) -> None:
    folder.mkdir(exist_ok=True)
    for slip in slips:
        (folder / f"{slip['slip']}.png").write_bytes(picture(slip["words"], dice))


def picture(text: str, dice: np.random.Generator) -> bytes:
    """One slip as a PNG: lined paper, each character a little off its place, the sheet a little askew."""
    lines = list(lines_of(text))
    height = 70 + (SIZE + 18) * len(lines)
    sheet = Image.new("L", (WIDTH, height), 250)
    pen = ImageDraw.Draw(sheet)
    for row, line in enumerate(lines):
        top = 32 + row * (SIZE + 18)
        pen.line((20, top + SIZE + 8, WIDTH - 20, top + SIZE + 8), fill=215)
        for column, character in enumerate(line):
            across, down = dice.normal(0, 1.2, 2)
            place = (28 + column * (SIZE + 2) + across, top + down)
            pen.text(place, character, font=_font(SIZE + int(dice.integers(-2, 3))), fill=int(dice.integers(15, 70)))
    sheet = sheet.rotate(float(dice.normal(0, 0.7)), fillcolor=250, resample=Image.Resampling.BILINEAR)
    grain = dice.normal(0, 4, (height, WIDTH))
    paper = Image.fromarray(np.clip(np.asarray(sheet, dtype=float) + grain, 0, 255).astype(np.uint8))
    out = BytesIO()
    paper.save(out, "PNG", compress_level=1)  # grain does not pack: a higher level costs time and saves nothing
    return out.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(next(font for font in FONTS if font.exists()), size)
