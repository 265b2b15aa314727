"""Is a standard kept? A measured value with its interval against target and tolerance: docs/methods/conformance.md."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from huixiang.domain.standards.catalogue import MEASURES
from huixiang.domain.standards.values import Aim

FEWEST = 10  # observations below which nothing is concluded
FEW = 30  # below which an interval that holds the target proves nothing


class Verdict(StrEnum):
    """How does it stand?"""

    MET = "met"  # 达标
    NEAR = "near"  # 接近
    MISSED = "missed"  # 未达标
    UNPROVEN = "unproven"  # 暂无结论


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of a standard, in its measure's unit, with the 95 % interval; of `n` observations.

    `unit` is the code of an organisation's unit, `period` a day or month as 2026-10-31 or 2026-10; both "": all.
    """

    n: int
    value: float
    low: float
    high: float
    unit: str = ""
    period: str = ""


def judge(aim: Aim, found: Measured) -> Verdict:
    """Compare the interval with the target, in the measure's direction; of fewer than ten nothing is concluded.

    Wholly on the good side: met. Wholly beyond: near within the tolerance, else missed. Where the interval holds the
    target nothing is proven either way: of many observations, and a value within the tolerance, it is near.
    """
    if found.n < FEWEST:
        return Verdict.UNPROVEN
    sign = 1.0 if MEASURES[aim.measure].lower_is_better else -1.0
    best, worst = sorted((sign * (found.low - aim.target), sign * (found.high - aim.target)))
    beyond = sign * (found.value - aim.target)
    is_near = beyond <= aim.tolerance
    if worst <= 0:
        return Verdict.MET
    if best > 0:
        return Verdict.NEAR if is_near else Verdict.MISSED
    return Verdict.NEAR if is_near and found.n >= FEW else Verdict.UNPROVEN
