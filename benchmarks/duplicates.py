"""Are near-copies found, at what cost, and how fast? Beside plain rensa, on the same made-up or real texts.

    OMP_NUM_THREADS=1 .venv/bin/python -m benchmarks.duplicates [--documents 20000] [--shared ../shared/data]

Near-copies are planted by edits: a character left out, put in, changed or swapped, a tail, a head, signs, two sentences
exchanged. Exact Jaccard similarity of character pairs decides which pairs are copies (0.8 and more). "recall": of those
planted pairs, how many share a band (candidates) and how many `Copies` finds (found: some earlier text alike). "extra":
candidate pairs that are no copies, as a share of all candidate pairs.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rensa import RMinHash, RMinHashLSH

from huixiang.domain.understanding.duplicates import COMMON, SHORT, Copies, alike, bands_of
from huixiang.domain.understanding.normal import normalise

EDITS = ("left out", "put in", "changed", "swapped", "tail", "head", "signs", "sentences")
WORDS = "我你他手机银行卡钱转账打开登录不上好用慢快员工排队年费网点查询余额"


def edited(text: str, kind: str, dice: np.random.Generator) -> str:
    at = int(dice.integers(1, len(text) - 1))
    new = WORDS[int(dice.integers(len(WORDS)))]
    return {
        "left out": text[:at] + text[at + 1 :],
        "put in": text[:at] + new + text[at:],
        "changed": text[:at] + new + text[at + 1 :],
        "swapped": text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :],
        "tail": text + "谢谢",
        "head": "您好" + text,
        "signs": text.replace("，", "").replace("。", "！"),
        "sentences": text[at:] + text[:at],
    }[kind]


def texts(shared: Path, count: int) -> list[str]:
    path = shared / "icbc_app_reviews.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        found = dict.fromkeys(normalise(row["text"]) for row in csv.DictReader(stream))
    return [text for text in found if len(text) >= SHORT + 4][:count]


def candidates(bands: Sequence[Sequence[int]]) -> set[tuple[int, int]]:
    """Pairs that share a band which is no turn of phrase."""
    filed: dict[int, list[int]] = defaultdict(list)
    for row, keys in enumerate(bands):
        for key in set(keys):
            filed[key].append(row)
    return {(a, b) for rows in filed.values() if len(rows) <= COMMON for a in rows for b in rows if a < b}


def pieces(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]


def plain_rensa(corpus: Sequence[str], slots: int = 64, bands: int = 16) -> tuple[set[tuple[int, int]], float]:
    """rensa as its own examples use it: one MinHash a text, its LSH; the pairs it proposes, and documents a second."""
    started = time.process_time()
    index, sketches = RMinHashLSH(0.8, slots, bands), []
    for row, text in enumerate(corpus):
        sketch = RMinHash(slots, 42)
        sketch.update(pieces(text))
        sketches.append(sketch)
        index.insert(row, sketch)
    pace = len(corpus) / (time.process_time() - started)
    found = {(other, row) for row, sketch in enumerate(sketches) for other in index.query(sketch) if other < row}
    return found, pace


def report(
    name: str, found: set[tuple[int, int]], planted: set[tuple[int, int]], corpus: list[str], pace: float
) -> None:
    extra = sum(not alike(corpus[a], corpus[b]) for a, b in found) / max(1, len(found))
    print(f"{name:34}{len(found & planted) / len(planted):>8.4f}{extra:>8.4f}{pace:>10,.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared/data")
    args = parser.parse_args()
    dice, corpus = np.random.default_rng(3), texts(args.shared, args.documents)
    originals, planted = len(corpus), set()
    for row in dice.choice(originals, originals // 4, replace=False).tolist():
        copy = edited(corpus[row], EDITS[int(dice.integers(len(EDITS)))], dice)
        if copy != corpus[row] and alike(corpus[row], copy):
            planted.add((row, len(corpus)))
            corpus.append(copy)
    started = time.process_time()
    bands = bands_of(corpus)
    pace = len(corpus) / (time.process_time() - started)
    print(
        f"{len(corpus):,} texts, {len(planted):,} planted near-copies\n{'':34}{'recall':>8}{'extra':>8}{'docs/s':>10}"
    )
    report("bands_of, candidates", candidates(bands), planted, corpus, pace)
    copies: Copies[int] = Copies()
    started, hit = time.process_time(), 0
    copied = {copy for _, copy in planted}
    for row, (text, keys) in enumerate(zip(corpus, bands, strict=True)):
        first = copies.first_like(text, keys)
        hit += row in copied and first is not None
        if first is None:
            copies.add(row, text, keys)
    both = len(corpus) / (time.process_time() - started + len(corpus) / pace)
    print(f"{'bands and exact Jaccard (Copies)':34}{hit / len(planted):>8.4f}{0:>8.4f}{both:>10,.0f}")
    for slots, split in ((64, 16), (128, 32)):
        found, speed = plain_rensa(corpus, slots, split)
        report(f"plain rensa, {slots} slots in {split} bands", found, planted, corpus, speed)


if __name__ == "__main__":
    main()
