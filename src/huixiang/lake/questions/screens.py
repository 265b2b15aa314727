"""Which digital facts are there? Those of a batch, of a customer, and from which day to which."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from huixiang.lake.questions.slices import once_a_version_of
from huixiang.lake.schema import PARTITION, TABLES, plain
from huixiang.lake.store import Lake

NAMED = ("clicks", "customers")  # tables that know a customer by pseudonym


def known_facts(lake: Lake, table: str, rows: pa.Table, day: str = "") -> pa.Table:
    """What the lake holds of these facts' ids. `day`: the column of their day; only those days are looked at."""
    schema = TABLES[table]
    if lake.version(table) < 0 or not rows.num_rows:
        return schema.empty_table()
    told = ", ".join(f't."{name}"' for name in schema.names)
    where = within(day, *(pc.min_max(rows[day])[end].as_py() for end in ("min", "max"))) if day else "true"
    found = lake.fetch(
        f'SELECT {told} FROM "{lake.view(table)}" AS t SEMI JOIN wanted ON t.id = wanted.id WHERE {where}',
        wanted=rows.select(["id"]),
    )
    return found.cast(schema)


def screens_of(lake: Lake, pseudonym: str, branches: frozenset[str] | None = None) -> set[str]:
    """The ids of all that is known of this customer on screens and in the bank's list, within these units."""
    found: set[str] = set()
    for table in NAMED:
        if lake.version(table) >= 0:
            sql = f"SELECT id, branch FROM \"{lake.view(table)}\" WHERE customer = unhex('{plain(pseudonym)}')"
            found |= {row["id"] for row in lake.fetch(sql).to_pylist() if branches is None or row["branch"] in branches}
    return found


@once_a_version_of("clicks")
def click_span(lake: Lake) -> tuple[date, date] | None:
    """From which day to which day does what was done on screens reach?"""
    row = lake.fetch(f'SELECT min(used_on) AS a, max(used_on) AS b FROM "{lake.view("clicks")}"').to_pylist()[0]
    return None if row["a"] is None else (row["a"], row["b"])


def within(column: str, first: date, last: date) -> str:
    """Days as SQL, of a table called t; the month besides, so that other files stay unread."""
    return (
        f"t.{PARTITION} BETWEEN '{first:%Y-%m}' AND '{last:%Y-%m}' "
        f"AND t.{column} BETWEEN DATE '{first}' AND DATE '{last}'"
    )
