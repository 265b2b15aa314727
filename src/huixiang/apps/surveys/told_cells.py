"""What may be told of an anonymous survey, finished and ready to be read? One file a survey, beside the lake.

Portions are told once for all, so what they add to the cells of a result is reckoned once, where answers land
(portioning.py), and pages only read. The file holds the finished cells, which are sums over whole portions and know
nobody; and, for what lands next, the ids of those who still wait. Which portion somebody is in stands nowhere. It is
replaced in one step, and may be removed at any time: all of it follows from the lake.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.utils.translation import gettext_lazy

from huixiang.apps.feedback.certifying import place
from huixiang.apps.feedback.erasing import reaches
from huixiang.lake import disk
from huixiang.lake.locks import held
from huixiang.lake.questions import Cells, cells_of

RULE = 1  # of how portions are made and cells are counted; another one makes all files anew
# In which room somebody waits: of which answers ("" twice: of all that came), of which version, with which traits.
WAITING = pa.schema(
    [
        pa.field("version", pa.int32()),
        pa.field("is_handed", pa.bool_()),
        pa.field("question", pa.string()),
        pa.field("item", pa.string()),
        pa.field("is_passed", pa.bool_()),
        pa.field("traits", pa.list_(pa.string())),
        pa.field("id", pa.string()),
    ]
)
Room = tuple[int, bool, str, str, bool]


@dataclass(frozen=True, slots=True)
class Kept:
    """`arrival`: the last that is counted. `came`: how many ever came to each kind of rooms."""

    cells: pa.Table | None = None
    waiting: pa.Table = field(default_factory=WAITING.empty_table)
    came: dict[Room, int] = field(default_factory=dict)
    arrival: int = -1


def told_cells_of(slug: str) -> Cells | None:
    """The finished cells; None where nothing was ever finished."""
    return found[0] if (found := _ready(slug)) else None


def waiting_of(slug: str) -> int:
    """How many in the lake wait to be told?"""
    return found[1] if (found := _ready(slug)) else 0


@contextmanager
def alone(slug: str) -> Iterator[None]:
    """One at a time carries a survey's portions on."""
    with held(Path(settings.DATA_DIR) / "locks" / f"told-{slug}"):
        yield


def kept(slug: str) -> Kept:
    """What to carry on; nothing where there is none, or one of another rule."""
    try:
        with pa.memory_map(str(_place(slug))) as file, pa.ipc.open_file(file) as reader:
            told = json.loads(reader.schema.metadata[b"told"])
            waiting = pa.ipc.open_stream(reader.schema.metadata[b"waiting"]).read_all()
            cells = reader.read_all().replace_schema_metadata(None)
    except (OSError, KeyError, ValueError, pa.ArrowInvalid):
        return Kept()
    if told["rule"] != RULE:
        return Kept()
    came = {(version, handed, *keys): count for version, handed, *keys, count in told["came"]}
    return Kept(cells, waiting, came, told["arrival"])


def keep(slug: str, found: Kept) -> None:
    """In place of what was there, in one step, and on the disk."""
    assert found.cells is not None
    goal = _place(slug)
    goal.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, WAITING) as writer:
        writer.write_table(found.waiting)
    told = {"rule": RULE, "arrival": found.arrival, "came": [[*room, came] for room, came in found.came.items()]}
    table = found.cells.replace_schema_metadata({"told": json.dumps(told), "waiting": sink.getvalue().to_pybytes()})
    draft = goal.with_suffix(".new")
    with pa.OSFile(str(draft), "wb") as file, pa.ipc.new_file(file, table.schema) as written:
        written.write_table(table)
    disk.keep([draft])
    draft.rename(goal)
    disk.keep([goal.parent])


@reaches
def forget(ids: Collection[str]) -> None:
    """Erased responses wait for nothing. Finished cells are numbers of ten people and more, and name none."""
    for slug in _slugs():
        with alone(slug):
            found = kept(slug)
            out = pc.is_in(found.waiting["id"], value_set=pa.array(sorted(ids), pa.string()))
            if found.cells is not None and pc.any(out).as_py():
                keep(slug, replace(found, waiting=found.waiting.filter(pc.invert(out))))


@place("told", gettext_lazy("匿名问卷：等同伴的答卷编号"))
def left(ids: Collection[str]) -> int:
    wanted = pa.array(sorted(ids), pa.string())
    return sum(len(set(kept(slug).waiting["id"].to_pylist()) & set(wanted.to_pylist())) for slug in _slugs())


def _slugs() -> list[str]:
    return sorted(each.stem for each in _folder().glob("*.arrow"))


def _ready(slug: str) -> tuple[Cells, int] | None:
    try:
        seen = _place(slug).stat()
    except FileNotFoundError:
        return None
    return _read(_place(slug), seen.st_mtime_ns, seen.st_ino)


@lru_cache(maxsize=16)
def _read(of: Path, *_seen: int) -> tuple[Cells, int] | None:
    found = kept(of.stem)
    if found.cells is None:
        return None
    all_of_it = pc.and_(pc.equal(found.waiting["question"], ""), pc.equal(found.waiting["item"], ""))
    return cells_of([found.cells]), int(pc.sum(all_of_it).as_py() or 0)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "told"


def _place(slug: str) -> Path:
    return _folder() / f"{slug}.arrow"
