"""Is something really gone? Every file on the disk is looked through, those of former versions and the logs too."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from huixiang.lake.schema import TABLES
from huixiang.lake.store import Lake


def traces(lake: Lake, ids: Collection[str]) -> int:
    """Of how many of these does a file of the lake still hold something? Only while holding the lake for writing.

    It asks the disk, not the table: what an earlier version kept would be found as well.
    """
    wanted, found = pa.array(sorted(ids), pa.string()), set[str]()
    for table in TABLES:
        place = lake.path / table
        files = [str(file) for file in sorted(place.rglob("*.parquet")) if "_delta_log" not in file.parts]
        found.update(*lake.engine.holding(files, wanted).values())
        found |= _in_logs(place / "_delta_log", ids)
        if lake.is_stale(table):
            found |= set(ids)  # counts name nobody, so nobody can tell whom those of former files had counted
    return len(found)


def _in_logs(place: Path, ids: Collection[str]) -> set[str]:
    """The log quotes each file's least and greatest id."""
    texts = [file.read_text("utf-8", "replace") for file in sorted(place.glob("*.json"))]
    texts += [str(pq.ParquetFile(file).read().to_pylist()) for file in sorted(place.glob("*.parquet"))]
    text = "\n".join(texts)
    return {each for each in ids if each in text}
