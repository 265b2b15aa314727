"""Whom does the bank serve with more care, besides the old and the impaired? Groups that Chinese banks count.

新市民 as the notice 银保监发〔2022〕4号 has them: who came to a town to work, study or join family and has no local
residence, or not for three years. Soldiers and veterans go first, as the signs in the lobby say. Who reads ill or
speaks another language is known to few systems: a clerk notes it, or nobody does. The shares are the author's guess.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

OLDER, OLDEST = 60, 75  # where the second and the third share of a group begin


@dataclass(frozen=True, slots=True)
class Group:
    """One group: `shares` of the customers younger than 60, than 75, and older, times `in_county` at county outlets.

    `takes_longer` is the factor at the counter, `still_hard` the points of 10 that are taken off what they think of a
    visit, `less_digital` what is taken off the habit (log odds), `writes` the factor on how often they write something,
    `known` the share of them whom the bank's systems know to be of the group.
    """

    name: str
    topic: str
    shares: tuple[float, float, float]
    in_county: float = 1.0
    takes_longer: float = 1.0
    still_hard: float = 0.0
    less_digital: float = 0.0
    writes: float = 1.0
    known: float = 1.0


GROUPS = (
    Group("", "", (0.0, 0.0, 0.0)),
    Group("新市民", "newcomers.service", (0.09, 0.02, 0.0), in_county=0.3, takes_longer=1.15, still_hard=0.25),
    Group("识字困难", "literacy.service", (0.004, 0.03, 0.10), in_county=1.5, takes_longer=1.3, still_hard=0.3,
          less_digital=2.5, writes=0.3, known=0.5),
    Group("少数民族语言", "language.service", (0.006, 0.006, 0.006), in_county=3.0, takes_longer=1.4, still_hard=0.4,
          less_digital=0.8, writes=0.5, known=0.5),
    Group("军人", "forces.priority", (0.012, 0.008, 0.004)),
)  # fmt: skip
NAMES = tuple(group.name for group in GROUPS)
NEWCOMERS, ILLITERATE, OTHER_LANGUAGE, FORCES = range(1, len(GROUPS))


def column(name: str) -> NDArray[np.float32]:
    """One number of every group, in the order of GROUPS."""
    return np.array([getattr(group, name) for group in GROUPS], dtype=np.float32)


def writes_online() -> NDArray[np.float32]:
    """How often does each group write on a screen of its own accord, against others? Who reads ill never does."""
    factors = column("writes")
    factors[ILLITERATE] = 0
    return factors


def drawn(age: NDArray[np.int16], in_county: NDArray[np.bool_], dice: np.random.Generator) -> NDArray[np.int8]:
    """Of which group is each of these? An index into GROUPS; of none: 0."""
    shares = np.array([group.shares for group in GROUPS[1:]]).T
    county = column("in_county")[1:]
    edges = np.cumsum([*shares, *(shares * county)], axis=1).astype(np.float32)
    which = np.searchsorted((OLDER, OLDEST), age, side="right") + len(shares) * in_county
    luck = dice.random(len(age), dtype=np.float32)
    group = np.zeros(len(age), dtype=np.int8)
    rows = np.flatnonzero(luck < edges[which, -1])
    group[rows] = 1 + (luck[rows, None] >= edges[which[rows]]).sum(axis=1)
    return group
