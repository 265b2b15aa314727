"""What is counted as soon as much has come in, so that nobody waits for a page? Later stages add what theirs need.

A few voices change the newest month alone, which a page reads in no time: only what may be many months is counted here.
The nightly round counts the same. Nothing depends on it: what was not counted is counted by whoever asks.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from huixiang.apps.access.jobs import Cancelled
from huixiang.apps.feedback import hotline
from huixiang.lake.store import Lake

MANY = 1_000  # rows of one import
Counter = Callable[[Lake, Callable[[], None]], object]
Kind = TypeVar("Kind", bound=Counter)
TABLES = ("voices", "calls", "tickets", "clicks")
COUNTERS: dict[Counter, str] = {}
_postponed: ContextVar[set[str] | None] = ContextVar("postponed", default=None)
log = logging.getLogger(__name__)


def counts(table: str) -> Callable[[Kind], Kind]:
    """Register who counts what a page will ask of a table: count(lake, waiting), `waiting` called every few seconds.

    The module must be imported by its app's `AppConfig.ready`, as for jobs.
    """

    def registered(function: Kind) -> Kind:
        COUNTERS[function] = table
        return function

    return registered


def versions(lake: Lake) -> dict[str, int]:
    return {table: lake.version(table) for table in TABLES}


@contextmanager
def counted_once(lake: Lake) -> Iterator[None]:
    """Where file after file comes in: counted after the last one alone."""
    tables = set[str]()
    token = _postponed.set(tables)
    try:
        yield
    finally:
        _postponed.reset(token)
    count_anew(lake, lambda: None, tables)


def count_since(before: dict[str, int], lake: Lake, waiting: Callable[[], None]) -> None:
    """What asks of tables that have changed since."""
    changed = {table for table, version in versions(lake).items() if version != before[table]}
    if (postponed := _postponed.get()) is not None:
        postponed |= changed
    else:
        count_anew(lake, waiting, changed)


def count_anew(lake: Lake, waiting: Callable[[], None], tables: set[str]) -> None:
    """All that asks of these tables. What has come in is in: whoever stops it now, or a failure, takes nothing back."""
    for counter in (each for each, table in COUNTERS.items() if table in tables):
        try:
            waiting()
            with lake.heavily():
                counter(lake, waiting)
        except Cancelled:
            return
        except Exception as failure:  # its message is left out: it may quote a row
            log.error("could not count for a page: %s; the nightly round tries again", type(failure).__name__)


@counts("calls")
def _calls(lake: Lake, _waiting: Callable[[], None]) -> int:
    return hotline.count_anew(lake)
