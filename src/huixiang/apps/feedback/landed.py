"""What is counted as soon as much has come in, so that nobody waits for a page? Later stages add what theirs need.

A few voices change the newest month alone, which a page reads in no time: only what may be many months is counted here.
The nightly round counts the same. Nothing depends on it: what was not counted is counted by whoever asks.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from huixiang.apps.access.jobs import Cancelled
from huixiang.apps.feedback import hotline
from huixiang.lake.store import Lake

MANY = 1_000  # rows of one import
Counter = Callable[[Lake, Callable[[], None]], object]
Kind = TypeVar("Kind", bound=Counter)
COUNTERS: list[Counter] = []
log = logging.getLogger(__name__)


def counts(function: Kind) -> Kind:
    """Register who counts what a page will ask: count(lake, waiting), with a call of `waiting` every few seconds.

    The module must be imported by its app's `AppConfig.ready`, as for jobs.
    """
    COUNTERS.append(function)
    return function


def count_anew(lake: Lake, waiting: Callable[[], None]) -> None:
    """All of it. What has come in is in: whoever stops it now, or a failure, takes nothing back."""
    for counter in COUNTERS:
        try:
            waiting()
            counter(lake, waiting)
        except Cancelled:
            return
        except Exception as failure:  # its message is left out: it may quote a row
            log.error("could not count for a page: %s; the nightly round tries again", type(failure).__name__)


@counts
def _calls(lake: Lake, _waiting: Callable[[], None]) -> int:
    return hotline.count_anew(lake)
