"""Which whole portions of two questions hold the same people? Only of those can both be told side by side.

Each question is told in groups of its own, of whole portions of all who came. A table of both beside the figures of
each would tell, by subtraction, what those few said who answered only one of them. So a table takes knots: portions
that hang together by groups of either question, all of which are told. In a knot each question's people are whole
groups of its own, and the difference between any two looks is whole groups again.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import scipy

from huixiang.domain.surveys.grouped import Groups, Ints


def knots(count: int, number: Ints, groups: Iterable[Groups], waiting: Ints) -> Ints:
    """Of each of `count` portions the knot in which it hangs; -1 where one of the knot is `waiting` to be told.

    `number`: of each of the people the portion. `groups`: of either question.
    """
    ties = [(number[each.who[each.starts]].repeat(each.sizes), number[each.who]) for each in groups if len(each.who)]
    first, second = (
        np.concatenate([np.empty(0, np.int64), *ends]) for ends in ([a for a, _ in ties], [b for _, b in ties])
    )
    graph = scipy.sparse.coo_array((np.ones(len(first), np.int8), (first, second)), shape=(count, count))
    knot: Ints = scipy.sparse.csgraph.connected_components(graph, directed=False)[1].astype(np.int64)
    return np.where(np.isin(knot, knot[waiting]), -1, knot)
