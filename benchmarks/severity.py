"""How often does a 95 % interval of an inspector's severity hold the truth, and how much nearer does adjusting come?

python -m benchmarks.severity [--times 300]

Inspectors and cases are made up: severities N(0, spread) about their mean, chance N(0, 6) a score, in percentage
points; each case is scored by two drawn by lot. `error`: root mean square of estimate minus truth; `without`: the same
where everybody's severity is taken for 0. `proven`: share of inspectors told to be harsh or lenient.
"""

from __future__ import annotations

import argparse

import numpy as np

from huixiang.domain.inspections.severity import severities

CHANCE = 6.0
WORLDS = ((4, 15, 4.0), (6, 30, 4.0), (8, 60, 4.0), (12, 120, 4.0), (4, 40, 8.0), (6, 30, 0.0), (8, 60, 0.0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=300)
    times = parser.parse_args().times
    print("| inspectors | shared cases | spread | covered | proven | error | without |\n|---|---|---|---|---|---|---|")
    for people, cases, spread in WORLDS:
        told = np.array([each for seed in range(times) for each in _world(people, cases, spread, seed)])
        truth, value, low, high = told.T
        covered, proven = np.mean((low <= truth) & (truth <= high)), np.mean((low > 0) | (high < 0))
        error, without = np.sqrt(np.mean((value - truth) ** 2)), np.sqrt(np.mean(truth**2))
        print(f"| {people} | {cases} | {spread:.0f} | {covered:.1%} | {proven:.1%} | {error:.2f} | {without:.2f} |")


def _world(people: int, cases: int, spread: float, seed: int) -> list[tuple[float, float, float, float]]:
    dice = np.random.default_rng(seed)
    truth = dice.normal(0.0, spread, people)
    truth -= truth.mean()
    scores = []
    for _case in range(cases):
        pair, quality = dice.choice(people, 2, replace=False), dice.normal(85.0, 8.0)
        scores.append({f"{who}": quality - truth[who] + dice.normal(0.0, CHANCE) for who in pair})
    found = severities(scores).by
    return [(float(truth[int(who)]), each.told.value, each.told.low, each.told.high)
            for who, each in found.items() if each.told]  # fmt: skip


if __name__ == "__main__":
    main()
