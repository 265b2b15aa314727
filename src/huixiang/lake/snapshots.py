"""What do the facts say now? Reading needs no lock: each question is answered from one version of a table.

An erasure is the exception to "files stay as long as somebody may read them": it removes what former versions hold, for
good, under the eyes of whoever reads. A question that finds its files gone is put again, to what is left.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from huixiang.lake.engine import LOST, Engine
from huixiang.lake.kept import Kept
from huixiang.lake.rolled import Rolled
from huixiang.lake.schema import DAYS, PARTITION, TABLES, plain
from huixiang.lake.spark.cluster import Cluster
from huixiang.lake.spark.spreading import Tables
from huixiang.lake.writing import month_of, newest_first

Answer = TypeVar("Answer")
ASKED_AGAIN = 3  # times; one erasure may follow the other
_heavily: ContextVar[bool] = ContextVar("heavily", default=False)


class Snapshots:
    """The tables of one bank, for readers."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self.engine = Engine(self.path / ".spill")
        self.kept = Kept(self.path / ".kept")
        self.rolled = Rolled(self.path / ".rolled")
        self.cluster: Cluster | None = None  # that the bank has named, for what is heavy
        self._reading = threading.Lock()
        self._snapshots: dict[str, tuple[int, DeltaTable]] = {}
        self._days: dict[str, dict[date, frozenset[str]]] = {}
        self._rows: dict[str, int] = {}

    def version(self, table: str) -> int:
        """The number of the current version; -1 where nothing was ever written."""
        delta = self._snapshot(table)
        return -1 if delta is None else delta.version()

    def files(self, table: str, version: int | None = None) -> list[str]:
        """The Parquet files of a version, now or then: what DuckDB reads, and Spark can read as they are."""
        if version is not None:
            return DeltaTable(self._place(table), version=version).file_uris()
        delta = self._snapshot(table)
        return [] if delta is None else delta.file_uris()

    def months(self, table: str) -> list[str]:
        """Which months hold rows? "2026-11", oldest first."""
        return sorted({month_of(file) for file in self.files(table)})

    def batch_done(self, table: str, writer: str) -> int:
        """Up to which batch has this writer come? 0: none."""
        delta = self._snapshot(table)
        return 0 if delta is None else int(delta.transaction_version(writer) or 0)

    def view(self, table: str) -> str:
        """The name under which the engine knows the current version of a table."""
        return _again(lambda: self._current(table))

    def months_of_view(self, table: str) -> tuple[str, dict[str, frozenset[str]]]:
        """The current view of a table with the files of each month that it reads.

        Files never change, so what was counted of a month holds for as long as it consists of the same ones.
        """
        return _again(lambda: self._current_months(table))

    def days_of_view(self, table: str) -> tuple[str, dict[date, frozenset[str]]]:
        """The current view of a table with the files that may hold each day, by what the log says of its day column."""
        return _again(lambda: self._current_days(table))

    def rows_a_day(self, table: str) -> float:
        """How many rows has a day of this table on the average, as the log tells?"""
        _view, days = self.days_of_view(table)
        return self._rows.get(table, 0) / max(1, len(days))

    def live(self, table: str) -> list[frozenset[str]]:
        """The sets of files under which something may be kept that was counted of the current version.

        Of months, and of the days of what is counted day by day.
        """
        days = self.days_of_view(table)[1] if table in DAYS else {}
        return list({*self.months_of_view(table)[1].values(), *days.values()})

    def is_stale(self, table: str) -> bool:
        """Is anything kept that was counted of former versions, and does not hold for the current one?"""
        return bool(self.kept.stale(table, self.live(table))) or (
            table in DAYS and self.rolled.stale(table, self.days_of_view(table)[1])
        )

    def fetch(self, sql: str, **tables: pa.Table) -> pa.Table:
        """All rows of an answer; `tables` are known under their names during this one question."""
        return _again(lambda: self._answered(sql, tables), self._learn_anew)

    @contextmanager
    def heavily(self) -> Iterator[None]:
        """What this thread counts meanwhile is counted on the bank's cluster, where it has one; else here, as ever."""
        token = _heavily.set(True)
        try:
            yield
        finally:
            _heavily.reset(token)

    def stream(self, sql: str) -> Iterator[pa.RecordBatch]:
        """An answer of any length, a piece at a time. Once it has begun, it cannot be put again: it breaks off."""
        for left in reversed(range(ASKED_AGAIN + 1)):
            has_begun = False
            try:
                for piece in self.engine.stream(sql):
                    has_begun = True
                    yield piece
                return
            except LOST:
                if has_begun or not left:
                    raise
                with suppress(*LOST):
                    self._learn_anew()

    def rows(
        self, table: str, ids: Collection[str], by: str = "id", *, month: str = "", columns: Sequence[str] = ()
    ) -> pa.Table:
        """The rows whose column `by` holds one of these ids, in the table's own columns, or in these.

        `month`: only of that one; where it is known, all other files stay unread.
        """
        wanted = pa.table({"id": pa.array(sorted(ids), pa.string())})
        schema = pa.schema([TABLES[table].field(name) for name in columns or TABLES[table].names])
        told = ", ".join(f't."{name}"' for name in schema.names)
        where = f" WHERE t.{PARTITION} = '{plain(month)}'" if month else ""
        sql = f'SELECT {told} FROM "{self.view(table)}" AS t SEMI JOIN wanted ON t."{by}" = wanted.id{where}'  # noqa: S608  # names of our own
        return self.fetch(sql, wanted=wanted).cast(schema)

    def rows_at(self, view: str, keys: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pa.Table:
        """The rows of a view with these id, said_at (in UTC) and month, in no order.

        By month and moment, files and groups of rows that hold none of them stay unread. Not in Ibis, as every question
        that chooses ends here: a hundred values take it longer to compile than the engine to find the rows.
        """
        moments = sorted({f"{key['said_at']:%Y-%m-%d %H:%M:%S.%f}+00" for key in keys})
        of, at = _listed({key[PARTITION] for key in keys}), _listed(moments, "TIMESTAMPTZ ")
        return self.fetch(
            f'SELECT {", ".join(columns)} FROM "{view}" WHERE {PARTITION} IN ({of}) '  # noqa: S608  # names of our own
            f"AND said_at BETWEEN TIMESTAMPTZ '{moments[0]}' AND TIMESTAMPTZ '{moments[-1]}' "
            f"AND said_at IN ({at}) AND id IN ({_listed({key['id'] for key in keys})})"
        )

    def _answered(self, sql: str, tables: dict[str, pa.Table]) -> pa.Table:
        there = self.cluster.fetch(self.engine, sql, tables) if self.cluster and _heavily.get() else None
        return self.engine.fetch(sql, **tables) if there is None else there

    def by_day(self, sql: str, work: Callable[[pa.Table], Tables], share: float = 1.0) -> list[Tables] | None:
        """What `work` makes of each `day` of an answer, where the bank's cluster does it; None: to be done here.

        `share`: how much of the table it reads. A single new day is counted here before a cluster has begun.
        """
        cluster = self.cluster
        if cluster is None or not _heavily.get():
            return None
        return _again(lambda: cluster.by_day(self.engine, sql, work, share), self._learn_anew)

    def _current(self, table: str) -> str:
        with self._reading:
            return self._known(table, self._refreshed(table))

    def _current_months(self, table: str) -> tuple[str, dict[str, frozenset[str]]]:
        found: dict[str, set[str]] = {}
        with self._reading:
            delta = self._refreshed(table)
            for file in [] if delta is None else delta.file_uris():
                found.setdefault(month_of(file), set()).add(file)
            return self._known(table, delta), {month: frozenset(found[month]) for month in sorted(found)}

    def _current_days(self, table: str) -> tuple[str, dict[date, frozenset[str]]]:
        with self._reading:
            delta = self._refreshed(table)
            view = self._known(table, delta)
            if view not in self._days:
                self._days = {view: {} if delta is None else self._files_of_days(table, delta)} | {
                    name: days for name, days in self._days.items() if name.rpartition("_")[0] != table
                }
            return view, self._days[view]

    def _files_of_days(self, table: str, delta: DeltaTable) -> dict[date, frozenset[str]]:
        names = dict(zip(delta.files(), delta.file_uris(), strict=True)) if hasattr(delta, "files") else {}
        found: dict[date, set[str]] = {}
        self._rows[table] = 0
        for action in pa.table(delta.get_add_actions(flatten=True)).to_pylist():
            self._rows[table] += action["num_records"]
            first, last = action[f"min.{DAYS[table]}"], action[f"max.{DAYS[table]}"]
            for number in range((last - first).days + 1):
                day = first + timedelta(days=number)
                found.setdefault(day, set()).add(names.get(action["path"]) or f"{self._place(table)}/{action['path']}")
        return {day: frozenset(found[day]) for day in sorted(found)}

    def _known(self, table: str, delta: DeltaTable | None) -> str:
        version = -1 if delta is None else delta.version()
        name = f"{table}_{version + 1}"
        if not self.engine.knows(name):
            self._learn(name, delta)
        return name

    def _learn(self, view: str, delta: DeltaTable | None) -> None:
        table = view.rpartition("_")[0]
        self.engine.learn(view, [] if delta is None else newest_first(delta.file_uris()), TABLES[table])

    def _learn_anew(self) -> None:
        """All views, of former versions too, show what is left: nothing else of them can be read any more."""
        with self._reading:
            for view in self.engine.views():
                self._learn(view, self._refreshed(view.rpartition("_")[0]))

    def _snapshot(self, table: str) -> DeltaTable | None:
        with self._reading:
            return self._refreshed(table)

    def _refreshed(self, table: str) -> DeltaTable | None:
        """The table as it is now. Each version adds a file to the log's folder, so a look at its time tells."""
        try:
            changed = (self.path / table / "_delta_log").stat().st_mtime_ns
        except FileNotFoundError:
            self._snapshots.pop(table, None)
            return None
        seen, delta = self._snapshots.get(table, (0, None))
        if delta is None and not DeltaTable.is_deltatable(self._place(table)):
            return None  # killed while it was made: made anew by the next writer
        if delta is None or seen != changed:
            delta = self._grown(table, delta)
        self._snapshots[table] = changed, delta
        return delta

    def _grown(self, table: str, delta: DeltaTable | None) -> DeltaTable:
        """In its newest version. An erasure may have begun the log anew, and removed what would lead on from here."""
        for _ in range(ASKED_AGAIN):
            try:
                if delta is None:
                    return DeltaTable(self._place(table))
                delta.update_incremental()
            except (DeltaError, OSError):
                delta = None
            else:
                return delta
        return DeltaTable(self._place(table))

    def _place(self, table: str) -> str:
        return str(self.path / table)


def _again(ask: Callable[[], Answer], before: Callable[[], None] = lambda: None) -> Answer:
    """The answer, also where files go while it is sought: then `before`, and once more."""
    for _ in range(ASKED_AGAIN):
        try:
            return ask()
        except LOST:
            with suppress(*LOST):  # gone again: the next time finds it so
                before()
    return ask()


def _listed(values: Iterable[str], kind: str = "") -> str:
    return ", ".join(f"{kind}'{plain(value)}'" for value in sorted(values))
