"""Which matters, which kind and which risks does a text hold, and by which words? Three rule books in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from huixiang.domain.understanding.book import Book, Node, shipped
from huixiang.domain.understanding.contract import LEVELS, Kind, Risk, Sentiment, Topic
from huixiang.domain.understanding.cues import Cues
from huixiang.domain.understanding.denial import denied
from huixiang.domain.understanding.kinds import NOTHING_SAID, kind_of

TOLD_FROM = 0.5  # a matter or risk less probable than this is not told
MOST_TOPICS = 8  # of one text; a long story names nearly everything once
_MOST_WHY = 5


class Reading(NamedTuple):
    """What the rule books say of one text; the fields are those of `contract.Understanding`."""

    topics: tuple[Topic, ...]
    topics_unknown: str
    kind: Kind
    risks: tuple[Risk, ...]


class Evidence(NamedTuple):
    """What speaks for one node? The probability that it is meant, and the words as they stand in the text."""

    probability: float
    why: tuple[str, ...]


class _Use(NamedTuple):
    """What one pattern means to one node; strength 0 for a pattern that takes others back."""

    node: int
    strength: float


class Reader:
    """Reads texts by a taxonomy, kinds and risks; each is the product's own where none is given. It keeps no state."""

    def __init__(self, taxonomy: Book | None = None, kinds: Book | None = None, risks: Book | None = None) -> None:
        books = (taxonomy or _in_force("taxonomy"), kinds or _in_force("kinds"), risks or _in_force("risks"))
        self._nodes: list[Node] = [node for book in books for node in book.nodes]
        self._topics_end = len(books[0].nodes)
        self._kinds_end = self._topics_end + len(books[1].nodes)
        uses: dict[str, list[_Use]] = {}
        for number, node in enumerate(self._nodes):
            for pattern, strength in node.strengths.items():
                uses.setdefault(pattern, []).append(_Use(number, strength))
            for pattern in node.unless:
                uses.setdefault(pattern, []).append(_Use(number, 0.0))
        self._cues, self._uses = Cues(list(uses)), list(uses.values())

    def read(self, normals: Sequence[str], sentiments: Sequence[Sentiment]) -> list[Reading]:
        """Read normal texts, given with their sentiments."""
        return [self._one(*both) for both in zip(normals, sentiments, strict=True)]

    def evidence(self, normal: str) -> dict[str, Evidence]:
        """What speaks for each node in a text, by code; nodes for which nothing does are left out."""
        return {self._nodes[number].code: found for number, found in self._evidence(normal).items()}

    def _one(self, normal: str, sentiment: Sentiment) -> Reading:
        if not normal:
            return Reading((), "empty", NOTHING_SAID, ())
        found = self._evidence(normal)
        topics, unknown = self._topics(found)
        kinds = {self._nodes[n].code: e for n, e in found.items() if self._topics_end <= n < self._kinds_end}
        cues = {code: evidence.probability for code, evidence in kinds.items()}
        told = kind_of(normal, sentiment, cues)
        why = kinds[told.code].why if told.code in kinds else ()
        return Reading(topics, unknown, Kind(told.code, told.probability, why), self._risks(found))

    def _evidence(self, normal: str) -> dict[int, Evidence]:
        """By node: noisy or over its distinct patterns, each independently right as often as its strength says."""
        said: dict[int, list[tuple[int, int, int, float]]] = {}
        taken_back: dict[int, list[tuple[int, int]]] = {}
        for cue, start, end in self._cues.find(normal):
            for number, strength in self._uses[cue]:
                if strength:
                    said.setdefault(number, []).append((cue, start, end, strength))
                else:
                    taken_back.setdefault(number, []).append((start, end))
        return {
            number: evidence
            for number, hits in said.items()
            if (evidence := self._weighed(normal, number, hits, taken_back.get(number, ())))
        }

    def _weighed(
        self,
        normal: str,
        number: int,
        hits: Sequence[tuple[int, int, int, float]],
        taken_back: Sequence[tuple[int, int]],
    ) -> Evidence | None:
        # Whoever threatens in one breath and says "not yet" in another threatens: one place not denied is enough.
        heed_denial = number >= self._kinds_end and not self._nodes[number].even_denied
        wrong, why = 1.0, dict[str, None]()
        cues, places = set[int](), list[tuple[int, int]]()
        # The strongest first, then the longest: 骗人 and 骗 at one place are one piece of evidence.
        for cue, start, end, strength in sorted(hits, key=lambda hit: (-hit[3], hit[1] - hit[2], hit[1])):
            if cue in cues or _touch(places, start, end) or _touch(taken_back, start, end):
                continue
            if heed_denial and denied(normal, start):
                continue
            cues.add(cue)
            places.append((start, end))
            wrong *= 1.0 - strength
            why[normal[start:end]] = None
        return Evidence(1.0 - wrong, tuple(islice(why, _MOST_WHY))) if why else None

    def _topics(self, found: dict[int, Evidence]) -> tuple[tuple[Topic, ...], str]:
        here = {number: e for number, e in found.items() if number < self._topics_end}
        told = [(number, e) for number, e in here.items() if e.probability >= TOLD_FROM]
        if not told:
            return (), "weak" if here else "no_cue"
        # A node below says more: 手机银行 is 电子渠道 already.
        above = {self._nodes[number].parent for number, _ in told}
        told = [(number, e) for number, e in told if self._nodes[number].code not in above]
        told.sort(key=lambda each: (-each[1].probability, each[0]))
        topics = (Topic(self._nodes[number].code, e.probability, e.why) for number, e in told[:MOST_TOPICS])
        return tuple(topics), ""

    def _risks(self, found: dict[int, Evidence]) -> tuple[Risk, ...]:
        told = [(n, e) for n, e in found.items() if n >= self._kinds_end and e.probability >= TOLD_FROM]
        told.sort(key=lambda each: (LEVELS.index(self._nodes[each[0]].level), -each[1].probability, each[0]))
        return tuple(Risk(self._nodes[n].code, self._nodes[n].level, e.probability, e.why) for n, e in told)


def _touch(places: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(start < last and first < end for first, last in places)


def _in_force(name: str) -> Book:
    """The product's book without the nodes that have an end: what holds from the last change on."""
    book = shipped(name)
    open_ended = tuple(node for node in book.nodes if node.until is None)
    return Book(book.book, book.name, book.english, book.version, book.source, open_ended)
