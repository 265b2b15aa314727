"""What is left of tickets whose time is over? How long people waited and were served, and not whose they were."""

from __future__ import annotations

import secrets

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huixiang.lake.store import Lake

HOUR = 3_600_000_000  # microseconds


def expire_tickets(lake: Lake, month: str, *, figures: bool) -> int:
    """All of a month become figures, or go. How many became what they were not? Done again it finds nothing to do."""
    gone = 0

    def change(rows: pa.Table) -> pa.Table:
        nonlocal gone
        named = pc.sum(pc.not_equal(rows["import_id"], "")).as_py() or 0
        gone += named if figures else rows.num_rows
        return _figures(rows) if figures else rows.slice(0, 0)

    lake.rewrite("tickets", month, change)
    return gone


def _figures(rows: pa.Table) -> pa.Table:
    """The moment is told by the hour alone, and the id is drawn anew: no number leads back to it."""
    told = {
        "id": _new_ids(rows),
        "arrived_at": _by_hour(rows),
        "customer": pa.nulls(rows.num_rows, pa.binary()),
        "import_row": pa.array(np.zeros(rows.num_rows, np.int64)),
        **dict.fromkeys(("kiosk_number", "counter", "teller", "import_id"), pa.array([""] * rows.num_rows)),
    }
    columns = [told.get(name, rows[name]) for name in rows.column_names]
    return pa.table(columns, schema=rows.schema)


def _new_ids(rows: pa.Table) -> pa.Array:
    drawn = pa.array([secrets.token_hex(8) for _ in range(rows.num_rows)], pa.string())
    return pc.binary_join_element_wise(pc.strftime(rows["arrived_on"], "%Y%m%d").combine_chunks(), drawn, "")


def _by_hour(rows: pa.Table) -> pa.Array:
    moments = np.asarray(rows["arrived_at"].combine_chunks().view(pa.int64()))
    return pa.array(moments // HOUR * HOUR, rows["arrived_at"].type)
