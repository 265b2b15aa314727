"""Who complains, of what, when? Those whom something went wrong for, by how ready each person is to complain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.calendar import mainland
from huixiang.simulation import exact
from huixiang.simulation.bank import Bank
from huixiang.simulation.demand import open_outlets
from huixiang.simulation.events.calls import Calls
from huixiang.simulation.events.causes import (
    ACCESS,
    ATTITUDE,
    BUSINESS_OF_CAUSE,
    BUSINESS_OF_JOURNEY,
    BUSINESS_OF_SERVICE,
    CARDS,
    CAUSE_OF_GROUP,
    CAUSES_OF_SERVICE,
    DOCUMENTS,
    FEES,
    LOAN,
    LOGIN,
    WAITING,
    WEALTH,
    by_need,
)
from huixiang.simulation.events.journeys import OK
from huixiang.simulation.events.sessions import Sessions
from huixiang.simulation.events.topics import COMPLAINT
from huixiang.simulation.events.visits import Tickets
from huixiang.simulation.moments import DAY
from huixiang.simulation.planting import Planting

__all__ = ["DOCUMENTS", "LOAN", "LOGIN", "Grievances", "joined", "of_calls", "of_cases", "of_fees", "of_sessions",
           "of_visits"]  # fmt: skip

ONE_IN = 16_000  # of visits that went as usual a complaint follows, for a person of middling readiness
STEEPNESS = 0.75  # each point of the score less multiplies the chance by e^0.75
FEES_A_MONTH = 0.22  # complaints about fees an outlet and month while nothing changes
OFFICE_HOURS = (9 * 3600, 17 * 3600)  # in which the supervisor's letters come
LONGEST_SHUT = 15  # days: longer than any run of days off
LATEST_HOURS = 30.0  # between what went wrong and the complaint, on average
REGISTERED = 0.4  # of first calls about a complaint that one talk did not settle; the rest wanted to be heard, no more
HOTLINE, BRANCH, APP, SUPERVISOR = range(4)  # by which way a complaint comes: the channels of the process
# Nobody here telephones: a complaint of the hotline is a call that was made (`of_calls`).
AFTER_VISITS, AFTER_FEES, AFTER_CASES, AFTER_SESSIONS = (
    np.cumsum(shares) for shares in ((0, 0.6, 0.2, 0.2), (0, 0.3, 0.5, 0.2), (0, 0.4, 0.35, 0.25), (0, 0.1, 0.7, 0.2))
)


@dataclass(frozen=True, slots=True)
class Grievances:
    """One row a complaint made, in no order: `cause` an index into CAUSES, `business` into BUSINESSES, `source` one of
    HOTLINE, BRANCH, APP and SUPERVISOR; `day` from the history's first, `second`."""

    outlet: NDArray[np.int32]
    customer: NDArray[np.int32]
    cause: NDArray[np.int8]
    business: NDArray[np.int8]
    source: NDArray[np.int8]
    day: NDArray[np.int32]
    second: NDArray[np.int32]
    minutes: NDArray[np.int32]  # waited, where that is what it is about; else 0
    call: NDArray[np.int64]  # the id of the call in which it was taken down; -1: none

    def __len__(self) -> int:
        return len(self.outlet)


@dataclass(frozen=True, slots=True)
class _About:
    """What the complaints are about and who has them, before it is known when they are made."""

    outlet: NDArray[np.integer]
    customer: NDArray[np.integer]
    cause: NDArray[np.integer]
    business: NDArray[np.integer]
    minutes: NDArray[np.floating] | int = 0


def joined(parts: Sequence[Grievances]) -> Grievances:
    """All of them, sorted by the moment they were made."""
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in Grievances.__slots__}
    order = np.lexsort((columns["customer"], columns["second"], columns["day"]))
    return Grievances(**{name: column[order] for name, column in columns.items()})


def of_visits(bank: Bank, tickets: Tickets, dice: np.random.Generator) -> Grievances:
    """Complaints that follow visits: of waiting where long, of a cold teller, of a group's barriers, of the errand."""
    chance = exact.exp((8.2 - tickets.score) * STEEPNESS) / ONE_IN
    chance *= np.minimum(bank.customers.complains[tickets.customer], 12)
    rows = np.flatnonzero(dice.random(len(tickets), dtype=np.float32) < chance)
    wait, service = tickets.waited(rows), tickets.service[rows]
    cold = bank.staff.warmth[np.maximum(tickets.teller[rows], 0)] < -0.3
    other = CAUSES_OF_SERVICE[service, dice.integers(0, 2, len(rows))]
    own = CAUSE_OF_GROUP[bank.customers.group[tickets.customer[rows]]]
    own = np.where(bank.customers.impaired[tickets.customer[rows]] > 0, ACCESS, own)
    other = np.where((own >= 0) & (other == DOCUMENTS), own, other)
    cause = np.where(wait > 25, WAITING, np.where(cold & (dice.random(len(rows)) < 0.7), ATTITUDE, other))
    business = np.where(cause == WEALTH, BUSINESS_OF_CAUSE[WEALTH], BUSINESS_OF_SERVICE[service])
    about = _About(tickets.outlet[rows], tickets.customer[rows], cause, business, np.where(cause == WAITING, wait, 0))
    return _made(bank, about, (tickets.day[rows], tickets.ended[rows]), AFTER_VISITS, dice)


def of_fees(bank: Bank, planting: Planting, days: Sequence[date], dice: np.random.Generator) -> Grievances:
    """Complaints about fees: few and steady, until a planted change of fees multiplies them."""
    factor = np.array([planting.size("fee_change", day, rest=1.0) for day in days])
    mean = FEES_A_MONTH / 30.4 * bank.network.demand[None, :] * factor[:, None]
    day, outlet = np.nonzero(counts := dice.poisson(mean))
    day, outlet = (np.repeat(part, counts[day, outlet]) for part in (day, outlet))
    people = bank.customers
    ready = dice.random((8, len(day)))  # of eight people the one most ready to complain does so
    tried = people.first[outlet] + (ready * people.number[outlet]).astype(np.int64)
    customer = np.take_along_axis(tried, people.complains[tried].argmax(axis=0)[None, :], axis=0)[0]
    first = (days[0] - bank.scenario.first_day).days
    when = (day + first, dice.integers(8 * 3600, 20 * 3600, len(day)))
    business = np.where(dice.random(len(day)) < 0.3, CARDS, BUSINESS_OF_CAUSE[FEES])
    return _made(bank, _About(outlet, customer, np.full(len(day), FEES), business), when, AFTER_FEES, dice)


def of_cases(
    bank: Bank,
    case: tuple[NDArray[np.integer], ...],
    cause: int,
    score: NDArray[np.floating],
    dice: np.random.Generator,
) -> Grievances:
    """Complaints that follow cases: `case` gives outlet, customer, day, second of each one's end."""
    _, when, about = _minded(bank, case, cause, score, dice)
    return _made(bank, about, when, AFTER_CASES, dice)


def of_sessions(bank: Bank, clicks: Sessions, dice: np.random.Generator) -> Grievances:
    """Complaints that follow sessions in which something failed: each failure takes a point and a half off."""
    starts = np.flatnonzero(np.diff(clicks.session, prepend=-1))
    failed = np.add.reduceat((clicks.code != OK).astype(np.int32), starts) if len(starts) else starts
    rows = starts[failed > 0]
    customer = clicks.customer[rows]
    case = (bank.customers.outlet[customer], customer, clicks.day[rows], clicks.second[rows])
    chosen, when, about = _minded(bank, case, LOGIN, 8.2 - 1.5 * failed[failed > 0], dice)
    about = _About(about.outlet, about.customer, about.cause, BUSINESS_OF_JOURNEY[clicks.journey[rows[chosen]]])
    return _made(bank, about, when, AFTER_SESSIONS, dice)


def of_calls(bank: Bank, planting: Planting, calls: Calls, dice: np.random.Generator) -> Grievances:
    """The complaints that agents of the hotline take down: made as the call ends, by whoever called.

    Of the calls about a complaint neither those solved by one talk nor repeats become one; of the others a share
    REGISTERED does. What they complain of goes by their main need, not by what they lived through.
    """
    people, days = bank.customers, bank.scenario.days()
    earlier = np.minimum(np.searchsorted(calls.call, calls.repeat_of), len(calls) - 1)
    nothing_yet = calls.abandoned[earlier] | (calls.topic[earlier] != COMPLAINT)
    new = (calls.repeat_of < 0) | (nothing_yet & (calls.call[earlier] == calls.repeat_of))
    open_end = ~calls.abandoned & ~calls.solved & (calls.transferred_to < 0)
    rows = np.flatnonzero((calls.topic == COMPLAINT) & new & open_end & (calls.continues < 0))
    rows = rows[dice.random(len(rows)) < REGISTERED]
    customer, day = calls.customer[rows], calls.day[rows]
    weights = by_need()[people.need[customer]]
    dearer = {one: planting.size("fee_change", days[one], rest=1.0) for one in np.unique(day).tolist()}
    weights[:, FEES] *= [dearer[one] for one in day.tolist()]
    edges = np.cumsum(weights, axis=1)
    cause = (dice.random((len(rows), 1)) * edges[:, -1:] >= edges).sum(axis=1)
    passed, second = np.divmod(calls.ended[rows], DAY)
    nobody = np.zeros(len(rows), np.int32)
    return Grievances(
        people.outlet[customer].astype(np.int32), customer.astype(np.int32), cause.astype(np.int8),
        BUSINESS_OF_CAUSE[cause], np.full(len(rows), HOTLINE, np.int8),
        day, np.where(passed > 0, DAY - 1, second).astype(np.int32), nobody, calls.call[rows],
    )  # fmt: skip


def _minded(
    bank: Bank,
    case: tuple[NDArray[np.integer], ...],
    cause: int,
    score: NDArray[np.floating],
    dice: np.random.Generator,
) -> tuple[NDArray[np.int64], tuple[NDArray[np.integer], NDArray[np.integer]], _About]:
    """Which of these does somebody complain of? Their places, moments, and what the complaints are about."""
    outlet, customer, day, second = case
    chance = exact.exp((8.2 - score) * STEEPNESS) / ONE_IN * np.minimum(bank.customers.complains[customer], 12)
    rows = np.flatnonzero(dice.random(len(outlet)) < chance)
    causes = np.full(len(rows), cause)
    return rows, (day[rows], second[rows]), _About(outlet[rows], customer[rows], causes, BUSINESS_OF_CAUSE[causes])


def _made(
    bank: Bank,
    about: _About,
    when: tuple[NDArray[np.integer], NDArray[np.integer]],
    sources: NDArray[np.float64],
    dice: np.random.Generator,
) -> Grievances:
    """Some complain at once, most within two days, by day, and when somebody is there to take it down.

    `sources`: the shares of the ways, added up.
    """
    day, second = when
    later = second.astype(np.int64) + np.minimum(dice.exponential(LATEST_HOURS * 3600, len(day)), 10 * DAY).astype(
        np.int64
    )
    passed, clock = np.divmod(later, DAY)
    asleep = (clock < 8 * 3600) | (clock > 21 * 3600)
    clock = np.where(asleep, 8 * 3600 + dice.integers(0, 12 * 3600, len(day)), clock)
    clock = np.where(passed == 0, np.maximum(clock, np.minimum(second + 60, DAY - 1)), clock)
    source = np.minimum(np.searchsorted(sources, dice.random(len(day)), side="right"), SUPERVISOR)
    taken = entered_when(bank, (source, about.outlet), (day + passed, clock), dice)
    columns = (about.outlet, about.customer, *taken, np.broadcast_to(about.minutes, len(day)))
    outlet, who, on, at, waited = (np.asarray(column).astype(np.int32) for column in columns)
    cause, business, by = (column.astype(np.int8) for column in (about.cause, about.business, source))
    return Grievances(outlet, who, cause, business, by, on, at, waited, np.full(len(day), -1))


def entered_when(
    bank: Bank,
    by: tuple[NDArray[np.integer], NDArray[np.integer]],
    when: tuple[NDArray[np.integer], NDArray[np.integer]],
    dice: np.random.Generator,
) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    """Day and second at which each is entered, `by` source and outlet: at once, or as soon as there is somebody.

    At the outlet while it is open; what the supervisor sends comes on workdays, in office hours.
    """
    (source, outlet), (day, second), network = by, when, bank.network
    if not len(day):
        return day, second
    at_outlet, sent = source == BRANCH, source == SUPERVISOR
    opens = np.select([at_outlet, sent], [network.opens[outlet], OFFICE_HOURS[0]], 0)
    closes = np.select([at_outlet, sent], [network.closes[outlet], OFFICE_HOURS[1]], DAY)
    calendar, low = mainland(), int(day.min())
    days = [bank.scenario.first_day + timedelta(n) for n in range(low, int(day.max()) + LONGEST_SHUT)]
    served = np.array([[True, *open_outlets(one, calendar, np.array([False, True]))] for one in days]).T
    ahead = np.where(served, np.arange(len(days)), len(days))
    ahead = np.minimum.accumulate(ahead[:, ::-1], axis=1)[:, ::-1] + low
    kind = np.select([at_outlet, sent], [1 + network.weekends[outlet], 1], 0)
    on = ahead[kind, day - low + (second > closes)]
    later = opens + (dice.random(len(day)) * (closes - opens)).astype(np.int64)
    return on, np.where((on > day) | (second < opens), later, second)
