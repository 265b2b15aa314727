"""What is each case about? Product, amount and channel, drawn by their shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation import exact
from huixiang.simulation.events.processes.definition import Process

AMOUNT_SPREAD = 0.6
ROUND_YUAN = 1000  # banks lend in round thousands


class About(NamedTuple):
    """What is known of the cases before they begin: indices into the products and channels of their process."""

    product: NDArray[np.int8]
    channel: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Traits:
    """One row a case: indices into the products and channels of its process, the amount in yuan, the factor on work."""

    product: NDArray[np.int8]
    channel: NDArray[np.int8]
    amount: NDArray[np.int32]
    work: NDArray[np.float32]


def traits(process: Process, number: int, dice: np.random.Generator, about: About | None = None) -> Traits:
    """Draw them for this many cases, but for what is known."""
    product = _drawn([one.share for one in process.products], number, dice)
    channel = _drawn([share for _, share in process.channels], number, dice)
    if about is not None:
        product, channel = about
    median = np.array([one.amount for one in process.products])[product]
    amount = median * exact.exp(AMOUNT_SPREAD * dice.standard_normal(number, dtype=np.float32))
    return Traits(
        product,
        channel,
        (np.rint(amount / ROUND_YUAN) * ROUND_YUAN).astype(np.int32),
        np.array([one.work for one in process.products], dtype=np.float32)[product],
    )


def _drawn(shares: list[float], number: int, dice: np.random.Generator) -> NDArray[np.int8]:
    return np.searchsorted(np.cumsum(shares)[:-1], dice.random(number), side="right").astype(np.int8)
