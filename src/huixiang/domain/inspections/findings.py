"""What may follow what in the life of a finding? One table; who may do it is asked by the actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from huixiang.domain.calendar import Calendar
from huixiang.domain.inspections.scoring import FULLY

DAYS_TO_ANSWER = 5  # working days in which the unit accepts or disputes; afterwards it counts as accepted


class State(StrEnum):
    """How far is it?"""

    OPEN = "open"  # 待认领
    DISPUTED = "disputed"  # 申诉中
    CONFIRMED = "confirmed"  # 已确认
    WITHDRAWN = "withdrawn"  # 已撤销


@dataclass(frozen=True, slots=True)
class Verb:
    """From which states, to which; `asks_words`: it is not done without a reason."""

    after: frozenset[State]
    then: State
    asks_words: bool = False


_NEW, _OPEN, _DISPUTED = frozenset[State](), frozenset({State.OPEN}), frozenset({State.DISPUTED})
VERBS = {
    "raise": Verb(_NEW, State.OPEN),
    "accept": Verb(_OPEN, State.CONFIRMED),
    "dispute": Verb(_OPEN, State.DISPUTED, asks_words=True),
    "lapse": Verb(_OPEN, State.CONFIRMED),
    "uphold": Verb(_DISPUTED, State.CONFIRMED, asks_words=True),
    "change": Verb(_DISPUTED, State.CONFIRMED, asks_words=True),
    "withdraw": Verb(_DISPUTED, State.WITHDRAWN, asks_words=True),
}
DECISIONS = ("uphold", "change", "withdraw")


@dataclass(frozen=True, slots=True)
class Standing:
    """State, and the level of its line as it counts now; None: the line is not judged."""

    state: State
    level: int | None


def may_follow(state: State | None, verb: str) -> bool:
    """Is this its turn? `state` None: there is nothing yet."""
    after = VERBS[verb].after
    return state in after if state else not after


def standing(events: Iterable[tuple[str, int | None]]) -> Standing:
    """What came of it? Events in order, each with the level it tells: of `raise` and `change`.

    >>> standing([("raise", 0), ("dispute", None), ("change", 1)])
    Standing(state=<State.CONFIRMED: 'confirmed'>, level=1)
    """
    state, level = None, None
    for verb, told in events:
        if not may_follow(state, verb):
            raise ValueError(f"{verb} cannot follow {state}")
        state = VERBS[verb].then
        level = told if verb in {"raise", "change"} else FULLY if verb == "withdraw" else level
    if state is None:
        raise ValueError("a finding begins with raise")
    return Standing(state, level)


def answer_due(raised_on: date, calendar: Calendar) -> date:
    """Until which day may the unit accept or dispute? The day of the finding does not count."""
    day, left = raised_on, DAYS_TO_ANSWER
    while left:
        day += timedelta(days=1)
        left -= calendar.is_workday(day)
    return day
