"""What can be planted? Each kind of effect with what its size means; everything else about the bank is plain chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of effect: what it does, where it can be, and what `size` measures."""

    title: str
    place: str  # "branches", "process", "bank", "course"
    size: str  # what the number means
    least: float
    most: float
    needs: tuple[str, ...] = ()  # further keys an effect of this kind must give


KINDS: Mapping[str, Kind] = {
    "bottleneck": Kind("瓶颈环节", "process", "factor on the step's handling time", 1.0, 10.0, ("process", "step")),
    "needless_check": Kind(
        "多余的复核", "process", "share of cases sent through a second check that always passes", 0.0, 1.0, ("process",)
    ),
    "batching": Kind("攒批处理", "process", "hours between two batches of the step", 0.5, 72.0, ("process", "step")),
    "understaffed": Kind(
        "时段人手不足", "branches", "share of the ordinary counters that stay shut", 0.0, 0.95, ("hours",)
    ),
    "broken_release": Kind("版本故障", "bank", "share of log-ins that fail under this version", 0.0, 1.0, ("version",)),
    "fee_change": Kind("收费调整", "bank", "factor on the rate of complaints and voices about fees", 1.0, 50.0),
    "pleased_only": Kind("只请满意客户评价", "branches", "share of the not pleased who are never asked", 0.0, 1.0),
    "off_register": Kind("投诉不入册", "branches", "share of complaints kept off the register", 0.0, 1.0),
    "recoding": Kind(
        "临期改码", "branches", "share of late complaints recoded as enquiries on their last day", 0.0, 1.0
    ),
    "tier_mix": Kind("客户结构变化", "branches", "share of visits moved from ordinary to priority customers", 0.0, 0.9),
    "worst_chosen": Kind("挑选最差网点试点（均值回归）", "branches", "0: the pilot does nothing", 0.0, 0.0, ("pilot",)),
    "pilot": Kind("试点", "branches", "share taken off handling times; 0: without effect", 0.0, 0.6, ("pilot",)),
    "course": Kind(
        "培训课程", "course", "share by which handling gets quicker after it; 0: no effect", 0.0, 0.5, ("course",)
    ),
    "stressed_team": Kind("高压团队", "branches", "points (of 10) by which stress is raised", 0.0, 6.0),
    "step_lowers_scores": Kind(
        "拉低评分的环节", "process", "points (of 10) a slow step takes from the score", 0.0, 5.0, ("process", "step")
    ),
}


@dataclass(frozen=True, slots=True)
class Effect:
    """One planted effect: what, where, from when to when, how large.

    `where` are unit codes; left empty, `branches` of them are drawn by chance (or by the kind's own rule) when the
    bank is made. `start` and `end` are the first and the last day it holds.
    """

    kind: str
    name: str
    start: date
    end: date
    size: float
    where: tuple[str, ...] = ()
    branches: int = 0
    process: str = ""
    step: str = ""
    version: str = ""
    course: str = ""
    pilot: str = ""
    hours: tuple[int, int] = (0, 24)
    enabled: bool = True

    def holds(self, day: date) -> bool:
        """Is it in force on this day?"""
        return self.start <= day <= self.end
