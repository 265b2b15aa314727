"""Which units does the bank have? A head office, regions, sub-branches, and outlets of four kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.scenario import Scenario

REGIONS = ("滨江", "云岭", "望海", "安澜", "临川", "平陵", "青禾", "江宁东", "越秀南", "北原", "沙洲", "清河")
PLACES = (
    *("中山路", "人民路", "解放路", "东湖", "软件园", "大学城", "古镇", "新城"),
    *("火车站", "市府", "开发区", "体育馆", "滨河", "南门", "北苑", "凤凰"),
    *("龙泉", "锦绣", "和平", "朝阳", "西城", "钟楼", "码头", "科技路"),
)


@dataclass(frozen=True, slots=True)
class BranchKind:
    """What is usual of one kind of outlet."""

    title: str
    share: float  # of all outlets
    demand: float  # visits against the mean
    corporate: int
    opens: int  # minutes after midnight
    closes: int
    weekends: bool
    handling: float  # factor on handling times: customers and tasks differ
    elderly: float  # share of customers of 70 and more


KINDS: Mapping[str, BranchKind] = {
    "flagship": BranchKind("旗舰", 0.08, 2.2, 2, 540, 1020, True, 1.05, 0.12),
    "city": BranchKind("城区", 0.42, 1.1, 1, 540, 1020, True, 1.0, 0.16),
    "community": BranchKind("社区", 0.27, 0.7, 1, 570, 1050, True, 0.93, 0.27),
    "county": BranchKind("县域", 0.23, 0.85, 1, 510, 1020, False, 1.1, 0.24),
}
OUTLETS_A_REGION, OUTLETS_A_SUB_BRANCH = 20, 4
# Visits with a priority number, as a share: the well-off, impaired and soldiers, and of the old those of 80 and more.
PRIORITY_REST, PRIORITY_OF_ELDERLY = 0.06, 0.77
CORPORATE_VISITS, HOURS_A_VISIT, HOURS_OPEN = 0.07, 0.158, 8.0
# Counters of a lane: its load of an even day times the first, and the second in its square roots. The ordinary lane's
# keep the bank's own standard (nine in ten called within 20 minutes) at an outlet of middling pace, paydays included.
PRIORITY_PEAK, PRIORITY_HEADROOM = 1.1, 1.1
ORDINARY_PEAK, ORDINARY_HEADROOM, ROUGHLY = 1.55, 1.15, 0.3


@dataclass(frozen=True, slots=True)
class Unit:
    """One row of the organisation, as the bank's personnel system exports it."""

    code: str
    name: str
    level: str  # 总行, 分行, 支行, 网点
    parent: str
    called: str = ""  # by customers, who know no kinds of outlets


@dataclass(frozen=True, slots=True)
class Network:
    """All units, and of the outlets (index 0..n-1) what decides their service.

    Arrays are one value an outlet: `demand` visits against the mean, `handling` factor on handling times, `ordinary`,
    `priority`, `corporate` counters, `opens` and `closes` in seconds after midnight.
    """

    units: tuple[Unit, ...]
    codes: tuple[str, ...]
    titles: tuple[str, ...]  # of the outlets, as people call them
    kinds: tuple[str, ...]
    demand: NDArray[np.float64]
    handling: NDArray[np.float64]
    ordinary: NDArray[np.int64]
    priority: NDArray[np.int64]
    corporate: NDArray[np.int64]
    opens: NDArray[np.int64]
    closes: NDArray[np.int64]
    weekends: NDArray[np.bool_]
    elderly: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def code_lengths(self) -> tuple[int, int, int]:
        """With how many characters of an outlet's code does its region's end, its sub-branch's, and its own?"""
        own = len(self.codes[0])
        return own - 4, own - 2, own

    def index(self, codes: tuple[str, ...]) -> NDArray[np.int64]:
        """Which outlets are these, or lie below these units? Raises ValueError for a code that is not there."""
        known = {unit.code for unit in self.units}
        if unknown := [code for code in codes if code not in known]:
            raise ValueError(f"no unit {unknown[0]}; outlets are {self.codes[0]} to {self.codes[-1]}")
        return np.array([n for n, code in enumerate(self.codes) if code.startswith(codes)], dtype=np.int64)


def build(scenario: Scenario, dice: np.random.Generator) -> Network:
    """The tree for this many outlets, and each outlet's lot."""
    count = scenario.branches * scenario.scale
    kinds = _kinds(count, dice)
    units, codes = _tree(scenario, kinds)
    demand = dice.lognormal(-0.03, 0.25, count)
    rules = [KINDS[kind] for kind in kinds]
    return Network(
        units=units,
        codes=codes,
        titles=tuple(unit.called for unit in units if unit.level == "网点"),
        kinds=kinds,
        demand=np.array([rule.demand for rule in rules]) * demand,
        handling=np.array([rule.handling for rule in rules]) * dice.lognormal(0.0, 0.08, count),
        ordinary=_ordinary(scenario, rules, demand, dice),
        priority=_priority(scenario, rules, demand),
        corporate=np.array([rule.corporate for rule in rules]),
        opens=np.array([rule.opens for rule in rules]) * 60,
        closes=np.array([rule.closes for rule in rules]) * 60,
        weekends=np.array([rule.weekends for rule in rules]),
        elderly=np.array([rule.elderly for rule in rules]),
    )


def _ordinary(
    scenario: Scenario, rules: list[BranchKind], demand: NDArray[np.float64], dice: np.random.Generator
) -> NDArray[np.int64]:
    """How many ordinary counters? Banks staff to the work they know, but only roughly enough."""
    load = _load(scenario, rules, demand, 1 - _first(rules))
    wanted = ORDINARY_PEAK * load + ORDINARY_HEADROOM * np.sqrt(load) + dice.normal(0, ROUGHLY, len(load))
    return np.maximum(1, np.rint(wanted)).astype(np.int64)


def _priority(scenario: Scenario, rules: list[BranchKind], demand: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many priority counters? Sized to their own demand, so that the lane is quicker than the ordinary one."""
    load = _load(scenario, rules, demand, _first(rules))
    return np.asarray(np.ceil(PRIORITY_PEAK * load + PRIORITY_HEADROOM * np.sqrt(load)).astype(np.int64))


def _first(rules: list[BranchKind]) -> NDArray[np.float64]:
    """The share of visits with a priority number."""
    return np.asarray(PRIORITY_REST + PRIORITY_OF_ELDERLY * np.array([rule.elderly for rule in rules]))


def _load(
    scenario: Scenario, rules: list[BranchKind], demand: NDArray[np.float64], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The work of this share of the visits of people, in counters that are never idle through an even day."""
    visits = scenario.visits_a_day * np.array([rule.demand for rule in rules]) * demand
    return np.asarray(visits * (1 - CORPORATE_VISITS) * share * HOURS_A_VISIT / HOURS_OPEN)


def _kinds(count: int, dice: np.random.Generator) -> tuple[str, ...]:
    """Shares as in KINDS, at least one of each where there are four or more, in a random order."""
    wanted = {name: max(1, round(kind.share * count)) for name, kind in KINDS.items()}
    wanted["city"] += count - sum(wanted.values())  # what rounding leaves over or takes too much
    drawn = [name for name, number in wanted.items() for _ in range(number)]
    return tuple(drawn[n] for n in dice.permutation(count))


def _tree(scenario: Scenario, kinds: tuple[str, ...]) -> tuple[tuple[Unit, ...], tuple[str, ...]]:
    head, regions = scenario.code, -(-len(kinds) // OUTLETS_A_REGION)
    width = max(2, len(str(regions)))  # of a region's number: as wide in all codes, or one would begin like another
    units, codes = [Unit(head, f"{scenario.bank}总行", "总行", "")], []
    for number, kind in enumerate(kinds):
        region, within = divmod(number, OUTLETS_A_REGION)
        sub, outlet = divmod(within, OUTLETS_A_SUB_BRANCH)
        again = region // len(REGIONS)
        place = REGIONS[region % len(REGIONS)] + (str(again + 1) if again else "")
        region_code = f"{head}{region + 1:0{width}d}"
        sub_code = f"{region_code}{sub + 1:02d}"
        if not within:
            units.append(Unit(region_code, f"{scenario.bank}{place}分行", "分行", head))
        code = f"{sub_code}{outlet + 1:02d}"
        title = PLACES[(number * 7 + region) % len(PLACES)]  # no two alike in a region, as 7 and 24 are coprime
        if not outlet:  # a sub-branch bears the name of its first outlet, which people call just so
            units.append(Unit(sub_code, f"{place}{title}支行", "支行", region_code))
        name = f"{place}{title}{KINDS[kind].title}网点"
        units.append(Unit(code, name, "网点", sub_code, f"{place}{title}支行"))
        codes.append(code)
    return tuple(units), tuple(codes)
