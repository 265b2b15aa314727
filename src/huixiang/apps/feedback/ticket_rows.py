"""Which ticket is this, and how does the lake hold it? Column by column: there are a hundred million of them."""

from __future__ import annotations

import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huixiang.apps.feedback.classification import Told
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.feedback.voice_rows import Arrival
from huixiang.channels.tickets.parquet import Block
from huixiang.domain.feedback import Pseudonyms
from huixiang.domain.waiting import Ticket, mixed, part
from huixiang.lake.schema import TICKETS

ROW = "row"
CODED = ("branch", "kiosk_number", "service", "lane", "customer", "counter", "teller")
_EPOCH = date(1970, 1, 1).toordinal()
_ID = 24
_HEX = np.frombuffer(b"".join(binascii.hexlify(bytes([each])) for each in range(256)), np.uint8).reshape(256, 2)


@dataclass(frozen=True, slots=True)
class TicketRows(Sequence[Told[Ticket]]):
    """Tickets as columns (see channels.tickets.sweep), and one by one for whoever asks for a few."""

    told: pa.Table
    key: bytes
    block: Block | None = None  # where they stand in their file

    @classmethod
    def of(cls, sure: pa.Table | None, singly: Sequence[Told[Ticket]], key: bytes, block: Block) -> TicketRows:
        """Those that were swept up together, and those that had to be read one by one, in the file's order."""
        found = [sure] if sure is not None else []
        if singly or sure is None:
            found.append(columns_of(singly))
        told = pa.concat_tables([each.select(found[0].column_names) for each in found]).unify_dictionaries()
        return cls(told if len(found) == 1 else told.sort_by(ROW), key, block)

    def __len__(self) -> int:
        return int(self.told.num_rows)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        row = self.told.slice(place % len(self), 1).to_pylist()[0]
        return Told.of(row.pop(ROW), Ticket(**row), self.key)


def columns_of(entries: Sequence[Told[Ticket]]) -> pa.Table:
    """The same columns, of tickets that were read one by one."""
    if isinstance(entries, TicketRows):
        return entries.told
    names = [each.name for each in fields(Ticket) if each.name != "extra"]
    columns: dict[str, Any] = {name: [getattr(each.record, name) for each in entries] for name in names}
    made = {
        name: pa.array(cells, pa.string()).dictionary_encode()
        if name in CODED
        else pa.array(cells, TICKETS.field(name).type)
        for name, cells in columns.items()
    }
    return pa.table(made | {ROW: pa.array([each.row for each in entries], pa.int64())})


class Names:
    """The pseudonyms of an import's customers: who came before is not reckoned again, up to a bound."""

    MOST = 3_000_000  # some 100 MB, as long as the import runs

    def __init__(self, key: bytes) -> None:
        self._made = Pseudonyms(key)
        self._customers = pa.array([], pa.string())
        self._pseudonyms = np.zeros(0, "S16")

    def of(self, customers: pa.Array) -> pa.Array:
        """In their order; null for ""."""
        places = pc.index_in(customers, value_set=self._customers)
        is_named = pc.not_equal(customers, "")
        fresh = pc.unique(customers.filter(pc.and_(pc.is_null(places), is_named)))
        if len(fresh):
            if len(self._customers) + len(fresh) > self.MOST:
                self._customers, self._pseudonyms = self._customers.slice(0, 0), self._pseudonyms[:0]
                fresh = pc.unique(customers.filter(is_named))
            made = np.frombuffer(b"".join(self._made.of(fresh.to_pylist())), "S16")
            self._customers = pa.concat_arrays([self._customers, fresh])
            self._pseudonyms = np.concatenate([self._pseudonyms, made])
            places = pc.index_in(customers, value_set=self._customers)
        return _bytes(self._pseudonyms, places)


def _bytes(known: NDArray[Any], places: pa.Array) -> pa.Array:
    """Sixteen bytes each, null where there is no place."""
    nobody = np.asarray(pc.is_null(places))
    chosen = np.asarray(pc.fill_null(places, 0))
    cells = known[chosen] if len(known) else np.zeros(len(chosen), "S16")
    fixed = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(16), len(chosen), [pa.array(~nobody).buffers()[1], pa.py_buffer(np.ascontiguousarray(cells))]
    )
    return fixed.cast(pa.binary())


def lake_rows(told: pa.Table, arrival: Arrival, key: bytes, names: Names) -> pa.Table:
    """As the lake holds them, in its order. The customer becomes a pseudonym, all other words are masked."""
    coded = {name: told[name].combine_chunks() for name in CODED}
    days = np.asarray(told["arrived_on"].cast(pa.int32()).combine_chunks()).astype(np.int64)
    hashes = _hashes(coded["branch"], coded["kiosk_number"], days, key)
    columns: dict[str, Any] = {
        "id": dated_ids(days, hashes),
        "branch": coded["branch"],
        "kiosk_number": coded["kiosk_number"],
        "customer": pseudonyms(coded["customer"], names),
        **{name: changed(coded[name], masked_cell, pa.string()) for name in ("service", "lane", "counter", "teller")},
        **{name: told[name] for name in ("arrived_at", "arrived_on", "hour", "left")},
        **{name: told[name] for name in ("wait_seconds", "start_seconds", "service_seconds")},
        "month": months_of(days),
        "import_id": constant(arrival.import_id, len(days)),
        "import_row": told[ROW],
    }
    table = pa.table({name: columns[name] for name in TICKETS.names})
    return table.take(pa.array(_order(table, days))).cast(TICKETS)


def _hashes(branch: Any, number: Any, days: NDArray[np.int64], key: bytes) -> NDArray[np.uint64]:
    """As Ticket.voice_id makes them, of all at once."""
    with np.errstate(over="ignore"):
        found = parts_of("branch", branch, key) + parts_of("number", number, key)
        if not len(days):
            return found
        first = int(days.min())
        of_days = [mixed_day(day + _EPOCH) for day in range(first, int(days.max()) + 1)]
        return np.asarray(found + np.array(of_days, np.uint64)[days - first])


def mixed_day(ordinal: int) -> int:
    """What a day adds to the hash of its tickets."""
    return (mixed(ordinal, "", "", b"") - mixed(0, "", "", b"")) % 2**64


def parts_of(name: str, column: Any, key: bytes) -> NDArray[np.uint64]:
    listed = np.array([part(name, each or "", key) for each in column.dictionary.to_pylist()], np.uint64)
    return np.asarray(listed[np.asarray(column.indices)] if len(listed) else np.zeros(0, np.uint64))


def dated_ids(days: NDArray[np.int64], hashes: NDArray[np.uint64]) -> pa.Array:
    """Eight digits of the day and sixteen of the hash, each text beside the other."""
    count = len(days)
    text = np.empty((count, _ID), np.uint8)
    if count:
        first = int(days.min())
        told = [f"{date.fromordinal(day + _EPOCH):%Y%m%d}" for day in range(first, int(days.max()) + 1)]
        text[:, :8] = np.frombuffer("".join(told).encode(), np.uint8).reshape(-1, 8)[days - first]
        text[:, 8:] = _HEX[hashes.astype(">u8").view(np.uint8)].reshape(count, 16)
    places = np.arange(0, (count + 1) * _ID, _ID, dtype=np.int32)
    return pa.StringArray.from_buffers(count, pa.py_buffer(places), pa.py_buffer(text))


def _order(table: pa.Table, days: NDArray[np.int64]) -> NDArray[np.int64]:
    """By day, branch and moment."""
    branch = table["branch"].combine_chunks()
    rank = np.empty(max(1, len(branch.dictionary)), np.int64)
    rank[np.argsort(np.array(branch.dictionary.to_pylist() or [""]))] = np.arange(len(rank))
    seconds = np.asarray(table["arrived_at"].combine_chunks().view(pa.int64())) // 1_000_000 % (2 * 86_400)
    of_branch = rank[np.asarray(branch.indices)] if len(days) else np.zeros(0, np.int64)
    return np.argsort(days * 2**40 + of_branch * 2**18 + seconds, kind="stable")


def changed(column: Any, change: Callable[[str], Any], kind: pa.DataType) -> pa.DictionaryArray:
    listed = [change(each or "") for each in column.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(column.indices, pa.array(listed, kind))


def pseudonyms(column: Any, names: Names) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(column.indices, names.of(pc.fill_null(column.dictionary, "")))


def masked_cell(told: str) -> str:
    return masked_value("", told)[:60]


def months_of(days: NDArray[np.int64]) -> Any:
    if not len(days):
        return pa.array([], pa.string()).dictionary_encode()
    first = int(days.min())
    told = [f"{date.fromordinal(day + _EPOCH):%Y-%m}" for day in range(first, int(days.max()) + 1)]
    return pa.DictionaryArray.from_arrays(pa.array((days - first).astype(np.int32)), pa.array(told))


def constant(told: str, count: int) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([told]))


def told_of(schema: pa.Schema) -> tuple[str, ...]:
    """What a source tells: all but how it came in."""
    return tuple(name for name in schema.names if name not in {"import_id", "import_row"})


TOLD = told_of(TICKETS)


def first_of_each(rows: pa.Table) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Of rows with the same id: the places of the firsts, of those that say the same again, of those that differ."""
    ids = rows["id"].combine_chunks()
    if not _has_doubles(ids):
        nothing = np.zeros(0, np.int64)
        return np.arange(len(ids)), nothing, nothing
    places = np.asarray(ids.dictionary_encode().indices)
    order = np.lexsort((np.asarray(rows["import_row"]), places))
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = places[order][1:] != places[order][:-1]
    firsts = order[is_first]
    again = order[~is_first]
    leader = np.empty(int(places.max()) + 1, np.int64)
    leader[places[firsts]] = firsts
    alike = same(rows.take(pa.array(again)), rows.take(pa.array(leader[places[again]])), told_of(rows.schema))
    return np.sort(firsts), again[alike], again[~alike]


def _has_doubles(ids: Any) -> bool:
    """By the hash at their end, which a number stands for: quicker than by their texts."""
    if not len(ids):
        return False
    text = np.frombuffer(ids.buffers()[2], np.uint8, len(ids) * _ID, ids.offset * _ID).reshape(-1, _ID)
    digits = np.where(text[:, 8:] >= ord("a"), text[:, 8:] - ord("a") + 10, text[:, 8:] - ord("0"))
    halves = (digits[:, 0::2] << 4 | digits[:, 1::2]).astype(np.uint8)
    numbers = np.sort(np.ascontiguousarray(halves).view(np.uint64).ravel())
    return bool((numbers[1:] == numbers[:-1]).any())


def same(one: pa.Table, other: pa.Table, names: Sequence[str] = TOLD) -> NDArray[np.bool_]:
    """Row by row: do both tell the same? Nothing told is the same as nothing told."""
    found = np.ones(one.num_rows, np.bool_)
    for name in names:
        ours, theirs = one[name].combine_chunks(), other[name].combine_chunks()
        equal = pc.fill_null(pc.equal(ours, theirs), False)
        both = pc.and_(pc.is_null(ours), pc.is_null(theirs))
        found &= np.asarray(pc.or_(equal, both))
    return found
