"""What is read once more? Voices with all that another reading may change, and its words alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis

from huixiang.lake.questions.slices import Slice, ask, sql, voices
from huixiang.lake.schema import FIGURE, PARTITION
from huixiang.lake.store import Lake

# Enough to read a voice again and to know later whether it is still the same.
AT_ONCE = 2_000
WORDS = ("searchable", "title", "text")
READ = ("id", "version", "content_hash", "channel", "searchable", "title", "text")


def to_read_again(lake: Lake, month: str, after: str = "") -> Iterator[list[dict[str, Any]]]:
    """The voices of a month ("2026-10") in the order of their ids, in the columns READ, some thousands at a time.

    `after`: without those whose ids begin with these digits, or lesser ones. The ids first, then each portion as it is
    by then: a reading of hours must not hang on files that an erasure or a tidying up removes meanwhile. What was
    erased is not there any more, and of a figure no word is left to read.
    """
    found = voices(lake)
    found = found.filter(found[PARTITION] == month, found.understood_by != FIGURE)
    found = found.filter(found.id.left(len(after)) > after) if after else found
    ids = lake.fetch(sql(found.select("id").order_by("id")))["id"]
    for begin in range(0, len(ids), AT_ONCE):
        some = ids.slice(begin, AT_ONCE).to_pylist()
        yield lake.rows("voices", some, month=month, columns=READ).sort_by("id").to_pylist()


def newest_words(lake: Lake, limit: int, slice_: Slice | None = None) -> list[dict[str, str]]:
    """Title, text and normal form (`searchable`) of the newest voices, the newest first."""
    found = voices(lake, slice_)
    newest = found.filter(found.understood_by != FIGURE).order_by([ibis.desc("said_at"), ibis.desc("id")]).limit(limit)
    rows = ask(lake, newest.select(*WORDS, "said_at", "id"))
    return [{name: row[name] for name in WORDS} for row in rows]
