"""How many ended after so many seconds? Cells of the roll-ups of some days, and the distributions that they add up to.

A month that is asked for as a whole is read from its own sums, the days at the edges one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huixiang.domain.waiting import LOG_STEP, Spread, seconds_of
from huixiang.lake.questions.wait_counting import PARTS, in_order
from huixiang.lake.questions.wait_days import LINES, again, asked, listed, months, nothing, read
from huixiang.lake.store import Lake

Codes = NDArray[Any]
FEW_BRANCHES = 8  # of more, cells by the second are nearly as many as tickets
_COUNTS = ("is_exact", "step", "called", "gone")


def days_cells(lake: Lake, first: date, last: date, measure: int) -> pa.Table:
    """Of each day, all branches together."""
    return again(lambda: _read(lake, first, last, "days", measure))


def hour_cells(lake: Lake, first: date, last: date, measure: int) -> list[pa.Table]:
    """Of each service's hour, all branches together."""

    def ask() -> pa.Table:
        tables = [_chosen(nothing("services"), measure)]
        for month in months(lake, first, last):
            name = "services" if month.is_within(first, last) else "hours"
            tables.append(_chosen(read(month, name), measure, None if name == "services" else (first, last)))
        return _together(tables, ("service", "hour"))

    return [again(ask)]


def branch_cells(lake: Lake, first: date, last: date, measure: int, branches: frozenset[str] | None) -> list[pa.Table]:
    """Of each branch, of all or of these."""

    def ask() -> pa.Table:
        tables = [_chosen(nothing("branches"), measure)]
        for month in months(lake, first, last):
            if month.is_within(first, last):
                tables.append(_of(_chosen(read(month, "branches", branches, measure=measure), measure), branches))
            else:
                here = max(first, month.days[0]), min(last, month.days[-1])
                tables.append(lines_cells(lake, *here, "branch", measure, branches))
        return _together(tables, ("branch",))

    return [again(ask)]


def lines_cells(
    lake: Lake, first: date, last: date, by: str, measure: int, branches: frozenset[str] | None
) -> pa.Table:
    """By these columns of the tickets themselves; of a few branches each second exactly, of many by steps."""
    seconds, limits = f"{tuple(PARTS)[measure]}_seconds", f"day BETWEEN DATE '{first}' AND DATE '{last}'"
    is_exact = branches is not None and len(branches) <= FEW_BRANCHES
    step = seconds if is_exact else f"CAST(floor(ln(1 + {seconds}) / {LOG_STEP!r}) AS INTEGER)"
    of = "" if branches is None else f" AND branch IN ({listed(branches)})"
    counts = 'count(*) FILTER (NOT "left") AS called, count(*) FILTER ("left") AS gone'
    told = f"SELECT {by}, {str(is_exact).lower()} AS is_exact, {step} AS step, {counts}"
    where = f"{limits}{of} AND {seconds} IS NOT NULL GROUP BY ALL"
    return asked(lake, first, last, LINES, f"{told} FROM {{cells}} WHERE {where}")


def exact_rows(
    lake: Lake, first: date, last: date, columns: Sequence[str], branches: frozenset[str] | None = None
) -> pa.Table:
    """These columns of each branch's day, in the order of branch and day."""

    def ask() -> pa.Table:
        tables = [nothing("exact").select(columns)]
        for month in months(lake, first, last):
            rows = _of(read(month, "exact", branches, columns), branches)
            if not month.is_within(first, last):
                days = rows["day"]
                rows = rows.filter(pc.and_(pc.greater_equal(days, first), pc.less_equal(days, last)))
            tables.append(rows.cast(tables[0].schema))
        whole = pa.concat_tables(tables)
        return whole if len(tables) == 2 else in_order(whole)  # one month lies in order

    return again(ask)


def values(column: Any) -> list[Any]:
    """What a column tells, each value made once: a million dates are few days."""
    coded_ = _coded(column)
    told = [*coded_.dictionary.to_pylist(), None]
    return [told[place] for place in np.asarray(pc.fill_null(coded_.indices, -1)).tolist()]


def renamed(cells: pa.Table, name: str, by: Mapping[str, str]) -> pa.Table:
    """A column's names in place of which others stand: branches by the name of their group."""
    coded = _coded(cells[name])
    told = pa.array([by.get(each, "") for each in coded.dictionary.to_pylist()], pa.string())
    place = cells.column_names.index(name)
    return cells.set_column(place, name, told.take(coded.indices))


def spreads_of(cells: Sequence[pa.Table], by: str) -> dict[Any, Spread]:
    """The distribution of each value of these columns ("service, hour"), in their order; "": of all."""
    whole = pa.concat_tables([each.select([*_names(by), *_COUNTS]) for each in cells], promote_options="permissive")
    is_exact, step, called, gone = (np.asarray(whole[name].combine_chunks().cast(pa.int64())) for name in _COUNTS)
    key, told = _keys(whole, _names(by))
    key, seconds, sums = _added_up(key, seconds_of(step, is_exact.astype(np.bool_)), [called, gone])
    if not by:
        return {"": Spread(seconds, *sums)}
    edges = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1], [True]))) if len(key) else np.zeros(0, int)
    spans = zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    return {told[key[begin]]: Spread(seconds[begin:end], *(each[begin:end] for each in sums)) for begin, end in spans}


def _added_up(key: Codes, seconds: Codes, counts: list[Codes]) -> tuple[Codes, Codes, list[Codes]]:
    """Of each key and length once, in their order. A month's sums come so already."""
    if ((key[1:] > key[:-1]) | ((key[1:] == key[:-1]) & (seconds[1:] > seconds[:-1]))).all():
        return key, seconds, counts
    order = np.lexsort((seconds, key))
    key, seconds = key[order], seconds[order]
    begins = np.flatnonzero(np.concatenate(([True], (key[1:] != key[:-1]) | (seconds[1:] != seconds[:-1]))))
    return key[begins], seconds[begins], [np.add.reduceat(each[order], begins) for each in counts]


def _keys(cells: pa.Table, names: Sequence[str]) -> tuple[NDArray[np.int64], list[Any]]:
    """A number of each row's values, in their order, and the values that each number stands for."""
    key = np.zeros(cells.num_rows, np.int64)
    told: list[tuple[Any, ...]] = [()]
    for name in names:
        coded = _coded(cells[name])
        values = coded.dictionary.to_pylist()
        order = sorted(range(len(values)), key=values.__getitem__)
        place = np.empty(len(values), np.int64)
        place[order] = np.arange(len(values))
        key = key * len(values) + (place[np.asarray(coded.indices)] if len(values) else 0)
        told = [(*before, values[number]) for before in told for number in order]
    return key, [each[0] if len(names) == 1 else each for each in told]


def _coded(column: Any) -> Any:
    if pa.types.is_dictionary(column.type):
        return column.unify_dictionaries().combine_chunks()
    return column.combine_chunks().dictionary_encode()


def _names(by: str) -> list[str]:
    return [each.strip() for each in by.split(",")] if by else []


def _read(lake: Lake, first: date, last: date, name: str, measure: int) -> pa.Table:
    tables = [_chosen(read(month, name), measure, (first, last)) for month in months(lake, first, last)]
    return _together([_chosen(nothing(name), measure), *tables], ("day",))


def _chosen(cells: pa.Table, measure: int, days: tuple[date, date] | None = None) -> pa.Table:
    chosen = pc.equal(cells["measure"], pa.scalar(measure, pa.int8()))
    for end, is_in in zip(days or (), (pc.greater_equal, pc.less_equal), strict=False):
        chosen = pc.and_(chosen, is_in(cells["day"], pa.scalar(end, pa.date32())))
    return cells.filter(chosen)


def _of(cells: pa.Table, branches: frozenset[str] | None) -> pa.Table:
    if branches is None:
        return cells
    coded = _coded(cells["branch"])
    is_wanted = np.array([each in branches for each in coded.dictionary.to_pylist()], np.bool_)
    return cells.filter(pa.array(is_wanted[np.asarray(coded.indices)]))


def _together(tables: Sequence[pa.Table], keys: Sequence[str]) -> pa.Table:
    columns = [*keys, *_COUNTS]
    kinds = tables[0].select(columns).schema
    return pa.concat_tables([each.select(columns).cast(kinds) for each in tables])
