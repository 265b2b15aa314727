"""Who opens an account, asks for a loan, gets mobile banking, and for what? People of the age and need for it.

The weights are the author's guess, but for what no bank does: it lends to nobody whose loan would run far beyond the
age of seventy, and a company's account is opened by somebody who works, at a counter, on a workday.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.calendar import mainland
from huixiang.simulation.bank import Bank
from huixiang.simulation.bank.customers import NEEDS
from huixiang.simulation.events.processes.account import AT_THE_COUNTER, COMPANY
from huixiang.simulation.events.processes.activation import CARE
from huixiang.simulation.events.processes.definition import Process
from huixiang.simulation.events.processes.loan import BUSINESS, INSTALMENTS, MORTGAGE
from huixiang.simulation.events.processes.traits import About
from huixiang.simulation.moments import DAY

EDGES = (25, 35, 45, 55, 62, 68)  # years of age at which the next group begins
ALIKE = (1.0,) * (len(EDGES) + 1)
AT_WORK = (0.5, 1.2, 1.3, 1.1, 0.4, 0.0, 0.0)
BY_SCREEN = {"手机银行", "智能柜台"}  # channels for those who are used to screens


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much more often than others do people want it? By age group and main need.

    Where a `channel` is given it is had there and nowhere else.
    """

    ages: tuple[float, ...] = ALIKE
    needs: Mapping[str, float] = field(default_factory=dict)
    channel: str = ""


PROCESS: Mapping[str, Wanted] = {
    "account": Wanted((1.6, 1.4, 1.1, 0.9, 0.7, 0.5, 0.25)),
    "loan": Wanted((0.6, 1.2, 1.2, 0.9, 0.35, 0.06, 0.0), {"按揭": 1.7, "经营贷款": 1.7, "养老": 0.2}),
    "activation": Wanted((0.8, 0.8, 0.9, 1.0, 1.2, 1.2, 0.7)),
}
PRODUCTS: Mapping[str, Wanted] = {
    COMPANY: Wanted(AT_WORK, {"经营贷款": 6.0}, channel=AT_THE_COUNTER),
    MORTGAGE: Wanted((0.5, 1.5, 1.2, 0.5, 0.0, 0.0, 0.0), {"按揭": 3.5}),
    BUSINESS: Wanted(AT_WORK, {"经营贷款": 3.5}),
    INSTALMENTS: Wanted((1.3, 1.4, 1.1, 0.8, 0.4, 0.2, 0.0), {"信用卡": 4.0}),
    CARE: Wanted((0.05, 0.05, 0.05, 0.2, 2.0, 5.0, 12.0)),
}


def applicants(bank: Bank, process: Process, outlet: NDArray[np.int32], dice: np.random.Generator) -> NDArray[np.int32]:
    """Whose are the cases of these outlets? Nobody gets mobile banking twice, as long as there is somebody without."""
    people = bank.customers
    weight = _weight(bank, PROCESS[process.code], np.arange(len(people)))
    if process.code == "activation":
        # Who lives by the telephone has had it for years, and who never touches one does not begin.
        weight *= people.digital * (1 - people.digital)
        return _each_once(bank, outlet, weight, dice)
    edges = np.cumsum(weight, dtype=np.float64)
    low = np.where(people.first > 0, edges[people.first - 1], 0.0)
    high = edges[people.first + people.number - 1]
    drawn = low[outlet] + dice.random(len(outlet)) * (high - low)[outlet]
    place = np.searchsorted(edges, drawn, side="right")
    return np.asarray(np.minimum(place, (people.first + people.number - 1)[outlet]), dtype=np.int32)


def about(
    bank: Bank, process: Process, moment: NDArray[np.int64], customer: NDArray[np.int32], dice: np.random.Generator
) -> About:
    """What is each case about, and by which way did it come? As it fits whose it is, and the day."""
    rules = [PRODUCTS.get(one.name, Wanted()) for one in process.products]
    shares = np.stack([
        one.share * _weight(bank, rule, customer) * (_workday(bank, moment // DAY) if one.workdays else 1.0)
        for one, rule in zip(process.products, rules, strict=True)
    ], axis=1)  # fmt: skip
    product = _drawn(shares, dice)
    habit = bank.customers.digital[customer]
    ways = np.stack([
        share * (0.25 + habit if name in BY_SCREEN else 1.75 - habit) for name, share in process.channels
    ], axis=1)  # fmt: skip
    names = [name for name, _ in process.channels]
    only = np.array([names.index(rule.channel) if rule.channel else -1 for rule in rules])[product]
    return About(product, np.where(only >= 0, only, _drawn(ways, dice)).astype(np.int8))


def _weight(bank: Bank, rule: Wanted, customer: NDArray[np.integer]) -> NDArray[np.float64]:
    """By how much is each of these customers likelier than others to want it?"""
    people, year = bank.customers, bank.scenario.until.year
    age = np.searchsorted(EDGES, year - people.born[customer], side="right")
    need = np.array([rule.needs.get(name, 1.0) for name in NEEDS])
    return np.asarray(np.array(rule.ages)[age] * need[people.need[customer]])


def _workday(bank: Bank, day: NDArray[np.int64]) -> NDArray[np.bool_]:
    calendar = mainland()
    return np.array([calendar.is_workday(one) for one in bank.scenario.days()])[day]


def _each_once(
    bank: Bank, outlet: NDArray[np.int32], weight: NDArray[np.float64], dice: np.random.Generator
) -> NDArray[np.int32]:
    """By weight and without drawing anybody again, until an outlet has no customer left."""
    people = bank.customers
    # Efraimidis and Spirakis (2006): those with the least of exponentials over weights are such a sample.
    key = dice.standard_exponential(len(people)) / np.maximum(weight, 1e-9)
    ranked = np.lexsort((key, people.outlet))
    order = np.lexsort((dice.random(len(outlet)), outlet))  # who of the sample comes first is chance
    begins = np.searchsorted(outlet[order], np.arange(len(people.first)))
    place = np.empty(len(outlet), dtype=np.int64)
    place[order] = np.arange(len(outlet)) - begins[outlet[order]]
    return ranked[people.first[outlet] + place % people.number[outlet]].astype(np.int32)


def _drawn(shares: NDArray[np.float64], dice: np.random.Generator) -> NDArray[np.int8]:
    """One of the columns for each row, in proportion."""
    edges = np.cumsum(shares, axis=1)
    return np.asarray((dice.random((len(shares), 1)) * edges[:, -1:] >= edges).sum(axis=1), dtype=np.int8)
