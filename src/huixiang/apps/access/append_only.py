"""Can a record be changed by mistake? No: the database refuses UPDATE, DELETE, REPLACE and TRUNCATE on it.

For the audit, and for every table whose lines are the truth. A superuser can drop these triggers; that such a change is
*seen* is the work of the chain of hashes over the lines (audit.py), not theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

TABLE = "access_auditrecord"


@dataclass(frozen=True, slots=True)
class Guarded:
    """A table that only grows. `keys` are the columns by which a line is one; `empties` may be set to NULL once."""

    table: str
    name: str  # of its triggers
    keys: tuple[tuple[str, ...], ...]
    said: str
    empties: str = ""


AUDIT = Guarded(TABLE, "audit", (("seq",),), "audit records are append-only")


def guard(connection: Any, what: Guarded = AUDIT) -> None:
    """Refuse changes from now on. A later migration that rebuilds the table calls this again after it."""
    release(connection, what)
    _execute(connection, (_sqlite if connection.vendor == "sqlite" else _postgresql)(connection, what))


def release(connection: Any, what: Guarded = AUDIT) -> None:
    """Allow changes: for a migration of the table itself, and for tests that empty all tables."""
    if connection.vendor == "sqlite":
        _execute(connection, [f"DROP TRIGGER IF EXISTS {what.name}_no_{v}" for v in ("update", "delete", "replace")])
    else:
        verbs = ("change", "truncate")
        _execute(connection, [f"DROP TRIGGER IF EXISTS {what.name}_no_{v} ON {what.table}" for v in verbs])


def _sqlite(connection: Any, what: Guarded) -> list[str]:
    refused = f"BEGIN SELECT RAISE(ABORT, '{what.said}'); END"
    same = " OR ".join(f"({' AND '.join(f'kept.{c} = NEW.{c}' for c in key)})" for key in what.keys)
    unless, taken = _unless_emptied(connection, what), f"SELECT 1 FROM {what.table} AS kept WHERE {same}"  # noqa: S608
    return [
        f"CREATE TRIGGER {what.name}_no_update BEFORE UPDATE ON {what.table} {unless}{refused}",
        f"CREATE TRIGGER {what.name}_no_delete BEFORE DELETE ON {what.table} {refused}",
        # INSERT OR REPLACE deletes without asking the trigger above.
        f"CREATE TRIGGER {what.name}_no_replace BEFORE INSERT ON {what.table} WHEN EXISTS ({taken}) {refused}",
    ]


def _unless_emptied(connection: Any, what: Guarded) -> str:
    if not what.empties:
        return ""
    with connection.cursor() as cursor:
        columns = [each.name for each in connection.introspection.get_table_description(cursor, what.table)]
    kept = " AND ".join(f'NEW."{each}" IS OLD."{each}"' for each in columns if each != what.empties)
    return f'WHEN NOT (NEW."{what.empties}" IS NULL AND {kept}) '


def _postgresql(connection: Any, what: Guarded) -> list[str]:
    refused = f"RAISE EXCEPTION '{what.said}'"
    if what.empties:
        rest = f"to_jsonb({{}}) - '{what.empties}'"
        emptied = f"TG_OP = 'UPDATE' AND NEW.{what.empties} IS NULL AND {rest.format('NEW')} = {rest.format('OLD')}"
        # Asked one after the other: of a DELETE there is no NEW.
        refused = f"IF TG_OP = 'UPDATE' THEN IF {emptied} THEN RETURN NEW; END IF; END IF; {refused}"
    return [
        f"CREATE OR REPLACE FUNCTION {what.name}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {refused}; END $$",
        f"CREATE TRIGGER {what.name}_no_change BEFORE UPDATE OR DELETE ON {what.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {what.name}_is_append_only()",
        f"CREATE TRIGGER {what.name}_no_truncate BEFORE TRUNCATE ON {what.table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {what.name}_is_append_only()",
    ]


def _execute(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
