"""In which portions are anonymous answers told, so that no two looks side by side tell what a few answered?

Answers wait until they are enough, and are then told together for good, with as much beside them as all of them share.
Whatever is shown, whenever, of whichever choice, is a sum of whole portions: two looks differ by none of them, or by
`FEWEST` people at least. Which portion somebody is in follows from those who came before her alone, never from who
comes after, so that a look of tomorrow takes no portion of today apart.

A portion is full with `FEWEST` who are alike in every trait. Only where TWICE as many wait, and SHARE of all who came,
is told of others too: who finds enough company by giving up the last trait goes with it, then the one before, and the
first last of all, that the rare are not hurried into a crowd while their like may still come. Microaggregation:
Domingo-Ferrer and Mateo-Sanz (2002), IEEE Trans. Knowledge and Data Engineering 14:189-201; against looks at different
times: Byun et al. (2006), Secure Data Management, 48-63.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from huixiang.domain.surveys.scores import FEWEST

Traits = tuple[str, ...]
TWICE = 2
SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Piece:
    """People who came together and of whom the same is known; by their numbers."""

    traits: Traits
    people: Sequence[int]


@dataclass(frozen=True, slots=True)
class Portion:
    """People who are told of together, once for all. `traits`: the first ones, as many as all of them share."""

    traits: Traits
    people: Sequence[int]


def portions(arrivals: Iterable[Sequence[Piece]], fewest: int = FEWEST) -> list[list[Portion]]:
    """What becomes tellable at each arrival? `arrivals` in the order in which they came; one never comes in parts."""
    rooms = _Rooms(fewest)
    return [rooms.come(pieces) for pieces in arrivals]


class _Rooms:
    """Where answers wait: a room for each set of traits."""

    def __init__(self, fewest: int) -> None:
        self._fewest = fewest
        self._waiting: dict[Traits, list[int]] = defaultdict(list)
        self._came = 0

    def come(self, pieces: Sequence[Piece]) -> list[Portion]:
        for piece in pieces:
            if piece.people:
                self._waiting[piece.traits] += piece.people
            self._came += len(piece.people)
        full = [traits for traits, people in self._waiting.items() if len(people) >= self._fewest]
        found = [Portion(traits, self._waiting.pop(traits)) for traits in sorted(full)]
        if self._is_crowded:
            depth = max(map(len, self._waiting))
            for many in range(depth - 1, 0, -1):
                found += self._gathered(many)
            if self._is_crowded:
                found += self._gathered(0)
        return found

    @property
    def _is_crowded(self) -> bool:
        waiting = sum(map(len, self._waiting.values()))
        return waiting >= max(TWICE * self._fewest, SHARE * self._came)

    def _gathered(self, many: int) -> list[Portion]:
        """Of those alike in so many traits, whoever are enough."""
        alike: dict[Traits, list[Traits]] = defaultdict(list)
        for traits in sorted(self._waiting):
            if len(traits) >= many:
                alike[traits[:many]].append(traits)
        found = []
        for told, rooms in alike.items():
            if sum(len(self._waiting[room]) for room in rooms) >= self._fewest:
                found.append(Portion(told, [one for room in rooms for one in self._waiting.pop(room)]))
        return found
