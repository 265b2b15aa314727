"""How often is the sentiment right, and are its probabilities honest? On public sets, beside SnowNLP.

    python benchmarks/sentiment.py [--rows 4000] [--shared ../shared/data] [--alone]

Rows are taken evenly over each file. Word lists and rules were written with half of bdci2021_bank in view, drawn by
chance (`halves`); the other half was kept for measuring. No text, label or weight of the sets is in the product.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Sequence
from pathlib import Path

from snownlp import SnowNLP

from huixiang.domain.understanding.contract import LABELS, Sentiment
from huixiang.domain.understanding.learned import scores
from huixiang.domain.understanding.understander import Understander

# file → its labels in our words. fin_complaints has causes for labels: every text in it is a complaint.
SETS: dict[str, dict[str, str]] = {
    "bdci2021_bank": {"0": "negative", "1": "positive", "2": "neutral"},
    "chnsenticorp": {"0": "negative", "1": "positive"},
    "waimai_10k": {"0": "negative", "1": "positive"},
    "weibo2018": {"0": "negative", "1": "positive"},
    "fin_complaints": {},
}


def rows(path: Path, labels: dict[str, str], count: int) -> tuple[list[str], list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        found = [(row["text"], labels.get(row["label"], "negative")) for row in csv.DictReader(stream)]
    found = [row for row in found if row[0].strip()]
    taken = found[:: max(1, len(found) // count)][:count]
    return [text for text, _ in taken], [label for _, label in taken]


def accuracy(gold: Sequence[str], told: Sequence[str]) -> float:
    return sum(a == b for a, b in zip(gold, told, strict=True)) / len(gold)


def macro_f1(gold: Sequence[str], told: Sequence[str]) -> float:
    """The mean of F1 over the labels that the set has."""
    scores = []
    for label in sorted(set(gold)):
        right = sum(a == b == label for a, b in zip(gold, told, strict=True))
        scores.append(2 * right / (gold.count(label) + list(told).count(label)))
    return sum(scores) / len(scores)


def calibration_error(sure: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error: how far the stated probability is from the share that was right, over ten bins.

    Source: Guo et al. (2017), On Calibration of Modern Neural Networks.
    """
    total = 0.0
    for place in range(bins):
        inside = [(p, ok) for p, ok in zip(sure, right, strict=True) if min(int(p * bins), bins - 1) == place]
        total += abs(sum(p for p, _ in inside) - sum(ok for _, ok in inside))
    return total / len(sure)


def line(who: str, gold: Sequence[str], told: Sequence[str], sure: Sequence[float]) -> str:
    right = [a == b for a, b in zip(gold, told, strict=True)]
    figures = accuracy(gold, told), macro_f1(gold, told), calibration_error(sure, right)
    return f"  {who:<28} accuracy {figures[0]:.3f}   macro-F1 {figures[1]:.3f}   ECE {figures[2]:.3f}"


def two_way(sentiment: Sentiment) -> float:
    """The probability of praise where the set knows no neutral."""
    return sentiment.positive / (sentiment.positive + sentiment.negative)


def snow(praise: Sequence[float], three: bool) -> tuple[list[str], list[float]]:
    """SnowNLP tells one probability of praise; its middle third is taken for neutral where the set has neutral."""
    if three:
        told = [LABELS[min(int(p * 3), 2)] for p in praise]
        return told, [
            max(p, 1 - p, 1 / 3) if a != "neutral" else 1 - abs(2 * p - 1) for p, a in zip(praise, told, strict=True)
        ]
    return ["positive" if p > 0.5 else "negative" for p in praise], [max(p, 1 - p) for p in praise]


def halves(path: Path, labels: dict[str, str], understander: Understander) -> None:
    """The half that was in view when the rules were written, and the half kept: kappa, and praise from blame."""
    texts, gold = rows(path, labels, 10**9)
    told = [understanding.sentiment for understanding in understander.read(texts)]
    order = list(range(len(texts)))
    random.Random(20261127).shuffle(order)
    for name, half in (("in view", order[: len(order) // 2]), ("kept", order[len(order) // 2 :]), ("both", order)):
        three = scores.scores([gold[n] for n in half], [told[n].label for n in half])
        sure = [n for n in half if gold[n] != "neutral"]
        two = ["negative" if told[n].negative >= told[n].positive else "positive" for n in sure]
        apart = scores.scores([gold[n] for n in sure], two).accuracy
        print(f"  half {name:<8} kappa {figure(three.kappa)}   praise from blame {figure(apart)} of {len(sure)}")


def figure(score: scores.Score) -> str:
    return f"{score.value:.3f} ({score.low:.3f}–{score.high:.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=4000)
    parser.add_argument("--alone", action="store_true", help="without SnowNLP, which takes most of the time")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[1] / "../shared/data")
    args = parser.parse_args()
    understander = Understander()
    for name, labels in SETS.items():
        path = args.shared / f"{name}.csv"
        if not path.exists():
            print(f"{name}: not here")
            continue
        texts, gold = rows(path, labels, args.rows)
        ours = [understanding.sentiment for understanding in understander.read(texts)]
        praise = [] if args.alone else [SnowNLP(text).sentiments for text in texts]
        three = len(labels) != 2
        print(
            f"{name}: {len(texts):,} rows, {', '.join(f'{gold.count(label)} {label}' for label in sorted(set(gold)))}"
        )
        print(line("huixiang, three-way", gold, [s.label for s in ours], [getattr(s, s.label) for s in ours]))
        if not three:
            p = [two_way(sentiment) for sentiment in ours]
            print(line("huixiang, praise or blame", gold, *snow(p, three=False)))
        if praise:
            print(line("SnowNLP", gold, *snow(praise, three)))
        if name == "bdci2021_bank":
            halves(path, labels, understander)


if __name__ == "__main__":
    main()
