"""How often is a Kano class called proven that is none, and how often may an anonymous survey's classes be told?

python -m benchmarks.kano [--draws 20000] [--tables 400]

First: classes are drawn of which two or more are equally frequent, so that no lead is true; the share of draws in which
one is called proven, by the interval of the product and by one for two separate groups. Second: tables of two questions
are made up, and those kept whose sums by class may be told; the narrowest range that linear programming leaves to any
hidden cell, from the sums of rows and columns alone and with those of classes.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
from scipy.optimize import linprog

from huixiang.domain.needs.kano import Kano, ahead, class_of
from huixiang.domain.statistics import difference
from huixiang.domain.surveys.kano_pairs import ANSWERS
from huixiang.domain.surveys.scores import FEWEST
from huixiang.domain.surveys.small_cells import hidden_cells, sums_tell
from huixiang.domain.surveys.weighting import wilson

WORLDS = {
    "two of .5": (0.5, 0.5),
    "two of .45": (0.45, 0.45, 0.05, 0.05),
    "two of .3": (0.3, 0.3, 0.2, 0.1, 0.05, 0.05),
    "six alike": (1 / 6,) * 6,
}
PEOPLE = (10, 20, 60, 300)
CLASSES = [np.array([[class_of(a, b) is kano for b in ANSWERS] for a in ANSWERS]) for kano in Kano]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=20_000)
    parser.add_argument("--tables", type=int, default=400)
    args = parser.parse_args()
    print("wrongly proven (as two separate groups)\n")
    print("| equally frequent | " + " | ".join(f"n = {n}" for n in PEOPLE) + " |\n|---" + "|---" * len(PEOPLE) + "|")
    for name, shares in WORLDS.items():
        print(f"| {name} | " + " | ".join(_proven(shares, n, args.draws) for n in PEOPLE) + " |")
    _hidden(args.tables)


def _proven(shares: tuple[float, ...], n: int, draws: int) -> str:
    rows = np.sort(np.random.default_rng(1).multinomial(n, shares, draws), 1)[:, -2:]
    pairs, times = np.unique(rows, axis=0, return_counts=True)
    ours = [ahead(wilson(b / n, n), wilson(a / n, n)).low > 0 for a, b in pairs.tolist()]
    apart = [found.low > 0 if (found := difference((a, n), (b, n))) else False for a, b in pairs.tolist()]
    return "{:.1%} ({:.1%})".format(*(float(times @ np.array(each)) / draws for each in (ours, apart)))


def _hidden(tables: int) -> None:
    dice, told, before, after = np.random.default_rng(3), 0, list[float](), list[float]()
    for _ in range(tables):
        shape = np.full(len(ANSWERS) ** 2, dice.choice([0.15, 0.4, 1.0]))
        counts = dice.multinomial(int(dice.integers(60, 1500)), dice.dirichlet(shape)).reshape(len(ANSWERS), -1)
        out = hidden_cells(counts, FEWEST, also_empty=True)
        out &= hidden_cells(np.ascontiguousarray(counts.T), FEWEST, also_empty=True).T
        if sums_tell(counts, out, CLASSES, FEWEST):
            continue
        told += 1
        if out.any():
            before.append(_narrowest(counts, out, []))
            after.append(_narrowest(counts, out, CLASSES))
    closer = sum(b - a > 1e-6 for a, b in zip(after, before, strict=True))
    print(f"\n{told} of {tables} tables may be told; in {closer} of them the classes narrow a hidden cell's range,")
    print(f"which is {min(after):.0f} at least (rows and columns alone: {min(before):.0f})")


def _narrowest(counts: Any, out: Any, groups: list[Any]) -> float:
    """Between the least and the most that any hidden cell can hold."""
    rows, columns = np.nonzero(out)
    lines = [rows == each for each in np.unique(rows)] + [columns == each for each in np.unique(columns)]
    lines += [group[out] for group in groups if group[out].any()]
    known = np.array(lines, np.float64)
    sums = known @ counts[out]

    def end(cell: int, sign: int) -> float:
        goal = np.zeros(len(rows))
        goal[cell] = sign
        return float(sign * linprog(goal, A_eq=known, b_eq=sums).fun)

    return min(end(cell, -1) - end(cell, 1) for cell in range(len(rows)))


if __name__ == "__main__":
    main()
