"""In which format should the facts lie? The spike behind docs/decisions/0002-lake-format.md.

python benchmarks/lake_format.py            # 1,000,000 rows in 50 batches, each in 18 months
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from deltalake import DeltaTable, write_deltalake

from benchmarks.search import voices

BATCH, BATCHES = 20_000, 50


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="huixiang-format-"))
    try:
        batches = [voices(number * BATCH, BATCH) for number in range(BATCHES)]
        changed = batches[0].slice(0, 1_000)
        print("| step (seconds) | delta-rs | plain Parquet |\n|---|---|---|")
        columns = delta(folder / "delta", batches, changed), parquet(folder / "parquet", batches, changed)
        for step in columns[0]:
            other = f"{columns[1][step]:.2f}" if step in columns[1] else "–"
            print(f"| {step} | {columns[0][step]:.2f} | {other} |")
        print(f"\nDuckLake: {ducklake()}")
    finally:
        shutil.rmtree(folder)


def delta(path: Path, batches: list[pa.Table], changed: pa.Table) -> dict[str, float]:
    def write() -> None:
        for batch in batches:
            write_deltalake(path, batch, mode="append", partition_by=["month"])

    def merge() -> None:
        merger = DeltaTable(path).merge(changed, "old.id = new.id", source_alias="new", target_alias="old")
        merger.when_matched_update_all().when_not_matched_insert_all().execute()

    wanted = changed["id"][0].as_py()
    return {
        f"write {len(batches)} batches": timed(write),
        "count rows, many small files": timed(lambda: count(DeltaTable(path).file_uris())),
        "compact": timed(lambda: DeltaTable(path).optimize.compact()),  # noqa: PLW0108  # opened only now
        "count rows, compacted": timed(lambda: count(DeltaTable(path).file_uris())),
        "replace 1,000 rows by id": timed(merge),
        "delete one row": timed(lambda: DeltaTable(path).delete(f"id = '{wanted}'")),
        "open at an older version": timed(lambda: DeltaTable(path, version=10).file_uris()),
    }


def parquet(path: Path, batches: list[pa.Table], changed: pa.Table) -> dict[str, float]:
    """Without a table format: atomic at best file by file, no versions; replacing means rewriting whole months."""

    def write() -> None:
        for number, batch in enumerate(batches):
            ds.write_dataset(
                batch,
                path,
                format="parquet",
                partitioning=["month"],
                basename_template=f"{number}-{{i}}.parquet",
                existing_data_behavior="overwrite_or_ignore",
            )

    def rewrite(ids: pa.Array) -> None:
        rows = ds.dataset(path, partitioning=["month"]).to_table()
        kept = rows.filter(pc.invert(pc.is_in(rows["id"], ids)))
        shutil.rmtree(path)
        ds.write_dataset(kept, path, format="parquet", partitioning=["month"])

    return {
        f"write {len(batches)} batches": timed(write),
        "count rows, many small files": timed(lambda: count([str(file) for file in path.rglob("*.parquet")])),
        "replace 1,000 rows by id": timed(lambda: rewrite(changed["id"].combine_chunks())),
        "count rows, compacted": timed(lambda: count([str(file) for file in path.rglob("*.parquet")])),
    }


def ducklake() -> str:
    """Needs an extension that DuckDB fetches from its server: not to be had in a bank without internet."""
    try:
        duckdb.connect().execute("INSTALL ducklake")
    except duckdb.Error as error:
        return f"not available offline ({str(error).splitlines()[0][:90]})"
    return "available here"


def count(files: list[str]) -> int:
    found = duckdb.connect().execute("SELECT count(*) FROM read_parquet(?) WHERE sentiment = 'negative'", [files])
    return int((found.fetchone() or [0])[0])


def timed(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
