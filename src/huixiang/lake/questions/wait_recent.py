"""How long were the waits of each branch's last week, and of its last four? Final once a night, for pages to look up.

A percentile does not add up over days: so it is taken of all tickets of these days, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from huixiang.domain.waiting import Quantile
from huixiang.lake.questions.wait_counting import coded, percentiles
from huixiang.lake.questions.wait_days import LINES, LOST_HERE, TABLE, asked
from huixiang.lake.rolled import Record, rows_of_branch, told_by
from huixiang.lake.store import Lake

WINDOWS = (7, 28)  # days
NAME, FORM = "recent", "recent waits 1"


@dataclass(frozen=True, slots=True)
class Recent:
    """A branch's last days up to `until`: how long 95 of 100 waited at most, in seconds, by the number of days."""

    until: date
    p95: dict[int, Quantile]


def count_recent(lake: Lake) -> None:
    """Take the percentiles of the newest four weeks, unless they were taken of the same files before."""
    _view, days = lake.days_of_view(TABLE)
    if not days:
        return
    last = max(days)
    first = last - timedelta(days=max(WINDOWS) - 1)
    wanted = {day.isoformat(): told_by(files) for day, files in days.items() if day >= first}
    record = Record(FORM, wanted)
    known = lake.rolled.record(TABLE, NAME)
    if known is None or (known.form, known.days, NAME in known.files) != (FORM, wanted, True):
        rows = pa.concat_tables([_counted(lake, last, window) for window in WINDOWS])
        with lake.rolled.alone(TABLE, NAME):
            lake.rolled.put(TABLE, NAME, record, {NAME: rows.sort_by("branch")})
            if not all(Path(file).exists() for day in record.days for file in days[date.fromisoformat(day)]):
                lake.rolled.remove(TABLE, NAME)  # erased while it was counted


def recent(lake: Lake, branch: str) -> Recent | None:
    """As the last count took it; None where nothing is final, or the branch had nobody."""
    record = lake.rolled.record(TABLE, NAME)
    if record is None or record.form != FORM or NAME not in record.files:
        return None
    try:
        rows = rows_of_branch(lake.rolled.path(TABLE, NAME, record.files[NAME]), branch).to_pylist()
    except LOST_HERE:  # just counted anew
        return None
    told = {
        row["days"]: Quantile(row["wait_p95"], row["wait_p95_low"], row["wait_p95_high"], row["called"]) for row in rows
    }
    return Recent(date.fromisoformat(max(record.days)), told) if told else None


def _counted(lake: Lake, last: date, window: int) -> pa.Table:
    first = last - timedelta(days=window - 1)
    where = f"day BETWEEN DATE '{first}' AND DATE '{last}' AND NOT \"left\" AND wait_seconds IS NOT NULL"
    told_of = "SELECT branch, wait_seconds FROM {cells} WHERE "
    rows = asked(lake, first, last, LINES, told_of + where)
    group, names = coded(rows["branch"])
    found = percentiles("wait", group, np.asarray(rows["wait_seconds"]).astype(np.int64), len(names))
    called = np.bincount(group, minlength=len(names))
    told = {"branch": names, "days": [window] * len(names), "called": pa.array(called)}
    return pa.table(told | found).filter(pa.array(called > 0))
