"""Where do texts wait for their turn? In a file; memory holds when each is due and where it lies, not what it says.

People write hours or days after what they write of, and files are in order of time. So what is said waits until its
month is over: from then on nothing earlier can come. The files have no name and lie beside what is written, on the
disk that has room for it: the folder of the system for such files often lies in memory.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np

from huixiang.simulation.events.voices import Said


@dataclass(frozen=True, slots=True)
class Text:
    """One voice as the systems have it, and `truth`: what is true of it, as the JSON that `truth-voices.jsonl` holds.

    `outlet` -1: none named; `rating` 0: none given; `day` of the history.
    """

    day: int
    second: int
    outlet: int
    customer: int
    text: str
    sentiment: str
    rating: int
    version: str
    title: str
    truth: str


def text_of(said: Said) -> Text:
    """The same voice, flat: one line of JSON."""
    told = said.utterance
    return Text(
        said.day, said.second, said.outlet, said.customer, told.text, told.sentiment, said.rating, said.version,
        said.title, truth_of(said),
    )  # fmt: skip


def truth_of(said: Said) -> str:
    """What is true of it, as JSON: topics, feeling, kind, spans, personal data."""
    return json.dumps({"score": round(said.score, 2), **_fields(said.utterance)}, ensure_ascii=False, default=_fields)


class Shelf:
    """Texts in a file without a name; memory holds eight bytes for each."""

    def __init__(self, folder: Path) -> None:
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115  closed in `close`
        self._ends = array("q", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def put(self, text: str) -> None:
        """One more behind the others; while some are taken, none are put."""
        self._ends.append(self._ends[-1] + self._file.write(text.encode()))

    def take(self, places: Iterable[int]) -> Iterator[str]:
        """Those at these places, in this order."""
        for place in places:
            self._file.seek(self._ends[place])
            yield self._file.read(self._ends[place + 1] - self._ends[place]).decode()

    def close(self) -> None:
        """Give the room on the disk back."""
        self._file.close()


class Waiting:
    """The texts of one system that are still to come."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._empty()

    def put(self, text: Text) -> None:
        """One more, in any order of time."""
        self._shelf.put(json.dumps([getattr(text, one.name) for one in fields(Text)], ensure_ascii=False))
        for key, value in zip(self._keys, (text.customer, text.second, text.day), strict=True):
            key.append(value)

    def due(self, last_day: int) -> Iterator[Text]:
        """Those until the end of this day, in order of time; the others wait on."""
        shelf, keys = self._shelf, [np.array(key, dtype=np.int64) for key in self._keys]
        self._empty()
        late = keys[-1] > last_day
        for text in shelf.take(np.flatnonzero(late).tolist()):
            self.put(Text(*json.loads(text)))
        order = np.lexsort(keys)  # stable: who writes twice in a second wrote in this order
        for text in shelf.take(order[~late[order]].tolist()):
            yield Text(*json.loads(text))
        shelf.close()

    def close(self) -> None:
        """What waits still is left out."""
        self._shelf.close()

    def _empty(self) -> None:
        self._shelf = Shelf(self._folder)
        self._keys = tuple(array("q") for _ in range(3))


def _fields(value: Any) -> dict[str, Any]:
    """The fields of a value, not of those within it: the writer asks for theirs in turn."""
    return {one.name: getattr(value, one.name) for one in fields(value)}
