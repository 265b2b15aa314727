"""How are the staff, in their own words and without their names? Five questions each month, and who answers them.

No answer holds a person, not even here: what is never written down cannot leak. Those under strain answer less, so that
a stressed team shows in its answers less than it should, and in its response rate as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation import exact
from huixiang.simulation.bank import Bank
from huixiang.simulation.demand import SEASON
from huixiang.simulation.planting import Planting

QUESTIONS = (
    "工作量合适",
    "得到支持",
    "职责清楚",
    "能够恢复精力",
    "愿意留在岗位",
)  # 1 not at all .. 5 fully: high is good
LOADINGS = np.array([0.42, 0.26, 0.18, 0.38, 0.30])  # points lost for each point of stress
LEVELS = np.array([3.4, 3.7, 4.0, 3.5, 3.8])  # what somebody of middling stress answers
MIDDLING = 4.0  # of stress on 0..10
LOAD_STRESS, SEASON_STRESS, MOOD = 0.8, 4.0, 0.25  # points: a doubled load adds .55; spread of a team's month
RESPONSE, RESPONSE_LOST, RESPONSE_RANGE = 0.72, 0.035, (0.35, 0.9)  # of a middling person; for each point of stress
WRITES = 0.03  # share of answers with a line of their own
LOW, HIGH = 2.6, 3.9  # mean answers below and above which a line complains or praises
LINES = (
    ("中午轮不上吃饭，希望错峰排班。", "人手太紧，请一天假都要提前两周。", "系统一慢，客户的火都冲着柜台来。",
     "连着几周周末加班，缓不过来。", "任务压得太多，服务反而顾不上。", "被客户骂了以后没有人问一句。",
     "早会晚会都不短，能不能合并？"),
    ("希望多一些业务培训，少一些填表。", "叫号机常卡纸，报修要等很久。", "排班表能提前一周发就好了。",
     "新产品资料发得晚，客户先知道了。", "建议老客户多的日子加开一个窗口。", "后台审批回得慢，客户在柜台等。"),
    ("班组氛围不错，有事大家搭把手。", "网点领导肯听意见，做事有劲。", "上次的情绪管理课有用。",
     "新排班以后能按时下班了，感谢。", "客户送来表扬信，很受鼓舞。", "师傅带得耐心，上手快。"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pulses:
    """One row an answer, months in order, within a month in an order drawn by lot.

    `month` is a place in `months`; `team` the outlet's index, or the number of outlets for those of head office.
    `answers` has shape (rows, 5) with 1..5; `line` is a text of the person's own, mostly empty. `asked` counts by month
    and team who was asked. `stress` is the truth: the team's mean in that month on 0..10, of the silent ones too.
    """

    months: tuple[str, ...]
    month: NDArray[np.int32]
    team: NDArray[np.int32]
    answers: NDArray[np.int8]
    line: tuple[str, ...]
    asked: NDArray[np.int64]
    stress: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.month)


def pulses(bank: Bank, planting: Planting) -> Pulses:
    """Ask all staff in every month. Answers follow true stress, what is planted on it, and load."""
    staff, teams = bank.staff, len(bank.network) + 1
    team = np.where(staff.outlet < 0, teams - 1, staff.outlet)
    asked = np.bincount(team, minlength=teams)
    names, parts, stresses = [], [], []
    for number, (month, days) in enumerate(bank.scenario.by_month()):
        dice = bank.dice.of("pulses", month)
        added = np.zeros(teams)
        added[:-1] = planting.sizes("stressed_team", days, np.arange(teams - 1)).mean(axis=0) + _load(bank)
        added += SEASON_STRESS * (SEASON[days[0].month - 1] - 1) + dice.normal(0.0, MOOD, teams)
        stress = np.clip(staff.stress + added[team], 0, 10)
        chance = np.clip(RESPONSE - RESPONSE_LOST * (stress - MIDDLING), *RESPONSE_RANGE)
        person = dice.permutation(np.flatnonzero(dice.random(len(team)) < chance))
        answers = _answered(stress[person], dice)
        parts.append((np.full(len(person), number), team[person], answers, _lines(answers, dice)))
        stresses.append(np.bincount(team, weights=stress, minlength=teams) / np.maximum(asked, 1))
        names.append(month)
    return Pulses(
        months=tuple(names),
        month=np.concatenate([part[0] for part in parts]).astype(np.int32),
        team=np.concatenate([part[1] for part in parts]).astype(np.int32),
        answers=np.concatenate([part[2] for part in parts]),
        line=tuple(line for part in parts for line in part[3]),
        asked=np.tile(asked, (len(names), 1)),
        stress=np.stack(stresses),
    )


def _load(bank: Bank) -> NDArray[np.float64]:
    """Points of stress by outlet from visits for each teller, against the middling outlet."""
    load = bank.network.demand * bank.network.handling / bank.staff.tellers
    return np.asarray(LOAD_STRESS * exact.log(load / np.median(load)))


def _answered(stress: NDArray[np.float64], dice: np.random.Generator) -> NDArray[np.int8]:
    """Five answers each: the person's own style shifts all of them together."""
    style = dice.normal(0.0, 0.3, (len(stress), 1))
    meant = LEVELS - LOADINGS * (stress[:, None] - MIDDLING) + style + dice.normal(0.0, 0.6, (len(stress), len(LEVELS)))
    return np.clip(np.rint(meant), 1, 5).astype(np.int8)


def _lines(answers: NDArray[np.int8], dice: np.random.Generator) -> list[str]:
    """A line of their own from a few: a complaint from those who answered low, praise from those who answered high."""
    mood = np.searchsorted([LOW, HIGH], answers.mean(axis=1))
    writes, which = dice.random(len(answers)) < WRITES, dice.integers(0, 2**31, len(answers))
    return [
        LINES[m][n % len(LINES[m])] if wrote else ""
        for m, n, wrote in zip(mood.tolist(), which.tolist(), writes.tolist(), strict=True)
    ]
