"""How many of the answered waited how many seconds? For percentiles with their intervals."""

from __future__ import annotations

from huixiang.lake.questions import stays
from huixiang.lake.questions.hotline import CallSlice
from huixiang.lake.store import Lake


def waits(lake: Lake, slice_: CallSlice) -> tuple[tuple[int, int], ...]:
    """Seconds with how many waited so long, the shortest first."""
    found = stays.counted(lake, "", slice_.queues, slice_.since, slice_.until)
    seconds, counts = found.get("", ({}, {}))[1].get(stays.WAIT, ((), ()))
    return tuple((int(value), int(times)) for value, times in zip(seconds, counts, strict=True))
