"""How long do people wait at the branch, who leaves, and how long does serving take? docs/methods/waiting.md."""

from huixiang.domain.waiting.ranks import Ranks, ranks
from huixiang.domain.waiting.services import printed
from huixiang.domain.waiting.spread import FEW, LIMITS, LOG_STEP, SMALL, STEP, Quantile, Spread, seconds_of
from huixiang.domain.waiting.tickets import LONGEST_NUMBER, LONGEST_SECONDS, Ticket, lane_of, mixed, part

__all__ = [
    "FEW",
    "LIMITS",
    "LOG_STEP",
    "LONGEST_NUMBER",
    "LONGEST_SECONDS",
    "SMALL",
    "STEP",
    "Quantile",
    "Ranks",
    "Spread",
    "Ticket",
    "lane_of",
    "mixed",
    "part",
    "printed",
    "ranks",
    "seconds_of",
]
