"""Who complains, of what, when? Those whom something went wrong for, by how ready each person is to complain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.journeys import OK
from huixiang.simulation.events.sessions import Sessions
from huixiang.simulation.events.visits import Tickets
from huixiang.simulation.planting import Planting

ONE_IN = 16_000  # of visits that went as usual a complaint follows, for a person of middling readiness
STEEPNESS = 0.75  # each point of the score less multiplies the chance by e^0.75
FEES_A_MONTH = 0.22  # complaints about fees an outlet and month while nothing changes
LATEST_HOURS = 30.0  # between what went wrong and the complaint, on average


@dataclass(frozen=True, slots=True)
class Cause:
    """What can be complained of: our topic, and the classes of JR/T 0169 that a clerk would enter for it."""

    topic: str
    business: str
    reason: str


CAUSES = (
    Cause("branch.waiting", "人民币储蓄", "服务态度及服务质量"),
    Cause("branch.attitude", "银行卡", "服务态度及服务质量"),
    Cause("process.documents", "银行卡", "管理制度、业务规则与流程"),
    Cause("fees.change", "其他中间业务", "定价收费"),
    Cause("app.login", "支付结算", "服务设施、设备、业务系统"),
    Cause("loan.personal", "贷款", "管理制度、业务规则与流程"),
    Cause("security.fraud", "银行卡", "消费者资金安全"),
    Cause("wealth.selling", "自营理财", "信息披露"),
    Cause("access.service", "人民币储蓄", "服务设施、设备、业务系统"),
)
WAITING, ATTITUDE, DOCUMENTS, FEES, LOGIN, LOAN, LOSS, WEALTH, ACCESS = range(len(CAUSES))


@dataclass(frozen=True, slots=True)
class Grievances:
    """One row a complaint made, in no order: `cause` an index into CAUSES, `day` from the history's first, `second`."""

    outlet: NDArray[np.int32]
    customer: NDArray[np.int32]
    cause: NDArray[np.int8]
    day: NDArray[np.int32]
    second: NDArray[np.int32]
    minutes: NDArray[np.int32]  # waited, where that is what it is about; else 0

    def __len__(self) -> int:
        return len(self.outlet)


def joined(parts: Sequence[Grievances]) -> Grievances:
    """All of them, sorted by the moment they were made."""
    columns = [np.concatenate([getattr(part, name) for part in parts]) for name in Grievances.__slots__]
    order = np.lexsort((columns[1], columns[4], columns[3]))
    return Grievances(*(column[order] for column in columns))


def of_visits(bank: Bank, tickets: Tickets, dice: np.random.Generator) -> Grievances:
    """Complaints that follow visits: of waiting where long, of a cold teller, of barriers, else of the errand."""
    chance = np.exp((8.2 - tickets.score) * STEEPNESS) / ONE_IN
    chance *= np.minimum(bank.customers.complains[tickets.customer], 12)
    rows = np.flatnonzero(dice.random(len(tickets), dtype=np.float32) < chance)
    wait = tickets.wait_minutes[rows]
    cold = bank.staff.warmth[np.maximum(tickets.teller[rows], 0)] < -0.3
    other = np.array([DOCUMENTS, DOCUMENTS, LOSS, WEALTH])[dice.integers(0, 4, len(rows))]
    impaired = bank.customers.impaired[tickets.customer[rows]] > 0
    other = np.where(impaired & (other == DOCUMENTS), ACCESS, other)
    cause = np.where(wait > 25, WAITING, np.where(cold & (dice.random(len(rows)) < 0.7), ATTITUDE, other))
    return _made(tickets.outlet[rows], tickets.customer[rows], cause, (tickets.day[rows], tickets.ended[rows]),
                 np.where(cause == WAITING, wait, 0), dice)  # fmt: skip


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
    return _made(outlet, customer, np.full(len(day), FEES), when, np.zeros(len(day)), dice)


def of_cases(
    bank: Bank,
    case: tuple[NDArray[np.integer], ...],
    cause: int,
    score: NDArray[np.floating],
    dice: np.random.Generator,
) -> Grievances:
    """Complaints that follow cases, calls or sessions: `case` gives outlet, customer, day, second of each one's end."""
    outlet, customer, day, second = case
    chance = np.exp((8.2 - score) * STEEPNESS) / ONE_IN * np.minimum(bank.customers.complains[customer], 12)
    rows = np.flatnonzero(dice.random(len(outlet)) < chance)
    return _made(
        outlet[rows], customer[rows], np.full(len(rows), cause), (day[rows], second[rows]), np.zeros(len(rows)), dice
    )


def of_sessions(bank: Bank, clicks: Sessions, dice: np.random.Generator) -> Grievances:
    """Complaints that follow sessions in which something failed: each failure takes a point and a half off."""
    starts = np.flatnonzero(np.diff(clicks.session, prepend=-1))
    failed = np.add.reduceat((clicks.code != OK).astype(np.int32), starts) if len(starts) else starts
    rows = starts[failed > 0]
    customer = clicks.customer[rows]
    case = (bank.customers.outlet[customer], customer, clicks.day[rows], clicks.second[rows])
    return of_cases(bank, case, LOGIN, 8.2 - 1.5 * failed[failed > 0], dice)


def _made(
    outlet: NDArray[np.integer],
    customer: NDArray[np.integer],
    cause: NDArray[np.integer],
    when: tuple[NDArray[np.integer], ...],
    minutes: NDArray[np.floating],
    dice: np.random.Generator,
) -> Grievances:
    """Some complain at once, most within two days, and by day."""
    day, second = when
    later = second.astype(np.int64) + np.minimum(dice.exponential(LATEST_HOURS * 3600, len(day)), 10 * 86_400).astype(
        np.int64
    )
    passed, clock = np.divmod(later, 86_400)
    asleep = (clock < 8 * 3600) | (clock > 21 * 3600)
    clock = np.where(asleep, 8 * 3600 + dice.integers(0, 12 * 3600, len(day)), clock)
    clock = np.where(passed == 0, np.maximum(clock, np.minimum(second + 60, 86_399)), clock)
    columns = (outlet, customer, day + passed, clock, np.asarray(minutes))
    who, customer, on, at, waited = (column.astype(np.int32) for column in columns)
    return Grievances(who, customer, cause.astype(np.int8), on, at, waited)
