"""Which tickets of a million are beyond doubt, and what do they tell? In whole columns; the rest is read singly."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huixiang.channels.contract import Defaults
from huixiang.channels.dates import EARLIEST_YEAR, LEEWAY
from huixiang.channels.tickets.parquet import Block, of_kinds
from huixiang.channels.tickets.table import IN_ORDER, NOTHING, NUMBER, YES
from huixiang.channels.tickets.ticket_mapping import MOMENTS, TicketMapping
from huixiang.domain.hotline import NOBODY
from huixiang.domain.waiting import LONGEST_SECONDS, lane_of

SECOND = 1_000_000  # microseconds
DAY = 86_400 * SECOND
NONE = np.int64(-(2**62))
PEOPLE = ("customer",)  # almost as many as rows: comparing what groups of rows call them costs more than it saves
Numbers = NDArray[np.int64]
Facts = NDArray[np.bool_]
Change = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Swept:
    """`told`: the sure ones, in columns like Ticket's, texts as dictionaries, and their rows' numbers as `row`.

    `doubtful`: places in the block of all others.
    """

    told: pa.Table
    doubtful: Numbers


def swept(block: Block, by: TicketMapping, defaults: Defaults, branches: Collection[str]) -> Swept | None:
    """`branches`: codes that may come in. None where the columns are of another kind, so that all is read as text."""
    chosen = by.chosen(tuple(block.rows.column_names))
    if not of_kinds(chosen, block.rows):
        return None
    table = Columns(block.rows, chosen, by.time_zone or defaults.time_zone)
    at = {field: table.moments(field) for field in MOMENTS}
    branch, number = table.words("branch", default=defaults.branch or ""), table.words("kiosk_number")
    good = each_of(branch, lambda code: code in branches) & each_of(number, lambda told: bool(NUMBER.fullmatch(told)))
    left = (at["left_at"] != NONE) | table.facts("abandoned")
    good &= _in_order(at, left) & _in_time(at, defaults.now)
    columns = _moments(at, left, table) | _words(table, by, branch, number)
    columns["row"] = pa.array(np.arange(block.number, block.number + len(good)))
    sure = pa.table(columns)
    told = sure if good.all() else sure.filter(pa.array(good))
    return Swept(told, np.flatnonzero(~good).astype(np.int64))


class Columns:
    """The columns of a block by the fields they give."""

    def __init__(self, rows: pa.Table, chosen: Mapping[str, str], zone: str) -> None:
        self._rows, self._chosen, self._zone = rows, chosen, ZoneInfo(zone)

    def moments(self, field: str) -> Numbers:
        """Microseconds of UTC; NONE where nothing is told."""
        if field not in self._chosen:
            return np.full(self._rows.num_rows, NONE)
        column = self._column(field)
        kind = column.type
        moments = column.cast(pa.timestamp("us", tz=kind.tz), safe=False)
        values = np.asarray(
            pc.fill_null(moments.view(pa.int64()), int(NONE)) if moments.null_count else moments.view(pa.int64())
        )
        return values if kind.tz else self._to_utc(values, moments)

    def local(self, utc: Numbers) -> Numbers:
        """The same moments as the clock at the branch showed them."""
        if (shift := self._shift(utc, is_local=False)) is not None:
            return utc + shift
        moments = pa.array(utc, pa.timestamp("us", tz=str(self._zone)))
        return np.asarray(pc.local_timestamp(moments).view(pa.int64()))

    def words(self, field: str, default: str = "") -> pa.DictionaryArray:
        """Texts by their numbers, as they stand, but for blanks around them."""
        if field not in self._chosen:
            return coded(np.zeros(self._rows.num_rows, np.int32), [default])
        column = _coded_as_is(self._rows[self._chosen[field]], is_once=field not in PEOPLE)
        indices = column.indices.cast(pa.int32())
        places = np.asarray(pc.fill_null(indices, len(column.dictionary)) if indices.null_count else indices)
        plain = pc.utf8_trim_whitespace(column.dictionary.cast(pa.string()))
        nothing = pc.is_in(pc.utf8_lower(plain), value_set=pa.array(sorted(NOTHING)))
        told = pc.if_else(nothing, pa.scalar(default), pc.fill_null(plain, default))
        listed = pa.concat_arrays([told, pa.array([default])])
        return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), listed)

    def facts(self, field: str) -> Facts:
        if field not in self._chosen:
            return np.zeros(self._rows.num_rows, np.bool_)
        column = self._column(field)
        if pa.types.is_boolean(column.type):
            return np.asarray(pc.fill_null(column, False).cast(pa.uint8())).astype(np.bool_)
        return each_of(self.words(field), lambda told: told.casefold() in YES)

    def _column(self, field: str) -> Any:
        return self._rows[self._chosen[field]].combine_chunks()

    def _to_utc(self, values: Numbers, moments: Any) -> Numbers:
        if (shift := self._shift(values, is_local=True)) is not None:
            return np.where(values == NONE, NONE, values - shift)
        placed = pc.assume_timezone(moments, str(self._zone), ambiguous="earliest", nonexistent="earliest")
        return np.asarray(pc.fill_null(placed.view(pa.int64()), int(NONE)))

    def _shift(self, values: Numbers, *, is_local: bool) -> int | None:
        """By how much does the clock differ from UTC, where it was not put forward or back in all these days?"""
        if not values.size or (last := int(values.max())) == NONE:
            return 0
        first = int(values.min())
        first = int(np.where(values == NONE, last, values).min()) if first == NONE else first
        first, last = first // DAY, last // DAY
        if not 0 <= first <= last < first + 4_000 or first > 40_000:
            return None
        begin = datetime(1970, 1, 1, tzinfo=UTC)
        days = (begin + timedelta(days=day) for day in range(first - 1, last + 3))
        shifts = {each.astimezone(self._zone).utcoffset() for each in days}
        if len(shifts) != 1:
            return None
        return round((shifts.pop() or timedelta()).total_seconds()) * SECOND


def _in_order(at: Mapping[str, Numbers], left: Facts) -> Facts:
    """Nobody is called before she came; who left was not served."""
    good = at["arrived_at"] != NONE
    for one, other in IN_ORDER:
        apart = at[other] - at[one]
        told = (at[one] != NONE) & (at[other] != NONE)
        good &= ~told | ((apart >= 0) & (apart <= LONGEST_SECONDS * SECOND))
    return np.asarray(good & ~(left & ((at["started_at"] != NONE) | (at["ended_at"] != NONE))))


def _in_time(at: Mapping[str, Numbers], now: datetime | None) -> Facts:
    earliest = datetime(EARLIEST_YEAR + 1, 1, 1, tzinfo=UTC)  # a year within the bound, whatever the time zone
    latest = (now or datetime.now(UTC)) + LEEWAY
    good = at["arrived_at"] >= micros(earliest)
    for each in at.values():
        good &= each <= micros(latest)
    return good


def micros(moment: datetime) -> int:
    return round(moment.timestamp()) * SECOND


def _moments(at: Mapping[str, Numbers], left: Facts, table: Columns) -> dict[str, Any]:
    arrived, started = at["arrived_at"], at["started_at"]
    called = np.where(at["called_at"] == NONE, started, at["called_at"])
    gone = np.where(at["left_at"] == NONE, called, at["left_at"])
    local = table.local(arrived)
    began = np.where(started == NONE, called, started)
    return {
        "arrived_at": pa.array(arrived, pa.timestamp("us", tz="UTC")),
        "arrived_on": pa.array((local // DAY).astype(np.int32), pa.int32()).cast(pa.date32()),
        "hour": pa.array(((local // (3_600 * SECOND)) % 24).astype(np.int8)),
        "left": pa.array(left),
        "wait_seconds": _between(arrived, np.where(left, gone, called)),
        "start_seconds": _between(called, started),
        "service_seconds": _between(began, np.where(left, NONE, at["ended_at"])),
    }


def _between(since: Numbers, until: Numbers) -> pa.Array:
    untold = (since == NONE) | (until == NONE)
    seconds = np.where(untold, 0, (until - since) // SECOND)
    return pa.array(np.clip(seconds, -1, LONGEST_SECONDS + 1).astype(np.int32), mask=untold)


def _words(table: Columns, by: TicketMapping, branch: pa.DictionaryArray, number: pa.DictionaryArray) -> dict[str, Any]:
    lanes = _coalesced(table.words("lane"), changed(number, lane_of))
    return {
        "branch": branch,
        "kiosk_number": number,
        "service": changed(table.words("service"), lambda told: by.services.get(told, told)),
        "lane": changed(lanes, lambda told: by.lanes.get(told, told)),
        "customer": known_people(table.words("customer")),
        "counter": table.words("counter"),
        "teller": table.words("teller"),
    }


def known_people(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """As domain.hotline.bank_number, of very many at once."""
    nobody = pc.is_in(pc.utf8_lower(column.dictionary), value_set=pa.array(sorted(NOBODY)))
    nobody = pc.or_(nobody, pc.equal(pc.utf8_trim(column.dictionary, " 0"), ""))
    return pa.DictionaryArray.from_arrays(column.indices, pc.if_else(nobody, "", column.dictionary))


def _coalesced(first: pa.DictionaryArray, second: pa.DictionaryArray) -> pa.DictionaryArray:
    listed, other = first.dictionary.to_pylist(), second.dictionary.to_pylist()
    empty = np.array([not each for each in listed])[np.asarray(first.indices)]
    places = np.where(empty, np.asarray(second.indices) + len(listed), np.asarray(first.indices))
    return coded(places.astype(np.int32), [*listed, *other])


def _coded_as_is(column: pa.ChunkedArray, *, is_once: bool) -> pa.DictionaryArray:
    """Words by their numbers; `is_once`: each word has one number, whichever group of rows of the file it stands in."""
    if not pa.types.is_dictionary(column.type):
        return column.combine_chunks().dictionary_encode()
    if is_once or column.num_chunks == 1:
        return column.unify_dictionaries().combine_chunks()
    begins = np.cumsum([0, *(len(each.dictionary) for each in column.chunks)]).tolist()
    indices = (pc.add(each.indices.cast(pa.int32()), begin) for each, begin in zip(column.chunks, begins, strict=False))
    return pa.DictionaryArray.from_arrays(
        pa.concat_arrays(list(indices)), pa.concat_arrays([each.dictionary for each in column.chunks])
    )


def coded(places: NDArray[np.int32], listed: list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), pa.array(listed, pa.string()))


def changed(column: pa.DictionaryArray, change: Change) -> pa.DictionaryArray:
    return coded(np.asarray(column.indices), [change(each) for each in column.dictionary.to_pylist()])


def each_of(column: pa.DictionaryArray, is_good: Callable[[str], bool]) -> Facts:
    found = np.array([is_good(each) for each in column.dictionary.to_pylist()], np.bool_)
    return np.asarray(found[np.asarray(column.indices)])
