"""Which tickets of the branch's queue are there? Those of a batch, of a customer, of a branch's day.

In SQL where Ibis would only copy it: docs/methods/waiting.md tells what the one costs over the other.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from huixiang.lake.questions.slices import once_a_version_of
from huixiang.lake.schema import PARTITION, TICKETS, plain
from huixiang.lake.store import Lake

PAGE = 200


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One ticket as a list shows it; columns of schema.TICKETS. Whose it is is not told."""

    kiosk_number: str
    service: str
    lane: str
    arrived_at: datetime
    left: bool
    wait_seconds: int | None
    service_seconds: int | None
    counter: str


def known_tickets(lake: Lake, rows: pa.Table) -> pa.Table:
    """What the lake holds of these tickets' ids, in schema.TICKETS. Only their days and branches are looked at."""
    view, days = lake.days_of_view("tickets")
    told_on = pc.unique(rows["arrived_on"]).to_pylist()
    if not (both := sorted(day for day in told_on if day in days)):
        return TICKETS.empty_table()
    if len(both) < len(told_on):  # a month that goes on: of all its days one may be there
        rows = rows.filter(pc.is_in(rows["arrived_on"], value_set=pa.array(both, pa.date32())))
    branches = pc.min_max(pc.unique(rows["branch"]).cast(pa.string()))
    least, most = (plain(branches[end].as_py()) for end in ("min", "max"))
    told = ", ".join(f't."{name}"' for name in TICKETS.names)
    found = lake.fetch(
        f'SELECT {told} FROM "{view}" AS t SEMI JOIN wanted ON t.id = wanted.id '  # names of our own
        f"WHERE {within(both[0], both[-1])} AND t.branch BETWEEN '{least}' AND '{most}'",
        wanted=rows.select(["id"]),
    )
    return found.cast(TICKETS)


def tickets_of(lake: Lake, pseudonym: str, branches: frozenset[str] | None = None) -> set[str]:
    """The ids of all tickets, within these units, that this customer took."""
    if lake.version("tickets") < 0:
        return set()
    sql = f"SELECT id, branch FROM \"{lake.view('tickets')}\" WHERE customer = unhex('{plain(pseudonym)}')"
    rows = lake.fetch(sql).to_pylist()
    return {row["id"] for row in rows if branches is None or row["branch"] in branches}


def ticket_page(lake: Lake, branch: str, day: date, after: int = 0, size: int = PAGE) -> tuple[list[TicketRow], bool]:
    """A branch's tickets of one day in the order in which they were taken; are there more?"""
    told = ", ".join(f't."{each.name}"' for each in fields(TicketRow))
    sql = (
        f'SELECT {told} FROM "{lake.view("tickets")}" AS t WHERE {within(day, day)} '
        f"AND t.branch = '{plain(branch)}' ORDER BY t.arrived_at, t.id LIMIT {size + 1} OFFSET {after}"
    )
    rows: list[dict[str, Any]] = lake.fetch(sql).to_pylist()
    listed = [TicketRow(**row | {"arrived_at": row["arrived_at"].replace(tzinfo=UTC)}) for row in rows[:size]]
    return listed, len(rows) > size


@once_a_version_of("tickets")
def ticket_span(lake: Lake) -> tuple[date, date] | None:
    """From which day to which day do the tickets reach?"""
    row = lake.fetch(f'SELECT min(arrived_on) AS a, max(arrived_on) AS b FROM "{lake.view("tickets")}"').to_pylist()[0]
    return None if row["a"] is None else (row["a"], row["b"])


def within(first: date, last: date) -> str:
    """Days as SQL, of a table called t; the month besides, so that other files stay unread."""
    return (
        f"t.{PARTITION} BETWEEN '{first:%Y-%m}' AND '{last:%Y-%m}' "
        f"AND t.arrived_on BETWEEN DATE '{first}' AND DATE '{last}'"
    )
