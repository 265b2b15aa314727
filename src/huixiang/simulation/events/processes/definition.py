"""Of what is a process made? Steps, the pools of people who do them, and the ways a case can take through them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

OUTLET, SUB_BRANCH, REGION, HEAD_OFFICE = "outlet", "sub_branch", "region", "head_office"
SYSTEM, CUSTOMER = "system", "customer"  # who does a step that no pool does
# Kinds of working hours: an outlet's, an office's (its whole day, or the part that the work asks for), of those who
# back up open outlets, of a service line.
COUNTER, OFFICE, OFFICE_DAY = "counter", "office", "office_day"
BACKING, SERVICE_LINE = "backing", "service_line"


@dataclass(frozen=True, slots=True)
class Pool:
    """People of one post who share a queue: one such pool at each place of its level.

    Without a post nobody works there and nobody queues: it is the customer, who comes within these hours.
    """

    code: str
    name: str
    level: str
    post: str
    hours: str


@dataclass(frozen=True, slots=True)
class Step:
    """One activity. `minutes` is the median of its lognormal handling time, `spread` that of the logarithm.

    None takes longer than `longest` minutes. `pool` is a pool's code, SYSTEM or CUSTOMER. `together`: who did the step
    before goes straight on with this one, and so keeps the customer at the desk.
    """

    code: str
    name: str
    pool: str
    minutes: float
    spread: float = 0.4
    together: bool = False
    longest: float = 100_000.0


@dataclass(frozen=True, slots=True)
class Do:
    """One step, for all cases or a share of them; `only` where the case is about one of these products."""

    step: Step
    share: float = 1.0
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOrder:
    """Steps that need nothing of each other: done in this order as a rule, and now and then in another.

    `disorder` is the spread of each step's place: at 0.6 one pair of neighbours in eight changes places, at 0 none.
    """

    steps: tuple[Do, ...]
    disorder: float = 0.6


@dataclass(frozen=True, slots=True)
class Both:
    """Two steps side by side; the next begins when both are done. A step must precede and follow them."""

    first: Step
    second: Step


@dataclass(frozen=True, slots=True)
class Loop:
    """A review that sends a `share` of cases `back`, after which it is done again; at most `rounds` times back.

    `lost` of those sent back give up instead, by the step `leave`, with `outcome`. A `notice` goes before `back`, for
    its share. Not `rework`: nothing was wrong, as where somebody is called and not reached, and nobody minds the round.
    """

    review: Step
    back: Step
    share: float
    rounds: int
    lost: float
    leave: Step
    outcome: str
    notice: Do | None = None
    rework: bool = True


@dataclass(frozen=True, slots=True)
class Exit:
    """A share of the cases that end here with this outcome, after a last step if there is one."""

    outcome: str
    share: float
    notice: Step | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A second check that always passes: nobody goes through it unless `needless_check` is planted."""

    step: Step


Part = Do | AnyOrder | Both | Loop | Exit | Check


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case ended, and by how many points (of 10) that alone moves what the customer thinks of it."""

    code: str
    name: str
    points: float = 0.0


@dataclass(frozen=True, slots=True)
class Product:
    """What the case is about: its share, its factor on people's handling times, the median of its amount in yuan.

    `workdays`: the customer comes, and sits at the desk, on workdays alone, whether the outlet opens on others or not.
    """

    name: str
    share: float
    work: float = 1.0
    amount: int = 0
    workdays: bool = False


@dataclass(frozen=True, slots=True)
class Process:
    """One process of the bank. The first outcome is that of a case still open, the second of one that came through.

    `expected_hours` are the office hours (7.5 a working day) that a customer thinks fair from arrival to end.
    """

    code: str
    name: str
    prefix: str
    expected_hours: float
    pools: tuple[Pool, ...]
    flow: tuple[Part, ...]
    outcomes: tuple[Outcome, ...]
    products: tuple[Product, ...]
    channels: tuple[tuple[str, float], ...]

    def steps(self) -> tuple[Step, ...]:
        """Every step once, in the order in which cases reach it."""
        return tuple({step.code: step for part in self.flow for step in _steps(part)}.values())

    def pool(self, code: str) -> Pool | None:
        """The pool of this code; None for what the system or the customer does."""
        return next((pool for pool in self.pools if pool.code == code), None)

    def level(self, step: Step) -> str:
        """Where is this step done? OUTLET, SUB_BRANCH, REGION or HEAD_OFFICE, else by SYSTEM or CUSTOMER."""
        pool = self.pool(step.pool)
        if pool is None:
            return step.pool
        return pool.level if pool.post else CUSTOMER

    def staffed(self, step: Step) -> bool:
        """Do people of the bank do it?"""
        return self.level(step) not in {SYSTEM, CUSTOMER}


def _steps(part: Part) -> Iterator[Step]:
    match part:
        case Do(step=step) | Check(step=step):
            yield step
        case Both(first=first, second=second):
            yield from (first, second)
        case AnyOrder(steps=steps):
            yield from (one.step for one in steps)
        case Loop(review=review, back=back, leave=leave, notice=notice):
            yield from (review, *([notice.step] if notice else []), back, leave)
        case Exit(notice=notice) if notice:
            yield notice
