"""What does the queue system export? One Parquet file a month and group of outlets, one row a ticket."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.bank.services import LANE_LETTER, SERVICES
from huixiang.simulation.events.visits import Tickets
from huixiang.simulation.exports.tables import coded, numbered, write_parquet
from huixiang.simulation.moments import moments


def write(folder: Path, bank: Bank, month: str, group: int, tickets: Tickets) -> Path:
    """`queue/tickets-2026-01-00.parquet`. Times are local, to the second; who left has no end, counter or teller."""
    first, gone = bank.scenario.first_day, tickets.abandoned
    known_as = bank.customers.known_as[tickets.customer]  # not the row, which would tell the digital habit
    walked = np.minimum(6 + (tickets.number * 7 + known_as) % 25, (tickets.ended - tickets.called) // 3)
    names = [service.name for service in SERVICES]

    def moment(second: NDArray[np.int32], *, kept: NDArray[np.bool_] | None = None) -> pa.Array:
        return pa.array(moments(first, tickets.day, second), pa.timestamp("s"), mask=None if kept is None else ~kept)

    columns = {
        "branch": coded(bank.network.codes, tickets.outlet),
        "kiosk_number": _kiosk_numbers(tickets),
        "service": coded(names, tickets.service),
        "customer": numbered(bank.customers, tickets.customer),
        "arrived_at": moment(tickets.arrived),
        "called_at": moment(tickets.called, kept=~gone),
        "started_at": moment(tickets.called + walked, kept=~gone),
        "ended_at": moment(tickets.ended, kept=~gone),
        "left_at": moment(tickets.called, kept=gone),
        "counter": pa.array(tickets.counter + 1, mask=gone),
        "teller": pa.array(bank.staff.numbers[np.maximum(tickets.teller, 0)], mask=gone),
        "abandoned": pa.array(gone),
    }
    return write_parquet(folder / "queue" / f"tickets-{month}-{group:02d}.parquet", columns)


def _kiosk_numbers(tickets: Tickets) -> pa.Array:
    """What the kiosk prints: the lane's letter and three digits, four from the thousandth of a day on."""
    most = int(tickets.number.max(initial=0)) + 1
    numbers = [f"{letter}{number:03d}" for letter in LANE_LETTER for number in range(most)]
    return coded(numbers, tickets.lane.astype(np.int32) * most + tickets.number)
