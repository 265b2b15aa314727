"""How is Python's own work handed to the workers? Rows go there by Arrow; what it makes of them comes back whole.

So that there is one piece of code for both: what counts a day's tickets, or reads a text, is the same here and there.
The workers need this very package and its models under the same paths (docs/guide/spark.md).
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from huixiang.lake.spark.trouble import NoCluster

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

PLACE = "place"
AT_ONCE = 500  # rows that a worker's reader gets together
A_TASK = 2_000  # rows at least
Tables = dict[str, pa.Table]


def by_day(frame: DataFrame, work: Callable[[pa.Table], Tables]) -> list[Tables]:
    """What `work` makes of each day's rows, by the frame's column `day`; in the order of the days."""
    told = frame.groupBy("day").applyInArrow(partial(_parcels, work), "day date, name string, told binary")
    found = told.toArrow().sort_by([("day", "ascending"), ("name", "ascending")])
    days: dict[Any, Tables] = {}
    for day, name, parcel in zip(*(found[name] for name in ("day", "name", "told")), strict=True):
        days.setdefault(day.as_py(), {})[name.as_py()] = pa.ipc.open_stream(parcel.as_buffer()).read_all()
    return list(days.values())


def in_order(spark: SparkSession, rows: pa.Table, work: Callable[[pa.Table], Sequence[Any]]) -> list[Any]:
    """What `work` makes of each row, in their order. It gets some hundred rows at once. Raises NoCluster."""
    if not rows.num_rows:
        return []
    numbered = rows.append_column(PLACE, pa.array(range(rows.num_rows), pa.int64()))
    tasks = max(1, min(rows.num_rows // A_TASK, 4 * spark.sparkContext.defaultParallelism))
    frame = spark.createDataFrame(numbered).repartition(tasks)
    asked = frame.mapInArrow(partial(_answers, work, _code()), f"{PLACE} long, told binary")
    try:
        found = asked.toArrow().sort_by(PLACE)
    except Exception as error:
        told = str(error)
        if "PYTHON_VERSION_MISMATCH" in told or OtherCode.__name__ in told or "ModuleNotFoundError" in told:
            raise NoCluster("other_code") from error
        raise NoCluster("answer", type(error).__name__) from error
    # Our own workers wrote it, who run whatever they are sent anyway.
    return [pickle.loads(each.as_buffer()) for each in found["told"]]  # noqa: S301


class OtherCode(Exception):
    """A worker has another version of this program than whoever asks."""


def _code() -> str:
    return version("huixiang")


def _parcels(work: Callable[[pa.Table], Tables], rows: pa.Table) -> pa.Table:
    tables = work(rows)
    day = rows["day"][0].as_py()
    return pa.table(
        {
            "day": pa.array([day] * len(tables), pa.date32()),
            "name": pa.array(list(tables), pa.string()),
            "told": pa.array([_written(each) for each in tables.values()], pa.binary()),
        }
    )


def _written(rows: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(rows.combine_chunks())
    return bytes(sink.getvalue().to_pybytes())


def _answers(
    work: Callable[[pa.Table], Sequence[Any]], code: str, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    if _code() != code:
        raise OtherCode(f"{_code()} ≠ {code}")
    for batch in batches:
        for begin in range(0, batch.num_rows, AT_ONCE):
            rows = pa.Table.from_batches([batch.slice(begin, AT_ONCE)])
            told = [pickle.dumps(each) for each in work(rows.drop([PLACE]))]
            yield pa.record_batch({PLACE: rows[PLACE].combine_chunks(), "told": pa.array(told, pa.binary())})
