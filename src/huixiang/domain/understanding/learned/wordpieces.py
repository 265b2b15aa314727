"""How does a BERT model see a text? As numbers of pieces: each Chinese sign by itself, other words in known parts.

The cut of Google's BERT (Devlin and others 2019) for lower-case vocabularies, which is what `vocab.txt` goes with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

BEGIN, END, PAD, UNKNOWN = "[CLS]", "[SEP]", "[PAD]", "[UNK]"
LONGEST_WORD = 100  # characters; longer ones are unknown
# A Chinese sign, a run of letters and digits, or any other sign that is no blank.
_PIECE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[^\W_\u3400-\u9fff\uf900-\ufaff]+|[^\s\w]|_")


class WordPieces:
    """A vocabulary, one piece a line. Raises ValueError where it lacks the four pieces that every text needs."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._numbers = {piece: number for number, piece in enumerate(vocabulary)}
        if missing := [piece for piece in (BEGIN, END, PAD, UNKNOWN) if piece not in self._numbers]:
            raise ValueError(f"no {', '.join(missing)} in the vocabulary")
        self.pad = self._numbers[PAD]

    def numbers(self, text: str, most: int) -> list[int]:
        """At most so many, the begin and the end among them; what does not fit is left out."""
        found: list[int] = []
        for word in _PIECE.findall(text.lower()):
            if len(found) >= most - 2:
                break
            found += self._cut(word)
        return [self._numbers[BEGIN], *found[: most - 2], self._numbers[END]]

    def _cut(self, word: str) -> list[int]:
        """The longest known part first, then the longest that goes on; all or nothing."""
        found, start = [], 0
        while start < len(word) <= LONGEST_WORD:
            for end in range(len(word), start, -1):
                number = self._numbers.get(("##" if start else "") + word[start:end])
                if number is not None:
                    found.append(number)
                    start = end
                    break
            else:
                return [self._numbers[UNKNOWN]]
        return found or [self._numbers[UNKNOWN]]
