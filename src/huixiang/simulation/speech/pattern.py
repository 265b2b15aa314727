"""What does a written pattern say? `[…]` marks the aspect, `<…>` the opinion, `{…}` a word put in when it is said."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

_TOKEN = re.compile(r"\{([^{}]*)\}|([\[\]<>])|([^{}\[\]<>]+)|(.)", re.DOTALL)
_OPENS = {"[": "aspect", "<": "opinion"}
_CLOSES = {"]": "aspect", ">": "opinion"}

ASPECT, OPINION = "aspect", "opinion"
# Filled from what happened and from the topic; every list under [words] in ways/frames.toml adds one of its own.
SLOTS = frozenset({ASPECT, OPINION, "product", "bank", "branch", "version", "minutes", "wait", "times", "nth"})


class PatternError(ValueError):
    """What is wrong with this pattern? The loader adds in which file and line it stands."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What comes in which order? Each part is (text or slot name, is it a slot, "" | aspect | opinion)."""

    parts: tuple[tuple[str, bool, str], ...]
    slots: frozenset[str]


def parse(written: str, known: AbstractSet[str], *, marks: bool = True) -> Pattern:
    """What does this pattern say? Raises PatternError for an unknown placeholder or a mark that is not closed.

    With `marks` false, brackets are plain text: greetings and good-byes may hold emoji codes such as [微笑].
    """
    parts: list[tuple[str, bool, str]] = []
    role = ""
    for match in _TOKEN.finditer(written):
        slot, mark, plain, odd = match.groups()
        if odd is not None:
            raise PatternError(f"a lone {odd!r}; placeholders are written {{aspect}}")
        if slot is not None:
            parts.append((_known(slot, known), True, slot if slot in (ASPECT, OPINION) else role))
        elif mark and marks:
            role = _turned(mark, role, [part[2] for part in parts])
        else:
            parts.append((plain or mark, False, role))
    if role:
        raise PatternError(f"the {role} is opened but not closed")
    if not parts:
        raise PatternError("it is empty")
    return Pattern(tuple(parts), frozenset(text for text, is_slot, _ in parts if is_slot))


def _known(slot: str, known: AbstractSet[str]) -> str:
    if slot not in known:
        raise PatternError(f"unknown placeholder {{{slot}}}; known are {' '.join(sorted(known))}")
    return slot


def _turned(mark: str, role: str, before: list[str]) -> str:
    """Which role holds after this bracket? One aspect and one opinion a pattern, not inside one another."""
    if mark in _OPENS:
        if role or _OPENS[mark] in before:
            raise PatternError(f"a second {mark!r}; one aspect and one opinion a pattern, side by side")
        return _OPENS[mark]
    if role != _CLOSES[mark]:
        raise PatternError(f"a {mark!r} that closes nothing")
    return ""
