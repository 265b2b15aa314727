"""What is kept of each month's tickets, so that nobody counts them twice? Seven roll-ups, of touched days only anew.

Of days, and summed up for a month where a month is asked for. `lines` is each ticket in eight short columns beside the
others of its branch: what is asked of some branches is counted from there, to the second.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from huixiang.lake.engine import LOST
from huixiang.lake.questions import wait_counting as counting
from huixiang.lake.questions.wait_counting import NAMES, Columns
from huixiang.lake.rolled import Record, rows_of, told_by
from huixiang.lake.schema import PARTITION, plain
from huixiang.lake.snapshots import ASKED_AGAIN
from huixiang.lake.store import Lake

TABLE, FORM = "tickets", "waits 2"  # whoever changes what is counted, or how it is told, takes another form
LINES = "lines"
OF_DAYS: dict[str, Callable[[Columns], pa.Table]] = {
    "exact": counting.branch_days,
    "lanes": counting.lane_days,
    "days": counting.days,
    "hours": lambda of: counting.hours(of, by_day=True),
    LINES: lambda of: of.rows,
}
OF_MONTHS: dict[str, Callable[[Columns], pa.Table]] = {
    "branches": lambda of: counting.in_order(counting.branches(of), ("measure", "branch")),
    "services": lambda of: counting.hours(of, by_day=False),
}
KEYS = {"branches": ("branch",), "services": ("service", "hour")}
BY_BRANCH = ("exact", LINES)
AT_ONCE = 1_500_000  # tickets that are counted in one go, as far as the table's log tells
LOST_HERE = (*LOST, FileNotFoundError)


@dataclass(frozen=True, slots=True)
class Month:
    """A month's roll-ups: files, or tables where the disk takes none."""

    days: Sequence[date]  # that may have tickets
    kept: Mapping[str, Path | pa.Table]

    def is_within(self, first: date, last: date) -> bool:
        return first <= self.days[0] and self.days[-1] <= last


def months(lake: Lake, first: date, last: date) -> list[Month]:
    """The roll-ups of all months that have some of these days; what was not counted yet is counted now."""
    view, days = lake.days_of_view(TABLE)
    begin, end = first.replace(day=1), (last.replace(day=1) + timedelta(days=31)).replace(day=1)
    found: dict[tuple[int, int], dict[date, frozenset[str]]] = {}
    for day, files in days.items():
        if begin <= day < end:
            found.setdefault((day.year, day.month), {})[day] = files
    return [_month(lake, view, f"{year}-{month:02d}", found[year, month]) for year, month in sorted(found)]


def asked(lake: Lake, first: date, last: date, name: str, sql: str) -> pa.Table:
    """The answer to SQL of a roll-up, which stands in it as {cells}, of the months that have some of these days."""

    def ask() -> pa.Table:
        kept = [month.kept[name] for month in months(lake, first, last)] or [nothing(name)]
        files = [f"'{plain(str(each))}'" for each in kept if isinstance(each, Path)]
        if len(files) == len(kept):
            return lake.engine.fetch(sql.format(cells=f"read_parquet([{', '.join(files)}])"))
        return lake.engine.fetch(sql.format(cells="counted"), counted=pa.concat_tables(map(_table, kept)))

    return again(ask)


def again(ask: Callable[[], pa.Table]) -> pa.Table:
    """The answer, also where a file goes while it is sought, since a day was counted anew."""
    for _ in range(ASKED_AGAIN):
        try:
            return ask()
        except LOST_HERE:
            continue
    return ask()


def read(
    month: Month,
    name: str,
    branches: frozenset[str] | None = None,
    columns: Sequence[str] | None = None,
    measure: int | None = None,
) -> pa.Table:
    """A roll-up's rows, names by their numbers; groups of rows without these branches or this measure stay unread."""
    kept = month.kept[name]
    if not isinstance(kept, Path):
        return kept if columns is None else kept.select(columns)
    told = pq.read_metadata(kept)
    texts = [name for name in told.schema.names if name in NAMES]
    with pq.ParquetFile(kept, metadata=told, read_dictionary=texts, pre_buffer=False) as file:
        wanted = {"branch": sorted(branches)} if branches is not None else {}
        groups = _groups(told, wanted | ({"measure": [measure]} if measure is not None else {}))
        rows = file.read_row_groups(list(groups), columns=columns, use_threads=False)
    return rows if columns is None else rows.select(columns)


@lru_cache(maxsize=8)
def nothing(name: str) -> pa.Table:
    kinds = [("day", pa.date32()), *((each, pa.string()) for each in NAMES), ("hour", pa.int8()), ("left", pa.bool_())]
    seconds = [(f"{what}_seconds", pa.int32()) for what in counting.PARTS]
    return (OF_DAYS | OF_MONTHS)[name](Columns.of(_coded(pa.schema([*kinds, *seconds]).empty_table())))


def _groups(of: pq.FileMetaData, wanted: Mapping[str, Sequence[Any]]) -> Iterator[int]:
    """Which groups of rows may hold one of these values in each of these columns?"""
    places = {of.schema.names.index(name): values for name, values in wanted.items()}
    for number in range(of.num_row_groups):
        group = of.row_group(number)
        told = ((group.column(place).statistics, values) for place, values in places.items())
        if all(each is None or any(each.min <= value <= each.max for value in values) for each, values in told):
            yield number


def _month(lake: Lake, view: str, month: str, files: Mapping[date, frozenset[str]]) -> Month:
    wanted = {day.isoformat(): told_by(each) for day, each in files.items()}
    record = lake.rolled.record(TABLE, month)
    days = sorted(files)
    if record is None or not _is_whole(record, wanted):
        try:
            with lake.rolled.alone(TABLE, month):
                record = lake.rolled.record(TABLE, month)  # another process may have counted it meanwhile
                if record is None or not _is_whole(record, wanted):
                    record = _kept(lake, view, month, wanted, record)
                    if not all(Path(file).exists() for file in frozenset[str]().union(*files.values())):
                        lake.rolled.remove(TABLE, month)  # erased while it was counted
        except OSError:  # a full disk, or a lake that may only be read
            return Month(days, _whole(list(_counted(lake, view, days))))
    return Month(days, {name: lake.rolled.path(TABLE, month, file) for name, file in record.files.items()})


def _is_whole(record: Record, wanted: Mapping[str, str]) -> bool:
    return record.form == FORM and record.days == wanted and record.files.keys() == (OF_DAYS | OF_MONTHS).keys()


def _kept(lake: Lake, view: str, month: str, wanted: Mapping[str, str], record: Record | None) -> Record:
    """What was counted of days that are as they were stays; the others are counted, and the month summed up."""
    known = record if record and record.form == FORM and OF_DAYS.keys() <= record.files.keys() else Record(FORM)
    stay = [day for day, told in known.days.items() if wanted.get(day) == told]
    fresh = [date.fromisoformat(day) for day in wanted if day not in stay]
    portions = list(_counted(lake, view, fresh))
    sums = None
    if stay:
        paths = {name: lake.rolled.path(TABLE, month, file) for name, file in known.files.items()}
        if portions and len(stay) == len(known.days) and OF_MONTHS.keys() <= paths.keys():  # a day that only adds
            sums = {name: _added(paths[name], name, portions) for name in OF_MONTHS}
        chosen = None if len(stay) == len(known.days) else stay
        portions.insert(0, {name: rows_of(paths[name], chosen) for name in OF_DAYS})
    return lake.rolled.put(TABLE, month, Record(FORM, wanted), _whole(portions, sums))


def _added(path: Path, name: str, portions: Sequence[Mapping[str, pa.Table]]) -> pa.Table:
    fresh = [OF_MONTHS[name](Columns.of(each[LINES])) for each in portions]
    return counting.added([rows_of(path), *fresh], KEYS[name])


def _whole(portions: Sequence[Mapping[str, pa.Table]], sums: dict[str, pa.Table] | None = None) -> dict[str, pa.Table]:
    """The portions of a month as one, and its sums."""
    found = {name: _together([each[name] for each in portions] or [nothing(name)]) for name in OF_DAYS}
    found |= {name: counting.in_order(found[name]) for name in BY_BRANCH}
    if sums is None:
        whole = Columns.of(found[LINES])
        sums = {name: count(whole) for name, count in OF_MONTHS.items()}
    return found | sums


def _together(tables: Sequence[pa.Table]) -> pa.Table:
    kinds = tables[-1].schema
    listed = [each.select(kinds.names).cast(kinds) for each in tables]
    return pa.concat_tables(listed).unify_dictionaries().combine_chunks()


def _counted(lake: Lake, view: str, days: Sequence[date]) -> Iterator[dict[str, pa.Table]]:
    share = len(days) / max(1, len(lake.days_of_view(TABLE)[1]))
    if days and (there := lake.by_day(_rows(view, days), roll_up, share)) is not None:  # on the bank's cluster
        yield from there
        return
    size = max(1, int(AT_ONCE / max(1, lake.rows_a_day(TABLE))))
    for begin in range(0, len(days), size):
        yield count_days(lake, view, days[begin : begin + size])


def count_days(lake: Lake, view: str, days: Sequence[date]) -> dict[str, pa.Table]:
    """The roll-ups of these days, from their tickets."""
    return roll_up(lake.fetch(_rows(view, days)))


def roll_up(rows: pa.Table) -> dict[str, pa.Table]:
    """The same of tickets as `_rows` tells them."""
    of = Columns.of(_coded(rows))
    return {name: count(of) for name, count in OF_DAYS.items()}


def _rows(view: str, days: Sequence[date]) -> str:
    told = ", ".join(f"t.{what}_seconds" for what in counting.PARTS)
    return (
        f"SELECT t.arrived_on AS day, t.branch, coalesce(t.lane, '') AS lane, t.service, t.hour, t.\"left\", {told} "
        f'FROM "{view}" AS t WHERE {_of(days)}'
    )


def _coded(rows: pa.Table) -> pa.Table:
    for name in NAMES:
        rows = rows.set_column(rows.column_names.index(name), name, pc.dictionary_encode(rows[name].combine_chunks()))
    return rows


def _table(kept: Path | pa.Table) -> pa.Table:
    return pq.read_table(kept, partitioning=None) if isinstance(kept, Path) else kept


def _of(days: Sequence[date]) -> str:
    listed = ", ".join(f"DATE '{day}'" for day in days)
    months_ = ", ".join(f"'{month}'" for month in sorted({f"{day:%Y-%m}" for day in days}))
    first_to_last = f"t.arrived_on BETWEEN DATE '{days[0]}' AND DATE '{days[-1]}'"
    return f"t.{PARTITION} IN ({months_}) AND {first_to_last} AND t.arrived_on IN ({listed})"


def listed(values: Collection[str]) -> str:
    return ", ".join(f"'{plain(each)}'" for each in sorted(values)) or "NULL"
