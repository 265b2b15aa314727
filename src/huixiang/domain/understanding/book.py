"""What does the bank look for in a text, and by which words? A rule book: dated nodes in plain TOML, checked when read.

Three books come with the product: taxonomy.toml (matters), kinds.toml and risks.toml. A bank may use its own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from huixiang.domain.understanding.contract import KINDS, LEVELS
from huixiang.domain.understanding.cues import PatternError, parts

BOOKS = ("taxonomy", "kinds", "risks")
# How often a text with the word is about the node, where the book does not say otherwise.
STRENGTH = {"sure": 0.9, "plain": 0.7, "hint": 0.4}
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*")
_HEAD = {"book": str, "name": str, "english": str, "version": str, "source": str}
_NODE: dict[str, type] = {
    **{"code": str, "name": str, "english": str, "source": str, "since": date, "until": date, "official_code": str},
    **{"unsure": str, "level": str, "even_denied": bool, "unless": list, "examples": list, "counterexamples": list},
    **dict.fromkeys(STRENGTH, list),
}
_NEEDED = ("code", "name", "english", "source", "since")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a book, and where? `reason` is worded by whoever shows it; `values` fill the words.

    `node` is the code or, where it has none, the number of the node counted from 1. A `warning` does not hinder use.
    """

    reason: str
    node: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    warning: bool = False


class BookError(ValueError):
    """A book that cannot be used, with all that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{each.node} {each.reason} {dict(each.values)}" for each in problems))


@dataclass(frozen=True, slots=True)
class Node:
    """One matter, kind or risk, with the words that speak for it.

    In force from `since` until the day before `until`. `strengths` gives each pattern its strength; a pattern that
    overlaps one of `unless` does not count. `unsure` says what stands unproven and must be checked by the bank.
    `even_denied` keeps what is said with a denial: 不想死 is as urgent as 想死.
    """

    code: str
    name: str
    english: str
    source: str
    since: date
    until: date | None = None
    official_code: str = ""
    unsure: str = ""
    level: str = ""
    even_denied: bool = False
    strengths: Mapping[str, float] = field(default_factory=dict)
    unless: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()

    @property
    def parent(self) -> str:
        """The code of the node above; empty at the top."""
        return self.code.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Book:
    """A rule book as read: its head and its nodes in their order."""

    book: str
    name: str
    english: str
    version: str
    source: str
    nodes: tuple[Node, ...]

    def on(self, day: date) -> Book:
        """The book as it holds on a day: a voice is read by the rules of its time."""
        held = tuple(n for n in self.nodes if n.since <= day and (n.until is None or day < n.until))
        return Book(self.book, self.name, self.english, self.version, self.source, held)

    def named(self, code: str) -> Node | None:
        """The node of this code, or None."""
        return next((node for node in self.nodes if node.code == code), None)


@cache
def shipped(name: str) -> Book:
    """A book that comes with the product: one of BOOKS."""
    return parse(shipped_text(name))


def shipped_text(name: str) -> str:
    """The TOML of a book that comes with the product, to be copied and changed."""
    return files(__package__).joinpath("data", f"{name}.toml").read_text("utf-8")


def parse(text: str) -> Book:
    """Which book does this TOML hold? Raises BookError with every problem found, not only the first."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BookError((Problem("toml", values={"error": str(error)}),)) from error
    problems: list[Problem] = []
    head = _head(given, problems)
    strength = _strength(given, problems)
    nodes = given.get("node", [])
    if not isinstance(nodes, list) or not nodes:
        raise BookError((*problems, Problem("no_nodes")))
    read = [_node(entry, number, strength, problems) for number, entry in enumerate(nodes, start=1)]
    found = tuple(node for node in read if node is not None)
    problems += _tree(found) + _of_its_book(head.get("book", ""), found)
    if problems:
        raise BookError(tuple(problems))
    return Book(**head, nodes=found)


def _head(given: Mapping[str, Any], problems: list[Problem]) -> dict[str, str]:
    problems += [
        Problem("unknown_table", values={"key": key}) for key in sorted(set(given) - {"book", "strength", "node"})
    ]
    head = given.get("book", {})
    if not isinstance(head, dict):
        head = {}
    for key, kind in _HEAD.items():
        if not isinstance(head.get(key), kind) or not head[key]:
            problems.append(Problem("missing", "[book]", {"key": key}))
    if head.get("book") and head["book"] not in BOOKS:
        problems.append(Problem("which_book", "[book]", {"found": head["book"], "known": "、".join(BOOKS)}))
    problems += [Problem("unknown_key", "[book]", {"key": key}) for key in sorted(set(head) - set(_HEAD))]
    return {key: head.get(key, "") for key in _HEAD}


def _strength(given: Mapping[str, Any], problems: list[Problem]) -> dict[str, float]:
    own = given.get("strength", {})
    strength = dict(STRENGTH)
    for key, value in own.items() if isinstance(own, dict) else ():
        if key not in STRENGTH:
            problems.append(Problem("unknown_key", "[strength]", {"key": key}))
        elif not isinstance(value, (int, float)) or not 0 < value < 1:
            problems.append(Problem("strength", "[strength]", {"key": key, "found": value}))
        else:
            strength[key] = float(value)
    return strength


def _node(entry: Any, number: int, strength: Mapping[str, float], problems: list[Problem]) -> Node | None:
    if not isinstance(entry, dict):
        problems.append(Problem("not_a_table", str(number)))
        return None
    place = str(entry.get("code") or number)
    found = [Problem("missing", place, {"key": key}) for key in _NEEDED if key not in entry]
    for key, value in entry.items():
        wanted = _NODE.get(key)
        if wanted is None:
            found.append(Problem("unknown_key", place, {"key": key}))
        elif not _fits(value, wanted):
            found.append(Problem("type", place, {"key": key, "wanted": wanted.__name__, "found": str(value)[:40]}))
    problems += found + _words(entry, place)
    if found:
        return None
    strengths = {pattern: strength[key] for key in reversed(STRENGTH) for pattern in entry.get(key, ())}
    values: dict[str, Any] = {key: value for key, value in entry.items() if key not in STRENGTH}
    values |= {key: tuple(entry.get(key, ())) for key in ("unless", "examples", "counterexamples")}
    return Node(**values, strengths=strengths)


def _fits(value: Any, wanted: type) -> bool:
    """Is it of the type, and if a list, one of words? A date and time is no date."""
    return type(value) is wanted and (not isinstance(value, list) or all(isinstance(word, str) for word in value))


def _words(entry: Mapping[str, Any], place: str) -> list[Problem]:
    """Patterns that cannot be read, or stand twice."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for key in (*STRENGTH, "unless"):
        for pattern in entry.get(key, ()) if _fits(entry.get(key), list) else ():
            if pattern in seen:
                problems.append(Problem("word_twice", place, {"word": pattern}))
            seen.add(pattern)
            try:
                parts(pattern)
            except PatternError as error:
                problems.append(Problem(f"pattern_{error.reason}", place, {"word": pattern, "key": key}))
    return problems


def _tree(nodes: tuple[Node, ...]) -> list[Problem]:
    """Codes that are misspelled or used twice at a time, parents that are not there, dates in the wrong order."""
    problems: list[Problem] = []
    codes = {node.code for node in nodes}
    for place, node in enumerate(nodes):
        if not _CODE.fullmatch(node.code):
            problems.append(Problem("code_form", node.code))
        if node.parent and node.parent not in codes:
            problems.append(Problem("parent", node.code, {"parent": node.parent}))
        if node.until is not None and node.until <= node.since:
            problems.append(Problem("dates", node.code, {"since": str(node.since), "until": str(node.until)}))
        if any(other.code == node.code and _overlap(other, node) for other in nodes[:place]):
            problems.append(Problem("code_twice", node.code))
    return problems


def _overlap(one: Node, other: Node) -> bool:
    return (one.until is None or other.since < one.until) and (other.until is None or one.since < other.until)


def _of_its_book(book: str, nodes: tuple[Node, ...]) -> list[Problem]:
    if book == "kinds":
        return [Problem("kind", node.code, {"known": "、".join(KINDS)}) for node in nodes if node.code not in KINDS] + [
            Problem("kind_missing", kind) for kind in KINDS if kind not in {node.code for node in nodes}
        ]
    if book == "risks":
        known = "、".join(LEVELS)
        return [Problem("level", n.code, {"found": n.level, "known": known}) for n in nodes if n.level not in LEVELS]
    return []
