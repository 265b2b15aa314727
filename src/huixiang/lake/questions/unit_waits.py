"""How long do people wait in each branch, of the tickets that a standard is about? Each second exactly."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from huixiang.domain.waiting import Spread
from huixiang.lake.questions.slices import once_a_version_of
from huixiang.lake.questions.tickets import within
from huixiang.lake.questions.waits import TicketScope
from huixiang.lake.store import Lake

_SECONDS = ("wait_seconds", "service_seconds")  # by waits.WAIT and waits.SERVICE


class SeenCodes(NamedTuple):
    """What tickets have ever told."""

    branches: frozenset[str]
    services: frozenset[str]
    lanes: frozenset[str]


@once_a_version_of("tickets")
def seen_codes(lake: Lake) -> SeenCodes:
    rows = lake.fetch(f'SELECT DISTINCT t.branch, t.service, t.lane FROM "{lake.view("tickets")}" AS t')
    return SeenCodes(*(frozenset(filter(None, rows[name].to_pylist())) for name in ("branch", "service", "lane")))


@once_a_version_of("tickets")
def unit_spreads(lake: Lake, first: date, last: date, of: TicketScope, measure: int) -> dict[str, Spread]:
    """The distribution of each branch that has such tickets on these days; measure: waits.WAIT or waits.SERVICE."""
    seconds = _SECONDS[measure]
    rows = lake.fetch(
        f'SELECT t.branch, t.{seconds} AS seconds, count(*) FILTER (NOT t."left") AS called, '
        f'count(*) FILTER (t."left") AS gone FROM "{lake.view("tickets")}" AS t '
        f"WHERE {within(first, last)} AND {of.condition()} AND t.{seconds} IS NOT NULL GROUP BY ALL ORDER BY 1, 2"
    )
    branch = rows["branch"].combine_chunks().dictionary_encode()
    place = np.asarray(branch.indices)
    begins = np.flatnonzero(np.diff(place, prepend=-1))
    ends = np.append(begins, len(place))[1:]
    columns = [np.asarray(rows[name]) for name in ("seconds", "called", "gone")]
    return {
        str(branch.dictionary[int(place[begin])]): _spread(*(column[begin:end] for column in columns))
        for begin, end in zip(begins, ends, strict=True)
    }


def _spread(seconds: np.ndarray, called: np.ndarray, gone: np.ndarray) -> Spread:
    return Spread.of(seconds, np.ones(len(seconds), bool), called, gone)
