"""Cases led through a bank for the tests to look at; each log is made once a session and worker."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np

from huixiang.domain.calendar import mainland
from huixiang.simulation.bank import Bank, found
from huixiang.simulation.demand import day_factors
from huixiang.simulation.effects import Effect
from huixiang.simulation.events.processes import PROCESSES, Arrivals, EventLog, case_arrivals, simulate
from huixiang.simulation.events.processes.run import Run, run
from huixiang.simulation.planting import plant
from huixiang.simulation.scenario import Scenario

FIRST, START, END = date(2026, 1, 1), date(2026, 3, 1), date(2026, 5, 31)
FROM, UNTIL = (START - FIRST).days * 86_400, (END - FIRST).days * 86_400
EFFECTS: dict[str, Effect] = {}
ALL = tuple(PROCESSES)


def effect(*given: object, **named: object) -> str:
    """Its name, by which a bank that has it is asked for (and kept: effects themselves cannot be hashed)."""
    made = Effect(*given, **named)  # type: ignore[arg-type]
    EFFECTS[made.name] = made
    return made.name


@cache
def bank(*effects: str, branches: int = 24) -> Bank:
    return found(Scenario(months=6, branches=branches, effects=tuple(EFFECTS[name] for name in effects)))


def cases(code: str, of: Bank) -> Arrivals:
    days, dice = of.scenario.days(), of.dice.of("arrivals", code)
    if code != "complaint":
        factors = day_factors(days, mainland(), of.dice.of("demand"), counters=True)
        return case_arrivals(of, PROCESSES[code], days, factors, dice)
    number = len(days) * len(of.network) // 10
    customer = dice.integers(0, len(of.customers), number).astype(np.int32)
    return Arrivals(np.sort(dice.integers(0, len(days) * 86_400, number)), of.customers.outlet[customer], customer)


@cache
def log_of(code: str, *effects: str, branches: int = 24) -> EventLog:
    of = bank(*effects, branches=branches)
    return simulate(of, plant(of), PROCESSES[code], cases(code, of), of.dice.of("process", code))


@cache
def run_of(code: str, *effects: str, branches: int = 24) -> Run:
    of = bank(*effects, branches=branches)
    return run(of, plant(of), PROCESSES[code], cases(code, of), of.dice.of("process", code))


def rows(log: EventLog, step: str) -> np.ndarray:
    return np.flatnonzero(log.activity == log.step(step))
