"""What is left of digital facts whose time is over? What was done and where it failed, and not by whom."""

from __future__ import annotations

import secrets
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huixiang.lake.store import Lake

HOUR = 3_600_000_000  # microseconds


def expire_facts(lake: Lake, table: str, month: str, *, figures: bool) -> int:
    """All of a month become figures, or go. How many became what they were not? Done again it finds nothing to do."""
    gone, key = 0, np.int64(secrets.randbits(62))

    def change(rows: pa.Table) -> pa.Table:
        nonlocal gone
        named = pc.sum(pc.not_equal(rows["import_id"], "")).as_py() or 0
        gone += named if figures else rows.num_rows
        if not figures:
            return rows.slice(0, 0)
        return rows if not named else _figures(rows, key)

    lake.rewrite(table, month, change)
    return gone


def _figures(rows: pa.Table, key: np.int64) -> pa.Table:
    """Ids are drawn anew and sessions by a key that is forgotten; a session begins at the full hour."""
    told: dict[str, Any] = {
        "id": pa.array([secrets.token_hex(12) for _ in range(rows.num_rows)], pa.string()),
        "customer": pa.nulls(rows.num_rows, pa.binary()),
        "import_id": pa.array([""] * rows.num_rows),
        "import_row": pa.array(np.zeros(rows.num_rows, np.int64)),
    }
    if "session" in rows.column_names:
        session = np.asarray(rows["session"].combine_chunks())
        told |= {"session": pa.array(session ^ key), "used_at": _by_hour(rows, session)}
        told["device"] = pa.array([""] * rows.num_rows)
    columns = [told.get(name, rows[name]) for name in rows.column_names]
    return pa.table(columns, schema=rows.schema)


def _by_hour(rows: pa.Table, session: Any) -> pa.Array:
    """Moved by as much as its session began after the hour: what it took is kept, and when it was is not."""
    moments = np.asarray(rows["used_at"].combine_chunks().view(pa.int64()))
    _names, of = np.unique(session, return_inverse=True)
    first = np.full(len(_names), np.iinfo(np.int64).max)
    np.minimum.at(first, of, moments)
    return pa.array(moments - first[of] % HOUR, rows["used_at"].type)
