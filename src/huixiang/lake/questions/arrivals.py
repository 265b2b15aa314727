"""What does the lake know already of records on their way in? Asked once for each batch of an import."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from huixiang.domain.understanding.duplicates import COMMON, COMPARED
from huixiang.lake.questions.slices import ask, voices
from huixiang.lake.store import Lake


@dataclass(frozen=True, slots=True)
class Known:
    """Which version of a voice is current, and what did its source say?"""

    content_hash: str
    version: int
    branch: str | None = None
    past: frozenset[str] = frozenset()  # content hashes of its former versions, where they were asked for


@dataclass(frozen=True, slots=True)
class Lookalike:
    """An earlier voice that may say the same as a new one."""

    id: str
    searchable: str


def known(lake: Lake, ids: Collection[str], *, with_past: bool = False) -> dict[str, Known]:
    """Which of these voices are there, and in which version?"""
    if not ids:
        return {}
    past: dict[str, set[str]] = {}
    for row in _hashes(lake, "past_voices", ids) if with_past else ():
        past.setdefault(row["id"], set()).add(row["content_hash"])
    return {  # of a post that has words both tables tell; the voice's is the last
        row["id"]: Known(row["content_hash"], row["version"], row["branch"], frozenset(past.get(row["id"], ())))
        for row in (*_hashes(lake, "posts", ids), *_hashes(lake, "voices", ids))
    }


def _hashes(lake: Lake, table: str, ids: Collection[str]) -> list[dict[str, Any]]:
    if lake.version(table) < 0:
        return []
    wanted = ibis.table({"id": "string"}, name="wanted")
    found = voices(lake, table=table).select("id", "content_hash", "version", "branch").semi_join(wanted, "id")
    return ask(lake, found, wanted=pa.table({"id": pa.array(list(ids), pa.string())}))


def lookalikes(lake: Lake, bands: Mapping[str, Sequence[int]]) -> dict[str, list[Lookalike]]:
    """Which earlier voices may say the same as each new one, the nearest first? `bands` by the new one's id.

    Only firsts of their kind: a copy points to its first. However many voices there are, the answer stays small: a band
    that more than COMMON firsts share tells a turn of phrase, not the same saying, and the COMPARED nearest are enough.
    """
    pairs = [(key, band) for key, each in bands.items() for band in each]
    if not pairs:
        return {}
    keys, numbers = zip(*pairs, strict=True)
    wanted = ibis.table({"key": "string", "band": "int64"}, name="wanted")
    nearest = _nearest(voices(lake), wanted)
    table = pa.table({"key": pa.array(keys, pa.string()), "band": pa.array(numbers, pa.int64())})
    rows = ask(lake, nearest, wanted=table)
    found: dict[str, list[Lookalike]] = {}
    for row in rows:
        found.setdefault(row["key"], []).append(Lookalike(row["id"], row["searchable"]))
    return found


def _nearest(all_voices: ir.Table, wanted: ir.Table) -> ir.Table:
    firsts = all_voices.filter(all_voices.duplicate_of.isnull())
    shared = firsts.select("id", band=firsts.bands.unnest()).semi_join(wanted, "band")
    telling = shared.group_by("band").having(shared.count() <= COMMON).aggregate(firsts=shared.count())
    meetings = shared.semi_join(telling, "band").join(wanted, "band")
    votes = meetings.group_by(["key", "id"]).aggregate(votes=meetings.count())
    place = ibis.row_number().over(group_by="key", order_by=[ibis.desc("votes"), "id"])
    nearest = votes.mutate(place=place)
    nearest = nearest.filter(nearest.place < COMPARED)
    return nearest.join(firsts.select("id", "searchable"), "id").order_by("key", "place")
