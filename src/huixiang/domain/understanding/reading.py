"""Which matters, which kind and which risks does a text hold, and by which words? Three rule books in one pass."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat
from typing import NamedTuple

from huixiang.domain.understanding.book import BOOKS, Book, Node, shipped
from huixiang.domain.understanding.contract import LEVELS, Kind, Risk, Sentiment, Topic
from huixiang.domain.understanding.cues import Cues
from huixiang.domain.understanding.denial import denied
from huixiang.domain.understanding.kinds import NOTHING_SAID, kind_of

TOLD_FROM = 0.5  # a matter or risk less probable than this is not told
MOST_TOPICS = 3  # of one branch, such as causes; a long story names nearly everything once
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


_Use = tuple[int, float]  # what one pattern means: to which node, how much; 0 for a pattern that takes others back
_Hit = tuple[float, int, int, int, int]  # minus the strength, minus the length, start, end, cue: sorts the best first


@lru_cache(maxsize=2)
def _cues(patterns: tuple[str, ...]) -> Cues:
    """Made once for the same books: an import, and each row that is mended, has a reader of its own."""
    return Cues(patterns)


class Reader:
    """Reads texts by a taxonomy, kinds and risks; each is the product's own where none is given. It keeps no state."""

    def __init__(self, taxonomy: Book | None = None, kinds: Book | None = None, risks: Book | None = None) -> None:
        books = (taxonomy or _in_force("taxonomy"), kinds or _in_force("kinds"), risks or _in_force("risks"))
        self._nodes: list[Node] = [node for book in books for node in book.nodes]
        self.topics = frozenset(node.code for node in books[0].nodes)
        self.risks = frozenset(node.code for node in books[2].nodes)
        self._levels = {node.code: node.level for node in books[2].nodes if node.level}
        self._topics_end = len(books[0].nodes)
        self._kinds_end = self._topics_end + len(books[1].nodes)
        self._codes = [node.code for node in self._nodes]
        self._parents = [node.parent for node in self._nodes]
        self._branches = [node.code.partition(".")[0] for node in self._nodes]
        self._heeds_denial = [
            number >= self._kinds_end and not node.even_denied for number, node in enumerate(self._nodes)
        ]
        uses: dict[str, list[_Use]] = {}
        for number, node in enumerate(self._nodes):
            for pattern, strength in node.strengths.items():
                uses.setdefault(pattern, []).append((number, strength))
            for pattern in node.unless:
                uses.setdefault(pattern, []).append((number, 0.0))
        self._cues, self._uses = _cues(tuple(uses)), list(uses.values())

    def read(
        self,
        normals: Sequence[str],
        sentiments: Sequence[Sentiment],
        addressed: Sequence[bool] = (),
        risks: Sequence[tuple[Topic, ...]] = (),
    ) -> list[Reading]:
        """Read normal texts, given with their sentiments, and whether each was said to the bank (empty: who knows).

        `risks`: what a model tells of each besides. None that the book's words tell is lost by it.
        """
        to_bank = addressed or repeat(False, len(normals))
        besides = risks or repeat((), len(normals))
        return [self._one(*each) for each in zip(normals, sentiments, to_bank, besides, strict=True)]

    def evidence(self, normal: str) -> dict[tuple[str, str], Evidence]:
        """What speaks for each node in a text, by book and code; nodes for which nothing does are left out."""
        ends = (self._topics_end, self._kinds_end)
        found = self._evidence(normal)
        return {(BOOKS[sum(number >= end for end in ends)], self._nodes[number].code): e for number, e in found.items()}

    def _one(self, normal: str, sentiment: Sentiment, to_bank: bool, besides: Sequence[Topic]) -> Reading:
        if not normal:
            return Reading((), "empty", NOTHING_SAID, ())
        topics, kinds, risks = {}, {}, {}
        for number, evidence in self._evidence(normal).items():
            if number < self._topics_end:
                topics[number] = evidence
            elif number < self._kinds_end:
                kinds[self._codes[number]] = evidence
            elif evidence.probability >= TOLD_FROM:
                risks[number] = evidence
        matters, unknown = self._topics(topics)
        told_risks = self._risks(risks, besides) if risks or besides else ()
        # Card holders name products all day among themselves; who names one to the bank wants something of it.
        is_of_use = bool(told_risks or (to_bank and matters))
        cues = {code: evidence.probability for code, evidence in kinds.items()}
        told = kind_of(sentiment, cues, is_of_use=is_of_use)
        if told.code in kinds:
            told = Kind(told.code, told.probability, kinds[told.code].why)
        return Reading(matters, unknown, told, told_risks)

    def _evidence(self, normal: str) -> dict[int, Evidence]:
        """By node: noisy or over its distinct patterns, each independently right as often as its strength says."""
        said: dict[int, list[_Hit]] = {}
        taken_back: dict[int, list[tuple[int, int]]] = {}
        uses = self._uses
        for cue, start, end in self._cues.find(normal):
            for number, strength in uses[cue]:
                if not strength:
                    taken_back.setdefault(number, []).append((start, end))
                elif number in said:
                    said[number].append((-strength, start - end, start, end, cue))
                else:
                    said[number] = [(-strength, start - end, start, end, cue)]
        found = {}
        for number, hits in said.items():
            if len(hits) > 1 or number in taken_back or self._heeds_denial[number]:
                if evidence := self._weighed(normal, number, hits, taken_back.get(number, ())):
                    found[number] = evidence
            else:
                minus_strength, _, start, end, _ = hits[0]
                found[number] = Evidence(1.0 - (1.0 + minus_strength), (normal[start:end],))
        return found

    def _weighed(
        self, normal: str, number: int, hits: list[_Hit], taken_back: Sequence[tuple[int, int]]
    ) -> Evidence | None:
        wrong, why = 1.0, []
        cues: list[int] = []
        places: list[tuple[int, int]] = []
        back = Stretches(taken_back) if taken_back else None
        # The strongest first, then the longest: 骗人 and 骗 at one place are one piece of evidence.
        for minus_strength, _, start, end, cue in sorted(hits) if len(hits) > 1 else hits:
            if cue in cues or (places and _touch(places, start, end)) or (back and back.touch(start, end)):
                continue
            # Who threatens in one breath and says "not yet" in another threatens: one place not denied is enough.
            if self._heeds_denial[number] and denied(normal, start):
                continue
            cues.append(cue)
            places.append((start, end))
            wrong *= 1.0 + minus_strength
            why.append(normal[start:end])
        return Evidence(1.0 - wrong, tuple(dict.fromkeys(why[:_MOST_WHY]))) if why else None

    def _topics(self, found: dict[int, Evidence]) -> tuple[tuple[Topic, ...], str]:
        told = [(-e.probability, number, e) for number, e in found.items() if e.probability >= TOLD_FROM]
        if not told:
            return (), "weak" if found else "no_cue"
        if len(told) == 1:
            _, number, evidence = told[0]
            return (Topic(self._codes[number], *evidence),), ""
        # A node below says more: 手机银行 is 电子渠道 already.
        above = {self._parents[number] for _, number, _ in told}
        topics: list[Topic] = []
        taken: dict[str, int] = {}
        for _, number, evidence in sorted(told):
            branch, code = self._branches[number], self._codes[number]
            if code not in above and taken.get(branch, 0) < MOST_TOPICS:
                taken[branch] = taken.get(branch, 0) + 1
                topics.append(Topic(code, *evidence))
        return tuple(topics), ""

    def _risks(self, found: dict[int, Evidence], besides: Sequence[Topic]) -> tuple[Risk, ...]:
        told = {self._codes[n]: e for n, e in sorted(found.items())}
        more = {each.code: Evidence(each.probability, each.why) for each in besides if each.code in self._levels}
        risks = [Risk(code, self._levels[code], *evidence) for code, evidence in (more | told).items()]
        return tuple(sorted(risks, key=lambda risk: (LEVELS.index(risk.level), -risk.probability)))


class Stretches:
    """Parts of a text, joined where they overlap: looked up in no time however many there are."""

    def __init__(self, parts: Sequence[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(parts):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def touch(self, start: int, end: int) -> bool:
        place = bisect_right(self._ends, start)
        return place < len(self._starts) and self._starts[place] < end


def _touch(places: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(start < last and first < end for first, last in places)


def _in_force(name: str) -> Book:
    """The product's book without the nodes that have an end: what holds from the last change on."""
    book = shipped(name)
    open_ended = tuple(node for node in book.nodes if node.until is None)
    return Book(book.book, book.name, book.english, book.version, book.source, open_ended)
