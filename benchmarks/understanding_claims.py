"""Where do the figures of docs/methods/understanding.md come from? What masking finds, its worst time, the pairs found.

    python benchmarks/understanding_claims.py [--shared ../shared/data] [--pairs 6000]

Reading the pieces, as the method says was done, is a person's work; `--show` prints them for her.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from huixiang.domain.understanding.duplicates import SHORT, THRESHOLD, bands_of
from huixiang.domain.understanding.masking import MARK, mask
from huixiang.domain.understanding.normal import normalise

BANK = ("icbc_app_reviews", "fin_complaints", "bdci2021_bank", "bdci2021_unlabelled")
OTHERS = ("chnsenticorp", "waimai_10k", "weibo2018", "afqmc_pairs", "bq_pairs")
PATTERNS = (
    *(
        "1",
        "13800138000",
        "一三八",
        "我叫",
        "张先生",
        "密码是",
        "中山路12号",
        "a@b.",
        "微信",
        "京A1",
        "先生女士",
        "（",
        "\n",
    ),
    *("139 ", "6222-", "110101199003070", "北京市", "客户：", "ab12", "１", "①", "的"),
)
MEGABYTE = 1_000_000  # bytes


def texts(path: Path) -> Iterator[str]:
    """The texts of a set; of a set of pairs both."""
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield from (row[name] for name in row if name in {"text", "s1", "s2"})


def masking(title: str, paths: Sequence[Path], *, show: bool) -> None:
    count, kinds = 0, Counter[str]()
    for path in paths:
        if not path.exists():
            print(f"  {path.stem}: not here")
            continue
        for text in texts(path):
            count += 1
            before = Counter(MARK.findall(text))
            after = mask(text).text
            kinds.update(Counter(MARK.findall(after)) - before)
            if show and after != text:
                print(f"    {after}")
    told = ", ".join(f"{mark} {found}" for mark, found in kinds.most_common())
    print(f"{title}: {count:,} texts, {kinds.total()} pieces: {told}")


def slowest() -> None:
    """A megabyte of one pattern each, in processor time: the machine may do other work."""
    taken = []
    for pattern in PATTERNS:
        text = pattern * (MEGABYTE // len(pattern.encode()))
        began = time.process_time()
        mask(text)
        taken.append((time.process_time() - began, pattern))
    (least, _), (most, which) = min(taken), max(taken)
    print(f"a megabyte of one pattern, {len(taken)} patterns: {least:.1f} to {most:.1f} s, most for {which!r}")


def pairs(path: Path, count: int) -> None:
    """All pairs alike, by brute force, and how many of them share a key."""
    normals = list(dict.fromkeys(filter(lambda each: len(each) >= SHORT, map(normalise, texts(path)))))[:count]
    grams = [frozenset(map("".join, pairwise(text))) for text in normals]
    order = sorted(range(len(grams)), key=lambda place: len(grams[place]))
    alike = []
    for at, one in enumerate(order):
        for other in order[at + 1 :]:
            if len(grams[one]) < THRESHOLD * len(grams[other]):
                break  # all that follow are longer still
            both = len(grams[one] & grams[other])
            if both >= THRESHOLD * (len(grams[one]) + len(grams[other]) - both):
                alike.append((one, other))
    filed = [frozenset(keys) for keys in bands_of(normals)]
    shared = sum(not filed[one].isdisjoint(filed[other]) for one, other in alike)
    print(f"near-duplicates: {len(normals):,} texts, {len(alike)} pairs alike, {shared} share a key")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[1] / "../shared/data")
    parser.add_argument("--pairs", type=int, default=6_000)
    parser.add_argument("--show", action="store_true", help="print the masked texts")
    args = parser.parse_args()
    masking("bank", [args.shared / f"{name}.csv" for name in BANK], show=args.show)
    masking("other trades", [args.shared / f"{name}.csv" for name in OTHERS], show=args.show)
    slowest()
    pairs(args.shared / f"{BANK[0]}.csv", args.pairs)


if __name__ == "__main__":
    main()
