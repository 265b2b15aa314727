"""Do quiet months raise no alarm, and is a cluster of complaints found the day it can be proven? Simulated banks.

python -m benchmarks.complaint_signals [--quiet 4] [--planted 4] [--days 360]: quiet banks, and banks into which a new
fee, an outage, a seller and a branch are planted. The truth of each is known, so the day on which an exact test that
knows it would first be sure is known as well.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from huixiang.domain.complaints.signals import RULE, Key, Seen, clusters, key_of, once_a_customer, panel
from huixiang.domain.statistics import share
from huixiang.domain.statistics.episodes import Episode, replay
from huixiang.domain.statistics.tails import at_least

FIRST, PAST = date(2024, 1, 1), 540  # days that are learned from before the watch begins
BRANCHES, STAFF, WORDS = 12, 60, 150
VALUES = {"business": 12, "cause": 12, "product": 10}
REACH = 30  # days after its beginning in which an alarm counts as finding it


@dataclass
class Plant:
    """A cluster: its marks, where, from which day for how long, how many a day, and by which series it can be seen."""

    name: str
    keys: tuple[Key, ...]
    marks: dict[str, str]
    branch: int | None
    days: int
    a_day: float
    begin: int = 0


@dataclass
class Bank:
    cases: list[Seen]
    usual: dict[Key, np.ndarray]  # the true share of the bank's complaints, by day
    plants: list[Plant] = field(default_factory=list)


def plants(rng: np.random.Generator, watched: int) -> list[Plant]:
    branch, staff = int(rng.integers(BRANCHES)), f"S{rng.integers(STAFF)}"
    fee = {"cause": "cause3", "word": "短信管理费"}
    app = {"business": "business1", "word": "登录不了"}
    found = [
        Plant("a new fee", (key_of("word", "短信管理费"), key_of("cause", "cause3")), fee, None, 21, 1.2),
        Plant("an outage", (key_of("word", "登录不了"), key_of("business", "business1")), app, None, 1, 14.0),
        Plant("one seller", (key_of("accused", staff),), {"accused": staff, "product": "product2"}, 3, 14, 0.5),
        Plant("one branch", (key_of("all", unit=f"U{branch}"),), {}, branch, 21, 1.5),
    ]
    gap = (watched - 60) // len(found)
    for n, each in enumerate(found):
        each.begin = PAST + 20 + n * gap + int(rng.integers(max(1, gap - each.days)))
    return found


def bank(seed: int, watched: int, *, quiet: bool) -> Bank:
    """Some nine complaints a day: fewer at weekends, a yearly wave, growing by a third in the whole time."""
    rng = np.random.default_rng(seed)
    length = PAST + watched
    days = np.arange(length)
    rate = 9.0 * (1 + 0.33 * days / length) * (1 + 0.15 * np.sin(2 * np.pi * days / 365))
    rate *= np.where([(FIRST + timedelta(days=int(t))).weekday() >= 5 for t in days], 0.6, 1.0)
    odds = {name: rng.dirichlet(np.full(n, 2.0)) for name, n in VALUES.items()}
    units, said = rng.dirichlet(np.full(BRANCHES, 3.0)), 1 / np.arange(1, WORDS + 1)
    cases: list[Seen] = []
    for day in range(length):
        for _ in range(rng.poisson(rate[day])):
            cases.append(_case(rng, len(cases), day, odds, units, said))
    planted = [] if quiet else plants(rng, watched)
    for plant in planted:
        for day in range(plant.begin, min(length, plant.begin + plant.days)):
            for _ in range(rng.poisson(plant.a_day)):
                cases.append(_planted(_case(rng, len(cases), day, odds, units, said), plant))
    usual = {key: np.full(length, p) for key, p in _truth(odds, units).items()}
    return Bank(cases, usual | {key_of("all"): rate}, planted)


def _case(rng: np.random.Generator, number: int, day: int, odds: dict, units: np.ndarray, said: np.ndarray) -> Seen:
    marks = {(name, f"{name}{rng.choice(len(p), p=p)}") for name, p in odds.items()}
    if rng.random() < 0.2:
        marks.add(("accused", f"S{rng.integers(STAFF)}"))
    words = frozenset(f"w{n}" for n in np.flatnonzero(rng.random(WORDS) < 0.5 * said))
    unit = rng.choice(BRANCHES, p=units)
    return Seen(number, FIRST + timedelta(days=day), (f"U{unit}",), "", frozenset(marks), words)


def _planted(case: Seen, plant: Plant) -> Seen:
    own = {name: value for name, value in plant.marks.items() if name != "word"}
    marks = frozenset({mark for mark in case.marks if mark[0] not in own} | set(own.items()))
    words = case.words | ({plant.marks["word"]} if "word" in plant.marks else set())
    units = case.units if plant.branch is None else (f"U{plant.branch}",)
    return Seen(case.case, case.on, units, "", marks, words)


def _truth(odds: dict, units: np.ndarray) -> dict[Key, float]:
    found = {key_of(name, f"{name}{n}"): p for name, each in odds.items() for n, p in enumerate(each)}
    found |= {key_of("accused", f"S{n}"): 0.2 / STAFF for n in range(STAFF)}
    return found | {key_of("all", unit=f"U{n}"): p for n, p in enumerate(units)}


def watched(one: Bank, days: int) -> tuple[list[Episode], int, dict[Key, set[int]]]:
    """The alarms of all nights, how many series were looked at, and which cases belong to each."""
    series = once_a_customer(one.cases)
    until = FIRST + timedelta(days=PAST + days - 1)
    counts = panel(series, FIRST, until)
    found = replay(counts, FIRST + timedelta(days=PAST), until, RULE)
    return found, len(counts.keys), {key: {seen.case for seen in cases} for key, cases in series.items()}


def provable(one: Bank, plant: Plant, series: int) -> int | None:
    """When would a test that knows what is usual first be sure, by any series in which the cluster can be seen?"""
    level = RULE.level / series / len(RULE.windows)
    counted = once_a_customer(one.cases)
    volume = _by_day(counted[key_of("all")])
    for day in range(plant.begin, plant.begin + REACH):
        for key in plant.keys:
            rows = _by_day(counted.get(key, []))
            for window in RULE.windows:
                span = range(day - window + 1, day + 1)
                seen = sum(rows.get(t, 0) for t in span)
                usual = one.usual.get(key)
                mean = 0.0 if usual is None else sum(usual[t] * volume.get(t, 0) for t in span if t < len(usual))
                if seen >= RULE.fewest and at_least(seen, max(mean, 0.01 * window), max(mean, 0.01 * window)) <= level:
                    return day
    return None


def _by_day(cases: list[Seen]) -> dict[int, int]:
    found: dict[int, int] = {}
    for seen in cases:
        day = (seen.on - FIRST).days
        found[day] = found.get(day, 0) + 1
    return found


def _found(one: Bank, plant: Plant, episodes: list[Episode]) -> int | None:
    """The day of the first alarm of a series that holds it, at any level of the tree."""
    topics = {topic for topic, _unit in plant.keys}
    days = [(each.alert.on - FIRST).days for each in episodes if _is_of(each, plant, topics)]
    return min((day for day in days if plant.begin <= day < plant.begin + REACH), default=None)


def _is_of(each: Episode, plant: Plant, topics: set[str]) -> bool:
    return each.key in plant.keys or (each.key[0] in topics and each.key[0] != "all:")


def quiet_lines(banks: int, days: int, seed: int) -> Iterator[str]:
    months, alarmed, series = 0, 0, 0
    for n in range(banks):
        found, series, _cases = watched(bank(seed + n, days, quiet=True), days)
        months += days // 30
        alarmed += len({(each.alert.on - FIRST - timedelta(days=PAST)).days // 30 for each in found})
    quiet = share(alarmed, months)
    assert quiet
    yield f"quiet: {alarmed} of {months} months with an alarm = {quiet.value:.1%} ({quiet.low:.1%}–{quiet.high:.1%})"
    yield f"{series} series a bank; promised at most {30 * RULE.level:.1%} of the months"


def planted_lines(banks: int, days: int, seed: int) -> Iterator[str]:
    yield "| planted | banks | provable | of them found | that day or before | median days after | latest |"
    yield "|---|---|---|---|---|---|---|"
    told: dict[str, list[tuple[int | None, int | None]]] = {}
    stray, groups, alarms = 0, 0, 0
    for n in range(banks):
        one = bank(1000 + seed + n, days, quiet=False)
        found, series, cases = watched(one, days)
        for plant in one.plants:
            told.setdefault(plant.name, []).append((provable(one, plant, series), _found(one, plant, found)))
        alarms += len(found)
        stray += sum(not any(_near(each, plant) for plant in one.plants) for each in found)
        by_night: dict[date, list[Episode]] = {}
        for each in found:
            by_night.setdefault(each.alert.on, []).append(each)
        for night in by_night.values():
            alike = [(each.key, {c for c in cases[each.key]}) for each in night]
            groups += len(set(clusters(alike)))
    for name, days_of in told.items():
        yield _line(name, days_of)
    yield f"\n{alarms} alarms in {groups} clusters told; {stray} at no time of anything planted"


def _near(each: Episode, plant: Plant) -> bool:
    day = (each.alert.on - FIRST).days
    return plant.begin <= day < plant.begin + plant.days + REACH


def _line(name: str, days_of: list[tuple[int | None, int | None]]) -> str:
    sure = [(proof, found) for proof, found in days_of if proof is not None]
    late = np.array([found - proof for proof, found in sure if found is not None] or [np.nan], dtype=float)
    got = sum(found is not None for _proof, found in sure)
    return (
        f"| {name} | {len(days_of)} | {len(sure)} | {got} | {int((late <= 0).sum())} | "
        f"{np.median(late):.0f} | {np.max(late):.0f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quiet", type=int, default=4, help="banks in which nothing gathers")
    parser.add_argument("--planted", type=int, default=4, help="banks with four clusters each")
    parser.add_argument("--days", type=int, default=360, help="that are watched in each")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    began = time.process_time()
    for line in quiet_lines(args.quiet, args.days, args.seed) if args.quiet else ():
        print(line, flush=True)
    for line in planted_lines(args.planted, args.days, args.seed) if args.planted else ():
        print(line, flush=True)
    print(f"<!-- {time.process_time() - began:.0f} s of processor time -->")


if __name__ == "__main__":
    main()
