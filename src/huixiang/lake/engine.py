"""Who answers the questions? DuckDB, embedded; the one place that knows it. Spark joins here when it is needed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from huixiang.lake.schema import GROUP, PARTITION, plain

SETTINGS = {
    "threads": "2",
    "memory_limit": "'320MB'",  # what does not fit goes to disk for a while; an import shall stay below 1 GB in all
    "allocator_flush_threshold": "'1MB'",  # give memory back after each question
    "allocator_bulk_deallocation_flush_threshold": "'1MB'",
    "parquet_metadata_cache": "true",  # files never change, their names are never used twice
    "TimeZone": "'UTC'",
    "preserve_insertion_order": "false",
    "autoinstall_known_extensions": "false",  # nothing is fetched from outside, ever
    "autoload_known_extensions": "false",
}


class Engine:
    """One in-memory database a process, one cursor a thread; it holds views over files, never data."""

    def __init__(self, spill: Path) -> None:
        self._database = duckdb.connect(":memory:")
        self._spill = _own_folder(spill)  # removed with this engine
        for name, value in {**SETTINGS, "temp_directory": f"'{plain(self._spill.name)}'"}.items():
            self._database.execute(f"SET GLOBAL {name} = {value}")
        self._local = threading.local()
        self._known: dict[str, None] = {}

    def knows(self, view: str) -> bool:
        return view in self._known

    def learn(self, view: str, files: Sequence[str], schema: pa.Schema) -> None:
        """Give the files of one version a name. The columns stand in the files, the partition in their paths."""
        if files:
            source = f"SELECT {_columns(schema)} FROM {_read(files)}"  # noqa: S608  # names of our own
            self._database.execute(f'CREATE OR REPLACE VIEW "{view}" AS {source}')
        else:
            empty = schema.empty_table()
            self._database.register("empty", empty)
            self._database.execute(f'CREATE OR REPLACE TABLE "nothing_{view}" AS SELECT * FROM empty')  # noqa: S608
            self._database.unregister("empty")
            self._database.execute(f'CREATE OR REPLACE VIEW "{view}" AS SELECT * FROM "nothing_{view}"')  # noqa: S608
        self._known[view] = None
        for old in list(self._known)[:-40]:  # a reader may still ask for the version of a moment ago
            self._known.pop(old)
            self._database.execute(f'DROP VIEW IF EXISTS "{old}"')

    def fetch(self, sql: str, **tables: pa.Table) -> pa.Table:
        """All rows of an answer. `tables` are known under their names during this one question."""
        return self._asked(sql, tables).to_arrow_table()

    def stream(self, sql: str, rows: int = 4_000) -> Iterator[pa.RecordBatch]:
        """An answer of any length, a piece at a time; has a cursor of its own, since a thread may ask on meanwhile."""
        with self._database.cursor() as cursor:
            yield from cursor.execute(sql).to_arrow_reader(rows)

    @contextmanager
    def stream_ordered(
        self, files: Sequence[str], schema: pa.Schema, order: Sequence[str]
    ) -> Iterator[pa.RecordBatchReader]:
        """The rows of these files in order, with bounded memory: what does not fit is sorted on disk.

        Pieces are as long as a group: a writer that mixes up pieces still leaves each group whole.
        """
        by = ", ".join(order)
        with self._database.cursor() as cursor:
            cursor.execute(f"SELECT {_columns(schema)} FROM {_read(files)} ORDER BY {by}")  # noqa: S608
            reader = cursor.to_arrow_reader(GROUP)
            yield pa.RecordBatchReader.from_batches(schema, (batch.cast(schema) for batch in reader))

    def _asked(self, sql: str, tables: dict[str, pa.Table]) -> duckdb.DuckDBPyConnection:
        if not hasattr(self._local, "cursor"):
            self._local.cursor = self._database.cursor()
        cursor: duckdb.DuckDBPyConnection = self._local.cursor
        for name, table in tables.items():
            cursor.register(name, table)
        return cursor.execute(sql)


def _own_folder(within: Path) -> TemporaryDirectory[str]:
    """A folder that only this process reads and that nobody can guess: what is sorted on disk is customers' texts."""
    try:
        within.mkdir(parents=True, exist_ok=True, mode=0o700)
        return TemporaryDirectory(dir=within, ignore_cleanup_errors=True)
    except OSError:  # a lake that may only be read
        return TemporaryDirectory(prefix="huixiang-", ignore_cleanup_errors=True)


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f'"{name}"' for name in schema.names)


def _read(files: Sequence[str]) -> str:
    listed = ", ".join(f"'{plain(file)}'" for file in files)
    return f"read_parquet([{listed}], hive_partitioning = true, hive_types = {{'{PARTITION}': VARCHAR}})"
