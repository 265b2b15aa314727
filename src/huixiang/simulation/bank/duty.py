"""Who sits where on which day? Seats handed round from day to day, so that everybody rests and nobody sits twice.

The tellers of an outlet who rotate form a ring. Each day they all move on by as many places as there are people to
spare, so that everybody comes past the places without a seat: no run of days at work is longer than six.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank.services import PRIORITY
from huixiang.simulation.bank.staff import LINE_SHIFTS, Staff
from huixiang.simulation.bank.units import Network

AT_WEEKENDS = 0.65  # share of the counters that open on days off, rounded up; of the priority ones to the nearest
CHANGE_OF_SHIFT = 15 * 3600  # on the service line: early until then, late from then on


def lanes(network: Network, outlet: NDArray[np.integer], day_off: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many counters of each lane open at these outlets? Shape (rows, 3); fewer where it is a day off."""
    every = np.stack([network.ordinary[outlet], network.priority[outlet], network.corporate[outlet]], axis=1)
    fewer = np.ceil(AT_WEEKENDS * every).astype(np.int64)
    fewer[:, PRIORITY] = np.maximum(1, np.rint(AT_WEEKENDS * every[:, PRIORITY]))
    return np.where(day_off[:, None], fewer, every)


def teller_at(
    staff: Staff, outlet: NDArray[np.integer], seat: NDArray[np.integer], day: NDArray[np.integer]
) -> NDArray[np.int64]:
    """Who has this seat on this day of the history? Counters by number, lane after lane, then the account desk."""
    spare = staff.rotating[outlet] - staff.seats[outlet]
    return np.asarray(staff.first_teller[outlet] + (seat + day * spare) % staff.rotating[outlet])


def serving(staff: Staff, people: NDArray[np.integer], workday: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Who of these has a seat on which of these workdays, when all are taken? Shape (people, days); others: nobody."""
    outlet = np.maximum(staff.outlet[people], 0)
    place, ring = people - staff.first_teller[outlet], staff.rotating[outlet]
    spare = (ring - staff.seats[outlet]).astype(np.int32)
    rotates = (staff.outlet[people] >= 0) & (place < ring)
    seat = (place.astype(np.int32)[:, None] - workday.astype(np.int32)[None, :] * spare[:, None]) % ring.astype(
        np.int32
    )[:, None]
    return np.asarray((seat < staff.seats[outlet].astype(np.int32)[:, None]) & rotates[:, None])


def off_the_line(place: NDArray[np.integer], day: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which of those on the service line, counted from the first, have which days off? Shape (people, days)."""
    return np.asarray((place[:, None] - day[None, :]) % LINE_SHIFTS == LINE_SHIFTS - 1)


def on_the_line(first: NDArray[np.integer], moment: NDArray[np.integer]) -> NDArray[np.int64]:
    """Who of the three who share a place on the service line, `first` and the next two, is there at this moment?

    Late on one day, early on the next, then a day off.
    """
    day, second = np.divmod(moment, 86_400)
    return np.asarray(first + (day + (second >= CHANGE_OF_SHIFT)) % LINE_SHIFTS)
