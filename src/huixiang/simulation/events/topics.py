"""What do people call about, and who answers it? Each topic with how often, how long, and how soon it is solved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ORDINARY, CARD, SENIOR, COMPLAINTS = 0, 1, 2, 3
LANES = ("ordinary", "card", "senior", "complaints")
LANE_NAMES = ("普通业务", "信用卡", "老年专线", "投诉受理")
SENIOR_FROM = 65  # from this age on a caller is put through to the senior line without a menu
SOLVED_WHEN_BROKEN = 0.6  # factor on what an agent can solve of log-ins while the release is broken
CALLS_A_FAILURE = 12.0  # by how much log-in calls grow: 1 + this × share of failing log-ins


@dataclass(frozen=True, slots=True)
class Topic:
    """One reason to call. `seconds` is the median of its lognormal talk time, `spread` that of the logarithm.

    `solved` is the chance that one call is enough; `caller` says whom it draws: "any", "digital", "card" or "touchy".
    """

    code: str
    name: str
    lane: int
    share: float  # of first calls on a day without anything planted
    seconds: float
    spread: float
    solved: float
    caller: str = "any"


TOPICS = (
    Topic("balance", "余额与流水查询", ORDINARY, 0.20, 81, 0.75, 0.93),
    Topic("loss", "挂失", ORDINARY, 0.06, 149, 0.68, 0.92),
    Topic("card_bill", "信用卡账单", CARD, 0.13, 132, 0.83, 0.85, "card"),
    Topic("card_limit", "信用卡额度与分期", CARD, 0.07, 163, 0.75, 0.80, "card"),
    Topic("login", "手机银行登录", ORDINARY, 0.14, 173, 0.83, 0.74, "digital"),
    Topic("fees", "收费咨询", ORDINARY, 0.08, 145, 0.75, 0.78, "touchy"),
    Topic("loan", "贷款进度", ORDINARY, 0.08, 154, 0.75, 0.70),
    Topic("transfer", "转账未到账", ORDINARY, 0.07, 171, 0.75, 0.75, "digital"),
    Topic("pension", "社保与养老金", ORDINARY, 0.05, 154, 0.75, 0.82),
    Topic("wealth", "理财咨询", ORDINARY, 0.05, 173, 0.83, 0.82),
    Topic("complaint", "投诉", COMPLAINTS, 0.04, 303, 0.90, 0.50, "touchy"),
    Topic("person", "转人工", ORDINARY, 0.03, 51, 0.75, 0.70),
)
CODES = tuple(topic.code for topic in TOPICS)
LOGIN, FEES, COMPLAINT, PERSON = (CODES.index(code) for code in ("login", "fees", "complaint", "person"))


def column(name: str) -> NDArray[np.float32]:
    """One number of every topic, in the order of TOPICS."""
    return np.array([getattr(topic, name) for topic in TOPICS], dtype=np.float32)
