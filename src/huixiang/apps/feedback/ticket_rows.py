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
_MIXED = np.uint64(0x9E3779B97F4A7C15)
# Four digits of each sixteen bits, in one number: a hash is written in four steps.
_HEX = np.frombuffer(b"".join(binascii.hexlify(each.to_bytes(2, "big")) for each in range(2**16)), np.uint32)


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

    def of(self, customers: pa.Array) -> NDArray[np.int64]:
        """Their places among the pseudonyms of this import, -1 for "". They hold until this is asked again."""
        places = np.full(len(customers), -1, np.int64)
        if len(self._customers):
            places = np.asarray(pc.fill_null(pc.index_in(customers, value_set=self._customers), -1)).astype(np.int64)
        is_fresh = (places < 0) & np.asarray(pc.not_equal(customers, "").cast(pa.uint8())).astype(np.bool_)
        if is_fresh.any():
            fresh = customers.filter(pa.array(is_fresh)).dictionary_encode()
            if len(self._customers) and len(self._customers) + len(fresh.dictionary) > self.MOST:
                self._customers, self._pseudonyms = self._customers.slice(0, 0), self._pseudonyms[:0]
                return self.of(customers)
            made = np.frombuffer(b"".join(self._made.of(fresh.dictionary.to_pylist())), "S16")
            places[is_fresh] = np.asarray(fresh.indices) + len(self._customers)
            self._customers = pa.concat_arrays([self._customers, fresh.dictionary])
            self._pseudonyms = np.concatenate([self._pseudonyms, made])
        return places

    def pseudonyms(self, places: NDArray[np.int64]) -> pa.Array:
        """Sixteen bytes each, null where there is no place."""
        told = places >= 0
        cells = self._pseudonyms[places[told]]
        ends = np.concatenate(([0], np.cumsum(told, dtype=np.int32) * np.int32(16)))
        buffers = [pa.array(told).buffers()[1], pa.py_buffer(ends.astype(np.int32)), pa.py_buffer(cells)]
        return pa.BinaryArray.from_buffers(pa.binary(), len(places), buffers)


def lake_rows(told: pa.Table, arrival: Arrival, key: bytes, names: Names) -> pa.Table:
    """As the lake holds them, in its order, words by their numbers: `.cast(TICKETS)` spells them out.

    The customer becomes a pseudonym, all other words are masked.
    """
    coded = {name: told[name].combine_chunks() for name in CODED}
    days = np.asarray(told["arrived_on"].cast(pa.int32()).combine_chunks()).astype(np.int64)
    order = _order(coded["branch"], told["arrived_at"], days)
    hashes = _hashes(coded["branch"], coded["kiosk_number"], days, key)[order]
    columns: dict[str, Any] = {
        "id": dated_ids(days[order], hashes),
        "branch": _changed(coded["branch"], str, order),
        "kiosk_number": _changed(coded["kiosk_number"], str, order),
        "customer": names.pseudonyms(_people(coded["customer"], names)[order]),
        **{name: _changed(coded[name], masked_cell, order) for name in ("service", "lane", "counter", "teller")},
        **{name: _ordered(told[name], order) for name in ("arrived_at", "arrived_on", "hour", "left")},
        **{name: _ordered(told[name], order) for name in ("wait_seconds", "start_seconds", "service_seconds")},
        "month": months_of(days[order]),
        "import_id": constant(arrival.import_id, len(days)),
        "import_row": _ordered(told[ROW], order),
    }
    return pa.table({name: columns[name] for name in TICKETS.names})


def _ordered(column: Any, order: NDArray[np.int64]) -> pa.Array:
    """By numpy, where nothing is untold: four times quicker."""
    cells = column.combine_chunks()
    if pa.types.is_boolean(cells.type) or not len(cells):
        return cells.take(pa.array(order))
    raw = np.frombuffer(cells.buffers()[1], cells.type.to_pandas_dtype() if not _is_time(cells.type) else _wide(cells))
    raw = raw[cells.offset : cells.offset + len(cells)][order]
    told = None if not cells.null_count else pa.array(np.asarray(cells.is_valid())[order]).buffers()[1]
    return pa.Array.from_buffers(cells.type, len(cells), [told, pa.py_buffer(raw)])


def _is_time(kind: pa.DataType) -> bool:
    return bool(pa.types.is_temporal(kind))


def _wide(cells: Any) -> Any:
    return np.int32 if cells.type.bit_width == 32 else np.int64


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
    text = np.empty((count, _ID // 4), np.uint32)
    if count:
        first = int(days.min())
        told = [f"{date.fromordinal(day + _EPOCH):%Y%m%d}" for day in range(first, int(days.max()) + 1)]
        text[:, :2] = np.frombuffer("".join(told).encode(), np.uint32).reshape(-1, 2)[days - first]
        text[:, 2:] = _HEX[hashes.astype(">u8").view(">u2")].reshape(count, 4)
    places = np.arange(0, (count + 1) * _ID, _ID, dtype=np.int32)
    return pa.StringArray.from_buffers(count, pa.py_buffer(places), pa.py_buffer(text))


def _order(branch: Any, arrived_at: Any, days: NDArray[np.int64]) -> NDArray[np.int64]:
    """By day, branch and moment."""
    rank = np.empty(max(1, len(branch.dictionary)), np.int64)
    rank[np.argsort(np.array(branch.dictionary.to_pylist() or [""]))] = np.arange(len(rank))
    seconds = np.asarray(arrived_at.combine_chunks().view(pa.int64())) // 1_000_000 % (2 * 86_400)
    of_branch = rank[np.asarray(branch.indices)] if len(days) else np.zeros(0, np.int64)
    return np.argsort(days * 2**40 + of_branch * 2**18 + seconds, kind="stable")


def _changed(column: Any, change: Callable[[str], str], order: NDArray[np.int64]) -> pa.DictionaryArray:
    listed = [change(each or "") for each in column.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(
        pa.array(np.asarray(column.indices)[order].astype(np.int32)), pa.array(listed, pa.string())
    )


def changed(column: Any, change: Callable[[str], Any], kind: pa.DataType) -> pa.DictionaryArray:
    listed = [change(each or "") for each in column.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(column.indices, pa.array(listed, kind))


def pseudonyms(column: Any, names: Names) -> pa.Array:
    return names.pseudonyms(_people(column, names))


def _people(column: Any, names: Names) -> NDArray[np.int64]:
    """Of each row the place of its customer among the names, -1 for nobody."""
    people = names.of(pc.fill_null(column.dictionary, ""))
    at = np.asarray(pc.fill_null(column.indices.cast(pa.int64()), -1))
    return np.where(at >= 0, people[at], -1) if len(people) else np.full(len(at), -1, np.int64)


def masked_cell(told: str) -> str:
    return masked_value("", told)[:60]


def months_of(days: NDArray[np.int64]) -> Any:
    if not len(days):
        return pa.array([], pa.string()).dictionary_encode()
    first = int(days.min())
    told = [f"{date.fromordinal(day + _EPOCH):%Y-%m}" for day in range(first, int(days.max()) + 1)]
    listed = sorted(set(told))  # each once: whoever asks which months there are asks for the numbers
    places = np.array([listed.index(each) for each in told], np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(places[days - first]), pa.array(listed))


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
    plain = _spelt_out(rows.schema)
    later, leaders = (rows.take(pa.array(each)).cast(plain) for each in (again, leader[places[again]]))
    alike = same(later, leaders, told_of(plain))
    return np.sort(firsts), again[alike], again[~alike]


def _spelt_out(schema: pa.Schema) -> pa.Schema:
    """Words as words, not by their numbers."""
    kinds = ((each.name, each.type) for each in schema)
    return pa.schema([(name, kind.value_type if pa.types.is_dictionary(kind) else kind) for name, kind in kinds])


def _has_doubles(ids: Any) -> bool:
    """By a number that stands for the hash at their end: quicker than by their texts. Two may have one by chance."""
    if not len(ids):
        return False
    text = np.frombuffer(ids.buffers()[2], np.uint64, len(ids) * _ID // 8, ids.offset * _ID).reshape(-1, _ID // 8)
    numbers = np.sort(text[:, 1] * _MIXED + text[:, 2])
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
