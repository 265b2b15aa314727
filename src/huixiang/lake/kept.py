"""What was counted of files that never change? Small tables on the disk, known to every process, now and later.

A count is kept under the files that it was counted of, so that it is never out of date: an import, a correction or an
erasure makes other files. Those of files that are no part of the table any more are removed with them, while others may
be writing: whoever writes looks afterwards whether the files are still there. Nothing here is a fact: all of it may be
deleted at any moment, and is counted anew. No clock is trusted but for what is thrown away first.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from uuid import uuid4

import pyarrow as pa

SUM = 16  # bytes in front of each table: what a power cut left half is told from what is whole
MOST, MOST_BYTES = 2_000, 32 * 2**20  # counts kept of the same files; those not asked for longest go first
SMALL = pa.ipc.IpcWriteOptions(compression="zstd")
Files = Collection[str]


class Kept:
    """Counts of the tables of one lake, one small file for each month of files and question."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, table: str, files: Files, about: str) -> pa.Table | None:
        """What was counted of these files before; None where nothing was, or where it is not whole.

        Whoever reads it checks the columns: an earlier version of the product may have kept it.
        """
        place = self._place(table, files) / _name(about)
        try:
            told = place.read_bytes()
        except OSError:
            return None
        body = memoryview(told)[SUM:]
        if blake2b(body, digest_size=SUM).digest() != told[:SUM]:
            return None
        with suppress(OSError):  # a lake that may only be read
            os.utime(place)
        found = pa.ipc.open_stream(pa.py_buffer(body)).read_all()
        return found.cast(pa.schema([_decoded(field) for field in found.schema]))

    def put(self, table: str, files: Files, about: str, counts: pa.Table) -> None:
        """Keep it, unless one of the files is gone meanwhile. A full disk keeps nothing, and disturbs nobody."""
        place, body = self._place(table, files), _written(counts)
        part = place / f".{uuid4().hex}"
        try:
            place.mkdir(parents=True, exist_ok=True)
            part.write_bytes(blake2b(body, digest_size=SUM).digest() + body)
            part.replace(place / _name(about))
            _bound(place)
        except OSError:
            with suppress(OSError):
                part.unlink(missing_ok=True)  # half of it would fill the disk further
        if not all(Path(file).exists() for file in files):  # erased while it was counted
            _remove(place)

    def forget(self, table: str, months: Iterable[Files]) -> None:
        """Remove what was counted of other files than those of these months.

        Whatever another process is just writing there keeps nobody from it: that process removes it, or the next purge.
        """
        for place in self.stale(table, months):
            _remove(place)

    def stale(self, table: str, months: Iterable[Files]) -> list[Path]:
        """Of which files is something kept that are none of these months'?"""
        live = {_digest(sorted(files)) for files in months}
        folder = self._folder / table
        return [each for each in sorted(folder.iterdir()) if each.name not in live] if folder.exists() else []

    def _place(self, table: str, files: Files) -> Path:
        return self._folder / table / _digest(sorted(files))


def _name(about: str) -> str:
    return f"{_digest([about])}.arrow"


def _digest(parts: Iterable[str]) -> str:
    return blake2b("\n".join(parts).encode(), digest_size=SUM).hexdigest()


def _written(counts: pa.Table) -> bytes:
    """Names, which are few, by their numbers: a fifth of the size where the rows come in their order."""
    for place, field in enumerate(counts.schema):
        if field.type == pa.string():
            column = counts.column(place).combine_chunks().dictionary_encode()
            counts = counts.set_column(place, field.name, column)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, counts.schema, options=SMALL) as writer:
        writer.write_table(counts)
    return bytes(sink.getvalue().to_pybytes())


def _decoded(field: pa.Field) -> pa.Field:
    return field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field


def _remove(place: Path) -> None:
    """Out of sight in one step, so that nobody adds to what is being removed."""
    going = place.with_name(f"{place.name}.{uuid4().hex}")
    try:
        place.rename(going)
    except OSError:  # gone already, or a lake that may only be read
        going = place
    shutil.rmtree(going, ignore_errors=True)


def _bound(place: Path) -> None:
    """Also what killed processes left half written goes this way."""
    told = []
    with os.scandir(place) as names:
        for each in names:
            with suppress(FileNotFoundError):  # another process is at it too
                found = each.stat()
                told.append((found.st_mtime_ns, found.st_size, each.path))
    left, size = len(told), sum(each[1] for each in told)
    if left <= MOST and size <= MOST_BYTES:
        return
    for _asked, bytes_, path in sorted(told):
        if left <= 0.9 * MOST and size <= 0.9 * MOST_BYTES:
            return
        Path(path).unlink(missing_ok=True)
        left, size = left - 1, size - bytes_
