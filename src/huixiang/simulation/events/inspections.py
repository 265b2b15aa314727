"""How does service look to somebody sent to look? Inspections (检查), mystery visits (神秘人) and those who score them.

What a form says is the outlet's true quality, minus the harshness of the person who filled it in, plus luck. Staff know
an inspector and behave better before one; a mystery visitor sees the plain day. What was poor is looked at again in the
next month, and looks better then by luck alone: regression to the mean, as in every real programme.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.calendar import mainland
from huixiang.simulation.bank import Bank
from huixiang.simulation.bank.services import ORDINARY
from huixiang.simulation.events.visits import Tickets
from huixiang.simulation.planting import Planting

WARMTH, STRAIN, BEFORE_INSPECTORS = 1.4, 0.16, 0.35  # on the scale of the luck of one item, whose spread is 1
FACILITIES, OF_THE_DAY, HARSHNESS = 0.35, 0.15, 0.4  # spreads: of outlets' premises, of days, of inspectors
GOOD, FAIR = 0.0, -1.0  # limits above which an item gets 2 points, or 1
TWO_INSPECTORS = 0.15  # share of routine inspections that two score apart, for calibration
LOOK_AGAIN_BELOW = 0.85  # share of points that brings an inspection in the next month
MONTHS_A_QUARTER = 3
ROUTINE, AGAIN, MYSTERY = 0, 1, 2
OCCASIONS = ("例行检查", "复查", "神秘人")
DOORS_TO_LAST = (1800, 5400)  # seconds after opening and before closing between which an outlet is looked at


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the form, scored 0, 1 or 2. `ease` is how readily it is met, `fault` what is written where not."""

    group: str
    title: str
    fault: tuple[str, ...]
    ease: float = 1.3
    conduct: bool = True  # the staff's conduct, else premises and equipment
    mystery: bool = True  # on the mystery visitor's form as well


ITEMS = (
    Item("仪容仪表", "着装统一、佩戴工牌", ("柜员未佩戴工牌", "着装不统一，一人穿便装"), 1.8),
    Item("仪容仪表", "发型妆容得体", ("发型不符合要求", "佩戴夸张饰物"), 1.9, mystery=False),
    Item("服务用语", "举手招迎", ("叫号后未举手示意", "举手招迎动作敷衍"), 1.1),
    Item("服务用语", "站相迎", ("客户到柜台时未起身", "起身不及时"), 0.9),
    Item("服务用语", "笑相问", ("无微笑、无问候语", "问候声音过小"), 1.0),
    Item("服务用语", "礼貌接", ("单手接递证件", "接递时无敬语"), 1.3),
    Item("服务用语", "及时办", ("办理中途离柜未说明", "办理时与同事闲谈"), 1.5),
    Item("服务用语", "巧营销", ("未结合客户需求推介", "推介生硬，客户已表示不需要"), 0.7),
    Item("服务用语", "提醒递", ("未提醒客户核对并收好物品", "递送凭证未作提示"), 1.2),
    Item("服务用语", "目相送", ("客户离柜无道别", "未目送客户即叫下一号"), 0.8),
    Item("环境6S", "地面台面整洁", ("填单台有废纸", "地面有积水污渍"), 1.5, conduct=False),
    Item("环境6S", "物品定位摆放", ("柜台内私人物品外露", "宣传折页摆放凌乱"), 1.2, conduct=False, mystery=False),
    Item("环境6S", "公示与标识有效", ("利率公示未更新", "营业时间公示缺失"), 1.6, conduct=False),
    Item("大堂管理", "大堂经理在岗", ("大堂无人值守超过五分钟", "大堂经理在柜台内办公"), 1.3),
    Item("大堂管理", "主动迎接分流", ("未询问需求即让客户取号", "未引导可自助办理的客户"), 1.0),
    Item("适老设施", "爱心窗口与老花镜可用", ("老花镜缺失", "爱心窗口未开启"), 1.3, conduct=False),
    Item("适老设施", "无障碍通道畅通", ("坡道被电动车占用", "呼叫按钮无应答"), 1.4, conduct=False),
    Item("排队秩序", "叫号有序", ("有插队未制止", "过号客户处理不当"), 1.4),
    Item("排队秩序", "等候区座位充足", ("等候客户站立，座位不足", "座椅损坏未报修"), 1.2, conduct=False),
    Item("应急管理", "预案与器材有效", ("灭火器压力不足", "应急预案未按期演练"), 1.7, conduct=False, mystery=False),
)


@dataclass(frozen=True, slots=True)
class Forms:
    """One row a form that one person filled in; forms of the same `visit` were filled in apart by two.

    `day` counts from the history's first, `second` from midnight; `inspector` is a place in `inspectors`. `scores` has
    shape (forms, items), -1 where the item is not on the form. `wait_minutes` and `handling_minutes` are whole minutes
    by the mystery visitor's watch, NaN where none was taken. `harshness` is each inspector's truth, its mean 0.
    """

    inspectors: tuple[str, ...]
    harshness: NDArray[np.float64]
    visit: NDArray[np.int32]
    occasion: NDArray[np.int8]
    outlet: NDArray[np.int32]
    day: NDArray[np.int32]
    second: NDArray[np.int32]
    inspector: NDArray[np.int32]
    scores: NDArray[np.int8]
    wait_minutes: NDArray[np.float32]
    handling_minutes: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.visit)

    @property
    def share(self) -> NDArray[np.float64]:
        """Which share of the points that were to be had did each form give?"""
        return _share(self.scores)


def inspections(bank: Bank, planting: Planting) -> Forms:
    """Inspections of every month: each outlet once a quarter by lot, and once more in the month after a poor result."""
    people = max(4, len(bank.network) // 12)
    inspectors, harshness = _inspectors(bank, "JC", people)
    drafts, poor = [], np.array([], dtype=np.int64)
    for month, days, routine in _rounds(bank, "inspections"):
        dice = bank.dice.of("inspections", month)
        again = np.setdiff1d(poor, routine) if len(_workdays(days)) else routine[:0]
        outlet = np.concatenate([routine, again])
        occasion = np.where(np.arange(len(outlet)) < len(routine), ROUTINE, AGAIN)
        second_rater = (occasion == ROUTINE) & (dice.random(len(outlet)) < TWO_INSPECTORS)
        row = np.repeat(np.arange(len(outlet)), 1 + second_rater)
        rater = dice.integers(0, people, len(outlet))[row]
        rater[1:] = np.where(
            row[1:] == row[:-1], (rater[:-1] + dice.integers(1, people, len(row[1:]))) % people, rater[1:]
        )
        shown = conduct(bank, planting, days) + BEFORE_INSPECTORS
        draft = _looked(bank, days, (outlet, row), shown, harshness[rater], dice)
        poor = np.unique(outlet[row][_share(draft[-1]) < LOOK_AGAIN_BELOW])
        drafts.append((row, occasion[row], rater, *draft))
    return _gathered(inspectors, harshness, drafts)


def mystery_visits(bank: Bank, planting: Planting) -> Forms:
    """Mystery visits: each outlet once a quarter, on a day nobody there knows. Their minutes come from `timed`."""
    people = max(6, len(bank.network) // 8)
    inspectors, harshness = _inspectors(bank, "SM", people)
    on_form = np.array([item.mystery for item in ITEMS])
    drafts = []
    for month, days, outlet in _rounds(bank, "mystery"):
        dice, row = bank.dice.of("mystery", month), np.arange(len(outlet))
        rater = dice.integers(0, people, len(outlet))
        *when, scores = _looked(bank, days, (outlet, row), conduct(bank, planting, days), harshness[rater], dice)
        drafts.append((row, np.full(len(row), MYSTERY), rater, *when, np.where(on_form, scores, -1)))
    return _gathered(inspectors, harshness, drafts)


def timed(forms: Forms, tickets: Tickets) -> Forms:
    """How long did the mystery visitors wait, and were they served? From the tickets of their day, as far as these go.

    A visitor fares as the next person served in the ordinary line; after the last one, as the last. Call it with each
    table of tickets: what others have timed already stays.
    """
    line = np.flatnonzero((tickets.lane == ORDINARY) & ~tickets.abandoned)
    house = tickets.outlet[line].astype(np.int64) * 2**20 + tickets.day[line]
    came = (forms.outlet.astype(np.int64) * 2**20 + forms.day)[:, None] * 86_400 + np.array([0, 86_400])
    moments = house * 86_400 + tickets.arrived[line]
    first, after = np.searchsorted(moments, came).T
    found = (after > first) & (forms.occasion == MYSTERY)
    place = np.minimum(np.searchsorted(moments, came[:, 0] + forms.second), after - 1)[found]
    wait, handling = forms.wait_minutes.copy(), forms.handling_minutes.copy()
    wait[found] = np.rint(tickets.waited(line[place]))
    took = (tickets.ended - tickets.called)[line[place]] / 60
    handling[found] = np.maximum(np.rint(took), 1)
    return replace(forms, wait_minutes=wait, handling_minutes=handling)


def conduct(bank: Bank, planting: Planting, days: list[date]) -> NDArray[np.float64]:
    """The true conduct of each outlet's staff, shape (days, outlets): their warmth, less the stress planted on them."""
    there = bank.staff.outlet >= 0
    outlet = bank.staff.outlet[there]
    warmth = np.bincount(outlet, weights=bank.staff.warmth[there]) / np.bincount(outlet)
    strain = planting.sizes("stressed_team", days, np.arange(len(bank.network)))
    return np.asarray(WARMTH * warmth - STRAIN * strain)


def premises(bank: Bank) -> NDArray[np.float64]:
    """The true state of each outlet's rooms and equipment, shape (outlets,)."""
    return bank.dice.of("premises").normal(0.0, FACILITIES, len(bank.network))


def _inspectors(bank: Bank, letters: str, count: int) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    harshness = bank.dice.of("harshness", letters).normal(0.0, HARSHNESS, count)
    # Harshness has no zero of its own: what all inspectors share is how easy the items are.
    return tuple(f"{letters}{number + 1:03d}" for number in range(count)), harshness - harshness.mean()


def _rounds(bank: Bank, name: str) -> Iterator[tuple[str, list[date], NDArray[np.int64]]]:
    """Month by month its days and whose turn it is: a third of the outlets, by lot, another third in the next month.

    Nobody's in a month that has no workday yet, as a last one may: 1 October to 1 October.
    """
    for month, days in bank.scenario.by_month():
        quarter, turn = divmod(days[0].month - 1, MONTHS_A_QUARTER)
        order = bank.dice.of(name, "rounds", days[0].year, quarter).permutation(len(bank.network))
        yield month, days, np.sort(order[turn::MONTHS_A_QUARTER] if len(_workdays(days)) else order[:0])


def _workdays(days: list[date]) -> NDArray[np.int64]:
    """Which of these days are workdays, by their places?"""
    return np.array([n for n, day in enumerate(days) if mainland().is_workday(day)], dtype=np.int64)


def _looked(
    bank: Bank,
    days: list[date],
    visits: tuple[NDArray[np.int64], NDArray[np.int64]],
    shown: NDArray[np.float64],
    harshness: NDArray[np.float64],
    dice: np.random.Generator,
) -> tuple[NDArray[np.int64], ...]:
    """Outlet, day, second and scores of each form. `visits`: the outlets, and the visit of each form.

    `shown` is the conduct that is shown to who comes, shape (days, outlets); `harshness` that of who fills in the form.
    """
    outlet, row = visits
    day = dice.choice(_workdays(days), len(outlet))
    opens, closes = bank.network.opens[outlet] + DOORS_TO_LAST[0], bank.network.closes[outlet] - DOORS_TO_LAST[1]
    second = opens + (dice.random(len(outlet)) * (closes - opens)).astype(np.int64)
    about_staff = np.array([item.conduct for item in ITEMS])
    quality = np.where(about_staff, shown[day, outlet][:, None], premises(bank)[outlet][:, None])
    quality = quality + dice.normal(0.0, OF_THE_DAY, (len(outlet), 1))
    ease = np.array([item.ease for item in ITEMS])
    found = (quality + ease)[row] - harshness[:, None] + dice.normal(0.0, 1.0, (len(row), len(ITEMS)))
    scores = (found > GOOD).astype(np.int64) + (found > FAIR)
    begun = (days[0] - bank.scenario.first_day).days
    return outlet[row], day[row] + begun, second[row], scores


def _gathered(
    inspectors: tuple[str, ...], harshness: NDArray[np.float64], drafts: list[tuple[NDArray[np.int64], ...]]
) -> Forms:
    """The months in one table, visits numbered through and in order of their days."""
    before = np.cumsum([0] + [int(draft[0].max(initial=-1)) + 1 for draft in drafts])
    visit = np.concatenate([draft[0] + more for draft, more in zip(drafts, before.tolist(), strict=False)])
    occasion, rater, outlet, day, second, scores = (
        np.concatenate(part) for part in list(zip(*drafts, strict=True))[1:]
    )
    order = np.lexsort((visit, second, day))
    _, first_seen, which = np.unique(visit[order], return_index=True, return_inverse=True)
    number = np.argsort(np.argsort(first_seen, kind="stable"))[which] + 1
    none = np.full(len(order), np.nan, dtype=np.float32)
    return Forms(
        inspectors, harshness, number.astype(np.int32), occasion[order].astype(np.int8), outlet[order].astype(np.int32),
        day[order].astype(np.int32), second[order].astype(np.int32), rater[order].astype(np.int32),
        scores[order].astype(np.int8), none, none.copy(),
    )  # fmt: skip


def _share(scores: NDArray[np.integer]) -> NDArray[np.float64]:
    """Points given over points to be had; items that are not on the form count for neither."""
    on_form = scores >= 0
    return np.asarray(np.where(on_form, scores, 0).sum(axis=1) / (2 * on_form.sum(axis=1)))
