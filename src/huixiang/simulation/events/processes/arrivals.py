"""Who opens an account, asks for a loan, activates mobile banking, and when? The cases of some days, by moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.calendar import mainland
from huixiang.simulation.bank import Bank
from huixiang.simulation.demand import BRANCH_PEAKS, SCREEN_PEAKS, arrivals, open_outlets, shape
from huixiang.simulation.events.processes.applicants import applicants
from huixiang.simulation.events.processes.definition import Process

LAST_IN = 1800  # nobody begins such business in the last half hour of a branch
ROWS_AT_ONCE = 100_000  # outlets times days drawn together, which bounds the memory


class Arrivals(NamedTuple):
    """One row a case: its moment (seconds since the history's first midnight), the outlet and the customer it is of."""

    moment: NDArray[np.int64]
    outlet: NDArray[np.int32]
    customer: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Rate:
    """How many cases a day begin at a middling outlet: a share of its visits, or a number of its own."""

    of_visits: float = 0.0
    a_day: float = 0.0
    weekends: bool = True  # where the outlet is open then
    online: bool = False  # by day and evening, every day


RATES = {
    "account": Rate(of_visits=0.03),
    "loan": Rate(a_day=0.8, weekends=False),
    "activation": Rate(a_day=2.0, online=True),
}


def case_arrivals(
    bank: Bank, process: Process, days: Sequence[date], factors: NDArray[np.float64], dice: np.random.Generator
) -> Arrivals:
    """The cases that begin on these days, by moment.

    `factors` is the demand of each day. More branches, or a larger `scale`, have more outlets and so more cases; the
    rate of one outlet stays. Raises ValueError for complaints, whose cases come from what customers lived through.
    """
    if process.code not in RATES:
        raise ValueError(f"cases of {process.code} do not arrive by themselves; those that do: {', '.join(RATES)}")
    rate, network, calendar = RATES[process.code], bank.network, mainland()
    if rate.online:
        opened = np.ones((len(days), len(network)), dtype=bool)
    else:
        serves = network.weekends if rate.weekends else np.zeros(len(network), dtype=bool)
        opened = np.stack([open_outlets(day, calendar, serves) for day in days])
    day, outlet = np.nonzero(opened)
    a_day = rate.a_day + rate.of_visits * bank.scenario.visits_a_day
    opens = np.full(len(outlet), 7 * 3600) if rate.online else network.opens[outlet]
    closes = np.full(len(outlet), 23 * 3600) if rate.online else network.closes[outlet] - LAST_IN
    peaks = shape(SCREEN_PEAKS if rate.online else BRANCH_PEAKS)
    expected, drawn = a_day * network.demand[outlet] * factors[day], []
    for low in range(0, max(1, len(outlet)), ROWS_AT_ONCE):
        part = slice(low, low + ROWS_AT_ONCE)
        some, when = arrivals(expected[part], opens[part], closes[part], peaks, dice)
        drawn.append((some + np.int32(low), when))
    row, second = (np.concatenate(column) for column in zip(*drawn, strict=True))
    before = (days[0] - bank.scenario.first_day).days
    arrived = (day[row] + before) * np.int64(86_400) + second
    where = outlet[row].astype(np.int32)
    order = np.argsort(arrived, kind="stable")
    return Arrivals(arrived[order], where[order], applicants(bank, process, where, dice)[order])
