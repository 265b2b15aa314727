"""How does the lake hold what was done on screens, what was out of order, and who the customers are? As columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huixiang.apps.feedback.ticket_rows import (
    ROW,
    Names,
    changed,
    constant,
    dated_ids,
    masked_cell,
    months_of,
    parts_of,
    pseudonyms,
)
from huixiang.apps.feedback.voice_rows import Arrival
from huixiang.lake.schema import CLICKS, CUSTOMERS, DOWNTIMES

_ODD = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
Rows = Callable[[pa.Table, Arrival, bytes, Names], pa.Table]


def click_rows(told: pa.Table, arrival: Arrival, key: bytes, names: Names) -> pa.Table:
    """By day, session and moment. The customer becomes a pseudonym, the session a keyed hash, words are masked."""
    coded = {name: told[name].combine_chunks() for name in ("session", "step", "code")}
    days = _days(told, "used_on")
    moments = np.asarray(told["used_at"].combine_chunks().view(pa.int64()))
    session = parts_of("session", coded["session"], key)
    with np.errstate(over="ignore"):
        bits = session + parts_of("step", coded["step"], key) + parts_of("code", coded["code"], key)
        ids = dated_ids(days, _clicked(bits + moments.astype(np.uint64) * _ODD))
    masked = ("channel", "device", "version", "service", "step", "code", "meaning")
    columns: dict[str, Any] = {
        "id": ids,
        "session": pa.array(session.view(np.int64)),
        "customer": pseudonyms(told["customer"].combine_chunks(), names),
        "month": months_of(days),
        **{name: changed(told[name].combine_chunks(), masked_cell, pa.string()) for name in masked},
        **{
            name: told[name]
            for name in ("branch", "used_at", "used_on", "hour", "ok", "done", "milliseconds", "weight")
        },
        **_arrived(told, arrival),
    }
    order = np.lexsort((moments, session.view(np.int64), days))
    return _table(columns, CLICKS).take(pa.array(order))


def downtime_rows(told: pa.Table, arrival: Arrival, key: bytes, names: Names) -> pa.Table:
    """As they are: nobody stands in them but in what was typed as a reason."""
    days = _days(told, "began_on")
    moments = np.asarray(told["began_at"].combine_chunks().view(pa.int64())) // 1_000_000
    keys = zip(*(told[name].to_pylist() for name in ("kind", "name", "branch")), moments.tolist(), strict=True)
    column = pa.array(["\0".join((kind, name, branch or "", str(at))) for kind, name, branch, at in keys], pa.string())
    masked = ("name", "reason", "number")
    columns: dict[str, Any] = {
        "id": dated_ids(days, parts_of("downtime", column.dictionary_encode(), key)),
        "month": months_of(days),
        **{name: changed(told[name].combine_chunks().dictionary_encode(), masked_cell, pa.string()) for name in masked},
        **{name: told[name] for name in ("kind", "branch", "began_at", "began_on", "ended_at", "planned", "share")},
        **_arrived(told, arrival),
    }
    return _table(columns, DOWNTIMES)


def customer_rows(told: pa.Table, arrival: Arrival, key: bytes, names: Names) -> pa.Table:
    """Each is told anew by every list: its month says by which last."""
    customer = told["customer"].combine_chunks()
    hashes = parts_of("customer", customer, key)
    columns: dict[str, Any] = {
        "id": pa.array([f"customer{each:016x}" for each in hashes.tolist()], pa.string()),
        "customer": pseudonyms(customer, names),
        "tier": changed(told["tier"].combine_chunks(), masked_cell, pa.string()),
        "month": constant(f"{arrival.received_at:%Y-%m}", told.num_rows),
        **{name: told[name] for name in ("branch", "band")},
        **_arrived(told, arrival),
    }
    return _table(columns, CUSTOMERS)


def _arrived(told: pa.Table, arrival: Arrival) -> dict[str, Any]:
    return {"import_id": constant(arrival.import_id, told.num_rows), "import_row": told[ROW]}


def _table(columns: dict[str, Any], schema: pa.Schema) -> pa.Table:
    return pa.table({name: columns[name] for name in schema.names}).cast(schema)


def _days(told: pa.Table, name: str) -> NDArray[np.int64]:
    return np.asarray(told[name].cast(pa.int32()).combine_chunks()).astype(np.int64)


def _clicked(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """As domain.digital.clicked, of all at once."""
    bits = (bits ^ bits >> np.uint64(30)) * _FIRST
    bits = (bits ^ bits >> np.uint64(27)) * _SECOND
    return bits ^ bits >> np.uint64(31)
