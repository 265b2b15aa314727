"""Which words name the same thing? 卡额度 and 信用额度 are 额度: in Chinese the head of a compound stands last."""

from __future__ import annotations

from collections.abc import Mapping

SHORTEST = 2  # characters of a head: 费 alone would gather everything that costs


def heads(counts: Mapping[str, int], least: int) -> dict[str, str]:
    """Each aspect's head: the shortest other aspect in which it ends and which `least` voices or more name by itself.

    An aspect without one is its own head. `counts`: voices by aspect.
    """
    common = {aspect for aspect, count in counts.items() if count >= least and len(aspect) >= SHORTEST}
    found = {}
    for aspect in counts:
        ends = (aspect[begin:] for begin in range(len(aspect) - SHORTEST, 0, -1))  # the shortest first
        found[aspect] = next((end for end in ends if end in common), aspect)
    return found
