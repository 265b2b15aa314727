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
    """What stands around what is said? Lists by polarity, kind or scene; `openings` by scene and polarity.

    `interjections` and `closings` are by guise first: who types into a telephone has more of them.
    """

    openings: Mapping[str, Lists]
    clauses: Lists
    requests: Lists
    interjections: Mapping[str, Lists]
    closings: Mapping[str, Lists]
    asked: Lists
    stories: Lists
    joints: Mapping[str, tuple[str, ...]]
    quick: Mapping[str, Lists]
    noise: tuple[Pattern, ...]
    record: Mapping[str, Lists]


@lru_cache(maxsize=4)
def frames(folder: Path = DATA) -> Frames:
    """The frames as read. Raises ValueError with file and line for a faulty pattern."""
    source, written = read(folder / "ways" / "frames.toml")
    recorded, record = read(folder / "ways" / "record.toml")
    loose = (SLOTS | set(word_lists(folder))) - {ASPECT, OPINION}
    ours = loose | set(word_lists(folder, "record"))

    def lists(part: Mapping[str, list[str]], known: frozenset[str] | set[str]) -> Lists:
        return {name: source.patterns(patterns, known, marks=False) for name, patterns in part.items()}

    def by_guise(name: str) -> Mapping[str, Lists]:
        plain, more = lists(written[name], loose), lists(written[f"{name}_net"], loose)
        typed = {mood: plain[mood] + more[mood] for mood in plain}
        return {"typed": typed, "spoken": plain, "paper": plain}

    return Frames(
        {scene: lists(part, loose) for scene, part in written["opening"].items()},
        lists(written["clause"], {ASPECT, OPINION, "bank"}),
        lists(written["request"], loose),
        by_guise("interjection"),
        by_guise("closing"),
        lists(written["closing_asked"], loose),
        lists(written["story"], loose),
        {name: tuple(joints) for name, joints in written["joint"].items()},
        {place: lists(part, loose) for place, part in written["quick"].items()},
        lists(written["noise"], loose)["lines"],
        {
            tone: {name: recorded.patterns(ways, ours, marks=False) for name, ways in part.items()}
            for tone, part in record.items()
        },
    )
