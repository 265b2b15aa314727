"""What can be planted? Each kind of effect, what its size means and what it must and may say; all else is chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of effect: what it does, what `size` measures, and which keys an effect of this kind has.

    Every effect has COMMON. A key outside `needs` and `may` is refused: it would change nothing, and the truth would
    still name it.
    """

    title: str
    size: tuple[str, str]  # what the number means, in Chinese and English
    least: float
    most: float
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    in_outlets: bool = False  # needs `where` or `branches`

    @property
    def keys(self) -> tuple[str, ...]:
        """All that may stand in such an effect, in the order in which one would write it."""
        places = tuple(key for key in ("where", "branches") if self.in_outlets and key not in self.needs + self.may)
        return ("kind", "name", *self.needs, *places, *self.may, "from", "to", "size", "enabled")


COMMON = ("name", "from", "to", "size")
STEP = ("process", "step")

KINDS: Mapping[str, Kind] = {
    "bottleneck": Kind("瓶颈环节", ("该环节办理时长的倍数", "factor on the step's handling time"), 1.0, 10.0, STEP),
    "needless_check": Kind(
        "多余的复核",
        ("多走一道总能通过的复核的业务占比", "share of cases sent through a second check that always passes"),
        *(0.0, 1.0, ("process",)),
    ),
    "batching": Kind("攒批处理", ("两批之间的小时数", "hours between two batches of the step"), 0.5, 72.0, STEP),
    "understaffed": Kind(
        "时段人手不足",
        ("不开的普通窗口占比", "share of the ordinary counters that stay shut"),
        *(0.0, 0.95, ("hours",)),
        in_outlets=True,
    ),
    "broken_release": Kind(
        "版本故障", ("该版本登录失败的占比", "share of log-ins that fail under this version"), 0.0, 1.0, ("version",)
    ),
    "fee_change": Kind(
        "收费调整", ("收费类投诉与声音的倍数", "factor on the rate of complaints and voices about fees"), 1.0, 50.0
    ),
    "pleased_only": Kind(
        "只请满意客户评价",
        ("不满意者中从不被邀请的占比", "share of the not pleased who are never asked"),
        *(0.0, 1.0),
        in_outlets=True,
    ),
    "off_register": Kind(
        "投诉不入册", ("不入册的投诉占比", "share of complaints kept off the register"), 0.0, 1.0, in_outlets=True
    ),
    "recoding": Kind(
        "临期改码",
        (
            "超期投诉在答复目标前最后几个工作小时改成咨询的占比",
            "share of late complaints recoded as enquiries in the last working hours before the target",
        ),
        *(0.0, 1.0),
        in_outlets=True,
    ),
    "tier_mix": Kind(
        "客户结构变化",
        ("从普通客户换成优先客户的到访占比", "share of visits moved from ordinary to priority customers"),
        *(0.0, 0.9),
        in_outlets=True,
    ),
    "worst_chosen": Kind(
        "挑选最差网点试点（均值回归）",
        ("0：试点毫无作用", "0: the pilot does nothing"),
        *(0.0, 0.0, ("pilot", "branches"), ("title",)),
    ),
    "pilot": Kind(
        "试点",
        ("办理时长缩短的占比；0：没有作用", "share taken off handling times; 0: without effect"),
        *(0.0, 0.6, ("pilot",), ("title",)),
        in_outlets=True,
    ),
    "course": Kind(
        "培训课程",
        ("参加后办理加快的占比；0：没有作用", "share by which handling gets quicker after it; 0: no effect"),
        *(0.0, 0.5, ("course",), ("title", "where", "branches")),
    ),
    "stressed_team": Kind(
        "高压团队", ("压力升高的分数（满分 10）", "points (of 10) by which stress is raised"), 0.0, 6.0, in_outlets=True
    ),
    "step_lowers_scores": Kind(
        "拉低评分的环节",
        ("环节慢时扣去的分数（满分 10）", "points (of 10) a slow step takes from the score"),
        *(0.0, 5.0, STEP),
    ),
}


@dataclass(frozen=True, slots=True)
class Effect:
    """One planted effect: what, where, from when to when, how large.

    `where` are unit codes; left empty, `branches` of them are drawn by chance (or by the kind's own rule) when the
    bank is made. `start` and `end` are the first and the last day it holds. `name` says what is true, for truth.json
    alone; `title` is what the bank's own systems call a pilot or a course.
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
    title: str = ""
    # Where it stands, for messages; and its dates as written there where they are counted from the history's last day.
    source: str = field(default="", compare=False)
    begins: str = field(default="", compare=False)
    ends: str = field(default="", compare=False)

    def holds(self, day: date) -> bool:
        """Is it in force on this day?"""
        return self.start <= day <= self.end

    def meets(self, other: Effect) -> bool:
        """Is there a day on which both hold?"""
        return max(self.start, other.start) <= min(self.end, other.end)

    @property
    def shown(self) -> str:
        """What an export calls a pilot or a course: never the name, which tells what is true of it."""
        return self.title or (f"试点 {self.pilot}" if self.pilot else f"培训 {self.course}")

    @property
    def told(self) -> str:
        """Which one is meant, in messages: its file, its number there and its name."""
        return self.source or f"[[effect]]（{self.name}）"
