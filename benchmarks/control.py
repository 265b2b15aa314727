"""Does a quiet year raise no alarm, and is a shift found? Simulated years of daily figures whose truth is known.

python -m benchmarks.control [--charts 400]: for each kind of figure that many quiet charts and as many with one shift,
three years of days of which the third is watched, with weekdays, a yearly wave, days that lean on each other and
heavier tails than the model has. Beside ours: the same chart read by Nelson's rules 1 and 2, with neither weekday nor
season taken out, as common tools draw it.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from datetime import date

import numpy as np

from huixiang.domain.statistics.control import Alert, Kind, Series, alerts, chart
from huixiang.domain.statistics.control.charts import D2
from huixiang.domain.statistics.control.series import Floats

FIRST, PAST, YEAR = date(2023, 1, 2), 730, 365
FOUND_WITHIN = 42  # days


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up figure. `shift`: the factor from day `begins` on, 1 for a quiet one."""

    series: Series
    begins: int


def made(kind: Kind, leaning: float, shift: float, dice: np.random.Generator) -> Made:
    days = PAST + YEAR
    index = np.arange(days)
    weekday = dice.normal(0, 0.15, 7)[index % 7]
    wave = dice.uniform(0, 0.1) * np.sin(2 * np.pi * index / 365.25 + dice.uniform(0, 6.3))
    noise = _leaned(dice.standard_t(6, days) / np.sqrt(1.5), leaning)
    begins = PAST + int(dice.integers(30, 300))
    moved = np.where(index >= begins, np.log(shift), 0.0)
    line = weekday + wave + moved
    if kind is Kind.TIMES:
        return Made(Series(FIRST, 12 * np.exp(line + 0.2 * noise), kind), begins)
    if kind is Kind.LEVELS:
        return Made(Series(FIRST, 80 + 4 * (weekday + wave) + 2 * noise + moved * 10, kind), begins)
    of = dice.integers(80, 240, days).astype(np.float64)
    level = np.exp(line + 0.15 * noise)
    if kind is Kind.SHARES:
        late = dice.binomial(of.astype(int), np.clip(0.1 * level, 0, 1)).astype(float)
        return Made(Series(FIRST, late, kind, of), begins)
    return Made(Series(FIRST, dice.poisson(0.02 * of * level).astype(float), kind, of), begins)


def _leaned(noise: Floats, leaning: float) -> Floats:
    found = noise.copy()
    for day in range(1, len(noise)):
        found[day] = leaning * found[day - 1] + np.sqrt(1 - leaning**2) * noise[day]
    return found


def ours(one: Made) -> list[int]:
    """The days on which it raised an alert."""
    return [one.series.index(alert.raised_on) for alert in _raised(one)]


def _raised(one: Made) -> list[Alert]:
    return alerts(chart(one.series, np.arange(len(one.series)) < PAST), PAST, PAST + YEAR)


def dated(moved: list[Made]) -> str:
    """Of shifts found in time: how often do the days that fit hold the true one, and over how many do they spread?"""
    held, wide = list[bool](), list[int]()
    for one in moved:
        in_time = range(one.begins, one.begins + FOUND_WITHIN)
        if first := next((each for each in _raised(one) if one.series.index(each.raised_on) in in_time), None):
            held.append(first.since_earliest <= one.series.day(one.begins) <= first.since_latest)
            wide.append((first.since_latest - first.since_earliest).days + 1)
    return f"{100 * np.mean(held):.0f} % | {np.median(wide):.0f}" if held else "– | –"


def nelson(one: Made) -> list[int]:
    """Nelson's rules 1 (beyond three deviations) and 2 (nine on one side) on the plain figure."""
    of = one.series.of if one.series.of is not None else np.ones(len(one.series))
    y = one.series.values / of
    past = y[:PAST]
    z = (y - past.mean()) / (np.abs(np.diff(past)).mean() / D2)
    sides = np.sign(z)
    return [day for day in range(PAST, PAST + YEAR) if abs(z[day]) > 3 or abs(sides[day - 8 : day + 1].sum()) == 9]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--charts", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--shift", type=float, default=1.3)
    args = parser.parse_args()
    print(
        "| figure | days lean | method | quiet charts with a false alarm in a year | shifts found in 42 days |", end=""
    )
    print(" median days | the days told hold the true one | so many days | CPU ms a chart |")
    print("|---|---|---|---|---|---|---|---|---|")
    for kind in Kind:
        for leaning in (0.0, 0.3):
            dice = np.random.default_rng([args.seed, list(Kind).index(kind), int(leaning * 10)])
            quiet = [made(kind, leaning, 1.0, dice) for _ in range(args.charts)]
            moved = [made(kind, leaning, args.shift, dice) for _ in range(args.charts)]
            for name, method in (("ours", ours), ("Nelson 1, 2", nelson)):
                began = time.process_time()
                false = sum(bool(method(one)) for one in quiet)
                delays = [_delay(method(one), one.begins) for one in moved]
                spent = (time.process_time() - began) / (2 * args.charts) * 1000
                found = [delay for delay in delays if delay is not None]
                median = f"{np.median(found):.0f}" if found else "–"
                told = dated(moved) if method is ours else "– | –"
                shares = f"{100 * false / args.charts:.1f} % | {100 * len(found) / args.charts:.0f} %"
                print(f"| {kind} | {leaning} | {name} | {shares} | {median} | {told} | {spent:.1f} |", flush=True)


def _delay(raised: list[int], begins: int) -> int | None:
    """Days until the first alarm after it began; None where none came in time."""
    return next((day - begins for day in raised if begins <= day < begins + FOUND_WITHIN), None)


if __name__ == "__main__":
    main()
