"""Where does chance come from? From named streams: what one part draws never shifts what another part draws."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np


@dataclass(frozen=True, slots=True)
class Dice:
    """One seed, any number of streams. The same seed and names give the same draws, in whatever order they are asked.

    SFC64 is numpy's quickest generator that is still sound for simulation (O'Neill's PractRand runs).
    """

    seed: int

    def of(self, *names: str | int) -> np.random.Generator:
        """The stream of this name, from its beginning."""
        key = [name if isinstance(name, int) else crc32(name.encode()) for name in names]
        return np.random.Generator(np.random.SFC64(np.random.SeedSequence(entropy=self.seed, spawn_key=key)))
