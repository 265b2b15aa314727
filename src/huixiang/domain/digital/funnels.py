"""How far do people come with an errand, where do they stop, and what does it cost them? From counts of sessions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date

from huixiang.domain.digital.clusters import clustered_share, mean_of
from huixiang.domain.statistics import Interval, share

FEW = 30  # sessions below which nothing is concluded
OPEN_MINUTES = 30  # a session whose last click is nearer to the end of the data may go on yet


@dataclass(frozen=True, slots=True)
class Uses:
    """Sessions of some errands on some day. `open`: not done, and perhaps not over; squares are sums of squares."""

    sessions: int = 0
    done: int = 0
    open: int = 0
    errored: int = 0
    tries: int = 0
    failed: int = 0
    done_tries: int = 0
    done_tries_squares: float = 0.0
    done_seconds: float = 0.0
    done_seconds_squares: float = 0.0

    def __add__(self, other: Uses) -> Uses:
        return Uses(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Uses)))

    @property
    def closed(self) -> int:
        """Of these it is known how they ended."""
        return self.sessions - self.open


@dataclass(frozen=True, slots=True)
class UseLine:
    """What is told of some errands: completion, errors, effort, each with its interval over days."""

    key: str
    uses: Uses
    completion: Interval | None
    errors: Interval | None
    tries: Interval | None
    seconds: Interval | None

    @property
    def is_few(self) -> bool:
        return self.uses.closed < FEW


def use_line(key: str, days: Iterable[Uses]) -> UseLine:
    """The measures of one errand, or of all, from its days."""
    listed = list(days)
    total = sum(listed, Uses())
    return UseLine(
        key,
        total,
        clustered_share([(each.done, each.closed) for each in listed]),
        clustered_share([(each.failed, each.tries) for each in listed]),
        mean_of(total.done, total.done_tries, total.done_tries_squares),
        mean_of(total.done, total.done_seconds, total.done_seconds_squares),
    )


@dataclass(frozen=True, slots=True)
class StepCount:
    """One step of an errand: sessions that came to it, that passed it, that stopped there for good or may go on."""

    service: str
    step: str
    place: float  # on the average, from 1
    reached: int
    passed: int
    stopped: int
    open: int
    tries: int
    failed: int


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as the funnel shows it. `stopped`: the share of those who came to it, and are not under way, that stopped.
    `part` of those who came to the first step.
    """

    step: str
    reached: int
    stopped_count: int
    stopped: Interval | None
    errors: Interval | None
    part: float
    is_worst: bool = False


def funnel(steps: Sequence[StepCount]) -> list[StepLine]:
    """The steps of one errand in the order in which people come to them; the one where most are lost is marked.

    Only what surely loses more than each other step is called the worst: else their intervals overlap, and none is.
    """
    ordered = sorted(steps, key=lambda each: (each.place, -each.reached))
    most = max((each.reached for each in ordered), default=0)
    lines = [
        StepLine(
            each.step,
            each.reached,
            each.stopped,
            share(each.stopped, each.reached - each.open) if each.reached > each.open else None,
            share(each.failed, each.tries),
            each.reached / most if most else 0.0,
        )
        for each in ordered
    ]
    worst = max(lines, key=lambda line: line.stopped.low if line.stopped else -1.0, default=None)
    if worst is None or worst.stopped is None or worst.reached < FEW:
        return lines
    others = [line.stopped.high for line in lines if line is not worst and line.stopped and line.reached >= FEW]
    is_sure = all(worst.stopped.low > high for high in others) and len(lines) > 1
    return [_marked(line) if is_sure and line is worst else line for line in lines]


def _marked(line: StepLine) -> StepLine:
    return StepLine(line.step, line.reached, line.stopped_count, line.stopped, line.errors, line.part, True)


@dataclass(frozen=True, slots=True)
class FaultCount:
    """So many tries of a step with one version ended so; `code` "" ended well."""

    day: date
    channel: str
    version: str
    step: str
    code: str
    meaning: str
    tries: int
