"""Which service aspects go with the overall verdict, and which of them surely more than others?

What a model explains (R²) is dealt out to its aspects, though they overlap: satisfied customers like everything. Two
ways that treat all of them alike: the average over all orders in which aspects may enter (Shapley's value; Lindeman,
Merenda and Gold 1980; Grömping 2007, The American Statistician 61:139-147), exact up to twelve aspects; and Johnson's
relative weights (2000, Multivariate Behavioral Research 35:1-19), which come close to it. Neither proves a cause:
they say with what the verdict moves, not that it would follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.statistics import Interval

Floats = NDArray[np.float64]
MOST_EXACT = 12  # aspects: 4,096 sets of them
MOST_DRAWN_EXACT = 8  # up to so many the bootstrap too goes through all sets
FEWEST_EACH = 20  # answers an aspect, and 50 in all
GROUPS, DRAWS, SEED = 200, 400, 20260102
RIDGE = 1e-9


@dataclass(frozen=True, slots=True)
class Driver:
    """One aspect. `share` of what all explain, its interval by bootstrap; `weight` the same by Johnson's way.

    `best`, `worst`: between which ranks it lies in 95 % of the draws. `is_ahead`: proven before the next in order.
    `correlation` tells the direction: importance has none.
    """

    name: str
    share: Interval
    weight: float
    correlation: float
    mean: float
    best: int
    worst: int
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class Drivers:
    """All aspects, the most important first. `explained`: R². `n`: answers with all aspects told."""

    explained: Interval
    drivers: tuple[Driver, ...]
    n: int
    left_out: tuple[str, ...] = ()  # aspects that everybody rated alike

    @property
    def is_proven(self) -> bool:
        """Is any aspect surely more important than the next?"""
        return any(driver.is_ahead for driver in self.drivers[:-1])


def drivers(names: Sequence[str], aspects: Floats, verdict: Floats, weights: Floats) -> Drivers | None:
    """How much of the verdict goes with which aspect? `aspects` is answers × names, complete rows only.

    None where there are too few answers, or nothing varies.
    """
    kept = [place for place in range(len(names)) if len(verdict) and np.ptp(aspects[:, place]) > 0]
    left_out = tuple(name for place, name in enumerate(names) if place not in kept)
    if not kept or len(kept) > MOST_EXACT or len(verdict) < max(50, FEWEST_EACH * len(kept)) or not np.ptp(verdict):
        return None
    parts = moments(np.column_stack([aspects[:, kept], verdict]), weights)
    whole = correlations(parts.sum(0)[None])
    exact, weight = shapley(whole)[0], relative_weights(whole)[0]
    drawn = _drawn(parts, exact=len(kept) <= MOST_DRAWN_EXACT)
    told = _ordered([names[place] for place in kept], exact, weight, drawn)
    mean = parts.sum(0)[0, 1:-1] / parts.sum(0)[0, 0]
    at = {names[place]: number for number, place in enumerate(kept)}
    finished = tuple(
        Driver(
            name=name,
            correlation=float(whole[0, at[name], -1]),
            mean=float(mean[at[name]]),
            **rest,
        )
        for name, rest in told
    )
    total = float(exact.sum())
    low, high = np.percentile(drawn.sum(1), [2.5, 97.5]).tolist()
    return Drivers(Interval(total, min(total, low), max(total, high)), finished, len(verdict), left_out)


def moments(values: Floats, weights: Floats) -> NDArray[np.float64]:
    """Weighted sums of products (with a 1 before the values) of each of some groups of answers, dealt out in turn.

    A draw of groups stands for a draw of answers, and costs the same for a million of them.
    """
    rows = np.column_stack([np.ones(len(values)), values])
    groups = min(GROUPS, len(values))
    order = np.random.default_rng(SEED).permutation(len(values))
    found = np.zeros((groups, rows.shape[1], rows.shape[1]))
    for number, part in enumerate(np.array_split(order, groups)):
        found[number] = (rows[part] * weights[part, None]).T @ rows[part]
    return found


def correlations(sums: Floats) -> Floats:
    """The weighted correlations of each of some sums of products."""
    mean = sums[:, 0, 1:] / sums[:, :1, 0]
    spread = sums[:, 1:, 1:] / sums[:, :1, :1] - mean[:, :, None] * mean[:, None, :]
    deviation = np.sqrt(np.maximum(np.einsum("bii->bi", spread), 1e-300))
    found: Floats = spread / deviation[:, :, None] / deviation[:, None, :]
    return found


def relative_weights(together: Floats) -> Floats:
    """Johnson's weights of each of some matrices of correlations, the verdict last; they add up to R²."""
    inside, with_verdict = together[:, :-1, :-1], together[:, :-1, -1]
    value, vector = np.linalg.eigh(inside)
    root = np.sqrt(np.maximum(value, RIDGE))
    to = vector * root[:, None, :] @ vector.transpose(0, 2, 1)
    back = vector / root[:, None, :] @ vector.transpose(0, 2, 1)
    beta = np.einsum("bij,bj->bi", back, with_verdict)
    found: Floats = np.einsum("bij,bj->bi", to**2, beta**2)
    return found


def shapley(together: Floats) -> Floats:
    """What each aspect adds to R², averaged over all orders, of each of some matrices; they add up to R²."""
    p = together.shape[1] - 1
    explained = np.zeros((len(together), 1 << p))
    for size in range(1, p + 1):
        sets = np.array(list(combinations(range(p), size)))
        inside = together[:, sets[:, :, None], sets[:, None, :]] + RIDGE * np.eye(size)
        right = together[:, sets, p]
        beta = np.linalg.solve(inside, right[..., None])[..., 0]
        explained[:, (1 << sets).sum(1)] = (beta * right).sum(-1)
    found = np.zeros((len(together), p))
    every = np.arange(1 << p)
    sizes = np.array([int(each).bit_count() for each in every])
    for aspect in range(p):
        without = every[(every >> aspect) & 1 == 0]
        often = np.array([1 / (p * comb(p - 1, int(s))) for s in sizes[without]])
        found[:, aspect] = (explained[:, without | (1 << aspect)] - explained[:, without]) @ often
    return found


def _drawn(parts: Floats, *, exact: bool) -> Floats:
    """The importances in other samples of the groups: draws × aspects."""
    dice = np.random.default_rng(SEED)
    often = dice.multinomial(len(parts), np.full(len(parts), 1 / len(parts)), DRAWS).astype(np.float64)
    sums = np.einsum("dg,gij->dij", often, parts, optimize=True)
    together = correlations(sums)
    together[~np.isfinite(together)] = 0.0
    return shapley(together) if exact else relative_weights(together)


def _ordered(names: Sequence[str], exact: Floats, weight: Floats, drawn: Floats) -> list[tuple[str, dict[str, Any]]]:
    total, sums = max(float(exact.sum()), 1e-12), np.maximum(drawn.sum(1, keepdims=True), 1e-12)
    parts = drawn / sums
    ranks = (-drawn).argsort(1).argsort(1) + 1
    order = np.argsort(-exact)
    told: list[tuple[str, dict[str, Any]]] = []
    for rank, place in enumerate(order):
        value = float(exact[place] / total)
        low, high = np.percentile(parts[:, place], [2.5, 97.5]).tolist()
        best, worst = np.percentile(ranks[:, place], [2.5, 97.5], method="nearest")
        following = order[rank + 1] if rank + 1 < len(order) else None
        ahead = following is not None and bool(np.mean(drawn[:, place] > drawn[:, following]) >= 0.975)
        share = Interval(value, min(value, low), max(value, high))
        own = float(weight[place] / max(float(weight.sum()), 1e-12))
        told.append(
            (names[place], {"share": share, "weight": own, "best": int(best), "worst": int(worst), "is_ahead": ahead})
        )
    return told
