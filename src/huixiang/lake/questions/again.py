"""What is read once more? Voices with all that another reading may change, and normal texts alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis

from huixiang.lake.questions.slices import Slice, ask, sql, voices
from huixiang.lake.schema import PARTITION
from huixiang.lake.store import Lake

# Enough to read a voice again and to know later whether it is still the same.
READ = ("id", "version", "content_hash", "searchable", "title", "text")


def to_read_again(lake: Lake, month: str) -> Iterator[list[dict[str, Any]]]:
    """The voices of a month ("2026-10"), in the columns READ, some thousands at a time."""
    found = voices(lake)
    found = found.filter(found[PARTITION] == month).select(*READ)
    for batch in lake.engine.stream(sql(found)):
        yield batch.to_pylist()


def newest_normals(lake: Lake, limit: int, slice_: Slice | None = None) -> list[str]:
    """The normal texts of the newest voices, the newest first."""
    found = voices(lake, slice_)
    newest = found.order_by([ibis.desc("said_at"), ibis.desc("id")]).limit(limit)
    return [row["searchable"] for row in ask(lake, newest.select("searchable", "said_at", "id"))]
