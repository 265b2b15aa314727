"""How fast does the made-up bank live? Tickets a second and core, beside bare numpy draws and a simpy branch."""

from __future__ import annotations

import argparse
import platform
import resource
import time
from collections.abc import Callable

import numpy as np

from huixiang.simulation.bank import Bank, found
from huixiang.simulation.bank.services import SERVICES
from huixiang.simulation.demand import day_factors
from huixiang.simulation.events.training import enrol, gain_by
from huixiang.simulation.events.visits import Month, visits
from huixiang.simulation.holidays import mainland
from huixiang.simulation.planting import plant
from huixiang.simulation.scenario import Scenario

LIMIT = 1_000_000  # tickets a second and core, before writing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, default=4)
    parser.add_argument("--months", type=int, default=6)
    args = parser.parse_args()
    ours, tickets = timed(lambda: live(Scenario().sized(scale=args.scale, months=args.months)))
    bare, drawn = timed(lambda: bare_numpy(2_000_000))
    simpy, served = timed(simpy_branch)
    print(f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}; one process\n")
    print("| generator | tickets | tickets/s | against ours |\n|---|---|---|---|")
    speed = tickets / ours
    for name, rate, number in (
        ("huixiang: arrivals, customers, queues, scores", speed, tickets),
        ("numpy: arrivals and handling drawn, no queue", drawn / bare, drawn),
        ("simpy: one branch, four counters", served / simpy, served),
    ):
        print(f"| {name} | {number:,} | {rate:,.0f} | {rate / speed:.3f} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nLimit {LIMIT:,} tickets/s: {speed / LIMIT:.2f} times the limit. Peak memory {peak:,.0f} MB.")


def timed(work: Callable[[], int]) -> tuple[float, int]:
    """Seconds of processor time, which other processes on the machine do not lengthen, and what was made."""
    begun = time.process_time()
    made = work()
    return time.process_time() - begun, made


def live(scenario: Scenario) -> int:
    """All visits of a bank."""
    bank: Bank = found(scenario)
    planting, days = plant(bank), scenario.days()
    factors = day_factors(days, mainland(), bank.dice.of("days", "counters"), counters=True)
    courses, made = enrol(bank, planting), 0
    for name, inside in scenario.by_month():
        index = np.array([(day - scenario.first_day).days for day in inside])
        month = Month(name, inside, factors[index], gain_by(bank, courses, index))
        made += sum(len(tickets) for tickets in visits(bank, planting, month))
    return made


def bare_numpy(count: int) -> int:
    """The least that any generator must do: a moment, a service, a handling time and a patience each."""
    dice = np.random.default_rng(7)
    moments = dice.random(count) * 28_800
    moments.sort()
    service = dice.choice(len(SERVICES), count, p=np.array([s.share for s in SERVICES]))
    median = np.log([s.minutes * 60 for s in SERVICES])
    handling, patience = dice.lognormal(median[service], 0.5), dice.lognormal(8.3, 0.55, count)
    return int((moments.size + handling.size + patience.size) / 3)


def simpy_branch(days: int = 60, visits_a_day: int = 150, counters: int = 4) -> int:
    """The same branch as a simpy user would write it: processes, a resource, patience."""
    import simpy

    dice, done = np.random.default_rng(7), 0

    def customer(env: simpy.Environment, desk: simpy.Resource):  # type: ignore[no-untyped-def]
        nonlocal done
        with desk.request() as turn:
            outcome = yield turn | env.timeout(dice.lognormal(8.3, 0.55))
            if turn in outcome:
                yield env.timeout(dice.lognormal(5.9, 0.5))
        done += 1

    def door(env: simpy.Environment, desk: simpy.Resource):  # type: ignore[no-untyped-def]
        for _ in range(visits_a_day):
            yield env.timeout(dice.exponential(28_800 / visits_a_day))
            env.process(customer(env, desk))

    for _ in range(days):
        env = simpy.Environment()
        desk = simpy.Resource(env, counters)
        env.process(door(env, desk))
        env.run()
    return done


if __name__ == "__main__":
    main()
