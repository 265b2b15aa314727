"""What became of the stays under one key, and of each day's? Days are kept by month: a day lies in one alone."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from huixiang.domain.hotline import Outcome
from huixiang.lake.questions import stays
from huixiang.lake.questions.by_month import Sums
from huixiang.lake.questions.slices import sql
from huixiang.lake.schema import PARTITION
from huixiang.lake.store import Lake


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the stays under one key: "" for all, a queue, a day or an hour of the day (0 to 23).

    Stays by which an agent asks for a caller whom she has on the line are no calls: `consults` alone counts them.
    `short`: abandoned so soon that they count neither as abandoned nor as offered. Percentiles are None where none was.
    """

    key: str | date | int
    calls: int  # different ones: a caller who is handed on stays in several queues
    stays: int  # that have ended
    unfinished: int
    answered: int
    in_time: int
    abandoned: int  # the short ones too
    short: int
    timeout: int
    key_pressed: int
    empty: int
    lost: int
    untimed: int  # answered or abandoned, and after how long is not told
    consults: int
    transferred: int
    attended: int
    waited: int  # answered, and after how long is known
    gave_up: int  # abandoned, likewise
    talked: int  # answered, and for how long is known
    wait_p50: float | None  # of the answered
    wait_p90: float | None
    gave_up_p50: float | None  # after how long, of the abandoned
    talk_p50: float | None


def put_together(key: Any, counts: stays.Counts, lasted: dict[str, stays.Seconds], within: int, short: int) -> Tally:
    """One line of all its months."""

    def until(name: str, most: int | None = None) -> int:
        values, numbers = lasted.get(name, ((), ()))
        return int(sum(numbers) if most is None else sum(np.asarray(numbers)[np.asarray(values) <= most]))

    n = {outcome.value: counts.get(f"is_{outcome.value}", 0) for outcome in Outcome}
    waited, gave_up, talked = (until(name) for name in (stays.WAIT, stays.GAVE_UP, stays.TALK))
    return Tally(
        key=key,
        calls=counts.get("calls", 0),
        stays=sum(n.values()) - n["unfinished"],
        unfinished=n["unfinished"],
        answered=n["answered"],
        in_time=until(stays.WAIT, within),
        abandoned=n["abandoned"],
        short=until(stays.GAVE_UP, short),
        timeout=n["timeout"],
        key_pressed=n["key"],
        empty=n["empty"],
        lost=n["lost"],
        untimed=n["answered"] + n["abandoned"] - waited - gave_up,
        consults=counts.get("consults", 0),
        transferred=counts.get("transferred", 0),
        attended=counts.get("attended", 0),
        waited=waited,
        gave_up=gave_up,
        talked=talked,
        wait_p50=stays.percentile(lasted.get(stays.WAIT), 0.5),
        wait_p90=stays.percentile(lasted.get(stays.WAIT), 0.9),
        gave_up_p50=stays.percentile(lasted.get(stays.GAVE_UP), 0.5),
        talk_p50=stays.percentile(lasted.get(stays.TALK), 0.5),
    )


def by_day(
    lake: Lake, queues: tuple[str, ...], since: date | None, until: date | None, limits: tuple[int, int]
) -> tuple[Tally, ...]:
    """One line for each day of the period. `limits`: within how many seconds is in time, and short?"""

    def read(t: ir.Table) -> pa.Table:
        t = t.filter(t.queue.isin(sorted(queues))) if queues else t
        return lake.fetch(sql(_days(t, *limits)))

    first, last = (f"{day:%Y-%m}" if day else "" for day in (since, until))
    about = (tuple(sorted(queues)), limits)
    found = _DAYS.rows(lake, about, read, lambda month: first <= month <= (last or month)).drop_columns([PARTITION])
    told = [Tally(**row) for row in found.sort_by("key").to_pylist()]
    return tuple(each for each in told if (since or date.min) <= each.key <= (until or date.max))  # type: ignore[operator]


_NUMBERS = [field.name for field in fields(Tally)][1:]
_DAYS = Sums(
    "days of stays 1",
    200,
    pa.schema(
        [
            (PARTITION, pa.string()),
            ("key", pa.date32()),
            *((name, pa.float64() if name[-4:-2] == "_p" else pa.int64()) for name in _NUMBERS),
        ]
    ),
    "calls",
)


def _days(t: ir.Table, within: int, short: int) -> ir.Table:
    own, is_told = ~t.continues, t.wait_seconds.notnull()
    is_answered = own & (t.outcome == Outcome.ANSWERED.value)
    gave_up = own & (t.outcome == Outcome.ABANDONED.value)
    told = {
        "calls": t.voice.hash().nunique(where=own),  # numbers are told apart faster than texts, 64 bits as surely
        "stays": t.count(where=own & (t.outcome != Outcome.UNFINISHED.value)),
        "in_time": t.count(where=is_answered & (t.wait_seconds <= within)),
        "short": t.count(where=gave_up & (t.wait_seconds <= short)),
        "untimed": t.count(where=(is_answered | gave_up) & ~is_told),
        "consults": t.count(where=t.continues),
        "transferred": t.count(where=is_answered & (t.transfer != "")),
        "attended": t.count(where=is_answered & (t.transfer == "attended")),
        "waited": t.count(where=is_answered & is_told),
        "gave_up": t.count(where=gave_up & is_told),
        "talked": t.count(where=is_answered & t.talk_seconds.notnull()),
        "wait_p50": t.wait_seconds.quantile(0.5, where=is_answered),
        "wait_p90": t.wait_seconds.quantile(0.9, where=is_answered),
        "gave_up_p50": t.wait_seconds.quantile(0.5, where=gave_up),
        "talk_p50": t.talk_seconds.quantile(0.5, where=is_answered),
    }
    named = {"answered": "answered", "abandoned": "abandoned", "timeout": "timeout", "key_pressed": "key"}
    for name, outcome in {**named, "empty": "empty", "lost": "lost", "unfinished": "unfinished"}.items():
        told[name] = t.count(where=own & (t.outcome == outcome))
    return t.group_by(t[PARTITION], key=t.entered_on).aggregate(**told).order_by(PARTITION, "key")
