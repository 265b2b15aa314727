"""Who came to a branch, waited how long, and left with what feeling? A table of tickets a month and outlet group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.calendar import mainland
from huixiang.simulation import exact
from huixiang.simulation.bank import Bank, groups
from huixiang.simulation.bank.services import (
    AGES,
    CORPORATE,
    GRAIN,
    LANES,
    ORDINARY,
    PRIORITY,
    SERVICES,
    drawn_by_age,
)
from huixiang.simulation.demand import GROUPS_A_DAY, arrivals, branch_days, open_outlets
from huixiang.simulation.events.counters import Rows, counters
from huixiang.simulation.planting import Planting
from huixiang.simulation.queueing import serve

OUTLETS_AT_ONCE = 250  # of one month: some 800,000 tickets, which bounds the memory
PATIENCE_MINUTES, PATIENCE_SPREAD = 70.0, 0.55
OLDEST_IN_LINE = 80  # from this age on people are given a priority number
# Companies settle on workdays alone; whoever would have come for it at a weekend pays in takings of a shop.
_COMPANIES, _INSTEAD = ([one.code for one in SERVICES].index(code) for code in ("corporate", "cash"))
GOLDEN = (5**0.5 - 1) / 2
VISITS_OF_THE_UNDIGITAL = 1.3  # power: those with little digital habit come more often
# Of each of IMPAIRMENTS: papers are read out, answers written down, a ramp opened. The points are what is still hard.
TAKES_LONGER, STILL_HARD = (1.0, 1.35, 1.4, 1.1), (0.0, 0.4, 0.4, 0.5)
BETTER_SERVED = 0.9  # points of 10 that customers of platinum tier and above are more content


@dataclass(frozen=True, slots=True)
class Tickets:
    """One row a ticket, sorted by outlet, day, lane and moment of arrival; seconds after midnight.

    `day` counts from the history's first. `counter` numbers the outlet's counters from 0 through all lanes, `teller` is
    an index into the staff; both are -1 where the person left. `score` (0..10) is what the person thought of the visit:
    no system records it, surveys and voices come from it.
    """

    outlet: NDArray[np.int32]
    day: NDArray[np.int32]
    lane: NDArray[np.int8]
    number: NDArray[np.int32]
    service: NDArray[np.int8]
    customer: NDArray[np.int32]
    arrived: NDArray[np.int32]
    called: NDArray[np.int32]
    ended: NDArray[np.int32]
    counter: NDArray[np.int8]
    teller: NDArray[np.int32]
    score: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.outlet)

    @property
    def abandoned(self) -> NDArray[np.bool_]:
        """Who left without being served?"""
        return self.counter < 0

    @property
    def wait_minutes(self) -> NDArray[np.float32]:
        """How long did each wait, until called or gone?"""
        return self.waited(slice(None))

    def waited(self, rows: slice | NDArray[np.integer]) -> NDArray[np.float32]:
        """The same of these rows alone, which costs no more than they do."""
        return ((self.called[rows] - self.arrived[rows]) / np.float32(60)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Month:
    """What is given before the first customer comes: the days, their demand, and how quick everybody has become.

    `factors` one a day; `gain` factor on handling times by day and person, shape (days, staff).
    """

    name: str
    days: Sequence[date]
    factors: NDArray[np.float64]
    gain: NDArray[np.float64]


def visits(bank: Bank, planting: Planting, month: Month) -> Iterator[Tickets]:
    """All tickets of a month, a group of outlets at a time."""
    for first in range(0, len(bank.network), OUTLETS_AT_ONCE):
        outlets = np.arange(first, min(first + OUTLETS_AT_ONCE, len(bank.network)))
        yield _group(bank, planting, month, outlets, bank.dice.of("visits", month.name, first))


def _group(
    bank: Bank, planting: Planting, month: Month, outlets: NDArray[np.int64], dice: np.random.Generator
) -> Tickets:
    network, calendar, days, factors = bank.network, mainland(), month.days, month.factors
    opened = np.stack([open_outlets(day, calendar, network.weekends[outlets]) for day in days], axis=1)
    row_outlet, row_day = np.nonzero(opened)  # sorted by outlet, then day
    outlet = outlets[row_outlet]
    expected = bank.scenario.visits_a_day * network.demand[outlet] * factors[row_day]
    doors = network.opens[outlet], network.closes[outlet] - 1800
    row, second = arrivals(expected, *doors, branch_days(days, row_day), dice, groups=GROUPS_A_DAY)
    customer, service = _who(bank, outlet[row], row, days[0].year, dice)
    off = np.array([not calendar.is_workday(day) for day in days])[row_day[row]]
    service[off & (service == _COMPANIES)] = _INSTEAD  # on days off no company's clerk comes
    lane = _lanes(bank, customer, service, days[0].year)
    # The lane is that of whoever would have come: a planted mix changes who comes, and neither queues nor waits.
    customer = _mixed(bank, customer, planting.sizes("tier_mix", days, outlets)[row_day[row], row_outlet[row]], dice)
    queue = row * len(LANES) + lane
    order = np.argsort(queue.astype(np.int64) * 86_400 + second, kind="stable")
    row, second, queue = row[order], second[order], queue[order]
    customer, service, lane = customer[order], service[order], lane[order]
    seats, tellers, desks = counters(bank, planting, days, month.gain, Rows(outlets, row_outlet, row_day))
    served = serve(queue, second, _handling(bank, customer, service, dice), _patience(bank, customer, dice), seats)
    sizes = np.bincount(queue, minlength=len(seats.opens))
    number = np.arange(len(queue)) - (np.cumsum(sizes) - sizes)[queue] + 1
    teller = np.where(served.counter < 0, -1, tellers[queue, served.counter])
    days_before = (days[0] - bank.scenario.first_day).days
    desk = np.where(served.counter < 0, -1, desks[queue] + served.counter)
    seen = _Seen(outlet[row], row_day[row], customer, teller, ((served.starts - second) / 60).astype(np.float32))
    score = _scores(bank, planting, days, seen, dice)
    return Tickets(
        outlet=outlet[row].astype(np.int32), day=(row_day[row] + days_before).astype(np.int32), lane=lane,
        number=number.astype(np.int32), service=service, customer=customer, arrived=second, called=served.starts,
        ended=served.ends, counter=desk.astype(np.int8), teller=teller.astype(np.int32), score=score,
    )  # fmt: skip


def _who(
    bank: Bank, outlet: NDArray[np.int64], row: NDArray[np.int32], year: int, dice: np.random.Generator
) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    """Which customer, for which service? Customers of an outlet are sorted by digital habit, the least first.

    Within a `row` (an outlet's day) the draws keep their distance, as the multiples of the golden ratio do: so hardly
    anybody stands in two lines at once, and nothing need be sorted to see to it.
    """
    people = bank.customers
    rows = int(row[-1]) + 1 if len(row) else 0
    start = np.searchsorted(row, np.arange(rows))
    place = (np.arange(len(row)) - start[row]) * GOLDEN + dice.random(rows)[row]
    luck = exact.power((place - np.floor(place)).astype(np.float32), VISITS_OF_THE_UNDIGITAL)
    within = np.minimum((luck * people.number[outlet]).astype(np.int64), people.number[outlet] - 1)
    customer = (people.first[outlet] + within).astype(np.int32)
    first = int(people.born.min())
    group = np.searchsorted(AGES, year - np.arange(first, people.born.max() + 1), side="right")[people.born - first]
    grain = dice.integers(0, GRAIN, len(outlet), dtype=np.int32)
    return customer, drawn_by_age()[group[customer], grain]


def _mixed(
    bank: Bank, customer: NDArray[np.int32], moved: NDArray[np.float64], dice: np.random.Generator
) -> NDArray[np.int32]:
    """The same visits, of which a share `moved` is that of customers of platinum tier or above of the same outlet."""
    if not moved.any():
        return customer
    people = bank.customers
    replaced = np.flatnonzero(dice.random(len(customer)) < moved)
    outlet, better = people.outlet[customer[replaced]], np.flatnonzero(people.tier >= 2)
    low = np.searchsorted(people.outlet[better], outlet, side="left")
    number = np.searchsorted(people.outlet[better], outlet, side="right") - low
    drawn = low + (dice.random(len(outlet)) * number).astype(np.int64)
    mixed = customer.copy()
    mixed[replaced] = np.where(number > 0, better[np.minimum(drawn, len(better) - 1)], mixed[replaced])
    return mixed


def _lanes(bank: Bank, customer: NDArray[np.int32], service: NDArray[np.int8], year: int) -> NDArray[np.int8]:
    people = bank.customers
    first = (people.tier >= 2) | (people.impaired > 0) | (people.group == groups.FORCES)
    first |= year - people.born >= OLDEST_IN_LINE
    lane = np.where(first[customer], PRIORITY, ORDINARY)
    corporate = np.array([item.corporate for item in SERVICES])
    return np.where(corporate[service], CORPORATE, lane).astype(np.int8)


def _handling(
    bank: Bank, customer: NDArray[np.int32], service: NDArray[np.int8], dice: np.random.Generator
) -> NDArray[np.int32]:
    median = exact.log([item.minutes * 60 for item in SERVICES]).astype(np.float32)
    spread = np.array([item.spread for item in SERVICES], dtype=np.float32)
    luck = dice.standard_normal(len(service), dtype=np.float32)
    longer = np.array(TAKES_LONGER, dtype=np.float32)[bank.customers.impaired[customer]]
    longer *= groups.column("takes_longer")[bank.customers.group[customer]]
    return (exact.exp(median[service] + spread[service] * luck) * longer).astype(np.int32)


def _patience(bank: Bank, customer: NDArray[np.int32], dice: np.random.Generator) -> NDArray[np.int32]:
    luck = exact.exp(dice.standard_normal(len(customer), dtype=np.float32) * np.float32(PATIENCE_SPREAD))
    seconds = luck * bank.customers.patience[customer] * np.float32(PATIENCE_MINUTES * 60)
    return np.asarray(seconds, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a person lived through on one visit, of which the score is made; `day` of the month, `teller` -1: none."""

    outlet: NDArray[np.int64]
    day: NDArray[np.int64]
    customer: NDArray[np.int32]
    teller: NDArray[np.int64]
    wait_minutes: NDArray[np.float32]


def _scores(
    bank: Bank, planting: Planting, days: Sequence[date], seen: _Seen, dice: np.random.Generator
) -> NDArray[np.float32]:
    """What does each think of the visit, 0..10? Waiting, the teller, the person's own nature, and luck."""
    wait, people, customer = seen.wait_minutes, bank.customers, seen.customer
    score = np.float32(8.65) + np.float32(0.45) * dice.standard_normal(len(wait), dtype=np.float32)
    score -= np.float32(0.055) * np.maximum(wait - 8, 0) + np.float32(0.0006) * np.maximum(wait - 20, 0) ** 2
    warmth = bank.staff.warmth.astype(np.float32)
    score += np.where(seen.teller >= 0, warmth[seen.teller], np.float32(-2.5))
    score += np.where(people.tier[customer] >= 2, np.float32(BETTER_SERVED), 0)
    score -= np.array(STILL_HARD, dtype=np.float32)[people.impaired[customer]]
    score -= groups.column("still_hard")[people.group[customer]]
    score -= np.float32(0.18) * np.minimum(people.complains[customer], 8)
    strain = planting.sizes("stressed_team", days, np.arange(len(bank.network)))
    if strain.any():
        score -= np.float32(0.12) * strain[seen.day, seen.outlet].astype(np.float32)
    return np.asarray(np.clip(score, 0, 10), dtype=np.float32)
