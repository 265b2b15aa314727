"""Which voices may be labelled? The same whenever asked; an id is a keyed hash, so its order is by lot."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields

import ibis

from huixiang.lake.questions.slices import Slice, ask, voices
from huixiang.lake.store import Lake


@dataclass(frozen=True, slots=True)
class Candidate:
    """What labelling needs of a voice; columns of schema.VOICES."""

    id: str
    version: int
    branch: str | None
    channel: str
    title: str
    text: str
    searchable: str
    negative: float
    neutral: float
    positive: float
    findings: str | None


def candidates(
    lake: Lake, slice_: Slice, limit: int, *, last: bool = False, without: Collection[str] = ()
) -> list[Candidate]:
    """Originals (no copies) with something said in them, in the order of their ids; `last` from the end."""
    found = voices(lake, slice_)
    found = found.filter(found.duplicate_of.isnull(), found.searchable.length() > 1)
    order = ibis.desc("id") if last else ibis.asc("id")
    # The ids first: texts are long, and only those of the chosen are read.
    first = ask(lake, found.select("id").order_by(order).limit(limit + len(without)))
    return labellable(lake, [row["id"] for row in first if row["id"] not in without][:limit])


def labellable(lake: Lake, ids: Collection[str], reach: frozenset[str] | None = None) -> list[Candidate]:
    """These voices as far as they belong to these units now (None: to any), in the order of their ids."""
    names = [field.name for field in fields(Candidate)]
    rows = lake.rows("voices", ids).select(names).to_pylist()
    seen = (row for row in rows if reach is None or row["branch"] in reach)
    return sorted((Candidate(**row) for row in seen), key=lambda each: each.id)
