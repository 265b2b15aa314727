"""How do rows become files of a table? Piece by piece, each a row group: what is held does not grow with their number.

Delta's own writer gathers all rows before it writes the first (deltalake 1.6: some four times their size in memory),
so the files are written here, and Delta is told of them in one commit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake.transaction import AddAction, RemoveAction

from huixiang.lake.schema import (
    BULK,
    BULK_ENCODINGS,
    BULK_GROUP,
    EACH_ITS_OWN,
    GROUP,
    MEASURED,
    PARTITION,
    TEXTS,
)

FILE_BYTES = 96 * 2**20  # then a new one begins: a correction rewrites the whole file that holds its row
SECOND = 1_000  # milliseconds
Action = AddAction | RemoveAction


def written(folder: Path, month: str, pieces: Iterable[pa.Table]) -> list[Action]:
    """Write rows of one month, without the column of the partition, to new files; what the commit is to say of them.

    `folder` is the table's. Each piece becomes row groups of GROUP rows. Raises OSError; what is written by then is no
    part of the table, and goes with the next `vacuum`.
    """
    waiting = iter(pieces)
    actions: list[Action] = []
    for first in waiting:
        if first.num_rows:
            actions.append(_file(folder, month, first, waiting))
    return actions


def exchanged(file: str, out: pa.Array, new: pa.Table, order: Sequence[tuple[str, str]]) -> Iterator[pa.Table]:
    """A file's row groups without the rows that have one of these ids; a new row stands where its former one did."""
    for group in groups(file, new.schema):
        going = pc.is_in(group["id"], value_set=out)
        coming = new.filter(pc.is_in(new["id"], value_set=group["id"].filter(going).combine_chunks()))
        rows = group.filter(pc.invert(going))
        if coming.num_rows:
            rows = pa.concat_tables([rows, coming]).sort_by(list(order))
        if rows.num_rows:
            yield rows


def inherited(file: str, heirs: Mapping[str, str], columns: pa.Schema) -> Iterator[pa.Table]:
    """A file's row groups, in which copies of a first that goes point to its heir, and the heir to nobody."""
    formers, firsts = pa.array(heirs, pa.string()), pa.array(heirs.values(), pa.string())
    place = columns.get_field_index("duplicate_of")
    for rows in groups(file, columns):
        of = rows["duplicate_of"].combine_chunks()
        now = pc.coalesce(firsts.take(pc.index_in(of, value_set=formers)), of)
        now = pc.if_else(pc.is_in(rows["id"].combine_chunks(), value_set=firsts), pa.scalar(None, pa.string()), now)
        yield rows.set_column(place, columns.field(place), now)


def groups(file: str, columns: pa.Schema) -> Iterator[pa.Table]:
    """A file's groups of rows, one after the other."""
    with pq.ParquetFile(file, pre_buffer=False) as source:
        for number in range(source.num_row_groups):
            yield source.read_row_group(number, columns=columns.names).select(columns.names).cast(columns)


def widened(file: str, schema: pa.Schema) -> Iterator[pa.Table]:
    """A file's row groups with the columns that came since it was written: nulls, and lists without entries."""
    with pq.ParquetFile(file, pre_buffer=False) as source:
        for number in range(source.num_row_groups):
            rows = source.read_row_group(number)
            for field in schema:
                if field.name not in rows.column_names:
                    empty: list[str] | None = [] if pa.types.is_list(field.type) else None
                    rows = rows.append_column(field, pa.array([empty] * rows.num_rows, field.type))
            yield rows.select(schema.names).cast(schema)


def removed(folder: Path, file: str) -> RemoveAction:
    """What a commit is to say of a file that is no part of the table any more."""
    now = int(datetime.now(UTC).timestamp() * SECOND)
    return RemoveAction(Path(file).relative_to(folder).as_posix(), data_change=True, deletion_timestamp=now)


def month_of(file: str) -> str:
    """To which month does a file belong? Its path says it: "…/month=2026-11/part-….parquet"."""
    return file.rpartition(f"/{PARTITION}=")[2].partition("/")[0]


def newest_first(files: list[str]) -> list[str]:
    """Files of a table, the newest month first: a reader of the newest fifty can then stop early."""
    return sorted(files, key=month_of, reverse=True)


def _file(folder: Path, month: str, first: pa.Table, more: Iterator[pa.Table]) -> AddAction:
    path = folder / f"{PARTITION}={month}" / f"part-{uuid4()}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    told, is_bulk = _Measured(), folder.name in BULK
    make = _bulk_writer if is_bulk else _writer
    with pa.OSFile(str(path), "wb") as file, make(file, first.schema) as writer:
        piece: pa.Table | None = first
        while piece is not None:
            writer.write_table(piece, row_group_size=BULK_GROUP if is_bulk else GROUP)
            told.hear(piece)
            piece = next(more, None) if file.tell() < FILE_BYTES else None
    found = path.stat()
    name = f"{path.parent.name}/{path.name}"
    return AddAction(name, found.st_size, {PARTITION: month}, int(found.st_mtime * SECOND), True, told.json())


def _writer(file: pa.NativeFile, schema: pa.Schema) -> pq.ParquetWriter:
    short = [field.name for field in schema if field.name not in TEXTS and not pa.types.is_list(field.type)]
    own = [name for name in schema.names if name in EACH_ITS_OWN]
    return pq.ParquetWriter(
        file,
        schema,
        compression="lz4",  # a third larger than Zstandard, and quicker to read
        use_dictionary=[name for name in schema.names if name not in own],
        column_encoding=dict.fromkeys(own, "DELTA_LENGTH_BYTE_ARRAY"),
        bloom_filter_options={"id": {"ndv": GROUP, "fpp": 0.01}},  # one voice is looked for in few groups
        write_statistics=short,  # so that a reader passes over row groups; of a text it would be a quotation
        write_batch_size=128,  # rows after which a page's size is looked at: 1,024 letters would be one huge page
    )


def _bulk_writer(file: pa.NativeFile, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        file,
        schema,
        compression="lz4",
        use_dictionary=[name for name in schema.names if name not in BULK_ENCODINGS],
        column_encoding={name: kind for name, kind in BULK_ENCODINGS.items() if name in schema.names},
        write_statistics=[name for name in ("id", "branch", "arrived_on", "used_on") if name in schema.names],
        store_schema=False,  # words may come by their numbers: to whoever reads they are words
    )


class _Measured:
    """What the table's log says of a file: rows, and of short columns the least and the greatest value."""

    def __init__(self) -> None:
        self._rows = 0
        self._nulls: dict[str, int] = {}
        self._least: dict[str, Any] = {}
        self._greatest: dict[str, Any] = {}

    def hear(self, piece: pa.Table) -> None:
        self._rows += piece.num_rows
        for name in MEASURED:
            if name in piece.column_names:
                self._nulls[name] = self._nulls.get(name, 0) + piece[name].null_count
                found = pc.min_max(_spelt(piece[name])).as_py()
                if found["min"] is not None:
                    self._least[name] = min(found["min"], self._least.get(name, found["min"]))
                    self._greatest[name] = max(found["max"], self._greatest.get(name, found["max"]))

    def json(self) -> str:
        least = {name: _plain(value) for name, value in self._least.items()}
        greatest = {name: _plain(value) for name, value in self._greatest.items()}
        told = {"numRecords": self._rows, "minValues": least, "maxValues": greatest, "nullCount": self._nulls}
        return json.dumps(told, ensure_ascii=False)


def _spelt(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Words that are told by their numbers."""
    kind = column.type
    return pc.unique(column).cast(kind.value_type) if pa.types.is_dictionary(kind) else column


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)
