"""How many waited too long at each branch, day by day, parted by service, time of the day and lane?

So that branches can be compared as if the same people had come to all: docs/methods/fair-comparison.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huixiang.domain.statistics.day_mixing import Daily
from huixiang.domain.waiting import LIMITS
from huixiang.domain.waiting.bands import BANDS
from huixiang.lake.questions.by_day import Days
from huixiang.lake.questions.tickets import within
from huixiang.lake.store import Lake

Numbers = NDArray[Any]
_COUNTS = ("called", *(f"{who}_{limit}" for limit in LIMITS for who in ("over", "left")))
_BAND = f"CASE {' '.join(f'WHEN t.hour < {end} THEN {at}' for at, (_b, end) in enumerate(BANDS.values()))} END"


@dataclass(frozen=True, slots=True, eq=False)
class Strata:
    """`keys`: service, time of the day and lane of each column. The rest: one entry a branch's day and stratum."""

    keys: tuple[tuple[str, str, str], ...]
    days: int
    codes: NDArray[np.object_]  # the branches, in order
    branch: Numbers  # place in `codes`, rising
    day: Numbers
    column: Numbers
    over: Numbers
    of: Numbers

    def columns(self, band: str) -> list[int]:
        """Those of one time of the day; "": all."""
        return [at for at, (_service, own, _lane) in enumerate(self.keys) if band in ("", own)]

    def keyed(self, keys: Sequence[tuple[str, str, str]]) -> Strata:
        """The same with these columns, among which its own are."""
        places = np.array([keys.index(key) for key in self.keys], dtype=np.int64)
        return replace(self, keys=tuple(keys), column=places[self.column])

    def each(self) -> Iterator[tuple[str, Daily]]:
        """Branch by branch: of a thousand, all at once would be too many to hold."""
        ends = np.searchsorted(self.branch, np.arange(len(self.codes) + 1))
        for at, code in enumerate(self.codes.tolist()):
            yield code, self._daily(slice(ends[at], ends[at + 1]))

    def together(self, codes: Collection[str] | None = None) -> Daily:
        """Some branches as one, or all."""
        chosen = np.ones(len(self.codes), bool) if codes is None else np.isin(self.codes, sorted(codes))
        return self._daily(chosen[self.branch])

    def _daily(self, rows: slice | NDArray[np.bool_]) -> Daily:
        found = Daily(*(np.zeros((self.days, len(self.keys))) for _ in range(2)))
        np.add.at(found.counts, (self.day[rows], self.column[rows]), self.over[rows])
        np.add.at(found.of, (self.day[rows], self.column[rows]), self.of[rows])
        return found


def wait_strata(lake: Lake, first: date, last: date, limit_seconds: int) -> Strata:
    """Who waited longer than the limit, called or not; who left sooner is not counted, as nobody knows."""
    rows = lake.fetch(
        f"SELECT branch, day, service, band, lane, over_{limit_seconds} + left_{limit_seconds} AS over, "
        f"called + left_{limit_seconds} AS of FROM cells WHERE called + left_{limit_seconds} > 0 ORDER BY branch, day",
        cells=STRATA.rows(lake, first, last),
    )
    bands, named = tuple(BANDS), [_encoded(rows, name) for name in ("service", "band", "lane", "branch")]
    sizes = [max(len(values), 1) for values, _codes in named]
    packed = (named[0][1] * sizes[1] + named[1][1]) * sizes[2] + named[2][1]
    there, column = np.unique(packed, return_inverse=True)
    places = (there // (sizes[1] * sizes[2]), there // sizes[2] % sizes[1], there % sizes[2])
    told = [
        (named[0][0][service], bands[named[1][0][band]], named[2][0][lane])
        for service, band, lane in zip(*(place.tolist() for place in places), strict=True)
    ]
    order = np.argsort(np.argsort(np.array(named[3][0], dtype=object))) if named[3][0] else np.zeros(0, np.int64)
    days = np.asarray(rows["day"]).astype("datetime64[D]") - np.datetime64(first)
    over, of = (np.asarray(rows[name]).astype(np.float64) for name in ("over", "of"))
    return Strata(
        tuple(told), (last - first).days + 1, np.array(sorted(named[3][0]), dtype=object), order[named[3][1]],
        days.astype(np.int64), column, over, of,
    )  # fmt: skip


def _encoded(rows: pa.Table, name: str) -> tuple[list[Any], Numbers]:
    """The values that a column has, and which of them each row has."""
    found = pa.chunked_array([rows[name].combine_chunks()]).combine_chunks().dictionary_encode()
    return found.dictionary.to_pylist(), np.asarray(found.indices).astype(np.int64)


def count_strata(lake: Lake, first: date, last: date) -> None:
    """Count whatever of these days was not counted yet, so that nobody waits for a page."""
    STRATA.rows(lake, first, last)


def _counted(lake: Lake, view: str, days: Sequence[date]) -> pa.Table:
    over = ", ".join(
        f'count(*) FILTER (NOT t."left" AND t.wait_seconds > {limit}) AS over_{limit}, '
        f'count(*) FILTER (t."left" AND t.wait_seconds > {limit}) AS left_{limit}'
        for limit in LIMITS
    )
    listed = ", ".join(f"DATE '{day}'" for day in days)
    return lake.fetch(
        f"SELECT t.arrived_on AS day, t.branch AS branch, t.service AS service, {_BAND} AS band, t.lane AS lane, "
        f'count(*) FILTER (NOT t."left") AS called, {over} FROM "{view}" AS t '
        f"WHERE {within(days[0], days[-1])} AND t.arrived_on IN ({listed}) AND t.wait_seconds IS NOT NULL "
        "GROUP BY ALL ORDER BY ALL"
    )


STRATA = Days(
    "strata of waits 1",
    pa.schema(
        [
            ("day", pa.date32()),
            *((name, pa.string()) for name in ("branch", "service", "lane")),
            *((name, pa.int32()) for name in ("band", *_COUNTS)),
        ]
    ),
    "tickets",
    _counted,
)
