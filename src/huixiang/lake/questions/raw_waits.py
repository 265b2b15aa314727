"""What do the tickets themselves say, where nothing counted before stands between? Six questions of any length.

Pages ask what was counted of each day (waits.py); these read every ticket, here or on the bank's cluster, from one
text. Percentiles are values at a rank told in whole numbers, so that no engine's arithmetic can move them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa

from huixiang.lake.questions.tickets import within
from huixiang.lake.schema import plain
from huixiang.lake.store import Lake

WORST = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which days, which branch, and how long is too long?"""

    first: date
    last: date
    branch: str = ""
    limit_seconds: int = 1_200


def branch_days(view: str, asked: Asked) -> str:
    """Each branch's day: how many were called, and the median and 95 % of their waits."""
    return f"""
        WITH g AS (
            SELECT t.branch AS branch, t.arrived_on AS day, list_sort(list(t.wait_seconds)) AS waits
            FROM {_called(view, asked)} GROUP BY t.branch, t.arrived_on
        )
        SELECT branch, day, len(waits) AS called, {_at("waits", 50)} AS p50, {_at("waits", 95)} AS p95
        FROM g ORDER BY branch, day
    """


def one_branch(view: str, asked: Asked) -> str:
    """The same of one branch."""
    return branch_days(view, asked).replace("GROUP BY", f"AND t.branch = '{plain(asked.branch)}' GROUP BY")


def over_limit(view: str, asked: Asked) -> str:
    """How many of each lane's day waited longer than the limit, and which share is it?"""
    return f"""
        WITH g AS (
            SELECT t.lane AS lane, t.arrived_on AS day, count(*) AS called,
                count(*) FILTER (t.wait_seconds > {asked.limit_seconds}) AS over
            FROM {_called(view, asked)} GROUP BY t.lane, t.arrived_on
        )
        SELECT lane, day, called, over, CAST(over AS DOUBLE) / called AS share FROM g ORDER BY lane, day
    """


def worst(view: str, asked: Asked) -> str:
    """The branches where one in ten waits longest."""
    return f"{_ranked(view, asked, 't.branch', 'branch', (90,))} ORDER BY p90 DESC, branch LIMIT {WORST}"


def weeks(view: str, asked: Asked) -> str:
    """The last week beside the one before."""
    is_last = f"t.arrived_on > DATE '{asked.last - timedelta(days=7)}'"
    return f"{_ranked(view, asked, is_last, 'is_last', (50, 90))} ORDER BY is_last"


def service_hours(view: str, asked: Asked) -> str:
    """Each service's hour."""
    return f"{_ranked(view, asked, 't.service, t.hour', 'service, hour', (50, 90))} ORDER BY service, hour"


QUESTIONS: dict[str, Callable[[str, Asked], str]] = {
    "branch_days": branch_days,
    "one_branch": one_branch,
    "over_limit": over_limit,
    "worst": worst,
    "weeks": weeks,
    "service_hours": service_hours,
}


def ask(lake: Lake, question: str, asked: Asked) -> pa.Table:
    """The answer's rows, in the order of its first columns (of `worst`: the longest wait first)."""
    return lake.fetch(QUESTIONS[question](lake.view("tickets"), asked))


def _called(view: str, asked: Asked) -> str:
    told = 'NOT t."left" AND t.wait_seconds IS NOT NULL'
    return f'"{view}" AS t WHERE {within(asked.first, asked.last)} AND {told}'


def _at(values: str, percent: int) -> str:
    """The smallest value that so many per cent do not exceed."""
    return f"{values}[(len({values}) * {percent} + 99) // 100]"


def _ranked(view: str, asked: Asked, by: str, names: str, percents: tuple[int, ...]) -> str:
    """Percentiles of large groups. Seconds are few, tickets are many: those of each second are counted first."""
    keys = [f"{each} AS {name}" for each, name in zip(by.split(", "), names.split(", "), strict=True)]
    told = ", ".join(f"min(seconds) FILTER (upto * 100 >= called * {each}) AS p{each}" for each in percents)
    return f"""
        WITH counted AS (
            SELECT {", ".join(keys)}, t.wait_seconds AS seconds, count(*) AS n
            FROM {_called(view, asked)} GROUP BY {by}, t.wait_seconds
        ), placed AS (
            SELECT {names}, seconds, sum(n) OVER (PARTITION BY {names}) AS called,
                sum(n) OVER (PARTITION BY {names} ORDER BY seconds) AS upto
            FROM counted
        )
        SELECT {names}, CAST(min(called) AS BIGINT) AS called, {told} FROM placed GROUP BY {names}"""
