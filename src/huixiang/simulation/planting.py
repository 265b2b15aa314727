"""Where and when does each planted effect hold? Places drawn once, then asked for by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.effects import KINDS, Effect
from huixiang.simulation.entries import ScenarioError

LOOKED_AT_DAYS = 14  # by which the worst are chosen: so short a look back makes chance a large part of what is seen
# What moves waits or scores of an outlet by itself: no outlet under one of these is chosen as one of the worst.
MOVING_SCORES = frozenset({"understaffed", "pleased_only", "tier_mix", "stressed_team", "pilot"})


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An effect of the scenario that cannot happen in this history, and why."""

    effect: Effect
    chinese: str
    english: str


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two effects that hold in the same outlets on the same days."""

    one: Effect
    other: Effect
    outlets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planting:
    """The effects with their places resolved: `effects[n]` holds at `outlets[n]` (empty: not a matter of place).

    Where two of a kind meet in one outlet on one day, the larger one holds. `crowded` are effects whose places had to
    be drawn from outlets that others already have.
    """

    effects: tuple[Effect, ...]
    outlets: tuple[NDArray[np.int64], ...]
    left_out: tuple[LeftOut, ...] = ()
    crowded: tuple[Effect, ...] = field(default=())

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

    def never_the_worst(self, chosen: Effect) -> NDArray[np.int64]:
        """Outlets where another effect moves the scores while this pilot looks back or runs: that is no chance."""
        span = replace(chosen, start=chosen.start - timedelta(LOOKED_AT_DAYS))
        moved = [
            places
            for effect, places in zip(self.effects, self.outlets, strict=True)
            if effect.kind in MOVING_SCORES and effect.meets(span)
        ]
        return np.unique(np.concatenate([np.array([], dtype=np.int64), *moved]))

    def overlaps(self, codes: Sequence[str], chosen: Mapping[str, Sequence[str]]) -> Iterator[Overlap]:
        """Which effects meet in which outlets? `codes` are those of all outlets, `chosen` the worst, by pilot."""
        placed = [
            (effect, chosen.get(effect.pilot, ()) if effect.kind == "worst_chosen" else [codes[n] for n in outlets])
            for effect, outlets in zip(self.effects, self.outlets, strict=True)
        ]
        for (one, here), (other, there) in combinations(placed, 2):
            both = sorted(set(here) & set(there))
            if both and one.meets(other):
                yield Overlap(one, other, tuple(both))


def plant(bank: Bank) -> Planting:
    """Draw the places that the scenario leaves open. Raises ScenarioError for a unit that is not there.

    Places are drawn apart from each other, so that no two effects meet in one outlet while there are outlets left. They
    are drawn for effects that are switched off too: switching one off leaves all others where they were. What finds no
    day in the history or no outlet to itself is a mistake in one's own scenario and raises ScenarioError; in one that
    comes with the product it is left out, or shares outlets, and the planting says so.
    """
    taken: set[int] = set()
    effects, places, left_out, crowded = [], [], [], []
    for number, effect in enumerate(bank.scenario.effects):
        found = _named(bank, effect) if effect.where else _drawn(bank, effect, number, taken)
        found = found[_able(bank, effect)[found]]
        if not effect.enabled:
            taken.update(found.tolist() if KINDS[effect.kind].in_outlets else [])
            continue
        reason = _never(bank, effect, found)
        if reason:
            left_out.append(LeftOut(effect, *reason))
        else:
            if effect.branches and not effect.where and effect.kind != "worst_chosen" and _short(effect, found, taken):
                crowded.append(effect)
            codes = tuple(bank.network.codes[n] for n in found)
            effects.append(replace(effect, where=codes))
            places.append(found)
        taken.update(found.tolist() if KINDS[effect.kind].in_outlets else [])
    planting = Planting(tuple(effects), tuple(places), tuple(left_out), tuple(crowded))
    return _with_room_for_the_worst(bank, planting)


def _named(bank: Bank, effect: Effect) -> NDArray[np.int64]:
    try:
        return bank.network.index(effect.where)
    except ValueError as error:
        known, codes = {unit.code for unit in bank.network.units}, bank.network.codes
        missing = next(code for code in effect.where if code not in known)
        raise ScenarioError(
            effect.told,
            f"where：没有机构 {missing}；网点为 {codes[0]} 至 {codes[-1]}",
            f"where: no unit {missing}; outlets are {codes[0]} to {codes[-1]}",
        ) from error


def _drawn(bank: Bank, effect: Effect, number: int, taken: set[int]) -> NDArray[np.int64]:
    """By chance, and away from other effects as long as there are outlets left."""
    if not effect.branches or effect.kind == "worst_chosen":
        return np.array([], dtype=np.int64)
    dice = bank.dice.of("places", number)
    able = _able(bank, effect)
    order = [n for n in dice.permutation(len(bank.network)).tolist() if able[n]]
    free = [n for n in order if n not in taken] + [n for n in order if n in taken]
    return np.sort(np.array(free[: effect.branches], dtype=np.int64))


def _able(bank: Bank, effect: Effect) -> NDArray[np.bool_]:
    """In which outlets could it change anything? One counter always opens: where there is no other none stays shut."""
    network = bank.network
    return network.ordinary > 1 if effect.kind == "understaffed" else np.ones(len(network), dtype=bool)


def _never(bank: Bank, effect: Effect, found: NDArray[np.int64]) -> tuple[str, str] | None:
    """Why can this effect not happen in this history? None: it can."""
    first, last = bank.scenario.first_day, bank.scenario.until
    days = f"{effect.start}..{effect.end}"
    if effect.start > last or effect.end < first or effect.start > effect.end:
        return (
            f"from..to 为 {days}，不在模拟的 {first}..{last} 之内",
            f"from..to is {days}, outside the simulated {first}..{last}",
        )
    if effect.kind == "worst_chosen" and effect.start < first + timedelta(LOOKED_AT_DAYS):
        return (
            f"from 为 {effect.start}，此前须有 {LOOKED_AT_DAYS} 天可看，模拟从 {first} 开始",
            f"from is {effect.start}: the worst are chosen by the {LOOKED_AT_DAYS} days before, "
            f"and the history begins on {first}",
        )
    if effect.kind == "understaffed" and not len(found):
        return "这些网点只有一个普通窗口，不能再少", "these outlets have one ordinary counter, which is never shut"
    return None


def _short(effect: Effect, found: NDArray[np.int64], taken: set[int]) -> bool:
    """Were there too few outlets for it, or too few that no other effect has?"""
    return len(found) < effect.branches or bool(taken & set(found.tolist()))


def _with_room_for_the_worst(bank: Bank, planting: Planting) -> Planting:
    """Of the worst only those can be chosen in which nothing else moves the scores: are there as many, or any?"""
    left_out, crowded = list(planting.left_out), list(planting.crowded)
    gone = set()
    for effect, _ in planting.of("worst_chosen"):
        room = len(bank.network) - len(planting.never_the_worst(effect))
        if not room:
            gone.add(effect.name)
            left_out.append(
                LeftOut(effect, "每个网点都有别的效应在影响评分", "other effects move the scores of every outlet")
            )
        elif room < effect.branches:
            crowded.append(effect)
    if not bank.scenario.bundled:
        _refuse(bank, left_out, crowded)
    kept = [pair for pair in zip(planting.effects, planting.outlets, strict=True) if pair[0].name not in gone]
    return Planting(
        tuple(effect for effect, _ in kept), tuple(places for _, places in kept), tuple(left_out), tuple(crowded)
    )


def _refuse(bank: Bank, left_out: Sequence[LeftOut], crowded: Sequence[Effect]) -> None:
    if left_out:
        first = left_out[0]
        raise ScenarioError(first.effect.told, first.chinese, first.english)
    if crowded:
        first_of, count = crowded[0], len(bank.network)
        others = [e for e in bank.scenario.effects if e != first_of and KINDS[e.kind].in_outlets]
        zh, en = (mark.join(other.name for other in others) for mark in ("、", ", "))
        raise ScenarioError(
            first_of.told,
            f"branches = {first_of.branches}：全行 {count} 个网点，不够各效应各占一处"
            + (f"（还有 {zh}，停用的也占位）" if others else ""),
            f"branches = {first_of.branches}: the bank's {count} outlets are too few for each effect to have its own"
            + (f" (there are {en} as well, switched off or not)" if others else ""),
        )


def warnings(planting: Planting) -> Iterator[str]:
    """What is not as the scenario has it, in sentences for whoever runs it."""
    for one in planting.left_out:
        yield f"未植入 {one.effect.name}：{one.chinese} / not planted, {one.effect.name}: {one.english}"
    if planting.crowded:
        zh, en = (mark.join(effect.name for effect in planting.crowded) for mark in ("、", ", "))
        yield (
            f"网点不够，这些效应与别的共用网点或少于所写的个数，见 truth.json 的 overlaps：{zh} / too few outlets, "
            f"so that these share some with others or have fewer than they should, see overlaps in truth.json: {en}"
        )
