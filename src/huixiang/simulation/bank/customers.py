"""Who are the customers? People of every age and means, who differ in patience, habits and readiness to complain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation import exact
from huixiang.simulation.bank import groups
from huixiang.simulation.bank.services import AGES
from huixiang.simulation.bank.units import Network

FIRST_NUMBER = 10_000_000  # of the customers' numbers: C10000000 in every system's export
A_MIDDLING_OUTLET = 3000  # customers who come now and then
TIERS = ("普通", "金卡", "白金", "私人银行")
TIER_FROM = (0, 50_000, 500_000, 6_000_000)  # yuan of assets; private banking from 6 million is the trade's usual line
IMPAIRMENTS = ("", "视障", "听障", "肢体残障")  # of those whom 适老与无障碍服务 is for, besides the old
IMPAIRED_FROM = (0.985, 0.988, 0.992)  # shares up to which none, sight, hearing
SEES, HEARS, MOVES = range(1, len(IMPAIRMENTS))  # what is hard for whom
NEEDS = ("储蓄结算", "养老", "按揭", "理财", "经营贷款", "信用卡")
NEEDS_BY_AGE = (  # younger than 30, than 45, than 60, than 75, and older
    (0.40, 0.01, 0.14, 0.12, 0.05, 0.28),
    (0.20, 0.03, 0.30, 0.15, 0.12, 0.20),
    (0.26, 0.14, 0.12, 0.22, 0.14, 0.12),
    (0.38, 0.36, 0.01, 0.22, 0.02, 0.01),
    (0.40, 0.50, 0.00, 0.10, 0.00, 0.00),
)


@dataclass(frozen=True, slots=True)
class Customers:
    """One row a customer, index 0..n-1, sorted by home outlet and there by digital habit, the least first.

    `assets` in yuan; `tier` index into TIERS; `digital` is the share of errands done on a screen, 0..1; `complains` the
    person's own factor on the chance to complain (mean 1, a few people far above); `patience` factor on waiting borne;
    `known_as` the number that every system writes, which tells the outlet and nothing else; `impaired` index into
    IMPAIRMENTS, `group` into GROUPS. The old are known by their age.
    """

    outlet: NDArray[np.int32]
    first: NDArray[np.int64]  # of each outlet
    number: NDArray[np.int64]  # how many at each outlet
    known_as: NDArray[np.int32]
    born: NDArray[np.int16]
    assets: NDArray[np.float32]
    tier: NDArray[np.int8]
    need: NDArray[np.int8]
    digital: NDArray[np.float32]
    complains: NDArray[np.float32]
    patience: NDArray[np.float32]
    impaired: NDArray[np.int8]
    group: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.outlet)

    def age(self, year: int) -> NDArray[np.int16]:
        """How old is each in this year?"""
        return (year - self.born).astype(np.int16)

    def by_number(self) -> NDArray[np.int64]:
        """The rows in the order of their numbers, as a system lists them."""
        return np.argsort(self.known_as)


def settle(network: Network, year: int, dice: np.random.Generator, of_groups: np.random.Generator) -> Customers:
    """Customers in proportion to each outlet's demand, of the ages its kind draws in this `year`.

    `of_groups` draws who is of which group.
    """
    number = np.maximum(200, np.rint(network.demand * A_MIDDLING_OUTLET)).astype(np.int64)
    outlet = np.repeat(np.arange(len(network), dtype=np.int32), number)
    count = len(outlet)
    old = dice.random(count, dtype=np.float32) < network.elderly[outlet]
    age = np.where(old, dice.integers(70, 93, count), np.clip(dice.normal(42, 13, count), 18, 69)).astype(np.int16)
    assets = exact.exp(
        dice.standard_normal(count, dtype=np.float32) * 1.7 + np.float32(9.9) + (age - 42) * np.float32(0.01)
    )
    in_county = np.array([kind == "county" for kind in network.kinds])
    group = groups.drawn(age, in_county[outlet], of_groups)
    habit = dice.standard_normal(count, dtype=np.float32) + groups.column("less_digital")[group]
    digital = 1 / (1 + exact.exp((age - 58) / 8 + habit))
    order = np.lexsort((digital, outlet))
    age, assets, digital, group = age[order], assets[order], digital[order], group[order]
    return Customers(
        outlet=outlet,
        first=np.concatenate([[0], np.cumsum(number)[:-1]]),
        number=number,
        known_as=numbered(outlet, dice),
        born=(year - age).astype(np.int16),
        assets=assets.astype(np.float32),
        tier=(np.searchsorted(TIER_FROM, assets, side="right") - 1).astype(np.int8),
        need=_needs(age, dice),
        digital=digital.astype(np.float32),
        # Gamma with shape .35: one customer in a hundred is ten times as ready to complain as the middling one.
        complains=(dice.standard_gamma(0.35, count, dtype=np.float32) / np.float32(0.35)),
        patience=exact.exp(dice.standard_normal(count, dtype=np.float32) * np.float32(0.4)),
        impaired=np.searchsorted(IMPAIRED_FROM, dice.random(count, dtype=np.float32), side="right").astype(np.int8),
        group=group,
    )


def numbered(outlet: NDArray[np.int32], dice: np.random.Generator) -> NDArray[np.int32]:
    """Each one's number: those of an outlet lie together, and there by lot, for the rows tell the digital habit."""
    return (FIRST_NUMBER + np.lexsort((dice.random(len(outlet), dtype=np.float32), outlet))).astype(np.int32)


def _needs(age: NDArray[np.int16], dice: np.random.Generator) -> NDArray[np.int8]:
    edges = np.cumsum(NEEDS_BY_AGE, axis=1)[:, :-1].astype(np.float32)
    luck, need = dice.random(len(age), dtype=np.float32), np.zeros(len(age), dtype=np.int8)
    group = np.searchsorted(AGES, age, side="right")
    for edge in edges.T:
        need += luck >= edge[group]
    return need
