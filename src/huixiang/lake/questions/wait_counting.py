"""What is counted of some days' tickets? In whole columns: a hundred million of them are counted in two minutes.

Each branch's day exactly; of all branches together, and of each branch's month, how many ended after so many seconds:
of fewer than SMALL each second is kept, above steps of four per cent, which add up over days and branches.
docs/methods/waiting.md tells by how much they miss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huixiang.domain.waiting import LIMITS, LOG_STEP, LONGEST_SECONDS, SMALL, ranks

PARTS = {"wait": (0.5, 0.9, 0.95), "service": (0.5, 0.9)}
COUNTS = ("tickets", "called", "gone", "served", *(f"{who}_{limit}" for limit in LIMITS for who in ("over", "left")))
NAMES = ("branch", "lane", "service")
UNTOLD = -1
_ENDS = ("", "_low", "_high")
_CELLS = ("is_exact", "step", "called", "gone")
_SECONDS = 17  # bits that hold the longest wait
_STEPS = np.floor(np.log1p(np.arange(LONGEST_SECONDS + 2)) / LOG_STEP).astype(np.int64)
_WIDTH = int(_STEPS[-1]) + 1
Codes = NDArray[np.int64]
Facts = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Columns:
    """Tickets by columns: names by their place in the order of all, seconds UNTOLD where nothing is told."""

    rows: pa.Table
    names: dict[str, list[str]]
    codes: dict[str, Codes]
    day: Codes
    gone: Facts
    seconds: dict[str, Codes]

    @classmethod
    def of(cls, rows: pa.Table) -> Columns:
        """`rows`: day, branch, lane, service, hour, left, wait_seconds and service_seconds."""
        words = {name: coded(rows[name]) for name in NAMES}
        days = np.asarray(rows["day"].combine_chunks().cast(pa.int32())).astype(np.int64)
        numbers = {what: np.asarray(pc.fill_null(rows[f"{what}_seconds"], UNTOLD)).astype(np.int64) for what in PARTS}
        return cls(
            rows,
            {name: told for name, (_, told) in words.items()},
            {name: codes for name, (codes, _) in words.items()}
            | {"hour": np.asarray(rows["hour"].combine_chunks()).astype(np.int64)},
            days - days.min() if len(days) else days,
            np.asarray(rows["left"].combine_chunks().cast(pa.uint8())).astype(np.bool_),
            {what: np.minimum(found, LONGEST_SECONDS + 1) for what, found in numbers.items()},
        )

    def days(self, day: Codes) -> pa.Array:
        first = pc.min(self.rows["day"]).cast(pa.int32()).as_py() or 0
        return pa.array((day + first).astype(np.int32)).cast(pa.date32())

    def told(self, name: str, codes: Codes) -> pa.DictionaryArray:
        return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(self.names[name], pa.string()))


def branch_days(of: Columns) -> pa.Table:
    """Each branch's day, exactly: counts, percentiles and their bounds. In the order of branch and day."""
    days = int(of.day.max(initial=0)) + 1
    present, group = dense(of.codes["branch"] * days + of.day)
    columns: dict[str, Any] = {"day": of.days(present % days), "branch": of.told("branch", present // days)}
    columns |= _counts(of, group, len(present))
    for what, is_told in (("wait", ~of.gone & (of.seconds["wait"] >= 0)), ("service", of.seconds["service"] >= 0)):
        columns |= percentiles(what, group[is_told], of.seconds[what][is_told], len(present))
    return pa.table(columns)


def lane_days(of: Columns) -> pa.Table:
    """Each lane's day, of all branches together. What tells no lane is left out."""
    days = int(of.day.max(initial=0)) + 1
    present, group = dense(of.codes["lane"] * days + of.day)
    keys = {"day": of.days(present % days), "lane": of.told("lane", present // days)}
    is_told = np.array([bool(each) for each in of.names["lane"]])[present // days]
    return pa.table(keys | _counts(of, group, len(present))).filter(pa.array(is_told))


def days(of: Columns) -> pa.Table:
    """Each day's distribution, of all branches together."""
    present, group = dense(of.day)
    return _stepped(of, group, len(present), lambda key: {"day": of.days(present[key])})


def branches(of: Columns) -> pa.Table:
    """Each branch's distribution, of all these days together."""
    present, group = dense(of.codes["branch"])
    return _stepped(of, group, len(present), lambda key: {"branch": of.told("branch", present[key])})


def hours(of: Columns, *, by_day: bool) -> pa.Table:
    """The distribution of each service's hour, of all branches together; each day's, or that of all these days."""
    whole = int(of.day.max(initial=0)) + 1 if by_day else 1
    at = of.codes["service"] * 24 + of.codes["hour"]
    present, group = dense(at * whole + (of.day if by_day else 0))

    def told(key: Codes) -> dict[str, Any]:
        place = present[key]
        hour = pa.array((place // whole % 24).astype(np.int8))
        found = {"service": of.told("service", place // whole // 24), "hour": hour}
        return ({"day": of.days(place % whole)} if by_day else {}) | found

    return _stepped(of, group, len(present), told)


def dense(codes: Codes) -> tuple[Codes, Codes]:
    """Which of these numbers occur, and the place of each among them?"""
    most = int(codes.max(initial=0)) + 1
    if most > 16 * len(codes) + 65_536:
        present, place = np.unique(codes, return_inverse=True)
        return present, place
    present = np.flatnonzero(np.bincount(codes, minlength=most))
    places = np.zeros(most, np.int64)
    places[present] = np.arange(len(present))
    return present, places[codes]


def _counts(of: Columns, group: Codes, count: int) -> dict[str, pa.Array]:
    waits, gone = of.seconds["wait"], of.gone
    chosen: dict[str, Facts] = {"called": ~gone, "gone": gone, "served": of.seconds["service"] >= 0}
    for limit in LIMITS:
        longer = waits > limit
        chosen |= {f"over_{limit}": longer & ~gone, f"left_{limit}": longer & gone}
    found = {"tickets": np.bincount(group, minlength=count)}
    found |= {name: np.bincount(group[which], minlength=count) for name, which in chosen.items()}
    return {name: pa.array(found[name].astype(np.int32)) for name in COUNTS}


def percentiles(what: str, group: Codes, seconds: Codes, count: int) -> dict[str, pa.Array]:
    """The values at the ranks that domain.waiting.ranks names; null where there is none."""
    ordered = np.sort(group << _SECONDS | seconds) & (2**_SECONDS - 1)
    many = np.bincount(group, minlength=count)
    begins = np.concatenate(([0], np.cumsum(many)[:-1])).astype(np.int64)
    sizes, which = np.unique(many, return_inverse=True)
    found = {}
    for part in PARTS[what]:
        told = np.array([ranks(int(size), part) if size else (0, 0, 0) for size in sizes], float).reshape(-1, 3)
        for end, column in zip(_ENDS, np.nan_to_num(told).T.astype(np.int64), strict=True):
            rank = column[which]
            values = ordered[np.where(rank, begins + rank - 1, 0)] if len(ordered) else rank
            found[f"{what}_p{part * 100:.0f}{end}"] = pa.array(values.astype(np.int32), mask=rank == 0)
    return found


def _stepped(of: Columns, group: Codes, count: int, told: Any) -> pa.Table:
    """How many ended at each second or step, by being called and by leaving; measure 0 the waits, 1 the services."""
    tables = []
    for measure, what in enumerate(PARTS):
        key, is_exact, step, called, gone = _histogram(group, count, of.seconds[what], of.gone)
        columns = told(key) | {
            "measure": pa.array(np.full(len(key), measure, np.int8)),
            "is_exact": pa.array(is_exact),
            "step": pa.array(step.astype(np.int32)),
            "called": pa.array(called.astype(np.int32)),
            "gone": pa.array(gone.astype(np.int32)),
        }
        tables.append(pa.table(columns))
    return pa.concat_tables(tables)


def _histogram(group: Codes, count: int, seconds: Codes, gone: Facts) -> tuple[Codes, Facts, Codes, Codes, Codes]:
    known = seconds >= 0
    group, seconds, gone = group[known], seconds[known], gone[known]
    is_small = np.bincount(group, minlength=count) < SMALL
    few = is_small[group]
    at = group[~few] * _WIDTH + _STEPS[seconds[~few]]
    called = np.bincount(at[~gone[~few]], minlength=count * _WIDTH)
    left = np.bincount(at[gone[~few]], minlength=count * _WIDTH)
    large = np.flatnonzero(called + left)
    small, place = np.unique(group[few] << _SECONDS | seconds[few], return_inverse=True)
    few_called = np.bincount(place[~gone[few]], minlength=len(small))
    few_left = np.bincount(place[gone[few]], minlength=len(small))
    key = np.concatenate([large // _WIDTH, small >> _SECONDS])
    order = np.argsort(key, kind="stable")
    parts = (
        key,
        np.arange(len(key)) >= len(large),
        np.concatenate([large % _WIDTH, small & (2**_SECONDS - 1)]),
        np.concatenate([called[large], few_called]),
        np.concatenate([left[large], few_left]),
    )
    return tuple(each[order] for each in parts)  # type: ignore[return-value]


def added(tables: Sequence[pa.Table], keys: Sequence[str]) -> pa.Table:
    """Cells of distributions as one: what the days that came add to those of a month."""
    listed = [each.cast(tables[0].schema) for each in tables]
    whole = pa.concat_tables(listed).unify_dictionaries().combine_chunks()
    group = _numbers(whole["measure"])
    for name in keys:
        codes = coded(whole[name])[0] if name in NAMES else _numbers(whole[name])
        group = group * (int(codes.max(initial=0)) + 1) + codes
    group = dense(group)[1]
    is_exact, step, called, gone = (np.asarray(whole[name]).astype(np.int64) for name in _CELLS)
    many = np.bincount(group, weights=called + gone)[group] >= SMALL
    step = np.where(many & (is_exact > 0), _STEPS[np.minimum(step, LONGEST_SECONDS + 1)], step)
    at = (group * 2 + np.where(many, 0, is_exact)) << _SECONDS | step
    _, first, place = np.unique(at, return_index=True, return_inverse=True)
    cells = whole.take(pa.array(first))
    numbers = (np.where(many, 0, is_exact)[first], step[first], *(np.bincount(place, each) for each in (called, gone)))
    for name, values in zip(_CELLS, numbers, strict=True):
        field = whole.schema.field(name)
        told = values.astype(np.bool_ if name == "is_exact" else np.int32)
        cells = cells.set_column(cells.column_names.index(name), field, pa.array(told, field.type))
    return cells


def coded(column: Any) -> tuple[Codes, list[str]]:
    """The place of each word among all in their order, and these."""
    is_coded = pa.types.is_dictionary(column.type)
    cells = column.unify_dictionaries().combine_chunks() if is_coded else column.combine_chunks().dictionary_encode()
    told = np.array(cells.dictionary.to_pylist() or [""], object)
    order = np.argsort(told, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return place[np.asarray(cells.indices)] if len(cells) else np.zeros(0, np.int64), told[order].tolist()


def in_order(rows: pa.Table, by: Sequence[str] = ("branch", "day")) -> pa.Table:
    """Rows by branch and day: those that are asked together lie together."""
    order = np.arange(rows.num_rows)
    for name in reversed(by):
        codes = coded(rows[name])[0] if name in NAMES else _numbers(rows[name])
        small = codes.astype(np.uint16) if codes.max(initial=0) < 2**16 else codes  # by digits: ten times quicker
        order = order[np.argsort(small[order], kind="stable")]
    return rows.take(pa.array(order))


def _numbers(column: Any) -> Codes:
    found = np.asarray(column.combine_chunks().cast(pa.int32())).astype(np.int64)
    return found - found.min() if len(found) else found
