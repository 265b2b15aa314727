"""Where do the facts live? Delta tables of Parquet files: every change is one atomic, numbered version."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake

from huixiang.lake.engine import Engine
from huixiang.lake.layout import is_shuffled, month_of, newest_first, ordered
from huixiang.lake.locks import held, patient
from huixiang.lake.schema import ORDER, PARTITION, TABLES, WRITER, plain

SETTINGS = {"delta.checkpointInterval": "20", "delta.logRetentionDuration": "interval 7 days"}
# Of these the log keeps each file's least and greatest value. Of every column, as by default, it would quote the texts.
MEASURED = ("id", "said_at", "said_on", "branch")
APPENDS_BETWEEN_TIDYING = 16  # each adds a file to every month it touches, and each file costs every question


class Lake:
    """The tables of one bank. Reading needs no lock; writing waits for its turn, also among processes."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self.engine = Engine(self.path / ".spill")
        self._writing = threading.RLock()
        self._depth = 0
        self._reading = threading.Lock()
        self._snapshots: dict[str, tuple[int, DeltaTable]] = {}

    @contextmanager
    def writing(self, waiting: Callable[[], None] = patient) -> Iterator[None]:
        """Hold the lake for writing; may be nested. `waiting` is called while another process holds it."""
        with self._writing:
            if self._depth:
                yield
                return
            with held(self.path / ".lock", waiting):
                self._depth += 1
                try:
                    yield
                finally:
                    self._depth -= 1

    # -- reading -------------------------------------------------------------------------------------------------

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

    def rows(self, table: str, ids: Collection[str], by: str = "id") -> pa.Table:
        """The rows whose column `by` holds one of these ids, in the table's own columns."""
        wanted = pa.table({"id": pa.array(sorted(ids), pa.string())})
        columns = ", ".join(f't."{name}"' for name in TABLES[table].names)
        view = self.view(table)
        sql = f'SELECT {columns} FROM "{view}" AS t SEMI JOIN wanted ON t."{by}" = wanted.id'  # noqa: S608  # names of our own
        return self.engine.fetch(sql, wanted=wanted).cast(TABLES[table])

    def rows_at(self, view: str, keys: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pa.Table:
        """The rows of a view with these id, said_at (in UTC) and month, in no order.

        By month and moment, files and groups of rows that hold none of them stay unread. Not in Ibis, as every question
        that chooses ends here: a hundred values take it longer to compile than the engine to find the rows.
        """
        moments = sorted({f"{key['said_at']:%Y-%m-%d %H:%M:%S.%f}+00" for key in keys})
        of, at = _listed({key[PARTITION] for key in keys}), _listed(moments, "TIMESTAMPTZ ")
        return self.engine.fetch(
            f'SELECT {", ".join(columns)} FROM "{view}" WHERE {PARTITION} IN ({of}) '  # noqa: S608  # names of our own
            f"AND said_at BETWEEN TIMESTAMPTZ '{moments[0]}' AND TIMESTAMPTZ '{moments[-1]}' "
            f"AND said_at IN ({at}) AND id IN ({_listed({key['id'] for key in keys})})"
        )

    def view(self, table: str) -> str:
        """The name under which the engine knows the current version of a table."""
        with self._reading:
            delta = self._refreshed(table)
            version = -1 if delta is None else delta.version()
            name = f"{table}_{version + 1}"
            if not self.engine.knows(name):
                self.engine.learn(name, [] if delta is None else newest_first(delta.file_uris()), TABLES[table])
            return name

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
        if delta is None:
            if not DeltaTable.is_deltatable(self._place(table)):
                return None  # killed while it was made: made anew by the next writer
            delta = DeltaTable(self._place(table))
        elif seen != changed:
            delta.update_incremental()
        self._snapshots[table] = changed, delta
        return delta

    # -- writing -------------------------------------------------------------------------------------------------

    def append_once(self, table: str, rows: pa.Table, *, writer: str, batch: int) -> None:
        """Add rows as one version; a batch that this writer has brought before is left out."""
        with self.writing():
            delta = self._made(table)
            if int(delta.transaction_version(writer) or 0) >= batch:
                return
            commit = _once(writer, batch)
            write_deltalake(delta, ordered(rows), mode="append", writer_properties=WRITER, commit_properties=commit)
            if delta.version() % APPENDS_BETWEEN_TIDYING == 0:
                self.compact(table, APPENDS_BETWEEN_TIDYING // 2)

    def upsert_once(self, table: str, rows: pa.Table, *, writer: str, batch: int) -> None:
        """Add rows, in place of those with the same id wherever they lie, as one version."""
        with self.writing():
            delta = self._made(table)
            if int(delta.transaction_version(writer) or 0) >= batch:
                return
            merge = delta.merge(
                ordered(rows),
                predicate="old.id = new.id",
                source_alias="new",
                target_alias="old",
                writer_properties=WRITER,
                commit_properties=_once(writer, batch),
                streamed_exec=False,  # so that the source's ids prune the files looked at
            )
            merge.when_matched_update_all().when_not_matched_insert_all().execute()

    def set_columns(self, table: str, id: str, values: Mapping[str, Any]) -> None:
        """Correct one row: a new version of the table."""
        unknown = set(values) - set(TABLES[table].names) | set(values) & {"id", PARTITION}
        if unknown:
            raise ValueError(f"{sorted(unknown)} are no columns of {table} that can be set")
        with self.writing():
            row = self.rows(table, [id])
            for name, value in values.items():
                place, field = TABLES[table].get_field_index(name), TABLES[table].field(name)
                row = row.set_column(place, field, pa.array([value] * row.num_rows, field.type))
            if row.num_rows:
                month = row[PARTITION][0].as_py()
                merge = self._made(table).merge(
                    row,
                    predicate=f"old.{PARTITION} = '{plain(month)}' AND old.id = new.id",
                    source_alias="new",
                    target_alias="old",
                    writer_properties=WRITER,
                )
                merge.when_matched_update_all().execute()

    def delete(self, table: str, ids: Collection[str]) -> None:
        """Take these rows out of the current version; `erase` also out of the former ones."""
        if not ids or self.version(table) < 0:
            return
        with self.writing():
            self._made(table).delete(f"id IN ({_listed(ids)})", writer_properties=WRITER)

    def erase(self, ids: Collection[str]) -> None:
        """A customer's right to erasure: out of every table and every former version, for good."""
        with self.writing():
            for table in TABLES:
                self.delete(table, ids)
            self.tidy(older_than_hours=0)
            for table in TABLES:
                self._forget_log(table)

    def tidy(self, older_than_hours: int = 168, fewest_files: int = 2) -> int:
        """Put each month's small files together in order, also where corrections mixed it up; remove old files.

        Old are the files that no version of the last `older_than_hours` needs.

        Returns how many months were rewritten. Readers of an older version are not disturbed until their files go.
        """
        rewritten = 0
        for table in TABLES:
            if self.version(table) >= 0:
                rewritten += self.compact(table, fewest_files, mend_order=True)
                with self.writing():
                    self._made(table).vacuum(
                        older_than_hours, dry_run=False, enforce_retention_duration=False, full=True
                    )
        return rewritten

    def compact(self, table: str, fewest_files: int = 2, *, mend_order: bool = False) -> int:
        """Rewrite in order the months that lie in many small files. How many were there?

        `mend_order`: also those in which corrections mixed up the order of voices.
        """
        with self.writing():
            months = self._scattered(table, fewest_files, mend_order=mend_order)
            for month, files in months.items():
                with self.engine.stream_ordered(files, TABLES[table], ORDER[table]) as rows:
                    write_deltalake(
                        self._made(table),
                        rows,
                        mode="overwrite",
                        predicate=f"{PARTITION} = '{plain(month)}'",
                        writer_properties=WRITER,
                    )
            return len(months)

    def _scattered(self, table: str, fewest_files: int, *, mend_order: bool) -> dict[str, list[str]]:
        delta = self._made(table)
        small: dict[str, int] = {}
        for action in pa.table(delta.get_add_actions(flatten=True)).to_pylist():
            if action["size_bytes"] < 32 * 2**20:
                month = action[f"partition.{PARTITION}"]
                small[month] = small.get(month, 0) + 1
        chosen = {month for month, number in small.items() if number >= fewest_files}
        if mend_order and table == "voices":
            chosen |= {month_of(file) for file in delta.file_uris() if is_shuffled(file)}
        return {month: delta.file_uris(file_pruning_predicate=[(PARTITION, "=", month)]) for month in sorted(chosen)}

    def _forget_log(self, table: str) -> None:
        """Begin the log anew with the present version: its older entries name the rows that were erased."""
        if self.version(table) < 0:
            return
        delta = self._made(table)
        delta.create_checkpoint()
        for entry in (self.path / table / "_delta_log").iterdir():
            number = entry.name[:20]  # of its version, as the Delta protocol has it
            if number.isdigit() and int(number) < delta.version():
                entry.unlink()

    def _made(self, table: str) -> DeltaTable:
        """The table to write to, in its newest version; made on first use."""
        delta = self._snapshot(table)
        if delta is None:
            measured = ",".join(name for name in MEASURED if name in TABLES[table].names)
            DeltaTable.create(
                self._place(table),
                TABLES[table],
                mode="ignore",
                partition_by=[PARTITION],
                configuration={**SETTINGS, "delta.dataSkippingStatsColumns": measured},
            )
            delta = self._snapshot(table)
        if delta is None:
            raise OSError(f"{self.path / table}: could not be made a table")
        return delta

    def _place(self, table: str) -> str:
        return str(self.path / table)


def _listed(values: Iterable[str], kind: str = "") -> str:
    return ", ".join(f"{kind}'{plain(value)}'" for value in sorted(values))


def _once(writer: str, batch: int) -> CommitProperties:
    return CommitProperties(app_transactions=[Transaction(writer, batch)])
