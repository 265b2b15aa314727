"""Which records are new, which are the same as before, and which did the source change?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, Protocol, TypeVar

from huixiang.domain.feedback import Record


class Known(Protocol):
    """What the lake knows of a voice, as far as it matters here."""

    @property
    def content_hash(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def past(self) -> frozenset[str]: ...


class Identified(Protocol):
    """What a row can be read as: a voice's record, or a stay of a call."""

    def voice_id(self, key: bytes) -> str: ...
    def content_hash(self, key: bytes) -> str: ...


Read = TypeVar("Read", bound=Identified)


@dataclass(frozen=True, slots=True)
class Told(Generic[Read]):
    """One record of a row, with the hashes that tell which voice it is and whether it changed, and its version."""

    row: int
    record: Read
    voice_id: str
    content_hash: str
    version: int = 0  # 0: not placed yet
    fields: Mapping[str, str] = field(default_factory=dict)  # as read, where the record may yet be refused

    @classmethod
    def of(cls, row: int, record: Read, key: bytes, fields: Mapping[str, str] | None = None) -> Told[Read]:
        return cls(row, record, record.voice_id(key), record.content_hash(key), fields=fields or {})


Entry = Told[Record]


@dataclass(slots=True)
class Classes:
    """What becomes of a stretch of entries; new + same + changed is their number."""

    new: int = 0
    same: int = 0
    changed: int = 0
    latest: dict[str, Entry] = field(default_factory=dict)  # voice id → the version that is current afterwards
    passed: list[Entry] = field(default_factory=list)  # came and went within these very entries
    superseded: set[str] = field(default_factory=set)  # voices whose version in the lake becomes a past one


def classify(entries: Iterable[Entry], known: Mapping[str, Known]) -> Classes:
    """Compare in the file's order: a record twice is once new and once the same; changed content is a new version.

    What equals a former version that `known` tells of is the same: it is told where this very file came in before.
    """
    classes = Classes()
    for entry in entries:
        _place(classes, entry, known)
    return classes


def unread(entries: Sequence[Entry], known: Mapping[str, Known]) -> list[int]:
    """Which of them (by place) need understanding? Those that the lake does not already hold word for word."""
    return [
        place
        for place, entry in enumerate(entries)
        if (found := known.get(entry.voice_id)) is None or entry.content_hash not in {found.content_hash, *found.past}
    ]


def _place(classes: Classes, entry: Entry, known: Mapping[str, Known]) -> None:
    here, there = classes.latest.get(entry.voice_id), known.get(entry.voice_id)
    before = here or there
    if before is None:
        classes.new += 1
    elif before.content_hash == entry.content_hash or (there and entry.content_hash in there.past):
        classes.same += 1
        return
    else:
        classes.changed += 1
    if here:
        classes.passed.append(here)
    elif there:
        classes.superseded.add(entry.voice_id)
    classes.latest[entry.voice_id] = replace(entry, version=before.version + 1 if before else 1)
