"""Can an audit record be changed by mistake? No: the database refuses UPDATE, DELETE, REPLACE and TRUNCATE on it.

A superuser can drop these triggers; that such a change is *seen* is the chain's work (audit.py), not theirs.
"""

from __future__ import annotations

from typing import Any

TABLE = "access_auditrecord"

_SQLITE = [
    *(
        f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, 'audit records are append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ),
    # INSERT OR REPLACE deletes without asking the trigger above.
    "CREATE TRIGGER audit_no_replace BEFORE INSERT ON access_auditrecord "
    "WHEN EXISTS (SELECT 1 FROM access_auditrecord AS kept WHERE kept.seq = NEW.seq) "
    "BEGIN SELECT RAISE(ABORT, 'audit records are append-only'); END",
]
_POSTGRESQL = [
    "CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'audit records are append-only'; END $$",
    f"CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()",
    f"CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {TABLE} "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()",
]
_RELEASE = {
    "sqlite": [f"DROP TRIGGER IF EXISTS audit_no_{verb}" for verb in ("update", "delete", "replace")],
    "postgresql": [
        f"DROP TRIGGER IF EXISTS audit_no_change ON {TABLE}",
        f"DROP TRIGGER IF EXISTS audit_no_truncate ON {TABLE}",
    ],
}


def guard(connection: Any) -> None:
    """Refuse changes from now on. A later migration that rebuilds the table calls this again after it."""
    release(connection)
    _execute(connection, _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL)


def release(connection: Any) -> None:
    """Allow changes: for a migration of the table itself, and for tests that empty all tables."""
    _execute(connection, _RELEASE[connection.vendor])


def _execute(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
