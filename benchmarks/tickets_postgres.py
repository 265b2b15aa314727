"""The six questions in PostgreSQL: the same tickets in one table, ordered by day and branch, with indexes for both."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from benchmarks import tickets_asked as asked

COLUMNS = ("branch", "service", "lane", "arrived_on", "hour", "left", "wait_seconds", "service_seconds")
KINDS = ("text", "text", "text", "date", "smallint", "boolean", "integer", "integer")
SETTINGS = ("work_mem = '128MB'", "max_parallel_workers_per_gather = 2", "jit = off")
RUNS = 2


def measured(lake: Any) -> dict[str, Any]:
    """Seconds of the clock, at the best of some runs: the server's processes do not tell the processor's."""
    from tests.postgres import Cluster, why_not

    if why_not():
        return {"runs": None}
    cluster = Cluster()
    try:
        import psycopg

        with psycopg.connect(_of(cluster.url), autocommit=True) as connection:
            for setting in SETTINGS:
                connection.execute(f"SET {setting}")
            load = _timed(lambda: _filled(connection, lake))
            sqls = asked.in_sql("tickets", "percentile_disc({}) WITHIN GROUP (ORDER BY t.wait_seconds)", month="")
            runs = [_best(lambda sql=sql: connection.execute(sql).fetchall()) for sql in sqls]  # type: ignore[misc]
            return {"runs": runs, "load": load, "version": connection.info.server_version}
    finally:
        cluster.stop()


def _of(url: str) -> str:
    return url.replace("postgres://", "postgresql://")


def _filled(connection: Any, lake: Any) -> None:
    listed = ", ".join(f'"{name}" {kind}' for name, kind in zip(COLUMNS, KINDS, strict=True))
    connection.execute(f"CREATE UNLOGGED TABLE tickets ({listed})")
    told = ", ".join(f'"{name}"' for name in COLUMNS)
    with connection.cursor() as cursor, cursor.copy(f"COPY tickets ({told}) FROM STDIN (FORMAT csv)") as copy:
        for piece in lake.engine.stream(
            f'SELECT {told} FROM "{lake.view("tickets")}" ORDER BY arrived_on, branch', 100_000
        ):
            copy.write(_csv(piece))
    connection.execute("CREATE INDEX ON tickets (branch, arrived_on)")
    connection.execute("CREATE INDEX ON tickets USING brin (arrived_on)")
    connection.execute("VACUUM ANALYZE tickets")


def _csv(piece: Any) -> bytes:
    import pyarrow as pa
    from pyarrow import csv

    sink = pa.BufferOutputStream()
    csv.write_csv(pa.Table.from_batches([piece]), sink, csv.WriteOptions(include_header=False))
    return bytes(sink.getvalue().to_pybytes())


def _best(ask: Callable[[], Any]) -> tuple[float, float]:
    ask()
    return min((_timed(ask) for _ in range(RUNS)), key=lambda each: each[1])


def _timed(ask: Callable[[], Any]) -> tuple[float, float]:
    begun = time.perf_counter()
    ask()
    return 0.0, time.perf_counter() - begun
