"""What was counted of the days of a month, once? A few Parquet files, and a record that tells of which files each day.

A day is known by the files that may hold it: a new file changes the days that it reaches, and no others. Putting files
together changes nothing that was counted: the record then names the new files. Whoever counts, or takes out what an
erasure made untrue, does so alone; whoever reads needs no lock, and looks into the record once more where a file of it
is gone. Nothing here is a fact: all of it may be deleted at any moment, and is counted anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from huixiang.lake import disk
from huixiang.lake.locks import held

DAY = "day"  # the column by which a roll-up is known to be of days; one without it is a sum of its month
GROUP = 8_192  # rows that are read or skipped together: those of a branch lie in one or two of these
LINES_GROUP = 65_536  # of roll-ups with more rows than MANY
MANY = 1_000_000
NUMBERS = ("wait_seconds", "service_seconds")
RECORD = "record.json"
FilesOfDays = Mapping[date, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Record:
    """`form`: question and form of the answer, as whoever counts names them. `days`: "2026-11-28" → of which files."""

    form: str
    days: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)  # roll-up → its file's name


@lru_cache(maxsize=4_096)
def told_by(files: frozenset[str]) -> str:
    """What stands for these files."""
    return blake2b("\n".join(sorted(files)).encode(), digest_size=12).hexdigest()


class Rolled:
    """The roll-ups of one lake, one folder for each table and month."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def record(self, table: str, month: str) -> Record | None:
        """What is kept of a month; None where nothing is, or what nobody can read."""
        try:
            return Record(**json.loads((self._place(table, month) / RECORD).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def path(self, table: str, month: str, name: str) -> Path:
        return self._place(table, month) / name

    @contextmanager
    def alone(self, table: str, month: str) -> Iterator[None]:
        """One process counts a month, the others wait and find it counted. Raises OSError where nothing can be kept."""
        with held(self._place(table, month) / ".lock"):
            yield

    def put(self, table: str, month: str, record: Record, tables: Mapping[str, pa.Table]) -> Record:
        """Keep these roll-ups; whatever else `record` names stays as it is. Only while holding the month `alone`."""
        place = self._place(table, month)
        names = {name: f"{name}-{uuid4().hex}.parquet" for name in tables}
        for name, rows in tables.items():
            _write(place / names[name], rows)
        disk.keep([place / name for name in names.values()])
        return self._put(table, month, replace(record, files={**record.files, **names}))

    def remove(self, table: str, month: str) -> None:
        """Nothing is kept of this month any more. Only while holding it `alone`."""
        self._swept(self._place(table, month), frozenset())

    def carry(self, table: str, month: str, former: FilesOfDays, present: FilesOfDays) -> None:
        """Other files hold the same rows now: what was counted of a day stays counted."""
        if not self._place(table, month).is_dir():
            return
        with suppress(OSError), self.alone(table, month):
            if record := self.record(table, month):
                same = [day for day, files in former.items() if record.days.get(day.isoformat()) == told_by(files)]
                empty = [day for day in present if day not in former and f"{day:%Y-%m}" == month]  # between two files
                now = {day.isoformat(): told_by(present[day]) for day in [*same, *empty] if day in present}
                self._put(table, month, replace(record, days={**record.days, **now}))

    def forget(self, table: str, days: FilesOfDays) -> None:
        """Take out of every month what was counted of other files than those that hold the day now."""
        for month in self._stale_months(table, days):
            with self.alone(table, month):
                try:
                    self._cut(table, month, days)
                except OSError:  # a full disk: without what stays, rather than with what must go
                    self.remove(table, month)

    def stale(self, table: str, days: FilesOfDays) -> bool:
        """Is anything kept that was counted of other files than those of these days?"""
        return bool(self._stale_months(table, days))

    def _stale_months(self, table: str, days: FilesOfDays) -> list[str]:
        folder = self._folder / table
        months = sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []
        present = {day.isoformat(): told_by(files) for day, files in days.items()}
        return [month for month in months if not self._is_whole(table, month, present)]

    def _is_whole(self, table: str, month: str, present: Mapping[str, str]) -> bool:
        """Each file is named by the record, and what it was counted of is there."""
        record = self.record(table, month)
        named = frozenset(record.files.values()) if record else frozenset()
        is_true = not record or all(present.get(day) == told for day, told in record.days.items())
        return is_true and {each.name for each in self._place(table, month).glob("*.parquet")} <= named

    def _cut(self, table: str, month: str, days: FilesOfDays) -> None:
        place, record = self._place(table, month), self.record(table, month)
        present = {day.isoformat(): told_by(files) for day, files in days.items()}
        if record is None or not (stay := {day: of for day, of in record.days.items() if present.get(day) == of}):
            self._swept(place, frozenset())
            return
        if len(stay) == len(record.days):
            self._swept(place, frozenset(record.files.values()))
            return
        parts = [name for name, file in record.files.items() if DAY in pq.read_schema(place / file).names]
        kept = {name: rows_of(place / record.files[name], list(stay)) for name in parts}
        self.put(table, month, Record(record.form, stay), kept)  # sums of the month are summed anew by whoever asks

    def _put(self, table: str, month: str, record: Record) -> Record:
        place = self._place(table, month)
        draft = place / f".{uuid4().hex}"
        draft.write_text(json.dumps(asdict(record)), "utf-8")
        disk.keep([draft])
        draft.replace(place / RECORD)
        self._swept(place, frozenset(record.files.values()))
        return record

    def _swept(self, place: Path, named: frozenset[str]) -> None:
        """Also what killed processes left goes this way. Nothing named: not even the record stays."""
        for each in place.iterdir():
            if each.name in named or each.name == ".lock" or (named and each.name == RECORD):
                continue
            each.unlink(missing_ok=True)

    def _place(self, table: str, month: str) -> Path:
        return self._folder / table / month


def rows_of(path: Path, days: Sequence[str] | None = None) -> pa.Table:
    """The rows of these days of a roll-up, or all; names by their numbers, as whoever counts them writes them."""
    told = pq.read_metadata(path)
    texts = [told.schema.column(place).name for place in range(told.num_columns) if _is_text(told.schema.column(place))]
    with pq.ParquetFile(path, metadata=told, read_dictionary=texts, pre_buffer=False) as file:
        rows = file.read()
    if days is None:
        return rows
    wanted = pa.array([date.fromisoformat(day) for day in days], pa.date32())
    return rows.filter(pc.is_in(rows[DAY], value_set=wanted))


def _is_text(column: pq.ColumnSchema) -> bool:
    return bool(column.physical_type == "BYTE_ARRAY")


def rows_of_branch(path: Path, branch: str) -> pa.Table:
    """Those of a small roll-up."""
    rows = pq.read_table(path, partitioning=None)
    return rows.filter(pc.equal(rows["branch"], branch))


def _write(path: Path, rows: pa.Table) -> None:
    numbers = [name for name in NUMBERS if name in rows.column_names]
    pq.write_table(
        rows,
        path,
        row_group_size=LINES_GROUP if rows.num_rows > MANY else GROUP,
        compression="lz4",
        use_dictionary=[name for name in rows.column_names if name not in numbers],
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
        write_statistics=[name for name in rows.column_names if name in {"branch", DAY, "measure"}],
        store_schema=False,
    )
