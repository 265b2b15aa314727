"""Who answers the questions? DuckDB, embedded; the one place that knows it. What is heavy may go to Spark (spark/)."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from huixiang.lake.schema import PARTITION, plain
from huixiang.lake.spill import Spill


class FilesGone(Exception):
    """What the other engine read is there no longer."""


# What a question meets whose files an erasure has removed meanwhile, or whose view had its files removed so.
LOST = (duckdb.IOException, duckdb.CatalogException, FilesGone)
VIEWS = 40  # known at once
FORMER = 60  # files of former versions whose footers stay in memory, up to half a megabyte each
Numbers = np.ndarray[Any, np.dtype[Any]]
SETTINGS = {
    "threads": "2",
    "memory_limit": "'320MB'",  # what does not fit goes to disk for a while; an import shall stay below 1 GB in all
    "allocator_flush_threshold": "'1MB'",  # give memory back after each question
    "allocator_bulk_deallocation_flush_threshold": "'1MB'",
    "parquet_metadata_cache": "true",  # files never change, their names are never used twice
    # What was read of files would be kept in memory, those of former versions too: 5 MB for each writing of a month.
    # The operating system keeps it as well, and gives it up where memory is wanted.
    "enable_external_file_cache": "false",
    "TimeZone": "'UTC'",
    "preserve_insertion_order": "false",
    "autoinstall_known_extensions": "false",  # nothing is fetched from outside, ever
    "autoload_known_extensions": "false",
}


class Engine:
    """One in-memory database a process, one cursor a thread; it holds views over files, never data.

    It keeps the footer of every file it ever read, and nothing makes it forget one: so it is begun anew now and then.
    """

    def __init__(self, spill: Path) -> None:
        self._spill = Spill(spill)  # removed with this engine
        self._local = threading.local()
        self._known: dict[str, tuple[Sequence[str], pa.Schema]] = {}  # views, and what each reads
        self._read: set[str] = set()
        self._newest: dict[str, Sequence[str]] = {}
        self._begun = 0
        self._database = self._begin()

    def _begin(self) -> duckdb.DuckDBPyConnection:
        self._begun += 1
        own = f"{self._spill.name}/{self._begun}"  # a question may still be answered by the former
        Path(own).mkdir(mode=0o700)
        database = duckdb.connect(":memory:")
        for name, value in {**SETTINGS, "temp_directory": f"'{plain(own)}'"}.items():
            database.execute(f"SET GLOBAL {name} = {value}")
        return database

    def knows(self, view: str) -> bool:
        return view in self._known

    def views(self) -> list[str]:
        """All that it knows, the oldest first."""
        return list(self._known)

    def reads(self, view: str) -> tuple[Sequence[str], pa.Schema]:
        """The files that a view reads, and its columns."""
        return self._known[view]

    def learn(self, view: str, files: Sequence[str], schema: pa.Schema) -> None:
        """Give the files of one version a name. The columns stand in the files, the partition in their paths."""
        _create(self._database, view, files, schema)
        self._known[view] = files, schema
        for old in list(self._known)[:-VIEWS]:  # a reader may still ask for the version of a moment ago
            self._known.pop(old)
            self._database.execute(f'DROP VIEW IF EXISTS "{old}"')
        self._newest[view.rpartition("_")[0]] = files
        self._read.update(files)
        if len(self._read) > FORMER + sum(map(len, self._newest.values())):
            self._renew()

    def _renew(self) -> None:
        """Forget the footers of files that went. Who is being answered by the former database is answered to the end.

        A view whose files are gone is left out: whoever asks it finds it lost, as he did before.
        """
        fresh = self._begin()
        for view, (files, schema) in self._known.items():
            with suppress(*LOST):
                _create(fresh, view, files, schema)
        self._database = fresh
        self._read = {file for files in self._newest.values() for file in files}

    def fetch(self, sql: str, **tables: pa.Table) -> pa.Table:
        """All rows of an answer. `tables` are known under their names during this one question."""
        return self._asked(sql, tables).to_arrow_table()

    def stream(self, sql: str, rows: int = 4_000) -> Iterator[pa.RecordBatch]:
        """An answer of any length, a piece at a time; has a cursor of its own, since a thread may ask on meanwhile."""
        with self._database.cursor() as cursor:
            yield from cursor.execute(sql).to_arrow_reader(rows)

    def holding(self, files: Sequence[str], ids: pa.Array, by: str = "id") -> dict[str, list[str]]:
        """Which of these files hold one of these ids in the column `by`, and which? Only that column is read."""
        if not files:
            return {}
        where = f'{_read(files)} AS t SEMI JOIN wanted ON t."{by}" = wanted.id'
        sql = f'SELECT DISTINCT file_index, t."{by}" AS id FROM {where}'  # noqa: S608  # names of our own
        found: dict[str, list[str]] = {}
        for row in self.fetch(sql, wanted=pa.table({"id": ids})).to_pylist():
            found.setdefault(files[row["file_index"]], []).append(row["id"])
        return found

    def places(self, files: Sequence[str], order: Sequence[tuple[str, str]]) -> Numbers:
        """Which place has each row of these files, file after file, when all are ordered by these columns? From 0.

        Only the columns of the order are read, so that memory does not depend on how long the texts are.
        """
        counts = [pq.read_metadata(file).num_rows for file in files]
        begins = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
        places, placed = np.empty(begins[-1], np.int64), 0
        turned = {"ascending": "ASC", "descending": "DESC"}
        by = ", ".join([*(f'"{name}" {turned[way]}' for name, way in order), "file_index", "file_row_number"])
        for batch in self.stream(f"SELECT file_index, file_row_number FROM {_read(files)} ORDER BY {by}", 100_000):  # noqa: S608
            file, row = (np.asarray(column).astype(np.int64) for column in batch.columns)
            places[begins[file] + row] = np.arange(placed, placed + batch.num_rows)
            placed += batch.num_rows
        return places

    def _asked(self, sql: str, tables: dict[str, pa.Table]) -> duckdb.DuckDBPyConnection:
        if getattr(self._local, "of", None) is not self._database:
            self._local.of = self._database
            self._local.cursor = self._local.of.cursor()
        cursor: duckdb.DuckDBPyConnection = self._local.cursor
        for name, table in tables.items():
            cursor.register(name, table)
        return cursor.execute(sql)


def _create(database: duckdb.DuckDBPyConnection, view: str, files: Sequence[str], schema: pa.Schema) -> None:
    if files:
        source = f"SELECT {_columns(schema)} FROM {_read(files)}"  # noqa: S608  # names of our own
        database.execute(f'CREATE OR REPLACE VIEW "{view}" AS {source}')
    else:
        database.register("empty", schema.empty_table())
        database.execute(f'CREATE OR REPLACE TABLE "nothing_{view}" AS SELECT * FROM empty')  # noqa: S608
        database.unregister("empty")
        database.execute(f'CREATE OR REPLACE VIEW "{view}" AS SELECT * FROM "nothing_{view}"')  # noqa: S608


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f'"{name}"' for name in schema.names)


def _read(files: Sequence[str]) -> str:
    listed = ", ".join(f"'{plain(file)}'" for file in files)
    return f"read_parquet([{listed}], hive_partitioning = true, hive_types = {{'{PARTITION}': VARCHAR}})"
