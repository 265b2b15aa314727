"""Do texts that say the same bear the same label? Where they do not, no model can be right on both.

python -m benchmarks.labels_alike [--likeness 0.9 0.8] [--sets weibo2018 ...]: pairs of texts by the cosine of their
runs of one and two characters (tf-idf), among the public sets of `benchmarks.learned`. Texts that hang together by
such pairs are a group; each group weighs alike, since one text often repeated makes many pairs, and the interval is by
bootstrap over groups. Below some .8 pairs are alike in words and not in meaning (好吃, 不好吃): they prove nothing.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from benchmarks.learned import DATA, SETS, Set
from huixiang.domain.understanding.learned.grams import Bag, characters
from huixiang.domain.understanding.normal import normalise

_AT_ONCE = 1000  # texts, whose likeness to all others is looked at together
_SAMPLES = 2000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--likeness", nargs="*", type=float, default=[0.9, 0.8])
    parser.add_argument("--sets", nargs="*", default=[each.name for each in SETS])
    args = parser.parse_args()
    if not DATA.exists():
        print(f"{DATA} is not here: nothing to measure")
        return
    print("| set | likeness | pairs | groups | same label | 95 % |")
    print("|---|---|---|---|---|---|")
    bounds = sorted(args.likeness, reverse=True)
    for each in SETS:
        if each.name in args.sets:
            told(each, bounds)


def told(each: Set, bounds: Sequence[float]) -> None:
    texts, labels = read(each)
    pairs = alike(texts, bounds[-1]).tocoo()
    for low, high in pairwise([*reversed(bounds), np.inf]):
        chosen = (pairs.data >= low) & (pairs.data < high)
        one, other = pairs.row[chosen], pairs.col[chosen]
        if len(one):
            cells = f"{low:.2f}–{min(high, 1):.2f}", f"{len(one):,}", *agreed(one, other, labels)
            print(f"| {each.name} | {' | '.join(cells)} |", flush=True)


def read(each: Set) -> tuple[list[str], NDArray[np.str_]]:
    """All texts of a set with their labels."""
    with (DATA / f"{each.name}.csv").open(encoding="utf-8") as file:
        found = [(normalise(line[each.text]), line[each.label]) for line in csv.DictReader(file)]
    return [text for text, _ in found], np.array([label for _, label in found])


def alike(texts: Sequence[str], least: float) -> sparse.csr_matrix:
    """The likeness of each two texts, the first before the second, where it is at least so much."""
    _, rows = Bag.of(characters(texts), 2)
    blocks = []
    for first in range(0, len(texts), _AT_ONCE):
        block = (rows[first : first + _AT_ONCE] @ rows.T).tocsr()
        block.data[block.data < least] = 0
        block.eliminate_zeros()
        blocks.append(block)
    return sparse.triu(sparse.vstack(blocks, "csr"), 1, "csr")


def agreed(one: NDArray[np.int32], other: NDArray[np.int32], labels: NDArray[np.str_]) -> tuple[str, str, str]:
    """How many groups of texts, which share of pairs bears one label (each group weighs alike), and its interval."""
    texts = len(labels)
    hang = connected_components(sparse.csr_matrix((np.ones(len(one)), (one, other)), (texts, texts)), directed=False)[1]
    group = np.unique(hang[one], return_inverse=True)[1]
    shares = np.bincount(group, labels[one] == labels[other]) / np.bincount(group)
    drawn = np.random.default_rng(0).choice(shares, (_SAMPLES, len(shares))).mean(1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return f"{len(shares):,}", f"{shares.mean():.3f}", f"{low:.3f}–{high:.3f}"


if __name__ == "__main__":
    main()
