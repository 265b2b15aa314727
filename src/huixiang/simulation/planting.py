"""Where and when does each planted effect hold? Places drawn once, then asked for by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.effects import KINDS, Effect


@dataclass(frozen=True, slots=True)
class Planting:
    """The effects with their places resolved: `effects[n]` holds at `outlets[n]` (empty: not a matter of place).

    Where two of a kind meet in one outlet on one day, the larger one holds.
    """

    effects: tuple[Effect, ...]
    outlets: tuple[NDArray[np.int64], ...]

    def of(self, kind: str) -> list[tuple[Effect, NDArray[np.int64]]]:
        """The effects of this kind with their outlets."""
        return [(e, o) for e, o in zip(self.effects, self.outlets, strict=True) if e.kind == kind]

    def sizes(
        self, kind: str, days: Sequence[date], outlets: NDArray[np.integer], rest: float = 0.0
    ) -> NDArray[np.float64]:
        """The size in force by day and outlet, shape (days, outlets); `rest` where nothing is planted."""
        grid = np.full((len(days), len(outlets)), rest)
        for effect, places in self.of(kind):
            when = np.array([effect.holds(day) for day in days])
            there = np.ix_(when, np.isin(outlets, places))
            grid[there] = np.maximum(grid[there], effect.size)
        return grid

    def size(self, kind: str, day: date, *, process: str = "", step: str = "", rest: float = 0.0) -> float:
        """The size in force on this day for the whole bank, or for a step of a process."""
        return max(
            (
                effect.size
                for effect, _ in self.of(kind)
                if effect.holds(day)
                and (not process or effect.process == process)
                and (not step or effect.step == step)
            ),
            default=rest,
        )


def plant(bank: Bank) -> Planting:
    """Draw the places that the scenario leaves open. Raises ValueError for a unit that is not there.

    Places are drawn apart from each other, so that no two effects meet in one outlet while there are outlets left. They
    are drawn for effects that are switched off too: switching one off leaves all others where they were.
    """
    taken: set[int] = set()
    effects, places = [], []
    for number, effect in enumerate(bank.scenario.effects):
        found = bank.network.index(effect.where) if effect.where else _drawn(bank, effect, number, taken)
        if KINDS[effect.kind].place == "branches" and effect.kind != "worst_chosen":
            taken.update(found.tolist())
        if not effect.enabled:
            continue
        codes = tuple(bank.network.codes[n] for n in found)
        effects.append(replace(effect, where=codes))
        places.append(found)
    return Planting(tuple(effects), tuple(places))


def _drawn(bank: Bank, effect: Effect, number: int, taken: set[int]) -> NDArray[np.int64]:
    """By chance, and away from other effects as long as there are outlets left."""
    if not effect.branches or effect.kind == "worst_chosen":
        return np.array([], dtype=np.int64)
    dice = bank.dice.of("places", number)
    order = dice.permutation(len(bank.network))
    free = [n for n in order.tolist() if n not in taken] + [n for n in order.tolist() if n in taken]
    return np.sort(np.array(free[: effect.branches], dtype=np.int64))
