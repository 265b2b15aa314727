"""Which feeling does a word have by itself, in talk among customers, beside what it is said of? By word lists."""

from __future__ import annotations

from functools import cache
from typing import Protocol

from huixiang.domain.understanding.lexicon import entries

Sections = dict[str, dict[str, float]]
# Strength of one word by list and section.
STRENGTH: Sections = {
    "praise.txt": {"强": 2.0, "中": 1.0, "弱": 0.5},
    "blame.txt": {"强": -2.0, "中": -1.0, "弱": -0.5, "事": -0.4},
    "failures.txt": {"失灵": -1.2},
}
# In talk among customers the general lists speak softly; what counts there is listed in chatter.txt.
_SOFTLY: Sections = {
    "praise.txt": {"强": 0.8, "中": 0.4, "弱": 0.0},
    "blame.txt": {"强": -1.6, "中": -0.8, "弱": -0.1, "事": 0.0},
    "failures.txt": {"失灵": -0.3},
}
_PLAIN_IN_CHATTER = {"怨": -1.6, "赞": 1.4}
_VOID = 0.2  # what is left of the feeling of a word that is no judgement there: it decides only where nothing else does
_ROLES = ("否定", "加强", "减弱", "转折", "疑问", "愿望", "假设")
_END = frozenset("，,。.！!？?；;：:、…~～\n ")


@cache
def strengths() -> dict[str, float]:
    """Every word with a feeling of its own, praise > 0 and blame < 0. Where lists disagree the worse one counts."""
    return _listed(STRENGTH)


@cache
def strengths_in_chatter() -> dict[str, float]:
    """The same in talk among customers."""
    lists, usual = entries("chatter.txt"), strengths()
    found = _listed(_SOFTLY) | {word: _VOID * usual.get(word, 0.0) for word in lists["平"]}
    for section, strength in _PLAIN_IN_CHATTER.items():
        found |= dict.fromkeys(lists[section], strength)
    return found


def _listed(lists: Sections) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, sections in lists.items():
        for section, strength in sections.items():
            for word in entries(name)[section]:
                found[word] = min(strength, found.get(word, strength))
    return found


def roles() -> dict[str, str]:
    """Words that turn the feeling of others, by what they do, and the marks that end a clause."""
    found = dict.fromkeys(_END, "止")
    for role in reversed(_ROLES):  # the earlier role wins: 能不能 asks before it wishes
        found |= dict.fromkeys(entries("modifiers.txt")[role], role)
    return found | dict.fromkeys("？?", "止")


class Clause(Protocol):
    """The part of a sentence that remembers what was last spoken of."""

    aspect: str


class Adjectives:
    """A high rate is a cost, a high limit a gain: data/adjectives.txt tells which adjective means what of which."""

    def __init__(self) -> None:
        self._aspects: dict[str, str] = {}
        self._said: dict[str, dict[str, float]] = {}
        for section, words in entries("adjectives.txt").items():
            if " " not in section:
                self._aspects |= dict.fromkeys(words, section)
                continue
            _, aspect, strength = section.split()
            for word in words:
                self._said.setdefault(word, {})[aspect] = float(strength)

    @property
    def words(self) -> frozenset[str]:
        """All pieces to which `said` does more than hand back the usual strength."""
        return frozenset(self._aspects) | frozenset(self._said)

    def said(self, piece: str, clause: Clause, usual: float | None) -> float | None:
        """The strength of a piece in its clause; `usual` where it does not depend on what was spoken of."""
        aspect = self._aspects.get(piece)
        if aspect is not None:
            clause.aspect = aspect
            return usual
        if clause.aspect and (known := self._said.get(piece)) is not None:
            return known.get(clause.aspect, usual)
        return usual
