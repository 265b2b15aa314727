"""Do quiet years raise no alarm, and is a rise found the day it is provable? Simulated years, and the made-up bank.

python -m benchmarks.trends [--banks 4] [--kinds Poisson ...] [--bank DIR]: DIR is what `huixiang simulate --out DIR`
wrote. The truth of each simulated year is known, so the day on which an exact test that knows it would first be sure is
known as well.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.trends_plain import farrington, merged, z_score
from benchmarks.trends_truth import KINDS, WATCHED, Bank, bank, made_up, provable
from huixiang.domain.statistics.episodes import Episode, replay
from huixiang.domain.statistics.surveillance import Rule

RULE = Rule()
REACH = 42  # days after a rise began in which an alarm counts as finding it


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--banks", type=int, default=4, help="banks of each kind, each watched for a year")
    parser.add_argument("--series", type=int, default=200, help="topics times units of each bank")
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=list(KINDS), metavar="KIND")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--bank", type=Path, help="a folder that `huixiang simulate` wrote")
    args = parser.parse_args()
    print("| counts | method | false alarms a bank and year | per 1,000 topic-years | of 100 alarms false |", end="")
    print(" rises provable | of them found | found that day or before | median days after | 90 % within |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for kind in args.kinds:
        began = time.perf_counter()
        made = [
            bank(kind, args.series, args.seed + n, quiet=quiet) for n in range(args.banks) for quiet in (True, False)
        ]
        for name, method in METHODS.items():
            print(f"| {kind} | {name} | {_line([(each, method(each)) for each in made])} |", flush=True)
        print(f"<!-- {kind}: {time.perf_counter() - began:.0f} s -->", flush=True)
    if args.bank:
        _made_up(args.bank)


def _ours(one: Bank) -> dict[int, list[int]]:
    first, last = one.panel.day(one.panel.length - WATCHED), one.panel.day(one.panel.length - 1)
    return _days(one, replay(one.panel, first, last, RULE))


def _days(one: Bank, episodes: list[Episode]) -> dict[int, list[int]]:
    rows = {key: row for row, key in enumerate(one.panel.keys)}
    found: dict[int, list[int]] = {}
    for each in sorted(episodes, key=lambda each: each.alert.on):
        found.setdefault(rows[each.key], []).append(one.panel.index(each.alert.on))
    return found


METHODS = {
    "huixiang": _ours,
    "z above 3 over 28 days": lambda one: merged(z_score(one.panel)),
    "Farrington 1996, alpha .001": lambda one: merged(farrington(one.panel)),
}


def _line(found: list[tuple[Bank, dict[int, list[int]]]]) -> str:
    quiet = [(one, alarms) for one, alarms in found if not one.rises]
    wrong = sum(len(days) for _, alarms in quiet for days in alarms.values())
    years = len(quiet) * WATCHED / 365
    delays, provables, right, false = [], 0, 0, 0
    for one, alarms in found:
        for row, days in alarms.items():
            begun = one.rises.get(row)
            near = [day for day in days if begun is not None and begun <= day < begun + REACH]
            right, false = right + len(near), false + (len(days) - len(near) if one.rises else 0)
        for row, begun in one.rises.items():
            sure = provable(one, row, RULE, begun + REACH)
            if sure is None:
                continue
            provables += 1
            near = [day for day in alarms.get(row, []) if begun <= day < begun + REACH]
            if near:
                delays.append(near[0] - sure)
    late = np.array(delays) if delays else np.array([np.nan])
    return (
        f"{wrong / years:.2f} | {1000 * wrong / years / len(found[0][0].panel.keys):.2f} | "
        f"{100 * false / max(1, right + false):.1f} | {provables} | {100 * len(delays) / max(1, provables):.0f} % | "
        f"{100 * (late <= 0).mean():.0f} % | {np.median(late):.0f} | {np.percentile(late, 90):.0f} days"
    )


def _made_up(folder: Path) -> None:
    """The made-up bank's voices by their true topics, over the bank: which alarms come, and what was planted?"""
    panel, planted = made_up(folder)
    first = panel.day(182)
    print(f"\n{folder}: {panel.counts.shape[0]} topics, watched from {first}; planted: {planted}")
    for rule in (RULE, replace(RULE, any_dependence=True)):
        print("any dependence (BY):" if rule.any_dependence else "Benjamini-Hochberg:")
        for each in replay(panel, first, panel.day(panel.length - 1), rule):
            one = each.alert
            print(
                f"  {one.on} {one.topic} since {one.since}: {one.observed} in {one.window} days, "
                f"{one.expected:.1f} expected, q = {one.q:.1g}; ended {each.ended_on} ({each.ended or 'open'})"
            )


if __name__ == "__main__":
    main()
