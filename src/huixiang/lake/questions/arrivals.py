"""What does the lake know already of records on their way in? Asked once for each batch of an import."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import ibis
import pyarrow as pa

from huixiang.domain.understanding.duplicates import COMMON
from huixiang.lake.questions.slices import ask, voices
from huixiang.lake.store import Lake


@dataclass(frozen=True, slots=True)
class Known:
    """Which version of a voice is current, and what did its source say?"""

    content_hash: str
    version: int


@dataclass(frozen=True, slots=True)
class Lookalike:
    """An earlier voice that may say the same as a new one."""

    id: str
    searchable: str
    bands: tuple[int, ...]


def known(lake: Lake, ids: Collection[str]) -> dict[str, Known]:
    """Which of these voices are there, and in which version?"""
    if not ids:
        return {}
    wanted = ibis.table({"id": "string"}, name="wanted")
    found = voices(lake).select("id", "content_hash", "version").semi_join(wanted, "id")
    rows = ask(lake, found, wanted=pa.table({"id": pa.array(list(ids), pa.string())}))
    return {row["id"]: Known(row["content_hash"], row["version"]) for row in rows}


def lookalikes(lake: Lake, bands: Collection[int], most: int = COMMON) -> list[Lookalike]:
    """Which voices share a MinHash band with a new one? Only firsts of their kind: a copy points to its first.

    Bands that more than `most` firsts share are passed over: they tell a turn of phrase, not the same saying.
    """
    if not bands:
        return []
    wanted = ibis.table({"band": "int64"}, name="wanted")
    firsts = voices(lake)
    firsts = firsts.filter(firsts.duplicate_of.isnull()).select("id", "searchable", "bands")
    single = firsts.select("id", band=firsts.bands.unnest())
    shared = single.semi_join(wanted, "band")
    telling = shared.group_by("band").having(shared.count() <= most).aggregate(firsts=shared.count())
    near = shared.semi_join(telling, "band").select("id").distinct()
    rows = ask(lake, firsts.semi_join(near, "id"), wanted=pa.table({"band": pa.array(list(bands), pa.int64())}))
    return [Lookalike(row["id"], row["searchable"], tuple(row["bands"])) for row in rows]
