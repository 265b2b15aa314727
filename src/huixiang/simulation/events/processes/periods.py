"""Between which days does what hold? The history cut where a planted effect begins or ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.processes.definition import Process
from huixiang.simulation.planting import Planting

DAY = 86_400
# A planted bottleneck makes a queue grow, but not run away; a needless check takes its own time and little more.
BUSY_IN_BOTTLENECK, BUSY_WITH_CHECK = 0.93, 0.85
ON_WORK = ("bottleneck", "batching", "needless_check")
ON_STEPS = ("bottleneck", "batching", "step_lowers_scores")


@dataclass(frozen=True, slots=True)
class Period:
    """Some days through which the same is planted, by slot: it holds for what becomes ready in them.

    `factor` multiplies handling times; `batches` are the seconds between two batches, 0 where there are none.
    `busiest` is how busy people may become by what is planted before help is sent; None where it makes no work.
    """

    start: int
    end: int
    factor: list[float]
    batches: list[int]
    busiest: float | None


def periods(bank: Bank, planting: Planting, process: Process, slots: Sequence[str]) -> list[Period]:
    """The periods of the whole history; `slots` are the step codes of the unrolled process.

    Raises ValueError for an effect that names a step which the process does not have.
    """
    days, first = bank.scenario.days(), bank.scenario.first_day
    check_steps(planting, process)
    cuts = {0, len(days)}
    for kind in ON_WORK:
        for effect, _ in planting.of(kind):
            if effect.process == process.code:
                cuts |= {(effect.start - first).days, (effect.end - first).days + 1}
    found = []
    marks = sorted(cut for cut in cuts if 0 <= cut <= len(days))
    for start, end in pairwise(marks):
        day = days[start]
        by_step = {code: planting.size("bottleneck", day, process=process.code, step=code, rest=1.0) for code in slots}
        hours = {code: planting.size("batching", day, process=process.code, step=code) for code in slots}
        slower = any(size > 1 for size in by_step.values())
        checked = planting.size("needless_check", day, process=process.code) > 0
        found.append(
            Period(
                start * DAY,
                end * DAY,
                [by_step[code] for code in slots],
                [round(hours[code] * 3600) for code in slots],
                BUSY_IN_BOTTLENECK if slower else BUSY_WITH_CHECK if checked else None,
            )
        )
    return found


def check_steps(planting: Planting, process: Process) -> None:
    """Raise ValueError for an effect that names a step which the process does not have, or cannot batch."""
    steps = {step.code: step for step in process.steps()}
    for effect in (effect for kind in ON_STEPS for effect, _ in planting.of(kind) if effect.process == process.code):
        if effect.step not in steps:
            known = ", ".join(steps)
            raise ValueError(f"effect {effect.name!r}: {process.code} has no step {effect.step!r}; it has {known}")
        if effect.kind == "batching" and steps[effect.step].together:
            raise ValueError(
                f"effect {effect.name!r}: {effect.step} is done in one go with the step before, never batched"
            )


def check_share(bank: Bank, planting: Planting, process: Process) -> NDArray[np.float32]:
    """What share of the cases that arrive on each day goes through a needless check?"""
    days = bank.scenario.days()
    return np.array([planting.size("needless_check", day, process=process.code) for day in days], dtype=np.float32)
