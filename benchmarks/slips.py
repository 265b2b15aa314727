"""How well are paper slips read? The made-up bank's pictures against what was written, plain and as photos come.

python -m benchmarks.slips                        # simulates a small bank, removed afterwards
python -m benchmarks.slips --bank FOLDER --slips 60
"""

from __future__ import annotations

import argparse
import io
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from huixiang.channels.paper.lines import joined
from huixiang.channels.paper.pages import pages
from huixiang.channels.paper.reading import Reader, Reading
from huixiang.simulation import run, scenario

SURE = 0.98  # as apps.slips.models.SURE
CUTS = (0.80, 0.90, 0.95, 0.98, 0.99)
Distort = Callable[[Image.Image, np.random.Generator], Image.Image]


@dataclass
class Score:
    characters: int = 0
    wrong: int = 0  # edits (insertions, deletions, exchanges) that lead to what was written
    seconds: list[float] = field(default_factory=list)
    slips: list[tuple[float, int]] = field(default_factory=list)  # least sure line, edits

    def add(self, truth: str, reading: Reading, seconds: float) -> None:
        edits = distance(truth, joined(reading.lines))
        self.characters, self.wrong = self.characters + len(truth), self.wrong + edits
        self.seconds.append(seconds)
        self.slips.append((min((line.sure for line in reading.lines), default=0.0), edits))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bank", type=Path, help="exports of `huixiang simulate`")
    parser.add_argument("--slips", type=int, default=60)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, Reader() as reader:
        begun = time.perf_counter()
        reader.read(blank())
        loaded = time.perf_counter() - begun
        chosen = list(written(args.bank or simulated(Path(name) / "bank")))
        chosen = chosen[:: max(1, len(chosen) // args.slips)][: args.slips]
        print(
            f"{len(chosen)} slips, {sum(len(truth) for truth, _ in chosen):,} characters; load {os.getloadavg()[0]:.1f}"
        )
        print(f"the first page, with the models loaded: {loaded:.1f} s")
        print(
            f"{'picture':<26}{'CER %':>7}{'whole %':>9}{'sure %':>8}{'sure, wrong %':>15}{'median s':>10}{'p95 s':>7}"
        )
        scores = [measured(title, distort, chosen, reader) for title, distort in WAYS.items()]
        print(f"\nof all {sum(len(score.slips) for score in scores)} readings, by how sure their least sure line is:")
        for cut in CUTS:
            above = [edits for score in scores for least, edits in score.slips if least >= cut]
            wrong = sum(edits > 0 for edits in above)
            print(f"  {cut:.2f} and more: {len(above):>4} slips, {wrong} with a fault, {sum(above)} characters wrong")
        print(f"\nmemory of the reader at its highest: {peak(reader):.0f} MB")


def measured(title: str, distort: Distort, chosen: list[tuple[str, bytes]], reader: Reader) -> Score:
    score, dice = Score(), np.random.default_rng(11)
    for truth, content in chosen:
        image = distort(Image.open(io.BytesIO(content)).convert("RGB"), dice)
        begun = time.perf_counter()
        (page,) = pages(png(image), "slip.png")
        assert page.picture
        score.add(truth, reader.read(page.picture), time.perf_counter() - begun)
    count, took = len(chosen), sorted(score.seconds)
    sure = [edits for least, edits in score.slips if least >= SURE]
    whole = sum(not edits for _, edits in score.slips)
    shares = f"{100 * score.wrong / score.characters:>7.2f}{100 * whole / count:>9.0f}{100 * len(sure) / count:>8.0f}"
    faults = f"{100 * sum(edits > 0 for edits in sure) / max(1, len(sure)):>15.1f}"
    print(f"{title:<26}{shares}{faults}{took[count // 2]:>10.2f}{took[int(0.95 * count)]:>7.2f}", flush=True)
    return score


def photographed(image: Image.Image, dice: np.random.Generator, *, share: float, quality: int) -> Image.Image:
    """On a dark table, from aside, in uneven light, with the camera's noise: `share` of the photo's width is paper."""
    width, height = image.size
    wide, high = round(width / share), round(max(height, 0.5 * width) / share)
    left, top = (wide - width) // 2, (high - height) // 2
    corners = np.array([(left, top), (left + width, top), (left + width, top + height), (left, top + height)], float)
    corners += dice.normal(0, 0.03 * width, (4, 2)) * np.array([1, min(1.0, height / width)])
    sheet = image.convert("RGBA").transform(
        (wide, high), Image.Transform.PERSPECTIVE, seen_from(corners, width, height), Image.Resampling.BICUBIC
    )
    turned = sheet.rotate(float(dice.normal(0, 4)), Image.Resampling.BICUBIC)
    table = Image.new("RGBA", (wide, high), (94, 72, 58, 255))
    seen = np.asarray(Image.alpha_composite(table, turned).convert("RGB"), dtype=float)
    across, down = np.meshgrid(np.linspace(0, 1, wide), np.linspace(0, 1, high))
    light = 0.55 + 0.45 * (across * dice.uniform(-1, 1) + down * dice.uniform(-1, 1) + 1) / 2
    seen = seen * light[..., None] + dice.normal(0, 7, seen.shape)
    out = io.BytesIO()
    Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=quality)
    return Image.open(out).convert("RGB")


def seen_from(corners: np.ndarray, width: int, height: int) -> list[float]:
    """The eight coefficients by which PIL finds, for a pixel of the photo, the pixel of the sheet."""
    sheet = [(0, 0), (width, 0), (width, height), (0, height)]
    rows = []
    for (x, y), (u, v) in zip(corners, sheet, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    return list(np.linalg.solve(np.array(rows), np.array(sheet, float).reshape(8)))


WAYS: dict[str, Distort] = {
    "as scanned": lambda image, dice: image,
    "photo, fills the picture": lambda image, dice: photographed(image, dice, share=0.85, quality=60),
    "photo, a third of it": lambda image, dice: photographed(image, dice, share=0.33, quality=45),
    "upside down": lambda image, dice: image.rotate(180),
    "on its side": lambda image, dice: image.rotate(90, expand=True),
    "photo, out of focus": lambda image, dice: photographed(
        image.filter(ImageFilter.GaussianBlur(3)), dice, share=0.7, quality=40
    ),
    "half the resolution": lambda image, dice: image.resize((image.width // 2, image.height // 2)),
    "a third of the resolution": lambda image, dice: image.resize((image.width // 3, image.height // 3)),
}


def simulated(folder: Path) -> Path:
    bank = scenario.named("planted").sized(until=date(2026, 11, 27), branches=4, months=4)
    for _ in run.live(bank, folder, warn=lambda *told: None):
        pass
    return folder


def written(bank: Path) -> Iterator[tuple[str, bytes]]:
    """What stands on each drawn slip, and its picture."""
    with (bank / "suggestions" / "slips.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            slip = json.loads(line)
            place = bank / "suggestions" / "pictures" / f"{slip['slip']}.png"
            if place.exists():
                yield slip["words"], place.read_bytes()


def distance(one: str, other: str) -> int:
    """Levenshtein's: how many characters must be put in, taken out or exchanged?"""
    row = list(range(len(other) + 1))
    for place, left in enumerate(one, 1):
        row, above = [place], row
        for column, right in enumerate(other, 1):
            row.append(min(row[-1] + 1, above[column] + 1, above[column - 1] + (left != right)))
    return row[-1]


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def blank() -> object:
    (page,) = pages(png(Image.new("RGB", (680, 200), "white")), "blank.png")
    return page.picture


def peak(reader: Reader) -> float:
    assert reader._process
    status = Path(f"/proc/{reader._process.pid}/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
