"""Does a chart of waiting keep quiet for a year in a bank where nothing happens? Made-up banks of two years.

python -m benchmarks.quiet_waiting [--seeds 2]: the bank of tests/simulation/truth.toml with every effect switched off
and 30 branches. The daily share of those who waited longer than 20 minutes is charted as monitoring does, with 90
learned days (twice in the two years) and with a year; a year is watched. Waits come in bursts: calm days, and some on
which everybody queues.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from benchmarks.planted_waiting import lived, tickets
from huixiang.domain.calendar import mainland
from huixiang.domain.statistics.control import Kind, Series, Watch, alerts, chart
from huixiang.domain.statistics.control.series import Floats

SIZES = {"months": 24, "branches": 30}
LAST, YEAR, LEARNED, FEWEST = date(2026, 6, 30), 365, (90, 365), 30
Share = tuple[Floats, Floats]


def shares(seed: int) -> list[Share]:
    """Of each branch how many waited too long, and of how many, day by day."""
    with tempfile.TemporaryDirectory() as name:
        found = tickets(lived(Path(name), seed, is_quiet=True, **SIZES))
    days, told = int(found.day.max()) + 1, []
    for code in np.unique(found.branch):
        day, over = found.day[found.branch == code], found.over[found.branch == code]
        told.append((np.bincount(day, over, days), np.bincount(day, minlength=days).astype(np.float64)))
    return told


def rises(share: Share, begin: int, learned: int, rule: Watch) -> tuple[bool, bool] | None:
    """Was there a false alarm in the year after the learned days, and do its days come in bursts? None: no chart."""
    counts, of = (each[begin : begin + learned + YEAR] for each in share)
    if counts[:learned].sum() < FEWEST:
        return None
    calendar = mainland()
    breaks = frozenset(calendar.holidays) | frozenset(calendar.make_up)
    first = LAST - timedelta(days=len(share[0]) - 1 - begin)
    line = chart(Series(first, counts, Kind.SHARES, of, breaks), np.arange(len(counts)) < learned)
    return bool(alerts(line, learned, len(counts), rule)), line.ranked is not None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--first", type=int, default=1)
    args = parser.parse_args()
    rule = Watch(min(Watch().false_a_year, 1 / SIZES["branches"]))
    print("| seed | days learned | charts | of them in bursts | with a false alarm in a year |\n|---|---|---|---|---|")
    for seed in range(args.first, args.first + args.seeds):
        told = shares(seed)
        for learned in LEARNED:
            begins = sorted({0, max(0, len(told[0][0]) - learned - YEAR)} if learned == min(LEARNED) else {0})
            found = [it for share in told for begin in begins if (it := rises(share, begin, learned, rule))]
            alarmed, bursty = (sum(each) for each in zip(*found, strict=True))
            print(f"| {seed} | {learned} | {len(found)} | {bursty} | {alarmed} |", flush=True)


if __name__ == "__main__":
    main()
