"""What does a linear model see of a text? Its runs of characters, its words, what the rules find in it.

All that a model may look at are PARTS by name; a model keeps the vocabularies of those that its views look at.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from huixiang.domain.understanding import reading
from huixiang.domain.understanding.learned.grams import Bag, Keys, Spelling, characters
from huixiang.domain.understanding.sentiment import Sentiments, judged
from huixiang.domain.understanding.synonyms import plain

FEELINGS = "feelings"  # the one part without a vocabulary
FEELING_COLUMNS = 14
_SURE = 0.9  # as much as one plain word of praise or blame
_HALF = 0.5
_LONG = 50.0  # characters; a usual text

Floats = NDArray[np.float64]
Texts = Sequence[str]
Tokens = Sequence[Sequence[str]]


class Part(NamedTuple):
    """Grams of one to `longest` pieces that stand in `at_least` of the texts learned; `weight` is a row's length."""

    of: str  # SOURCES
    longest: int
    at_least: int
    weight: float = 1.0


# Short grams by themselves are a part of their own: in a row of length 1 long grams, which are many and mostly chance,
# leave them less than half of it.
PARTS = {
    "characters": Part("characters", 4, 2),
    "words": Part("words", 2, 1),
    "pairs": Part("characters", 2, 2),
    "single": Part("words", 1, 1),
    "plain": Part("plain", 4, 2),
    "plain pairs": Part("plain", 2, 2),
    "cues": Part("cues", 1, 3, 0.3),
}


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch as numbers, one row a text, by part."""

    parts: Mapping[str, scipy.sparse.csr_matrix]

    def __getitem__(self, chosen: NDArray[np.int64]) -> Rows:
        """The rows of some texts."""
        return Rows({name: rows[chosen] for name, rows in self.parts.items()})

    def columns(self, sees: Sequence[str]) -> scipy.sparse.csr_matrix:
        """Some parts side by side."""
        found = [self.parts[name] for name in sees]
        return found[0] if len(found) == 1 else scipy.sparse.hstack(found, "csr")


class Reader:
    """Turns normal texts and their pieces into rows, by vocabularies learned once and by the rules."""

    def __init__(self, bags: Mapping[str, Bag], *, feels: bool) -> None:
        self.bags, self._feels = bags, feels
        self._sources = Sources()

    def rows(self, normals: Texts, tokens: Tokens) -> Rows:
        """The rows of a batch, in its order."""
        runs = {of: self._sources.run(of, normals, tokens) for of in sorted({PARTS[name].of for name in self.bags})}
        found = {name: bag.rows(runs[PARTS[name].of]) * PARTS[name].weight for name, bag in self.bags.items()}
        return Rows(found | (self._sources.felt(normals, tokens) if self._feels else {}))

    def run(self, of: str, normals: Texts, tokens: Tokens) -> Keys:
        """Texts as one run of a source's pieces."""
        return self._sources.run(of, normals, tokens)


class Sources:
    """Where pieces come from: the text, its plain wording, its words, the rule books."""

    def __init__(self) -> None:
        self._spelling, self._sentiments = Spelling(), Sentiments()
        self._books: reading.Reader | None = None
        self._runs: dict[str, Callable[[Texts, Tokens], Keys]] = {
            "characters": lambda normals, _: characters(normals),
            "plain": lambda normals, _: characters([plain(normal) for normal in normals]),
            "words": lambda _, tokens: self._spelling.words(tokens),
            "cues": lambda normals, _: self._spelling.words([self._cues(normal) for normal in normals]),
        }

    def run(self, of: str, normals: Texts, tokens: Tokens) -> Keys:
        """Many texts as one run of pieces."""
        return self._runs[of](normals, tokens)

    def felt(self, normals: Texts, tokens: Tokens) -> dict[str, scipy.sparse.csr_matrix]:
        """The part of feelings."""
        return {FEELINGS: scipy.sparse.csr_matrix(feelings(self._sentiments, normals, tokens), dtype=np.float32)}

    def _cues(self, normal: str) -> list[str]:
        """What the rule books find, as words: matters, kinds, risks; those that would be told once more, marked."""
        if self._books is None:
            self._books = reading.Reader()
        found = self._books.evidence(normal)
        told = [f"{book} {code}!" for (book, code), each in found.items() if each.probability >= reading.TOLD_FROM]
        return [f"{book} {code}" for book, code in found] + told


def learn(normals: Texts, tokens: Tokens, names: Collection[str]) -> tuple[Reader, Rows]:
    """Learn these texts' vocabularies for the parts of PARTS that are named. Gives their rows too."""
    sources, bags, rows = Sources(), {}, {}
    for name in sorted(set(names) - {FEELINGS}):
        part = PARTS[name]
        bags[name], found = Bag.of(sources.run(part.of, normals, tokens), part.longest, part.at_least)
        rows[name] = found * part.weight
    felt = sources.felt(normals, tokens) if FEELINGS in names else {}
    return Reader(bags, feels=FEELINGS in names), Rows(rows | felt)


def feelings(sentiments: Sentiments, normals: Texts, tokens: Tokens) -> Floats:
    """What the rules' evidence says, as numbers of about one: shape (texts, FEELING_COLUMNS)."""
    found = [sentiments.evidence(normal, pieces) for normal, pieces in zip(normals, tokens, strict=True)]
    evidence = np.array(found, float).reshape(-1, 5)
    blame, praise, chatter = evidence[:, 0], evidence[:, 1], evidence[:, 4]
    rules = np.array([(each.negative, each.positive) for each in map(judged, found)], float).reshape(-1, 2)
    length = np.array([len(normal) for normal in normals], float) / _LONG
    columns = [np.log1p(blame), np.log1p(praise), *np.minimum(evidence[:, 2:4], 3).T, length, *rules.T]
    marks = [blame > 0, praise > 0, blame > _SURE, praise > _SURE, chatter, rules[:, 0] > _HALF, rules[:, 1] > _HALF]
    return np.column_stack([*columns, *marks])
