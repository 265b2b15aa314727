"""Which outlets were chosen for which pilot, and how? The project office's list; one pilot takes the worst."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.effects import Effect
from huixiang.simulation.events.surveys import Answers
from huixiang.simulation.exports.tables import CsvFile
from huixiang.simulation.planting import LOOKED_AT_DAYS, Planting

HEADER = ("试点代码", "试点名称", "网点", "开始", "结束", "选择方式")
FEWEST_ANSWERS = 5


@dataclass(slots=True)
class Scores:
    """What the survey showed by day and outlet: sums of satisfaction (1..5) and numbers of answers."""

    sums: NDArray[np.float64]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, bank: Bank) -> Scores:
        """Nothing known yet."""
        shape = (len(bank.scenario.days()), len(bank.network))
        return cls(np.zeros(shape), np.zeros(shape, dtype=np.int64))

    def add(self, given: Answers) -> None:
        """Count in these answers."""
        np.add.at(self.sums, (given.day, given.outlet), given.satisfied)
        np.add.at(self.counts, (given.day, given.outlet), 1)

    def worst(self, day: int, number: int, never: Collection[int] = ()) -> list[int]:
        """The outlets with the lowest mean satisfaction in the days before this one; none on the first.

        `never` are left out: their scores have another cause than chance.
        """
        seen = slice(max(0, day - LOOKED_AT_DAYS), max(0, day))
        counts = self.counts[seen].sum(axis=0)
        means = self.sums[seen].sum(axis=0) / np.maximum(counts, 1)
        known = np.setdiff1d(np.flatnonzero(counts >= FEWEST_ANSWERS), np.array(list(never), dtype=np.int64))
        order = known[np.argsort(means[known], kind="stable")]
        return sorted(order[:number].tolist())


def write_pilots(folder: Path, bank: Bank, planting: Planting, scores: Scores) -> dict[str, list[str]]:
    """`improvement/试点名单.csv`. Returns, by the pilot's code, the outlets of pilots that were given to the worst."""
    file = CsvFile(folder / "improvement" / "试点名单.csv", HEADER)
    chosen: dict[str, list[str]] = {}
    for effect, outlets in zip(planting.effects, planting.outlets, strict=True):
        if effect.kind == "pilot":
            _enter(file, effect, [bank.network.codes[n] for n in outlets], "抽签")
        elif effect.kind == "worst_chosen":
            day = (effect.start - bank.scenario.first_day).days
            worst = scores.worst(day, effect.branches, planting.never_the_worst(effect).tolist())
            chosen[effect.pilot] = [bank.network.codes[n] for n in worst]
            _enter(file, effect, chosen[effect.pilot], "前两周满意度最低")
    file.close()
    return chosen


def _enter(file: CsvFile, effect: Effect, codes: list[str], how: str) -> None:
    file.write([(effect.pilot, effect.shown, code, effect.start, effect.end, how) for code in codes])
