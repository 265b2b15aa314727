"""How does a job show that it lives while one call does not come back? By a thread of its own."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import DatabaseError, connection

from huixiang.apps.access import jobs

BEAT = 15.0  # seconds between two signs of life
log = logging.getLogger(__name__)


@contextmanager
def alive(progress: jobs.Progress | None, every: float = BEAT) -> Iterator[None]:
    """Show signs of life while the fitting does not come back: another worker would take the job over after STALE."""
    over = Event()

    def beat() -> None:
        while progress and not over.wait(every):
            try:
                progress.write()
            except (jobs.Cancelled, jobs.TakenOver):
                return  # said again, and heard, before anything is registered
            except DatabaseError:
                log.warning("no sign of life this time", exc_info=True)
            finally:
                connection.close()  # of this thread

    beats = Thread(target=beat, daemon=True)
    beats.start()
    try:
        yield
    finally:
        over.set()
        beats.join()
