"""Does the shipped taxonomy tell the cause of a complaint? Against the causes by which a public set is labelled.

    python -m benchmarks.taxonomy [--rows 1500] [--shared ../shared/data]

The set gives each complaint one cause where the taxonomy tells several, and knows six where JR/T 0169 knows twelve: so
this tells how often the labelled cause is among those told, and how often the first told is the labelled one. The
words were not chosen on this set's labels.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from huixiang.domain.understanding.contract import Understanding
from huixiang.domain.understanding.understander import Understander

SHARED = Path(__file__).parents[1] / "../shared/data"
CAUSES = {  # the set's label → ours
    "营销宣传": "C.marketing",
    "客户服务": "C.service",
    "定价收费": "C.pricing",
    "催收行为": "C.collection",
    "合同条款": "C.contract",
}
BINS = (0.5, 0.7, 0.8, 0.9, 0.97, 1.01)


def rows(path: Path, count: int) -> tuple[list[str], list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        found = [(row["text"], CAUSES[row["label"]]) for row in csv.DictReader(stream) if row["label"] in CAUSES]
    taken = found[:: max(1, len(found) // count)][:count]
    return [text for text, _ in taken], [cause for _, cause in taken]


def causes(each: Understanding) -> dict[str, float]:
    """The causes told of a text, of those that the set knows, with their probability."""
    return {topic.code: topic.probability for topic in each.topics if topic.code in CAUSES.values()}


def reliability(gold: Sequence[str], told: Sequence[dict[str, float]]) -> None:
    print("probability stated   told  labelled so")
    for low, high in pairwise(BINS):
        inside = [(p, code == g) for g, found in zip(gold, told, strict=True) for code, p in found.items()]
        inside = [(p, right) for p, right in inside if low <= p < high]
        if inside:
            mean = sum(p for p, _ in inside) / len(inside)
            print(f"  {mean:>16.3f} {len(inside):>6} {sum(right for _, right in inside) / len(inside):>12.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_500)
    parser.add_argument("--shared", type=Path, default=SHARED)
    args = parser.parse_args()
    path = args.shared / "fin_complaints.csv"
    if not path.exists():
        print(f"the texts are not here ({path}): nothing can be measured")
        return
    texts, gold = rows(path, args.rows)
    understood = Understander().read(texts)
    told = [causes(each) for each in understood]
    among = sum(g in found for g, found in zip(gold, told, strict=True))
    first = [next(iter(found), "") for found in told]
    right = sum(a == b for a, b in zip(gold, first, strict=True))
    silent = sum(not each.topics for each in understood)
    print(f"{len(gold)} complaints: cause among those told {among / len(gold):.3f}, first told {right / len(gold):.3f}")
    print(f"causes told per complaint {sum(map(len, told)) / len(told):.2f}; no topic at all {silent / len(gold):.3f}")
    for name, code in CAUSES.items():
        mine = [g == code for g in gold]
        hits = sum(m and code in found for m, found in zip(mine, told, strict=True))
        of = sum(code in found for found in told)
        counts = f"labelled {sum(mine):>4}  told {of:>4}  both {hits:>4}  recall {hits / sum(mine):.3f}"
        print(f"  {code:<14}{name}  {counts}")
    reliability(gold, told)


if __name__ == "__main__":
    main()
