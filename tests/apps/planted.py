"""One customer in every place that may know her, and all text that the data folder and the database hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.apps import apps

from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.lake.kept import SUM


def everything(folder: Path) -> Iterator[tuple[str, str]]:
    """Place and text: of the database each column, of the data folder each file; what is sealed is opened."""
    for model in apps.get_models():
        for row in model._default_manager.values():
            for name, value in row.items():
                yield f"{model._meta.label_lower}.{name}", _opened(value)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield f"file {path.relative_to(folder).parts[0]}", f"{path.name} {_read(path)}"


def places_of(folder: Path, *sought: str) -> set[str]:
    """Where does any of these still stand?"""
    return {place for place, text in everything(folder) if any(each in text for each in sought)}


def _opened(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        with suppress(Unsealable):
            return str(unseal(value))
        return bytes(value).decode("utf-8", "replace")
    return str(value)


def _read(path: Path) -> str:
    content = path.read_bytes()
    if path.suffix == ".parquet":
        return str(pq.ParquetFile(path).read().to_pylist())
    if content.startswith(b"SQLite format 3"):
        with sqlite3.connect(path) as book:
            names = [name for (name,) in book.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return str([row for name in names for row in book.execute(f'SELECT * FROM "{name}"')])
    with suppress(pa.ArrowInvalid, OSError):  # counts that are kept
        return str(pa.ipc.open_stream(pa.py_buffer(content[SUM:])).read_all().to_pylist())
    return content.decode("utf-8", "replace")
