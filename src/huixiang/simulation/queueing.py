"""Who waits how long at which counter? First come, first served, people leave; for thousands of queues at once.

Within one queue each customer depends on the one before, so time cannot be vectorised; but the queues of a month do not
depend on each other. So the kernel steps from first to second to third customer in all of them together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEVER = np.int32(2**30)  # when a counter opens that never does
Seconds = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Counters:
    """The counters of each queue, shape (queues, counters), all in seconds after midnight.

    `opens` NEVER where a queue has fewer counters; nothing begins at or after `closes`; between `pauses` and `resumes`
    nothing begins either (equal: no pause). `pace` multiplies handling times (1 = middling, lower is quicker).
    """

    opens: Seconds
    closes: Seconds
    pauses: Seconds
    resumes: Seconds
    pace: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Served:
    """What became of each arrival, in the order given. Where `counter` is -1, the person left at `starts` unserved."""

    starts: Seconds
    ends: Seconds
    counter: NDArray[np.int8]


def serve(
    queue: NDArray[np.int32], arrives: Seconds, handling: Seconds, patience: Seconds, counters: Counters
) -> Served:
    """Serve all arrivals, which are sorted by queue and within it by moment.

    Each goes to the counter that is free first; who would wait longer than `patience` seconds leaves when it runs out,
    and so does who could only begin after closing. Kiefer and Wolfowitz's recursion with Baccelli's rule for patience
    (Baccelli, Boyer, Hébuterne 1984, Adv. Appl. Prob. 16:887-905).
    """
    sizes = np.bincount(queue, minlength=len(counters.opens))
    offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    starts, ends = np.empty(len(queue), np.int32), np.empty(len(queue), np.int32)
    served_at = np.full(len(queue), -1, np.int8)
    order = np.argsort(-sizes, kind="stable")  # long queues first: those still busy are then always the first ones
    free = counters.opens[order].T.copy()  # (counters, queues): one row a counter is what numpy scans fastest
    closes, pauses, resumes = (part[order].T.copy() for part in (counters.closes, counters.pauses, counters.resumes))
    pace, place = counters.pace[order].T.copy(), offsets[order]
    busy = np.searchsorted(-sizes[order], -np.arange(1, sizes.max(initial=0) + 1), side="right")
    for step, number in enumerate(busy.tolist()):
        at = place[:number] + step
        now = arrives[at]
        begins = np.maximum(free[:, :number], now)
        resting = (begins >= pauses[:, :number]) & (begins < resumes[:, :number])
        np.copyto(begins, resumes[:, :number], where=resting)
        np.copyto(begins, NEVER, where=begins >= closes[:, :number])
        chosen = begins.argmin(axis=0)
        flat = chosen * free.shape[1] + np.arange(number)
        soonest = begins.ravel()[chosen * number + np.arange(number)]
        took = (handling[at] * pace.ravel()[flat]).astype(np.int32)
        gives_up = now + patience[at]
        stays = soonest <= gives_up
        until = soonest + np.maximum(took, 1)
        open_until = closes.ravel()[flat]
        starts[at] = np.where(stays, soonest, np.minimum(gives_up, np.maximum(open_until, now)))
        ends[at] = np.where(stays, until, starts[at])
        served_at[at] = np.where(stays, chosen, -1)
        free.ravel()[flat] = np.where(stays, until, free.ravel()[flat])
    return Served(starts, ends, served_at)
