"""How does any sentence begin, join and end? Read from data/ways/frames.toml, which no topic owns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from huixiang.simulation.speech.material import DATA, read, word_lists
from huixiang.simulation.speech.pattern import ASPECT, OPINION, SLOTS, Pattern

Lists = Mapping[str, tuple[Pattern, ...]]


@dataclass(frozen=True, slots=True)
class Frames:
    """What stands around what is said? Lists by polarity, kind or channel; `openings` by channel and polarity."""

    openings: Mapping[str, Lists]
    clauses: Lists
    requests: Lists
    interjections: Lists
    closings: Lists
    stories: Lists
    joints: Mapping[str, tuple[str, ...]]
    quick: Lists
    noise: tuple[Pattern, ...]


@lru_cache(maxsize=4)
def frames(folder: Path = DATA) -> Frames:
    """The frames as read. Raises ValueError with file and line for a faulty pattern."""
    source, written = read(folder / "ways" / "frames.toml")
    loose = (SLOTS | set(word_lists(folder))) - {ASPECT, OPINION}

    def lists(part: Mapping[str, list[str]], known: frozenset[str] | set[str]) -> Lists:
        return {name: source.patterns(patterns, known, marks=False) for name, patterns in part.items()}

    return Frames(
        {channel: lists(part, loose) for channel, part in written["opening"].items()},
        lists(written["clause"], {ASPECT, OPINION, "bank"}),
        lists(written["request"], loose | {ASPECT}),
        lists(written["interjection"], loose),
        lists(written["closing"], loose),
        lists(written["story"], loose),
        {name: tuple(joints) for name, joints in written["joint"].items()},
        lists(written["quick"], loose),
        lists(written["noise"], loose)["lines"],
    )
