"""When is a source asked again? At its interval; after failures ever more seldom, and never all at the same second."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

LONGEST_WAIT = timedelta(hours=12)
SPREAD = 0.1  # of the wait, at most


def next_at(now: datetime, every: timedelta, failures: int, source_id: str) -> datetime:
    """The interval, doubled with each failure in a row up to twelve hours, and up to a tenth later.

    How much later is drawn from the source and the count, so that sources of one host keep apart and the same history
    gives the same plan.

    >>> from datetime import UTC
    >>> noon, quarter = datetime(2026, 11, 3, 12, tzinfo=UTC), timedelta(minutes=15)
    >>> [round((next_at(noon, quarter, n, "a") - noon) / quarter / 2**n, 2) for n in (0, 1, 2)]
    [1.09, 1.07, 1.02]
    """
    wait: timedelta = max(every, min(every * 2 ** min(failures, 20), LONGEST_WAIT))
    drawn = hashlib.blake2b(f"{source_id}/{failures}".encode(), digest_size=4).digest()
    return now + wait + SPREAD * (int.from_bytes(drawn, "big") / 2**32) * wait
