"""Who must know of a clock that runs out? Reckoned from how much of it has run; never stored."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from huixiang.domain.complaints.clocks import Reading


class Level(StrEnum):
    """Up the tree: who has the case, his unit, those above it, the whole bank."""

    HANDLER = "handler"
    UNIT = "unit"
    SUPERIOR = "superior"
    HEAD_OFFICE = "head_office"


Thresholds = Mapping[Level, int]  # per cent of a clock at which the level is told; one that is missing is not
MOST_PERCENT = 300


def read_thresholds(text: str) -> Thresholds:
    """50,80,100,120: handler, unit, superior units, head office. Raises ValueError that says what to write."""
    parts = [part.strip() for part in text.replace("，", ",").split(",")]
    if len(parts) != len(Level) or not all(part.isdecimal() and int(part) <= MOST_PERCENT for part in parts):
        raise ValueError(f"{text!r} must be four whole numbers up to {MOST_PERCENT}, such as 50,80,100,100")
    found = [int(part) for part in parts]
    if found != sorted(found):
        raise ValueError(f"{text!r}: whoever is higher up is not told earlier")
    return dict(zip(Level, found, strict=True))


def percent(reading: Reading) -> int:
    """How much of the limit has run, rounded down; on its last day it is the whole."""
    return int(reading.elapsed * 100 / reading.amount) if reading.amount else 100


def reached(used: int, thresholds: Thresholds) -> Level | None:
    """How far up has it come? None where nobody need be told yet."""
    return max(
        (level for level in Level if level in thresholds and used >= thresholds[level]),
        key=list(Level).index,
        default=None,
    )
