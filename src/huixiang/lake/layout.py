"""How do the rows lie in the files? The newest first, so that a page of the newest reads little."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from huixiang.lake.schema import PARTITION

SHUFFLED = 2.5  # in order: about 1; without any order: about the number of groups


def ordered(rows: pa.Table) -> pa.Table:
    """Rows on their way into the lake, by month and the newest first; those of no moment as they came."""
    if rows.num_rows < 2 or "said_at" not in rows.column_names:
        return rows
    return rows.take(pc.sort_indices(rows, [(PARTITION, "ascending"), ("said_at", "descending"), ("id", "descending")]))


def month_of(file: str) -> str:
    """In which month do a file's rows lie? "2026-11", as its path tells."""
    return file.rpartition(f"/{PARTITION}=")[2].partition("/")[0]


def newest_first(files: list[str]) -> list[str]:
    """Files of a table, the newest month first: a reader of the newest fifty can then stop early."""
    return sorted(files, key=month_of, reverse=True)


def is_shuffled(file: str, column: str = "said_at") -> bool:
    """Have corrections mixed up the order of a file? Told by its footer: its groups of rows overlap each other.

    How many groups hold a moment, on average over the file's time? `column` is one of moments.
    """
    footer = pq.read_metadata(file)
    place = footer.schema.names.index(column)
    spans = [footer.row_group(n).column(place).statistics for n in range(footer.num_row_groups)]
    spans = [span for span in spans if span is not None and span.has_min_max]
    if len(spans) < 3:  # little is read in vain
        return False
    whole = max(span.max for span in spans) - min(span.min for span in spans)
    return bool(sum((span.max - span.min).total_seconds() for span in spans) > SHUFFLED * whole.total_seconds())
