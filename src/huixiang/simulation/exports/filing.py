"""Where does what is said go? To the system of its channel, in order of time, and its truth beside it.

Each month is written as it ends: how much is said through the whole history does not show in the memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.voices import Said
from huixiang.simulation.exports.messages import Messages
from huixiang.simulation.exports.reviews import Android, Apple
from huixiang.simulation.exports.slips import Slips
from huixiang.simulation.exports.social import Posts
from huixiang.simulation.exports.spoken import Truths
from huixiang.simulation.exports.waiting import Text, Waiting, text_of, truth_of


class System(Protocol):
    """What files the texts of one channel."""

    def write(self, texts: Iterable[Text]) -> Iterator[tuple[str, str, Text]]:
        """The next in order of time; yields each with file and number there."""

    def close(self) -> None:
        """Finish the files."""


SYSTEMS: Mapping[str, Callable[[Path, Bank], System]] = {
    "app_store": Apple,
    "android_stores": Android,
    "website": Messages,
    "social": Posts,
    "suggestion_box": Slips,
}


class Filing:
    """All that is said, on its way into the files."""

    def __init__(self, folder: Path, bank: Bank) -> None:
        self._truths = Truths(folder)
        self._systems = {channel: system(folder, bank) for channel, system in SYSTEMS.items()}
        self._waiting = {channel: Waiting(folder) for channel in SYSTEMS}

    def keep(self, said: Iterable[Said]) -> None:
        """These wait until their month is over."""
        for one in said:
            self._waiting[one.channel].put(text_of(one))

    def told(self, filed: Iterable[tuple[str, str, Said]]) -> None:
        """These stand in a file already, each under its number: their truth is written."""
        for file, number, one in filed:
            self._truths.add(file, number, truth_of(one))

    def true(self, file: str, number: str, truth: str) -> None:
        """The same of one whose truth waited with it, as JSON."""
        self._truths.add(file, number, truth)

    def until(self, last_day: int) -> None:
        """Write what was said until the end of this day: of what is still to come nothing is earlier."""
        for channel, system in self._systems.items():
            for file, number, text in system.write(self._waiting[channel].due(last_day)):
                self._truths.add(file, number, text.truth)

    def close(self) -> int:
        """Finish all files; what would be said later is left out. How many texts are there?"""
        for channel, system in self._systems.items():
            system.close()
            self._waiting[channel].close()
        self._truths.close()
        return self._truths.rows
