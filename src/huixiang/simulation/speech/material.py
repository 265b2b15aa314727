"""What can be said about what? The topics as read from data/topics, every pattern checked on the way in."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from huixiang.simulation.speech.contract import POLARITIES, Topic
from huixiang.simulation.speech.pattern import ASPECT, OPINION, SLOTS, Pattern, PatternError, parse

DATA = Path(__file__).parent / "data"
FOR = "/"  # between the code of a topic and those for whom this is what it is about: access.service/视障
REQUESTS = ("demand", "expectation", "question")
_CHANNELS = ("branch", "app", "hotline", "all")
# `left`: of a visit that was given up. `told`, `wants`: what a clerk or an office writes down of it.
_SAYS = (*POLARITIES, *REQUESTS, "left", "told", "wants")
# Where does one stand when it happens, unless the topic itself says?
_SCENES = {"branch": "visit", "app": "screen", "hotline": "call", "all": "all"}


@dataclass(frozen=True, slots=True)
class Facet:
    """Which nouns take which opinions? Every aspect goes with every opinion of its own facet, and with no other."""

    aspects: tuple[Pattern, ...]
    opinions: Mapping[str, tuple[Pattern, ...]]


@dataclass(frozen=True, slots=True)
class Material:
    """What is there to say about one topic? `says` are whole sentences by polarity or by kind of request."""

    topic: Topic
    products: tuple[str, ...]
    scenes: tuple[str, ...]
    facets: tuple[Facet, ...]
    says: Mapping[str, tuple[Pattern, ...]]


@dataclass(frozen=True, slots=True)
class Source:
    """Which file is being read? Keeps its text, to tell the line of a faulty pattern."""

    path: Path
    text: str

    def pattern(self, written: object, known: AbstractSet[str], *, marks: bool = True) -> Pattern:
        """The parsed pattern; a fault names file, line and what to do."""
        if not isinstance(written, str):
            raise ValueError(f"{self.path.name}: {written!r} should be a text in quotes")
        try:
            return parse(written, known, marks=marks)
        except PatternError as fault:
            line = self.text[: max(0, self.text.find(written))].count("\n") + 1
            raise ValueError(f"{self.path.name}, line {line}: pattern {written!r}: {fault}") from None

    def patterns(self, written: list[str], known: AbstractSet[str], *, marks: bool = True) -> tuple[Pattern, ...]:
        """Every pattern of a list."""
        return tuple(self.pattern(one, known, marks=marks) for one in written)


def read(path: Path) -> tuple[Source, dict[str, Any]]:
    """What stands in this TOML file?"""
    text = path.read_text(encoding="utf-8")
    try:
        return Source(path, text), tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise ValueError(f"{path.name}: {fault}") from fault


@lru_cache(maxsize=8)
def word_lists(folder: Path = DATA, guise: str = "", *, alone: bool = False) -> Mapping[str, tuple[str, ...]]:
    """Which small words vary from saying to saying? Each list of [words] in frames.toml is a placeholder.

    Where people speak or write by hand (`guise` aloud), or a clerk writes (record), or the customer is old (old,
    record_old), some lists are others; `alone`: only those.
    """
    _, frames = read(folder / "ways" / "frames.toml")
    lists = {**({} if alone else frames["words"]), **frames.get(f"words_{guise}", {})}
    return {name: tuple(words) for name, words in lists.items()}


@lru_cache(maxsize=4)
def materials(folder: Path = DATA) -> Mapping[str, Material]:
    """What can be talked about? By topic code, in the order of the files. Raises ValueError for a fault in a file.

    A topic may be written once more `for` some people, with what is theirs alone; its key then bears their name.
    """
    known = SLOTS | set(word_lists(folder))
    found: dict[str, Material] = {}
    for path in sorted((folder / "topics").glob("*.toml")):
        source, content = read(path)
        for written in content.get("topic", []):
            material = _material(source, written, known)
            key = material.topic.code + (f"{FOR}{whose}" if (whose := written.get("for")) else "")
            if key in found:
                raise ValueError(f"{path.name}: topic {key} is written twice")
            found[key] = material
    return found


def _material(source: Source, written: dict[str, Any], known: AbstractSet[str]) -> Material:
    code = written.get("code", "?")
    where = f"{source.path.name}: topic {code}"
    says, facets, channels = written.get("says", {}), written.get("facets", []), tuple(written.get("channels", ()))
    odd = [name for name in says if name not in _SAYS]
    if odd:
        raise ValueError(f"{where}: says.{odd[0]} is not known; known are {' '.join(_SAYS)}")
    if not channels or any(channel not in _CHANNELS for channel in channels):
        raise ValueError(f"{where}: channels must be some of {' '.join(_CHANNELS)}")
    if "name" not in written or not facets:
        raise ValueError(f"{where}: it needs a name and at least one [[topic.facets]]")
    read_facets = tuple(_facet(source, facet, known) for facet in facets)
    offered = tuple(mood for mood in POLARITIES if says.get(mood) or any(facet.get(mood) for facet in facets))
    return Material(
        Topic(code, written["name"], channels, offered),
        tuple(written.get("products", ())),
        tuple(written.get("scenes", ())) or tuple(_SCENES[channel] for channel in channels),
        read_facets,
        {name: source.patterns(says.get(name, []), known) for name in _SAYS},
    )


def _facet(source: Source, written: dict[str, Any], known: AbstractSet[str]) -> Facet:
    """Aspects and opinions become spans as a whole, so neither may hold the other."""
    inner = known - {ASPECT, OPINION}
    return Facet(
        source.patterns(written["aspects"], inner),
        {mood: source.patterns(written.get(mood, []), inner) for mood in POLARITIES},
    )


def topic_of(key: str) -> str:
    """The code of the topic, whoever it is for."""
    return key.partition(FOR)[0]
