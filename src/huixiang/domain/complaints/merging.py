"""What do merged cases hand on? Their receipts: a merger never buys time, and a split undoes it to the byte."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from huixiang.domain.complaints.events import Event
from huixiang.domain.complaints.rules import Limit, Pack
from huixiang.domain.complaints.running import Lapsed, run


@dataclass(frozen=True, slots=True)
class Line:
    """One receipt that a case answers for: what happened `before` it was merged in, and to both `since`."""

    case: str
    rule: str
    before: Sequence[Event]
    since: Sequence[Event]

    def hands_on(self, clock: Limit, pack: Pack, lapsed: Lapsed) -> bool:
        """Was there anything left of its clock when it was merged? One that was met or ended has nothing to say."""
        known = self.rule in clock.limits
        return known and run(clock, pack, self.rule, self.before, lapsed).stopped() is None


def absorbed(events: Sequence[Event], rule: str) -> Iterator[Line]:
    """The lines of all cases merged in and not split off again; since the merger the surviving case's unit has them."""
    unit = ""
    for place, event in enumerate(events):
        if event.kind in {"received", "handed_over"}:
            unit = event.unit
        since = events[place + 1 :]
        if event.kind == "merged" and not any(each.kind == "split" and each.case == event.case for each in since):
            before = [each for each in event.events if each.at <= event.at]
            if before:
                its = before[0].rule or rule
                yield Line(event.case, its, before, [Event(event.at, "handed_over", unit=unit), *since])
