"""When is it? Days of the history and seconds of a day, as numpy moments and as the texts that files hold."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import numpy as np
from numpy.typing import NDArray

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
DAY = 86_400


def moments(first_day: date, day: NDArray[np.integer], second: NDArray[np.integer]) -> NDArray[np.datetime64]:
    """Local moments of `day` (counted from the history's first) and `second` after midnight, to the second."""
    return np.datetime64(first_day, "s") + (day.astype(np.int64) * DAY + second).astype("timedelta64[s]")


def written(moment: NDArray[np.datetime64]) -> list[str]:
    """As Chinese systems write them: 2026-01-31 09:05:07."""
    return [text.replace("T", " ") for text in np.datetime_as_string(moment, unit="s").tolist()]


def aware(first_day: date, day: int, second: int) -> datetime:
    """One local moment with its offset from UTC."""
    return datetime(first_day.year, first_day.month, first_day.day, tzinfo=CHINA) + timedelta(days=day, seconds=second)
