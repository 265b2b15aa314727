"""How do a million made-up rows come into a database within minutes?

Indexes, triggers and foreign keys are laid aside and made again afterwards, over all rows at once; and the database
itself copies a block of cases, each with a number and a customer of its own, as often as is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import chain, islice
from typing import Any

TABLES = ("complaints_case", "complaints_event")
INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (%s, %s)",
    "postgresql": "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE "
    "indrelid IN (%s::regclass, %s::regclass) AND NOT indisprimary AND NOT EXISTS "
    "(SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
}


@contextmanager
def unhindered() -> Iterator[None]:
    from django.db import connection

    from huixiang.apps.access import append_only
    from huixiang.apps.complaints.guarded import EVENTS

    cursor = connection.cursor()
    append_only.release(connection, EVENTS)
    cursor.execute(INDEXES[connection.vendor], TABLES)
    indexes = cursor.fetchall()
    for name, _sql in indexes:
        cursor.execute(f"DROP INDEX {name}")
    with connection.constraint_checks_disabled():
        cursor.execute(_keys(connection, are_checked=False))
        yield
        cursor.execute(_keys(connection, are_checked=True))
    for _name, sql in indexes:
        cursor.execute(sql)
    append_only.guard(connection, EVENTS)
    if connection.vendor == "postgresql":
        cursor.execute("SELECT setval(pg_get_serial_sequence('complaints_case', 'id'), max(id)) FROM complaints_case")
    cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _keys(connection: Any, *, are_checked: bool) -> str:
    if connection.vendor == "sqlite":
        return f"PRAGMA foreign_keys = {'ON' if are_checked else 'OFF'}"
    return f"SET session_replication_role = {'origin' if are_checked else 'replica'}"


def copied(table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    from django.db import connection, transaction

    names = ", ".join(columns)
    first = list(islice(rows, 1))  # what rows are made from is asked before: a connection that copies answers nothing
    rows = chain(first, rows)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns))
            bound = ([str(each) if isinstance(each, date) else each for each in row] for row in rows)
            cursor.cursor.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", bound)


def multiplied(before: int, block: int, count: int) -> None:
    """The `block` cases behind number `before`, with what happened to them, again until there are `count`."""
    from django.db import connection, transaction

    cases, events = _columns("complaints_case"), _columns("complaints_event")
    as_copied = {
        "id": "id + {k}",
        "number": "substr(number, 1, 5) || substr(CAST(9999999 + id + {k} AS text), 2)",
        "customer": "'c' || substr(CAST(1000000 + (id + {k} - 1) % 400000 AS text), 2)",
        "case_id": "case_id + {k}",
    }
    for k in range(block, count, block):
        last = before + min(block, count - k)
        with transaction.atomic(), connection.cursor() as cursor:
            for table, names, key in (("case", cases, "id"), ("event", [e for e in events if e != "id"], "case_id")):
                read = ", ".join(as_copied.get(name, f'"{name}"').format(k=k) for name in names)
                written = ", ".join(f'"{name}"' for name in names)
                cursor.execute(f"INSERT INTO complaints_{table} ({written}) SELECT {read} FROM complaints_{table} "
                               f"WHERE {key} > {before} AND {key} <= {last}")  # fmt: skip


def _columns(table: str) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        return [each.name for each in connection.introspection.get_table_description(cursor, table)]
