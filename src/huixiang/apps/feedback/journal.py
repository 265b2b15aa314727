"""What was about to enter the lake when the power went? A batch is written here before it is carried there.

The lake commits each of its tables by itself. The journal makes one step of them all: whoever next writes to the
lake first carries over what it finds here, so no table is ever ahead of another for longer than a restart.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
from django.conf import settings

from huixiang.lake import disk
from huixiang.lake.schema import (
    ANSWERS,
    CALLS,
    CLICKS,
    CUSTOMERS,
    DOWNTIMES,
    PAST_VOICES,
    POSTS,
    RESPONSES,
    SPEAKERS,
    TICKETS,
    TURNS,
    VOICES,
)

TABLES = (
    "past_voices",
    "speakers",
    "turns",
    "voices",
    "posts",
    "calls",
    "tickets",
    "clicks",
    "downtimes",
    "customers",
    "answers",
    "responses",
)  # in this order: who reads between two commits misses no version


@dataclass(frozen=True, slots=True)
class Facts:
    """What one batch adds to the lake: voices with what belongs to them, calls, facts, or responses with answers.

    `replaces`: some voices, or calls, are there already, in their former version. `strayed`: of these the ids of those
    that say something else now; `retired`: those that are voices no longer. `rereads`: too large to be written twice; a
    batch that was killed on its way is read from its file again.
    """

    voices: pa.Table = field(default_factory=VOICES.empty_table)
    past_voices: pa.Table = field(default_factory=PAST_VOICES.empty_table)
    speakers: pa.Table = field(default_factory=SPEAKERS.empty_table)
    turns: pa.Table = field(default_factory=TURNS.empty_table)
    calls: pa.Table = field(default_factory=CALLS.empty_table)
    posts: pa.Table = field(default_factory=POSTS.empty_table)
    tickets: pa.Table = field(default_factory=TICKETS.empty_table)
    clicks: pa.Table = field(default_factory=CLICKS.empty_table)
    downtimes: pa.Table = field(default_factory=DOWNTIMES.empty_table)
    customers: pa.Table = field(default_factory=CUSTOMERS.empty_table)
    answers: pa.Table = field(default_factory=ANSWERS.empty_table)
    responses: pa.Table = field(default_factory=RESPONSES.empty_table)
    replaces: bool = False
    rereads: bool = False
    strayed: frozenset[str] = frozenset()
    retired: frozenset[str] = frozenset()

    def table(self, name: str) -> pa.Table:
        table: pa.Table = getattr(self, name)
        return table


def write(import_id: str, number: int, facts: Facts) -> None:
    place = _place(import_id, number)
    draft = place.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    for name in TABLES:
        ids = {name: " ".join(sorted(getattr(facts, name))) for name in ("strayed", "retired")}
        told = {"replaces": str(int(facts.replaces)), **ids}
        table = facts.table(name).replace_schema_metadata(told)
        with pa.OSFile(str(draft / f"{name}.arrow"), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
    disk.keep([*draft.iterdir(), draft])
    draft.rename(place)
    disk.keep([place.parent, place.parent.parent])


def read(import_id: str, number: int) -> Facts | None:
    """The facts of a batch that was on its way, or None."""
    place = _place(import_id, number)
    if not place.is_dir():
        return None
    tables = {}
    for name in TABLES:
        if (kept := place / f"{name}.arrow").exists():  # an earlier version of the product knew fewer tables
            with pa.OSFile(str(kept)) as file:
                tables[name] = pa.ipc.open_file(file).read_all()
    told = tables["voices"].schema.metadata
    plain = {name: table.replace_schema_metadata(None) for name, table in tables.items()}
    strayed, retired = (frozenset(told.get(name, b"").decode().split()) for name in (b"strayed", b"retired"))
    return Facts(**plain, replaces=told[b"replaces"] == b"1", strayed=strayed, retired=retired)


def forget(import_id: str, number: int) -> None:
    shutil.rmtree(_place(import_id, number), ignore_errors=True)


def sweep() -> None:
    """Clear what no batch waits for any more. Only while holding the lake's turn."""
    for place in _places():
        shutil.rmtree(place, ignore_errors=True)


def _places() -> Iterator[Path]:
    folder = settings.DATA_DIR / "journal"
    return folder.iterdir() if folder.is_dir() else iter(())


def _place(import_id: str, number: int) -> Path:
    return Path(settings.DATA_DIR) / "journal" / f"{import_id}-{number}"
