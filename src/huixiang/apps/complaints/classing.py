"""By which codes may a complaint be classed, and what does the model propose for it?

The tree is the bank's taxonomy as it held on the day of the receipt (JR/T 0169 A, B and C), the lists of products and
root causes are dated too. The model only proposes: what holds is what a person chose.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from huixiang.apps.complaints.models import Case
from huixiang.apps.feedback import in_use, rulebooks
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.classes import AXES, RESPONSIBILITY, Lists, read_lists, shipped_lists
from huixiang.domain.complaints.events import BadCase
from huixiang.domain.understanding.book import Node
from huixiang.domain.understanding.contract import Understanding

LISTS = "HUIXIANG_COMPLAINT_CLASSES"


@dataclass(frozen=True, slots=True)
class Choice:
    """One code with its path from the top, in both languages."""

    code: str
    title: str
    english: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the model says of one axis. No `choice` is an honest "don't know"; `why` are the words that decided."""

    axis: str
    choice: Choice | None
    probability: float = 0.0
    why: tuple[str, ...] = ()
    others: tuple[Choice, ...] = ()


def choices_on(day: date) -> dict[str, tuple[Choice, ...]]:
    """What may be chosen on a day, by class. Raises Fault where the bank's own file cannot be used."""
    lists = own_lists().on(day)
    listed = {kind: getattr(lists, kind) for kind in ("product", "root_cause")}
    chosen = {kind: tuple(Choice(e.code, e.title, e.english) for e in found) for kind, found in listed.items()}
    answers = tuple(Choice(code, *names) for code, names in RESPONSIBILITY.items())
    return _trees(day) | chosen | {"responsibility": answers}


def codes_on(day: date) -> dict[str, frozenset[str]]:
    return {kind: frozenset(each.code for each in found) for kind, found in choices_on(day).items()}


def own_lists() -> Lists:
    """The bank's lists where HUIXIANG_COMPLAINT_CLASSES names a file, else those of the product. Raises Fault."""
    named = os.environ.get(LISTS, "").strip()
    if not named:
        return shipped_lists()
    try:
        return read_lists(rulebooks.text_of(Path(named)))
    except BadCase as bad:
        raise Fault(bad.message, **dict[str, Any](bad.params)) from None


def _trees(day: date) -> dict[str, tuple[Choice, ...]]:
    nodes = rulebooks.book("taxonomy", day).nodes
    named = {node.code: node for node in nodes}
    below = {axis: [node for node in nodes if node.code.startswith(f"{top}.")] for axis, top in AXES.items()}
    return {axis: tuple(_choice(node, named) for node in found) for axis, found in below.items()}


def _choice(node: Node, named: dict[str, Node]) -> Choice:
    """Named by its path below the top: 前台业务渠道 › 营业现场."""
    parts = node.code.split(".")
    path = [named[code] for n in range(2, len(parts) + 1) if (code := ".".join(parts[:n])) in named]
    return Choice(node.code, " › ".join(each.name for each in path), " › ".join(each.english for each in path))


def proposed(case: Case) -> list[Proposal]:
    """What the rules, or the model that is active, would choose for each axis, from the masked words alone."""
    choices = _trees(timezone.localdate(case.received_at))
    found = read_again(f"{case.title}\n{case.text}")
    return [_proposal(axis, found, choices[axis]) for axis in AXES]


def _proposal(axis: str, found: Understanding, choices: Iterable[Choice]) -> Proposal:
    known = {each.code: each for each in choices}
    told = [topic for topic in found.topics if topic.code in known]
    if not told:
        return Proposal(axis, None)
    first, rest = told[0], told[1:]
    return Proposal(axis, known[first.code], first.probability, first.why, tuple(known[each.code] for each in rest))


def read(texts: list[str]) -> list[Understanding]:
    """Understood as voices are: by the active models, or else the rules. Asked anew when a model is activated."""
    return _reads(_mark(), rulebooks.today()).understander.read(texts, [True] * len(texts))


def read_again(words: str) -> Understanding:
    """The same for the same words, as long as the models are: a case's page asks for them each time it is opened."""
    return _read_before(_mark(), rulebooks.today(), words)


@lru_cache(maxsize=1_000)
def _read_before(mark: tuple[int, int], day: date, words: str) -> Understanding:
    return _reads(mark, day).understander.read([words], [True])[0]


def taught() -> Callable[[str], str]:
    """By whom is a topic told? Asks of a code which one the bank's own model learned for it; "" where rules tell it."""
    return _reads(_mark(), rulebooks.today()).understander.taught


def reader() -> str:
    """Who proposes, by name and version."""
    return _reads(_mark(), rulebooks.today()).told


def _mark() -> tuple[int, int]:
    """Of the pointer to the active models: it changes when somebody activates one."""
    try:
        found = (in_use.folder() / in_use.POINTER).stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=1)
def _reads(mark: tuple[int, int], day: date) -> in_use.Reading:
    return in_use.understander(in_use.folder())
