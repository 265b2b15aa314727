"""Which counters are open when, and who sits there? Lanes, lunch, planted understaffing, and everybody's pace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.calendar import mainland
from huixiang.simulation.bank import Bank, duty
from huixiang.simulation.bank.services import ORDINARY
from huixiang.simulation.planting import Planting
from huixiang.simulation.queueing import NEVER, Counters

LUNCH = (41_400, 44_100, 46_800)  # 11:30, 12:15, 13:00: half of the counters pause first, the others then


class Rows(NamedTuple):
    """The outlets of a group on the days on which they open: `outlets[place]` on the month's day `day`."""

    outlets: NDArray[np.int64]
    place: NDArray[np.int64]
    day: NDArray[np.int64]

    @property
    def outlet(self) -> NDArray[np.int64]:
        """Which outlet of the bank is each row's?"""
        return self.outlets[self.place]


def counters(
    bank: Bank, planting: Planting, days: Sequence[date], gain: NDArray[np.float64], rows: Rows
) -> tuple[Counters, NDArray[np.int64], NDArray[np.int64]]:
    """The counters of each row's three lanes, who sits there (both rows × lanes, counters), and each lane's first."""
    network, staff, outlet = bank.network, bank.staff, rows.outlet
    every = duty.lanes(network, outlet, np.zeros(len(outlet), dtype=bool))
    off = np.array([not mainland().is_workday(day) for day in days])
    lanes = duty.lanes(network, outlet, off[rows.day])
    most, first = int(every.max(initial=1)), np.cumsum(every, axis=1) - every
    column = np.arange(most)
    there = column[None, None, :] < lanes[:, :, None]
    seat = np.minimum(column[None, None, :] + first[:, :, None], staff.seats[outlet][:, None, None] - 1)
    begun = (days[0] - bank.scenario.first_day).days
    teller = duty.teller_at(staff, outlet[:, None, None], seat, rows.day[:, None, None] + begun)
    shape3 = there.shape
    opens = np.where(there, network.opens[outlet][:, None, None], NEVER)
    late = column[None, None, :] % 2 == 1
    pauses = np.broadcast_to(np.where(late, LUNCH[1], LUNCH[0]), shape3).copy()
    resumes = np.broadcast_to(np.where(late, LUNCH[2], LUNCH[1]), shape3).copy()
    resumes[lanes == 1] = LUNCH[0]  # a lane with one counter: somebody steps in, no pause
    pauses[lanes == 1] = LUNCH[0]
    _shut(planting, days, rows, lanes[:, ORDINARY], (pauses, resumes))
    pace = staff.skill[teller] * gain[rows.day[:, None, None], teller]
    pace *= _pace(bank, planting, days, rows)[:, None, None]
    closes = np.broadcast_to(network.closes[outlet][:, None, None] + 3600, shape3)  # those inside are still served

    def flat(part: NDArray[np.int64]) -> NDArray[np.int32]:
        return part.reshape(-1, most).astype(np.int32)

    paces: NDArray[np.float32] = pace.reshape(-1, most).astype(np.float32)
    seats = Counters(flat(opens), flat(closes), flat(pauses), flat(resumes), paces)
    return seats, teller.reshape(-1, most), first.ravel()


def _shut(
    planting: Planting,
    days: Sequence[date],
    rows: Rows,
    ordinary: NDArray[np.int64],
    times: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> None:
    """Planted understaffing: some ordinary counters stay shut through the named hours."""
    pauses, resumes = times
    for effect, places in planting.of("understaffed"):
        when = np.array([effect.holds(one) for one in days])[rows.day] & np.isin(rows.outlet, places)
        number = np.minimum(np.ceil(effect.size * ordinary - 0.5).astype(int).clip(min=1), np.maximum(ordinary - 1, 0))
        shut = when[:, None] & (np.arange(pauses.shape[2])[None, :] < number[:, None])
        pauses[:, ORDINARY][shut] = effect.hours[0] * 3600
        resumes[:, ORDINARY][shut] = effect.hours[1] * 3600


def _pace(bank: Bank, planting: Planting, days: Sequence[date], rows: Rows) -> NDArray[np.float64]:
    """Factor on handling times by row: the outlet's own, and what pilots and stress plant."""
    gain = 1 - planting.sizes("pilot", days, rows.outlets)
    strain = 1 + 0.02 * planting.sizes("stressed_team", days, rows.outlets)
    return (gain * strain)[rows.day, rows.place] * bank.network.handling[rows.outlet]
