"""What is done on the screens, where do people stop, what fails, and what was out of order? From the counts of days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow.compute as pc

from huixiang.domain.digital.funnels import FaultCount, StepCount, Uses
from huixiang.domain.waiting import LOG_STEP, Spread
from huixiang.lake.questions.screen_days import ALL, FAULTS, HOURS, STEPS, USES
from huixiang.lake.questions.screens import click_span, within
from huixiang.lake.questions.slices import once_a_version_of
from huixiang.lake.store import Lake

_USES = tuple(each.name for each in fields(Uses))


@dataclass(frozen=True, slots=True)
class HourCount:
    """Tries within one hour of one day."""

    day: date
    hour: int
    tries: int
    failed: int


@dataclass(frozen=True, slots=True)
class DowntimeRow:
    """One incident as a list shows it; columns of schema.DOWNTIMES."""

    kind: str
    name: str
    branch: str | None
    began_at: datetime
    ended_at: datetime | None
    planned: bool
    share: float | None
    reason: str
    number: str


@once_a_version_of("clicks")
def uses(lake: Lake, first: date, last: date, by: str) -> dict[tuple[str, date], Uses]:
    """By the value of a column ("service", "channel", "hour"; "" for all) and day.

    Only on the newest day of all may a session go on; on others the last half hour is as over as the rest.
    """
    newest, found = _newest(lake), dict[tuple[str, date], Uses]()
    rows = USES.rows(lake, first, last)
    keys = rows["day"].to_pylist(), (rows[by].to_pylist() if by else [""] * rows.num_rows)
    numbers = zip(*(rows[name].to_pylist() for name in _USES), strict=True)
    for day, key, values in zip(*keys, numbers, strict=True):
        use = Uses(*values)
        if day != newest:
            use = Uses(*(0 if name == "open" else value for name, value in zip(_USES, values, strict=True)))
        told = f"{key}", day
        found[told] = found.get(told, Uses()) + use
    return found


@once_a_version_of("clicks")
def steps(lake: Lake, first: date, last: date) -> dict[str, list[StepCount]]:
    """The steps of each errand."""
    newest, sums = _newest(lake), dict[tuple[str, str], list[int]]()
    for row in STEPS.rows(lake, first, last).to_pylist():
        stopped, going = (row["stopped"], row["open"]) if row["day"] == newest else (row["stopped"] + row["open"], 0)
        told = [row["places"], row["reached"], row["passed"], stopped, going, row["tries"], row["failed"]]
        key = row["service"], row["step"]
        sums[key] = [one + other for one, other in zip(sums.get(key, [0] * len(told)), told, strict=True)]
    found: dict[str, list[StepCount]] = {}
    for (service, step), (places, reached, *rest) in sorted(sums.items()):
        found.setdefault(service, []).append(StepCount(service, step, places / reached, reached, *rest))
    return found


@once_a_version_of("clicks")
def faults(lake: Lake, first: date, last: date) -> tuple[FaultCount, ...]:
    """Tries by day, channel, version, step and error."""
    return tuple(FaultCount(**row) for row in FAULTS.rows(lake, first, last).to_pylist())


@once_a_version_of("clicks")
def hours(lake: Lake, first: date, last: date) -> tuple[HourCount, ...]:
    return tuple(HourCount(**row) for row in HOURS.rows(lake, first, last).to_pylist())


def daily_tries(lake: Lake, first: date, last: date) -> list[tuple[date, int, int]]:
    """Of each day: tries, and how many of them failed."""
    rows = HOURS.rows(lake, first, last).group_by("day").aggregate([("tries", "sum"), ("failed", "sum")])
    return sorted(zip(*(rows[name].to_pylist() for name in ("day", "tries_sum", "failed_sum")), strict=True))


@once_a_version_of("downtimes")
def downtimes(lake: Lake, kind: str) -> tuple[DowntimeRow, ...]:
    """All incidents of systems, or of machines, the latest first. There are few."""
    names = [each.name for each in fields(DowntimeRow)]
    told = ", ".join(f't."{name}"' for name in names)
    sql = f'SELECT {told} FROM "{lake.view("downtimes")}" AS t ORDER BY t.began_at DESC, t.id'
    rows = lake.fetch(sql)
    return tuple(DowntimeRow(**_aware(row)) for row in rows.filter(pc.equal(rows["kind"], kind)).to_pylist())


@once_a_version_of("clicks")
def answer_times(lake: Lake, first: date, last: date) -> Spread:
    """Until the screen answered a try that succeeded: milliseconds in place of a Spread's seconds, by its steps."""
    rows = lake.fetch(f"""
        SELECT CAST(floor(ln(1 + t.milliseconds) / {LOG_STEP!r}) AS INTEGER) AS step, count(*) AS n
        FROM "{lake.view("clicks")}" AS t
        WHERE {within("used_on", first, last)} AND t.ok AND t.milliseconds IS NOT NULL GROUP BY 1
    """)
    counts = np.asarray(rows["n"])
    nobody = np.zeros(len(counts), np.int64)
    return Spread.of(np.asarray(rows["step"]), nobody.astype(np.bool_), counts, nobody)


def count_screens(lake: Lake, first: date, last: date, waiting: Callable[[], None] = lambda: None) -> None:
    """What pages will ask, of days that were not counted yet."""
    for each in ALL:
        waiting()
        each.rows(lake, first, last)


def _newest(lake: Lake) -> date:
    found = click_span(lake)
    return found[1] if found else date.min


def _aware(row: dict[str, Any]) -> dict[str, Any]:
    moments = {name: row[name].replace(tzinfo=UTC) for name in ("began_at", "ended_at") if row[name]}
    return row | moments
