"""What is counted of each day on the screens, once? Sessions, steps and errors; sums that add up over days.

A session that goes on past midnight counts on both days, as a session of its own each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa

from huixiang.domain.digital.funnels import OPEN_MINUTES
from huixiang.lake.questions.by_day import Days
from huixiang.lake.schema import PARTITION
from huixiang.lake.store import Lake

OPEN = f"INTERVAL {OPEN_MINUTES} MINUTE"
_NUMBERS = ("sessions", "done", "open", "errored", "tries", "failed", "done_tries")
_SUMS = ("done_tries_squares", "done_seconds", "done_seconds_squares")


def _sessions(view: str, days: Sequence[date]) -> str:
    """One row a session and errand of a day. `open`: not done, and near to the last click of the day."""
    return f"""
        SELECT *, NOT done AND last_at > max(last_at) OVER (PARTITION BY day) - {OPEN} AS open FROM (
            SELECT t.used_on AS day, t.session AS session, t.service AS service, any_value(t.channel) AS channel,
                min(t.hour) AS hour, bool_or(t.done) AS done, count(*) AS tries,
                count(*) FILTER (NOT t.ok) AS failed, max(t.used_at) AS last_at,
                epoch(max(t.used_at)) - epoch(min(t.used_at)) AS seconds
            FROM "{view}" AS t WHERE {_of(days)} GROUP BY t.used_on, t.session, t.service)
    """


def _uses(lake: Lake, view: str, days: Sequence[date]) -> pa.Table:
    """Each hour, by the moment at which sessions begin, of each channel and errand."""
    return lake.fetch(f"""
        SELECT day, hour, channel, service, count(*) AS sessions, count(*) FILTER (done) AS done,
            count(*) FILTER (open) AS open, count(*) FILTER (failed > 0) AS errored, sum(tries) AS tries,
            sum(failed) AS failed, coalesce(sum(tries) FILTER (done), 0) AS done_tries,
            coalesce(sum(tries * tries) FILTER (done), 0) AS done_tries_squares,
            coalesce(sum(seconds) FILTER (done), 0) AS done_seconds,
            coalesce(sum(seconds * seconds) FILTER (done), 0) AS done_seconds_squares
        FROM ({_sessions(view, days)}) GROUP BY ALL ORDER BY day, hour, channel, service
    """)


def _steps(lake: Lake, view: str, days: Sequence[date]) -> pa.Table:
    """Each errand's step: who came to it, passed it, and went no further."""
    return lake.fetch(f"""
        WITH whole AS ({_sessions(view, days)}),
        step AS (
            SELECT t.used_on AS day, t.session AS session, t.service AS service, t.step AS step,
                min(t.used_at) AS first_at, min(t.import_row) AS first_row, bool_or(t.ok) AS passed,
                count(*) AS tries, count(*) FILTER (NOT t.ok) AS failed
            FROM "{view}" AS t WHERE {_of(days)} AND t.step <> '' GROUP BY ALL),
        placed AS (
            SELECT *, row_number() OVER w AS place, count(*) OVER (PARTITION BY day, session, service) AS steps
            FROM step WINDOW w AS (PARTITION BY day, session, service ORDER BY first_at, first_row))
        SELECT day, service, step, CAST(sum(place) AS BIGINT) AS places, count(*) AS reached,
            count(*) FILTER (passed) AS passed,
            count(*) FILTER (place = steps AND NOT whole.done AND NOT whole.open) AS stopped,
            count(*) FILTER (place = steps AND whole.open) AS open,
            CAST(sum(placed.tries) AS BIGINT) AS tries, CAST(sum(placed.failed) AS BIGINT) AS failed
        FROM placed JOIN whole USING (day, session, service) GROUP BY ALL ORDER BY day, service, step
    """)


def _faults(lake: Lake, view: str, days: Sequence[date]) -> pa.Table:
    """Tries by what they ended in."""
    return lake.fetch(f"""
        SELECT t.used_on AS day, t.channel AS channel, t.version AS version, t.step AS step,
            CASE WHEN t.ok THEN '' WHEN t.code = '' THEN '?' ELSE t.code END AS code,
            any_value(t.meaning) AS meaning, count(*) AS tries
        FROM "{view}" AS t WHERE {_of(days)} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
    """)


def _hours(lake: Lake, view: str, days: Sequence[date]) -> pa.Table:
    """Tries by the hour at which they were made."""
    return lake.fetch(f"""
        SELECT t.used_on AS day, t.hour AS hour, count(*) AS tries, count(*) FILTER (NOT t.ok) AS failed
        FROM "{view}" AS t WHERE {_of(days)} GROUP BY ALL ORDER BY day, hour
    """)


def _of(days: Sequence[date]) -> str:
    months = ", ".join(f"'{month}'" for month in sorted({f"{day:%Y-%m}" for day in days}))
    listed = ", ".join(f"DATE '{day}'" for day in days)
    first_to_last = f"t.used_on BETWEEN DATE '{days[0]}' AND DATE '{days[-1]}'"
    return f"t.{PARTITION} IN ({months}) AND {first_to_last} AND t.used_on IN ({listed})"


def _schema(words: Sequence[str], numbers: Sequence[str], sums: Sequence[str] = ()) -> pa.Schema:
    return pa.schema(
        [("day", pa.date32())]
        + [(name, pa.string()) for name in words]
        + [(name, pa.int32()) for name in numbers]
        + [(name, pa.float64()) for name in sums]
    )


USES = Days("uses of screens 1", _schema(("channel", "service"), ("hour", *_NUMBERS), _SUMS), "clicks", _uses)
STEPS = Days(
    "steps on screens 1",
    _schema(("service", "step"), ("places", "reached", "passed", "stopped", "open", "tries", "failed")),
    "clicks",
    _steps,
)
FAULTS = Days(
    "faults of screens 1", _schema(("channel", "version", "step", "code", "meaning"), ("tries",)), "clicks", _faults
)
HOURS = Days("hours of screens 1", _schema((), ("hour", "tries", "failed")), "clicks", _hours)
ALL = (USES, STEPS, FAULTS, HOURS)
