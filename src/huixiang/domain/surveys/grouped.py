"""How are a million answers in portions added up in one pass? They lie one after the other, in arrays.

Nothing is decided here: who is told together is said by portions.py. Those who come later are added behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.surveys.portions import Piece, Portion, Rooms, Traits

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def _none() -> Ints:
    return np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Groups:
    """Portions in the order in which they became tellable; `who` holds the people of one after the other.

    `ends`: how many portions there were after each arrival. `rooms`: who waits; never changed, only copied.
    """

    who: Ints = field(default_factory=_none)
    starts: Ints = field(default_factory=_none)
    traits: tuple[Traits, ...] = ()
    ends: tuple[int, ...] = ()
    rooms: Rooms = field(default_factory=Rooms)

    def __iter__(self) -> Iterator[Portion]:
        people, at = self.who.tolist(), 0
        for traits, size in zip(self.traits, self.sizes.tolist(), strict=True):
            yield Portion(traits, people[at : at + size])
            at += size

    @property
    def sizes(self) -> Ints:
        return np.diff(np.append(self.starts, len(self.who)))

    def means(self, values: Floats) -> Floats:
        """Of each portion the mean of its people's values, which are told by their numbers."""
        return np.add.reduceat(values[self.who], self.starts) / self.sizes if len(self.starts) else np.empty(0)

    def people(self, portions: Bools) -> Ints:
        """Who is in these?"""
        return self.who[np.repeat(portions, self.sizes)]

    def later(self, arrivals: Iterable[Sequence[Piece]]) -> Groups:
        """With those who came since, one arrival after the other."""
        rooms, traits, ends = self.rooms.copy(), list(self.traits), list(self.ends)
        people, sizes = list[int](), list[int]()
        for pieces in arrivals:
            for portion in rooms.come(pieces):
                people += portion.people
                sizes.append(len(portion.people))
                traits.append(portion.traits)
            ends.append(len(traits))
        starts = len(self.who) + np.cumsum([0, *sizes[:-1]])[: len(sizes)]
        who = np.append(self.who, np.array(people, np.int64))
        return Groups(who, np.append(self.starts, starts).astype(np.int64), tuple(traits), tuple(ends), rooms)

    def again(self, those: Bools, former: Groups | None = None) -> Groups:
        """Portions of those among them of whom this is true, out of whole portions of all.

        `former`: the same of fewer arrivals, which is carried on.
        """
        made = former or Groups()
        first = (made.ends and self.ends[len(made.ends) - 1]) or 0
        begin = int(self.starts[first]) if first < len(self.starts) else len(self.who)
        mine = those[self.who[begin:]]
        people, bounds = self.who[begin:][mine].tolist(), np.cumsum(np.append(0, mine))
        edges = bounds[np.append(self.starts[first:], len(self.who)) - begin].tolist()
        return made.later(self._pieces(people, edges, first, self.ends[len(made.ends) :]))

    def _pieces(self, people: list[int], edges: list[int], first: int, ends: Sequence[int]) -> Iterator[list[Piece]]:
        at = first
        for end in ends:
            bounds = [(each, edges[each - first], edges[each - first + 1]) for each in range(at, end)]
            yield [Piece(self.traits[each], people[a:b]) for each, a, b in bounds if b > a]
            at = end
