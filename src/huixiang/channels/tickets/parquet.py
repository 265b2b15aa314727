"""How are tickets read from Parquet? A million rows at once: checked as a set, and only the doubtful taken out singly.

What is doubtful is no verdict: those rows are read as text, as any other table's, and that reading decides and says
why. So a rule stands once in words (table.py), and here only has to miss nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from huixiang.channels.contract import Fault, Meter, Row
from huixiang.channels.tickets.ticket_mapping import MOMENTS

BLOCK = 1_000_000  # rows, some 100 MB while they are looked at
FEW = 2_000  # rows that are turned into text at once


class Chooses(Protocol):
    """A mapping that says which of a file's columns it reads."""

    def chosen(self, found: tuple[str, ...]) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a file as they stand there. `number` is that of its first, counted from 1; `share`: read so far."""

    number: int
    rows: pa.Table
    share: float


def is_parquet(path: Path) -> bool:
    """By its first bytes: names of files lie."""
    if path.is_dir():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def columns_of(path: Path) -> tuple[str, ...]:
    return tuple(_opened(path).schema_arrow.names)


def blocks(path: Path, by: Chooses, skip: int = 0, size: int = BLOCK) -> Iterator[Block]:
    """The rows after the first `skip`, in columns that the mapping names. Raises Fault where the file can't be read."""
    with _opened(path, read_as_coded=True) as file:
        columns = list(dict.fromkeys(by.chosen(tuple(file.schema_arrow.names)).values()))
        whole, number = max(1, file.metadata.num_rows), 1
        try:
            for rows in _gathered(file.iter_batches(size, columns=columns), size):
                out = min(max(0, skip + 1 - number), rows.num_rows)
                number += rows.num_rows
                if out < rows.num_rows:
                    yield Block(number - rows.num_rows + out, rows.slice(out), (number - 1) / whole)
        except (pa.ArrowInvalid, OSError) as error:
            raise _unreadable(path) from error


def _gathered(batches: Iterator[pa.RecordBatch], size: int) -> Iterator[pa.Table]:
    """A file may lie in many small groups of rows: they are put together, since each block becomes a commit."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        if waiting and sum(each.num_rows for each in waiting) + batch.num_rows > size:
            yield pa.Table.from_batches(waiting)
            waiting = []
        waiting.append(batch)
    if waiting:
        yield pa.Table.from_batches(waiting)


def rows(path: Path, by: Chooses, meter: Meter | None = None) -> Iterator[Row]:
    """The same one by one, as text: for the preview."""
    told = [0.0]
    if meter:
        meter.by(lambda: told[0])
    for block in blocks(path, by, size=FEW):
        told[0] = block.share
        yield from texts(block, range(block.rows.num_rows))


def texts(block: Block, places: Any) -> Iterator[Row]:
    """These rows of a block as a person would have typed them."""
    listed = [int(place) for place in places]
    for start in range(0, len(listed), FEW):
        some = listed[start : start + FEW]
        for place, row in zip(some, block.rows.take(pa.array(some, pa.int64())).to_pylist(), strict=True):
            yield Row(block.number + place, {name: _text(value) for name, value in row.items()})


def of_kinds(chosen: Mapping[str, str], rows: pa.Table, moments: tuple[str, ...] = MOMENTS) -> bool:
    """Are the moments told as moments? Else each is read as text."""
    kinds = (rows.schema.field(chosen[field]).type for field in moments if field in chosen)
    return all(pa.types.is_timestamp(kind) for kind in kinds)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _opened(path: Path, *, read_as_coded: bool = False) -> pq.ParquetFile:
    """`read_as_coded`: texts by their numbers, as they lie in the file: nobody has to spell out a million names."""
    try:
        schema = pq.read_schema(path) if read_as_coded else ()
        return pq.ParquetFile(path, read_dictionary=[each.name for each in schema if _is_text(each.type)])
    except (pa.ArrowInvalid, OSError) as error:
        raise _unreadable(path) from error


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _unreadable(path: Path) -> Fault:
    return Fault("文件“%(name)s”不是完整的 Parquet 文件；请重新导出", name=path.name)
