"""What does a linear model see of a text? Its runs of characters, its words and their pairs, and its plain feelings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from huixiang.domain.understanding.learned.grams import Bag, Keys, Spelling, characters
from huixiang.domain.understanding.sentiment import Sentiments, judged

CHARACTERS, WORDS = 4, 2  # longest runs
FEELINGS = 14
_SURE = 0.9  # as much as one plain word of praise or blame
_HALF = 0.5
_LONG = 50.0  # characters; a usual text

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch as numbers, one row a text: runs of characters, words, and feelings (shape (texts, FEELINGS))."""

    characters: sparse.csr_matrix
    words: sparse.csr_matrix
    feelings: Floats

    def __getitem__(self, chosen: NDArray[np.int64]) -> Rows:
        """The rows of some texts."""
        return Rows(self.characters[chosen], self.words[chosen], self.feelings[chosen])


class Reader:
    """Turns normal texts and their pieces into rows by a vocabulary learned once."""

    def __init__(self, characters_known: Bag, words_known: Bag) -> None:
        self.characters_known, self.words_known = characters_known, words_known
        self._spelling, self._sentiments = Spelling(), Sentiments()

    def rows(self, normals: Sequence[str], tokens: Sequence[Sequence[str]]) -> Rows:
        """The rows of a batch, in its order."""
        return Rows(
            self.characters_known.rows(characters(normals)),
            self.words_known.rows(self._spelling.words(tokens)),
            feelings(self._sentiments, normals, tokens),
        )

    def spelled(self, tokens: Sequence[Sequence[str]]) -> Keys:
        """The words of texts as numbers."""
        return self._spelling.words(tokens)


def learn(normals: Sequence[str], tokens: Sequence[Sequence[str]]) -> tuple[Reader, Rows]:
    """Learn these texts' vocabulary: grams that stand in two of them at least, and every word. Gives their rows too."""
    characters_known, by_character = Bag.of(characters(normals), CHARACTERS, at_least=2)
    words_known, by_word = Bag.of(Spelling().words(tokens), WORDS, at_least=1)
    return Reader(characters_known, words_known), Rows(by_character, by_word, feelings(Sentiments(), normals, tokens))


def feelings(sentiments: Sentiments, normals: Sequence[str], tokens: Sequence[Sequence[str]]) -> Floats:
    """What the rules' evidence says, as numbers of about one: shape (texts, FEELINGS)."""
    found = [sentiments.evidence(normal, pieces) for normal, pieces in zip(normals, tokens, strict=True)]
    plain = np.array(found, float).reshape(-1, 5)
    blame, praise, chatter = plain[:, 0], plain[:, 1], plain[:, 4]
    rules = np.array([(each.negative, each.positive) for each in map(judged, found)], float).reshape(-1, 2)
    length = np.array([len(normal) for normal in normals], float) / _LONG
    columns = [np.log1p(blame), np.log1p(praise), *np.minimum(plain[:, 2:4], 3).T, length, *rules.T]
    marks = [blame > 0, praise > 0, blame > _SURE, praise > _SURE, chatter, rules[:, 0] > _HALF, rules[:, 1] > _HALF]
    return np.column_stack([*columns, *marks])
