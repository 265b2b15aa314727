"""Which whole portions of two questions hold the same people? Only of those can both be told side by side.

Each question is told in groups of its own, of whole portions of all who came. A table of both beside the figures of
each would tell, by subtraction, what those few said who answered only one of them. So a table takes knots: portions
that hang together by groups of either question, all of which are told. In a knot each question's people are whole
groups of its own, and the difference between any two looks is whole groups again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence


def knots(count: int, groups: Iterable[Sequence[int]], waiting: Iterable[int] = ()) -> list[list[int]]:
    """The portions (of `count`, by number) that hang together; none where one is `waiting` to be told of a question.

    `groups`: of either question, the portions whose people each group holds.
    """
    above = list(range(count))

    def top(one: int) -> int:
        while above[one] != one:
            above[one] = one = above[above[one]]
        return one

    for group in groups:
        for other in group[1:]:
            above[top(other)] = top(group[0])
    found: dict[int, list[int]] = defaultdict(list)
    for one in range(count):
        found[top(one)].append(one)
    shut = {top(one) for one in waiting}
    return [found[each] for each in sorted(found) if each not in shut]
