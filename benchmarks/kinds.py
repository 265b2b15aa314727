"""How often do the rules tell kind and risk as people do? Against real reviews that two readers labelled apart.

    python -m benchmarks.kinds [--half report] [--against agreed] [--show kind|CODE]

The labels lie in tests/gold/kinds (rows and labels, no text); the texts are read in place. `agreed` is what both
readers say, or what agreed.csv says where they differ; rows still in dispute are left out. Until the second reader
is done it is the first reader alone, and the table says so.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.kinds_sample import GOLD, SHARED, texts
from huixiang.domain.statistics import agreement
from huixiang.domain.understanding.book import shipped
from huixiang.domain.understanding.contract import KINDS, Understanding
from huixiang.domain.understanding.understander import Understander

Key = tuple[str, int]
SAMPLES = 1_000


class Label(NamedTuple):
    """What one reader says of one text."""

    kind: str
    risks: frozenset[str]


def labels(name: str) -> dict[Key, Label]:
    """The rows that a reader has labelled; none where there is no such file."""
    path = GOLD / f"{name}.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["kind"]]
    known = {node.code for node in shipped("risks").nodes}
    found = {}
    for row in rows:
        risks = frozenset(row["risks"].split()) - {"-"}
        if row["kind"] not in KINDS or risks - known:
            raise ValueError(
                f"{path.name}: {row['file']} {row['row']}: unknown kind or risk {row['kind']} {risks - known}"
            )
        found[row["file"], int(row["row"])] = Label(row["kind"], risks)
    return found


def agreed() -> dict[Key, Label]:
    """What both readers say, or what was settled between them."""
    first, second, settled = labels("reader_1"), labels("reader_2"), labels("agreed")
    return {key: settled.get(key, label) for key, label in first.items() if key in settled or second.get(key) == label}


def halves() -> dict[Key, str]:
    with (GOLD / "rows.csv").open(encoding="utf-8") as stream:
        return {(row["file"], int(row["row"])): row["half"] for row in csv.DictReader(stream)}


def f1(gold: Sequence[bool], told: Sequence[bool]) -> float:
    """The harmonic mean of precision and recall; 1 where there is nothing to find and nothing was told."""
    both = sum(g and t for g, t in zip(gold, told, strict=True))
    of = sum(gold) + sum(told)
    return 2 * both / of if of else 1.0


def macro_f1(gold: Sequence[str], told: Sequence[str]) -> float:
    """The mean of F1 over the kinds that occur in the labels."""
    used = [kind for kind in KINDS if kind in gold]
    return sum(f1([g == kind for g in gold], [t == kind for t in told]) for kind in used) / len(used)


def interval(count: int, score: Callable[[list[int]], float]) -> tuple[float, float]:
    """95 % by the bootstrap over texts, of a fixed seed."""
    dice = random.Random(7)
    scores = sorted(score(dice.choices(range(count), k=count)) for _ in range(SAMPLES))
    return scores[int(0.025 * SAMPLES)], scores[int(0.975 * SAMPLES)]


def told_of_agreement() -> None:
    first, second = labels("reader_1"), labels("reader_2")
    both = sorted(set(first) & set(second))
    if not both:
        print(f"reader 1: {len(first)} rows; reader 2: none yet, so no agreement can be told")
        return
    codes = [node.code for node in shipped("risks").nodes]
    kinds = [(first[key].kind, second[key].kind) for key in both]
    risks = {code: [(code in first[key].risks, code in second[key].risks) for key in both] for code in codes}

    def alpha(*which: Sequence[tuple[str | bool, str | bool]]) -> Callable[[Sequence[int]], float]:
        return lambda some: agreement([pairs[i] for pairs in which for i in some]) or 0.0

    def told(score: Callable[[Sequence[int]], float]) -> str:
        low, high = interval(len(both), score)
        return f"{score(range(len(both))):.3f} ({low:.3f}-{high:.3f})"

    print(f"two readers, {len(both)} rows: alpha of kind {told(alpha(kinds))}, of risk {told(alpha(*risks.values()))}")
    for code, pairs in risks.items():
        one, other = (sum(values) for values in zip(*pairs, strict=True))
        score = f"{alpha(pairs)(range(len(both))):.3f}" if one or other else "-"
        print(f"  {code:<18}{one:>4}{other:>4}  {score}")
    differ = [key for key in both if first[key] != second[key]]
    print(f"  rows that differ: {len(differ)}, of them in kind {sum(first[k].kind != second[k].kind for k in differ)}")


def kinds_table(gold: list[Label], told: list[Understanding]) -> None:
    ours, theirs = [label.kind for label in gold], [each.kind.code for each in told]
    low, high = interval(len(ours), lambda some: macro_f1([ours[i] for i in some], [theirs[i] for i in some]))
    right = sum(a == b for a, b in zip(ours, theirs, strict=True)) / len(ours)
    sure = sum(each.kind.probability for each in told) / len(told)
    print(
        f"kind: macro-F1 {macro_f1(ours, theirs):.3f} ({low:.3f}-{high:.3f}), accuracy {right:.3f}, stated {sure:.3f}"
    )
    print(f"  {'':<12}" + "".join(f"{kind:>12}" for kind in KINDS) + f"{'F1':>8}")
    for kind in KINDS:
        row = [sum(a == kind and b == other for a, b in zip(ours, theirs, strict=True)) for other in KINDS]
        score = f1([a == kind for a in ours], [b == kind for b in theirs])
        print(f"  {kind:<12}" + "".join(f"{count:>12}" for count in row) + f"{score:>8.3f}")


def risks_table(gold: list[Label], told: list[Understanding]) -> None:
    print(f"risk: {'':<14}{'labelled':>9}{'told':>6}{'both':>6}{'precision':>11}{'recall':>8}{'F1':>7}")
    scores = []
    for node in shipped("risks").nodes:
        mine = [node.code in label.risks for label in gold]
        his = [any(risk.code == node.code for risk in each.risks) for each in told]
        both = sum(a and b for a, b in zip(mine, his, strict=True))
        precision = f"{both / sum(his):.3f}" if any(his) else "-"
        recall = f"{both / sum(mine):.3f}" if any(mine) else "-"
        if any(mine):
            scores.append(f1(mine, his))
        print(f"  {node.code:<18}{sum(mine):>9}{sum(his):>6}{both:>6}{precision:>11}{recall:>8}{f1(mine, his):>7.3f}")
    print(f"  macro-F1 over the {len(scores)} risks that occur: {sum(scores) / len(scores):.3f}")


def mistakes(what: str, keys: list[Key], gold: list[Label], told: list[Understanding]) -> None:
    """Prints texts: for the eye of who works on the rules, never into a file of the repository."""
    for key, label, each in zip(keys, gold, told, strict=True):
        risks = {risk.code for risk in each.risks}
        if what == "kind" and label.kind != each.kind.code:
            print(*key, f"{label.kind} told {each.kind.code} {each.kind.probability:.2f}", each.masked[:200], sep=" | ")
        elif what != "kind" and (what in label.risks) != (what in risks):
            why = [risk.why for risk in each.risks if risk.code == what]
            print(*key, "missed" if what in label.risks else f"wrong {why}", each.masked[:300], sep=" | ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--half", choices=("development", "report"), default="report")
    parser.add_argument("--against", choices=("agreed", "reader_1", "reader_2"), default="agreed")
    parser.add_argument("--show", metavar="kind|RISK", help="print what is told otherwise")
    args = parser.parse_args()
    told_of_agreement()
    if not args.shared.exists():
        print(f"the texts are not here ({args.shared}): nothing more can be measured")
        return
    gold = agreed() if args.against == "agreed" else labels(args.against)
    if not gold:
        gold, args.against = labels("reader_1"), "reader_1"
    half = halves()
    keys = [key for key in gold if half[key] == args.half]
    files = {name: texts(args.shared, name) for name in {name for name, _ in keys}}
    to_bank = [not name.startswith("bdci") for name, _ in keys]  # the rest are app reviews and complaints
    told = Understander().read([files[name][row - 1] for name, row in keys], to_bank)
    wanted = [gold[key] for key in keys]
    if args.show:
        mistakes(args.show, keys, wanted, told)
        return
    print(f"half {args.half}, against {args.against}: {len(keys)} texts")
    kinds_table(wanted, told)
    risks_table(wanted, told)


if __name__ == "__main__":
    main()
