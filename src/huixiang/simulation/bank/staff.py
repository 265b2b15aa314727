"""Who works there? Tellers, lobby managers, heads and hotline agents, each with true skill, warmth and stress."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation import exact
from huixiang.simulation.bank.units import OUTLETS_A_SUB_BRANCH, Network
from huixiang.simulation.scenario import Scenario

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于"
    "蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
)
GIVEN = (
    "知夏以安清和闻溪望舒景行思远照临若水怀瑾子衿云舟书言明澈允诺一鸣嘉禾念慈星野文博"
    "佳宁语桐浩然欣怡俊杰雨晨梓涵诗雅志远海宁晓东建国秀兰丽华国强玉梅"
)
TELLER, LOBBY, HEAD, AGENT, BACK_OFFICE = "柜员", "大堂经理", "网点负责人", "客服坐席", "审批岗"
SPARE = 0.2  # of the seats of an outlet: so many more people, who rest or learn
ACCOUNT_HOURS, LOAN_HOURS = 0.17, 0.085  # of work a day for each 10 visits: at the account desk, with loans
HOURS_A_DAY, BUSY = 7.5, 0.62
LINE_SHIFTS = 3  # people to a place on the service line: early, late, at rest
OUTLETS_A_PLACE = 45  # on the service line, by video and for complaints each


@dataclass(frozen=True, slots=True)
class Staff:
    """One row a person, index 0..n-1, sorted by outlet; the hotline's agents and the back office come last.

    `outlet` is -1 for those of head office. `skill` is the factor on handling time (1 = middling, lower is quicker),
    `warmth` the points of a 10-point score that this person adds, `stress` on 0..10 before anything is planted.
    """

    numbers: NDArray[np.int64]
    names: tuple[str, ...]
    posts: tuple[str, ...]
    outlet: NDArray[np.int64]
    hired_on: tuple[date, ...]
    skill: NDArray[np.float64]
    warmth: NDArray[np.float64]
    stress: NDArray[np.float64]
    first_teller: NDArray[np.int64]  # of each outlet; its tellers follow one another
    tellers: NDArray[np.int64]  # how many
    seats: NDArray[np.int64]  # at all counters and the account desk
    rotating: NDArray[np.int64]  # the first of its tellers, who take the seats in turn; the rest do loans
    hotline: NDArray[np.int64]  # the agents who answer calls
    line: NDArray[np.int64]  # the other agents, LINE_SHIFTS to a place: by video, and complaints

    def of_post(self, post: str) -> NDArray[np.int64]:
        """Who holds this post?"""
        return np.array([n for n, held in enumerate(self.posts) if held == post], dtype=np.int64)


def hire(scenario: Scenario, network: Network, dice: np.random.Generator) -> Staff:
    """Staff for all seats with one in five to spare, a lobby manager and a head an outlet; and head office."""
    counters = network.ordinary + network.priority + network.corporate
    visits = scenario.visits_a_day * network.demand / 10
    seats = counters + _people(visits * ACCOUNT_HOURS)
    rotating = seats + np.maximum(1, np.ceil(SPARE * seats)).astype(np.int64)
    tellers = rotating + _lenders(visits)
    each = tellers + 2
    outlet = np.repeat(np.arange(len(network)), each)
    posts: list[str] = []
    for number in tellers:
        posts += [TELLER] * int(number) + [LOBBY, HEAD]
    before, hotline = len(posts), max(8, agents_needed(scenario))
    line = 2 * LINE_SHIFTS * -(-len(network) // OUTLETS_A_PLACE)
    central = [AGENT] * (hotline + line) + [BACK_OFFICE] * (10 + round(0.9 * len(network)))
    outlet = np.concatenate([outlet, np.full(len(central), -1)])
    posts += central
    count = len(posts)
    years = dice.gamma(2.0, 3.5, count)
    hired_on = tuple(scenario.first_day - timedelta(days=int(30 + year * 365)) for year in years)
    # Skill grows with experience and levels off; people differ by more than their years do.
    skill = exact.exp(dice.normal(0.0, 0.15, count) + 0.25 * exact.exp(-years / 1.5))
    return Staff(
        numbers=100_001 + np.arange(count),
        names=_names(count, dice),
        posts=tuple(posts),
        outlet=outlet,
        hired_on=hired_on,
        skill=skill,
        warmth=dice.normal(0.0, 0.5, count),
        stress=np.clip(dice.normal(4.0, 1.2, count), 0, 10),
        first_teller=np.concatenate([[0], np.cumsum(each)[:-1]]),
        tellers=tellers,
        seats=seats,
        rotating=rotating,
        hotline=before + np.arange(hotline),
        line=before + hotline + np.arange(line),
    )


def _people(hours: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many people does so much work a day ask for? One at least."""
    return np.maximum(1, np.ceil(hours / (HOURS_A_DAY * BUSY))).astype(np.int64)


def _lenders(visits: NDArray[np.float64]) -> NDArray[np.int64]:
    """Who does nothing but loans: at the first outlet of each sub-branch, for all of them."""
    first = np.arange(0, len(visits), OUTLETS_A_SUB_BRANCH)
    found = np.zeros(len(visits), dtype=np.int64)
    found[first] = _people(np.add.reduceat(visits, first) * LOAN_HOURS)
    return found


def agents_needed(scenario: Scenario) -> int:
    """How many hotline agents are there? Load in erlangs (5 minutes a call over 10 busy hours), shifts, spare."""
    calls = scenario.calls_a_day * scenario.branches * scenario.scale
    return round(calls * 5 / 600 * 1.15 * 1.9) + 7


def _names(count: int, dice: np.random.Generator) -> tuple[str, ...]:
    surnames = dice.integers(0, len(SURNAMES), count)
    first, second = dice.integers(0, len(GIVEN), (2, count))
    short = dice.random(count) < 0.2
    return tuple(
        SURNAMES[a] + GIVEN[b] + ("" if brief else GIVEN[c])
        for a, b, c, brief in zip(surnames, first, second, short, strict=True)
    )
