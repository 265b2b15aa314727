"""What became of the stays in each month? Counts, and how many lasted how many seconds, of months that did not change.

Sums of months are exact but for two things. Percentiles: so the stays of each second are counted, which lose nothing.
Different calls: one whose stays lie in two months would count twice, so calls of a month's first and last day are told
one by one. Stays further apart than that are calls of their own, as of a switchboard that begins its numbers anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huixiang.domain.hotline import Outcome
from huixiang.lake.questions.by_month import Sums
from huixiang.lake.questions.slices import sql, unbound
from huixiang.lake.schema import PARTITION
from huixiang.lake.store import Lake

WAIT, GAVE_UP, TALK, CALL = "wait", "gave_up", "talk", "call"  # by the second; CALL by the call's number
_SCHEMA = pa.schema(
    [(PARTITION, pa.string()), ("key", pa.string()), ("name", pa.string()), ("value", pa.int64()), ("n", pa.int64())]
)
_STAYS = Sums("stays 1", 200, _SCHEMA, "calls")
Counts = dict[str, int]
Seconds = tuple[NDArray[np.int64], NDArray[np.int64]]  # so many stays lasted so long, the shortest first


def counted(
    lake: Lake, by: str, queues: tuple[str, ...], since: date | None, until: date | None
) -> dict[str, tuple[Counts, dict[str, Seconds]]]:
    """Of each key of the column `by` (as a text; "" for all): the counts, and how long the stays lasted.

    Months that lie in the period with all their days are kept, the one or two others read.
    """
    at = view, months = lake.months_of_view("calls")

    def read(t: ir.Table) -> pa.Table:
        t = t.filter(t.queue.isin(sorted(queues))) if queues else t
        t = t.mutate(key=t[by].cast("string") if by else ibis.literal(""))
        parts = [
            _melted(lake.fetch(sql(_plain(t)))),
            lake.fetch(sql(_by_second(t))).select(_SCHEMA.names).cast(_SCHEMA),
        ]
        return pa.concat_tables(parts).sort_by([(name, "ascending") for name in _SCHEMA.names[:4]])

    whole = {month for month in months if _is_whole(month, since, until)}
    found = _STAYS.rows(lake, (by, tuple(sorted(queues))), read, whole.__contains__, at)
    first, last = (f"{day:%Y-%m}" if day else "" for day in (since, until))
    if part := sorted(month for month in set(months) - whole if first <= month <= (last or month)):
        t = unbound(view, "calls")
        days = [t.entered_on >= since] * (since is not None) + [t.entered_on <= until] * (until is not None)
        rest = read(t.filter(t[PARTITION].isin(part), *days)).select(_SCHEMA.names).cast(_SCHEMA)
        found = pa.concat_tables([found, rest])
    return _by_key(found)


def percentile(seconds: Seconds | None, share: float) -> float | None:
    """Between two stays in proportion, as SQL's percentile_cont."""
    if seconds is None:
        return None
    values, counts = seconds
    ends = np.cumsum(counts)
    place = share * (int(ends[-1]) - 1)
    low, high = (int(values[np.searchsorted(ends, at, "right")]) for at in (int(place), int(np.ceil(place))))
    return low + (high - low) * (place - int(place))


def _is_whole(month: str, since: date | None, until: date | None) -> bool:
    first = date.fromisoformat(f"{month}-01")
    return (since is None or since <= first) and (until is None or until >= _next(first) - timedelta(days=1))


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _plain(t: ir.Table) -> ir.Table:
    """One row for each month and key."""
    own, answered = ~t.continues, t.outcome == Outcome.ANSWERED.value
    told = {f"is_{outcome.value}": t.count(where=own & (t.outcome == outcome.value)) for outcome in Outcome}
    return t.group_by(PARTITION, "key").aggregate(
        **told,
        calls=t.voice.hash().nunique(where=own),  # numbers are told apart faster than texts, 64 bits as surely
        consults=t.count(where=t.continues),
        transferred=t.count(where=own & answered & (t.transfer != "")),
        attended=t.count(where=own & answered & (t.transfer == "attended")),
    )


def _melted(wide: pa.Table) -> pa.Table:
    """One row for each month, key and name."""
    zeros = pa.array(np.zeros(wide.num_rows, np.int64))
    columns = [name for name in wide.column_names if name not in (PARTITION, "key")]
    parts = [
        [wide[PARTITION], wide["key"], pa.array([name] * wide.num_rows, pa.string()), zeros, wide[name]]
        for name in columns
    ]
    return pa.concat_tables(pa.table(part, names=_SCHEMA.names).cast(_SCHEMA) for part in parts)


def _by_second(t: ir.Table) -> ir.Table:
    """One row for each month, key, name and value."""
    own, day, call = ~t.continues, t.entered_on.day(), t.voice.hash()
    answered, abandoned = t.outcome == Outcome.ANSWERED.value, t.outcome == Outcome.ABANDONED.value
    chosen = {
        WAIT: (own & answered & t.wait_seconds.notnull(), t.wait_seconds),
        GAVE_UP: (own & abandoned & t.wait_seconds.notnull(), t.wait_seconds),
        TALK: (own & answered & t.talk_seconds.notnull(), t.talk_seconds),
        CALL: (own & ((day == 1) | ((t.entered_on + ibis.interval(days=1)).day() == 1)), call),
    }
    parts = []
    for name, (condition, value) in chosen.items():
        some = t.filter(condition).select(PARTITION, "key", name=ibis.literal(name), value=value.cast("int64"))
        parts.append(some.group_by([PARTITION, "key", "name", "value"]).aggregate(n=some.count()))
    return ibis.union(*parts)


def _by_key(found: pa.Table) -> dict[str, tuple[Counts, dict[str, Seconds]]]:
    """Months together."""
    twice = _in_two_months(found.filter(pc.equal(found["name"], CALL)))
    rest = found.filter(pc.not_equal(found["name"], CALL))
    summed = rest.group_by(["key", "name", "value"], use_threads=False).aggregate([("n", "sum")])
    summed = summed.sort_by([("key", "ascending"), ("name", "ascending"), ("value", "ascending")])
    values, counts = (summed[name].to_numpy() for name in ("value", "n_sum"))
    answer: dict[str, tuple[Counts, dict[str, Seconds]]] = {}
    for key, name, begin, end in _runs(summed):
        plain, lasted = answer.setdefault(key, ({}, {}))
        if name in (WAIT, GAVE_UP, TALK):
            lasted[name] = values[begin:end], counts[begin:end]
        else:
            plain[name] = int(counts[begin]) - (twice.get(key, 0) if name == "calls" else 0)
    return answer


def _runs(summed: pa.Table) -> Iterable[tuple[str, str, int, int]]:
    """From where to where do the rows of one key and name reach?"""
    names: list[Any] = [summed[name].combine_chunks().dictionary_encode() for name in ("key", "name")]
    codes = [np.asarray(each.indices) for each in names]
    change = (np.diff(codes[0]) != 0) | (np.diff(codes[1]) != 0)
    ends = [*(np.flatnonzero(change) + 1).tolist(), summed.num_rows] if summed.num_rows else []
    begin = 0
    for end in ends:
        key, name = (each.dictionary[int(code[begin])].as_py() for each, code in zip(names, codes, strict=True))
        yield key, name, begin, end
        begin = end


def _in_two_months(calls: pa.Table) -> dict[str, int]:
    """How many calls of each key began in one month and ended in the next?"""
    seen = calls.group_by(["key", "value"], use_threads=False).aggregate([([], "count_all")])
    both = seen.filter(pc.greater(seen["count_all"], 1))
    counted = both.group_by("key", use_threads=False).aggregate([("count_all", "sum"), ([], "count_all")])
    return {row["key"]: row["count_all_sum"] - row["count_all"] for row in counted.to_pylist()}
