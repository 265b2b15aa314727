"""How does chance decide quickly? Draws are taken in batches, since one call to numpy costs as much as fifty draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

_T = TypeVar("_T")
_BATCH = 48  # about what one utterance of middle length needs


class Hand:
    """What falls next? The same state of the dice gives the same choices; draws left over are thrown away."""

    __slots__ = ("_dice", "_left")

    def __init__(self, dice: np.random.Generator) -> None:
        self._dice = dice
        self._left: list[float] = []

    def share(self) -> float:
        """A number from 0 up to, not including, 1."""
        if not self._left:
            self._left = self._dice.random(_BATCH).tolist()
        return self._left.pop()

    def chance(self, probability: float) -> bool:
        """Does it happen? With this probability."""
        return self.share() < probability

    def pick(self, options: Sequence[_T]) -> _T:
        """Which of these? Each is as likely as the others."""
        return options[int(self.share() * len(options))]

    def number(self, low: int, high: int) -> int:
        """Which whole number from `low` to `high`, both included?"""
        return low + int(self.share() * (high - low + 1))

    def digits(self, count: int) -> str:
        """Which digits, `count` of them? Up to 15, as many as one draw holds."""
        return f"{int(self.share() * 10**count):0{count}d}"

    def weighted(self, options: Sequence[tuple[_T, float]]) -> _T:
        """Which of these, each as likely as its weight says? Weights need not sum to 1."""
        rest = self.share() * sum(weight for _, weight in options)
        for option, weight in options:
            rest -= weight
            if rest < 0:
                return option
        return options[-1][0]

    def shuffled(self, options: Sequence[_T]) -> list[_T]:
        """In which order? All of them once."""
        keyed = [(self.share(), place) for place in range(len(options))]
        return [options[place] for _, place in sorted(keyed)]
