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
from collections.abc import Iterable, Mapping, Sequence
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
    rooms = Rooms(fewest)
    return [rooms.come(pieces) for pieces in arrivals]


class Rooms:
    """Where answers wait: a room for each set of traits. Who waits and how many came is all that is carried on."""

    def __init__(
        self, fewest: int = FEWEST, waiting: Mapping[Traits, Sequence[int]] | None = None, came: int = 0
    ) -> None:
        self._fewest, self.came = fewest, came
        self._waiting: dict[Traits, list[int]] = defaultdict(list)
        for traits, people in (waiting or {}).items():
            self._waiting[traits] += people
        self._count = sum(map(len, self._waiting.values()))

    def copy(self) -> Rooms:
        """Another that goes on from here by itself."""
        return Rooms(self._fewest, self._waiting, self.came)

    @property
    def waiting(self) -> Mapping[Traits, Sequence[int]]:
        return self._waiting

    def come(self, pieces: Sequence[Piece]) -> list[Portion]:
        touched = set()
        for piece in pieces:
            if piece.people:
                self._waiting[piece.traits] += piece.people
                touched.add(piece.traits)
            self.came += len(piece.people)
            self._count += len(piece.people)
        full = [traits for traits in touched if len(self._waiting[traits]) >= self._fewest]
        found = [self._told(traits, [traits]) for traits in sorted(full)]
        if touched and self._is_crowded:
            depth = max(map(len, self._waiting))
            for many in range(depth - 1, 0, -1):
                found += self._gathered(many)
            if self._is_crowded:
                found += self._gathered(0)
        return found

    @property
    def _is_crowded(self) -> bool:
        return self._count >= max(TWICE * self._fewest, SHARE * self.came)

    def _gathered(self, many: int) -> list[Portion]:
        """Of those alike in so many traits, whoever are enough."""
        alike: dict[Traits, list[Traits]] = defaultdict(list)
        for traits in sorted(self._waiting):
            if len(traits) >= many:
                alike[traits[:many]].append(traits)
        enough = {
            told: rooms
            for told, rooms in alike.items()
            if sum(len(self._waiting[room]) for room in rooms) >= self._fewest
        }
        return [self._told(told, rooms) for told, rooms in enough.items()]

    def _told(self, traits: Traits, rooms: Iterable[Traits]) -> Portion:
        people = [one for room in rooms for one in self._waiting.pop(room)]
        self._count -= len(people)
        return Portion(traits, people)
