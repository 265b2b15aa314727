"""How are rows put in order in bounded memory, however long their texts? Their keys first, then they themselves.

1. How many bytes is each row? The files are read once, a few megabytes at a time.
2. Which place has each row? DuckDB sorts the keys alone, which are short; what does not fit goes to disk.
3. Rows are dealt out on disk to pieces of consecutive places, each small enough to be sorted in memory.

Held at any time: a piece, a batch, and some 50 bytes a row. The pieces lie in a folder that is empty afterwards.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from huixiang.lake.engine import Engine, Numbers
from huixiang.lake.schema import PIECE_BYTES, PIECE_ROWS, inside

BATCH_BYTES = 2 * 2**20
FEW_ROWS = 500  # at a time, as long as nobody knows how long they are
MOST_PIECES = 400  # files open at once: beyond 10 GB a month pieces grow rather than their number
ROW_BYTES = 400  # what is not text: numbers, hashes, bands, and where each value begins
WORDS = 2  # bytes held for each byte of text: its words and phrases lie beside it
_PLACE = "place in the order"  # no column of the lake


@dataclass(frozen=True, slots=True)
class Month:
    """What is to be put in order: all files of one month of a table."""

    files: Sequence[str]
    schema: pa.Schema
    order: Sequence[tuple[str, str]]  # columns, the first one first, and their direction

    def batches(self, columns: Sequence[str], rows: int) -> Iterator[pa.RecordBatch]:
        """These columns of all rows, file after file, so many rows at a time."""
        wanted = pa.schema([self.schema.field(name) for name in columns])
        for file in self.files:
            with pq.ParquetFile(file, pre_buffer=False, buffer_size=2**20) as source:
                for batch in source.iter_batches(rows, columns=wanted.names, use_threads=False):
                    yield batch.select(wanted.names).cast(wanted)  # after a merge texts are string_view


@contextmanager
def ordered(engine: Engine, month: Month, folder: Path) -> Iterator[Iterator[pa.Table]]:
    """A month's rows in order, in pieces. `folder` is emptied before and after, so only one at a time may use it.

    Raises OSError where the disk has no room for the rows once more, uncompressed.
    """
    clear(folder)
    folder.mkdir(parents=True, mode=0o700)
    try:
        places, sizes = engine.places(month.files, month.order), _sizes(month)
        pieces = _pieces(places, sizes)
        _deal(month, folder, places, pieces, _rows_a_batch(sizes))
        yield (_sorted(folder / str(number)) for number in range(int(pieces.max(initial=-1)) + 1))
    finally:
        clear(folder)


def clear(folder: Path) -> None:
    """Remove what a killed process may have left: it is customers' texts."""
    shutil.rmtree(folder, ignore_errors=True)


def _sizes(month: Month) -> Numbers:
    """About how many bytes does each row take in memory? In the files' order."""
    found: list[Numbers] = [np.empty(0, np.int64)]
    texts = [field.name for field in inside(month.schema) if field.type == pa.string()]
    for batch in month.batches(texts, FEW_ROWS):
        lengths = [np.asarray(pc.fill_null(pc.binary_length(column), 0)) for column in batch.columns]
        found.append(ROW_BYTES + WORDS * np.sum(lengths, axis=0, dtype=np.int64))  # type: ignore[arg-type]
    return np.concatenate(found)


def _rows_a_batch(sizes: Numbers) -> int:
    """How many rows are about BATCH_BYTES where they are longest? By what the rows say: the files' footers count each
    repeated text once.
    """
    if not len(sizes):
        return FEW_ROWS
    longest = np.add.reduceat(sizes, np.arange(0, len(sizes), FEW_ROWS)).max() / FEW_ROWS
    return max(1, min(20_000, int(BATCH_BYTES / longest)))


def _pieces(places: Numbers, sizes: Numbers) -> Numbers:
    """To which piece goes each row? Pieces hold consecutive places, PIECE_BYTES or one row more."""
    in_order = np.empty_like(sizes)
    in_order[places] = sizes
    ends = np.cumsum(in_order)
    size = max(PIECE_BYTES, int(in_order.sum()) // MOST_PIECES + 1)
    numbers = np.maximum((ends - in_order) // size, np.arange(len(sizes)) // PIECE_ROWS)
    numbers = np.unique(numbers, return_inverse=True)[1]  # a row longer than a piece would leave numbers out
    pieces: Numbers = numbers[places]
    return pieces


def _deal(month: Month, folder: Path, places: Numbers, pieces: Numbers, rows_a_batch: int) -> None:
    """Write each row, with its place, to the file of its piece."""
    kept = inside(month.schema).append(pa.field(_PLACE, pa.int64()))
    begin = 0
    with ExitStack() as opened:
        writers: dict[int, pa.RecordBatchStreamWriter] = {}
        for batch in month.batches(inside(month.schema).names, rows_a_batch):
            here = slice(begin, begin + batch.num_rows)
            begin += batch.num_rows
            rows = pa.Table.from_batches([batch]).append_column(_PLACE, pa.array(places[here], pa.int64())).cast(kept)
            for number in np.unique(pieces[here]).tolist():
                if number not in writers:
                    file = opened.enter_context(pa.OSFile(str(folder / str(number)), "wb"))
                    writers[number] = opened.enter_context(pa.ipc.new_stream(file, kept))
                writers[number].write_table(rows.take(np.flatnonzero(pieces[here] == number)))


def _sorted(file: Path) -> pa.Table:
    """The rows of one piece in order; the file goes."""
    with pa.OSFile(str(file)) as source, pa.ipc.open_stream(source) as stream:
        rows = stream.read_all()
    file.unlink()
    return rows.take(np.argsort(rows[_PLACE].to_numpy())).drop_columns([_PLACE])
