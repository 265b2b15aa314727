"""The clocks of a case by looking at every minute of it: slow, obvious, and written without the engine.

    python -m tests.domain.complaints.oracle --cases 1000000 [--seed 0]

prints how many random cases were compared, and each that differs. Cases lie in 2019 to 2027; all events fall on whole
minutes. Limits are short so that a minute can be looked at: the engine does not know how long a limit is.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.calendar import DayKind, mainland
from huixiang.domain.complaints.clocks import Clocks
from huixiang.domain.complaints.events import Event
from huixiang.domain.complaints.hours import CHINA, OFFICE, Opening, moment
from huixiang.domain.complaints.rules import Extension, Limit, Pack, Reopening, Rule, Trust, Unit

MINUTE = timedelta(minutes=1)
STEPS = 120 * 24 * 60  # nobody waits longer for a limit of days that stands still now and then
STRETCH = 10 * 24 * 60  # minutes looked at in one go
FIRST, LAST = (1440 * (date(year, 7, 1) - date(1970, 1, 1)).days for year in (2018, 2028))  # minutes there are
NIGHT = Opening(week=(((0, 6 * 3600), (22 * 3600, 86_400)),) * 5 + (((10 * 3600, 14 * 3600),),) * 2, make_up=())
LATE_LUNCH = Opening(
    week=(((8 * 3600 + 1800, 13 * 3600), (14 * 3600, 16 * 3600 + 1800)),) * 6 + ((),),
    holiday=((10 * 3600, 11 * 3600),),
    special={date(2024, 2, 9): ()},
)
OPENINGS = {"": OFFICE, "night": NIGHT, "lunch": LATE_LUNCH}
CALENDAR = mainland()
LIKELY = [
    *("paused", "paused", "paused", "resumed", "resumed", "new_facts", "extended", "decided", "notified", "withdrawn"),
    *("reopened", "reopened", "handed_over", "contacted", "merged", "split"),
]
A_PACK = 500  # cases that share one


def pack(generator: random.Random) -> Pack:
    """Three clocks, one a unit, with limits, starts and reopenings by chance; from `a` a case may go on to `b`."""
    clocks = []
    for unit in Unit:
        few = generator.randint(1, 4 if unit is not Unit.BUSINESS_HOURS else 12)
        clocks.append(
            Limit(
                code=unit.value, title="", english="", unit=unit, clause="", trust=Trust.READ,
                limits={"a": few, "b": few + generator.randint(0, 3)},
                starts=frozenset({"received", "new_facts"}),
                stops=frozenset(generator.choice([{"notified"}, {"decided", "notified"}])),
                pauses=frozenset({"appraisal", "ill"}),
                reopened=generator.choice(list(Reopening)),
            )
        )  # fmt: skip
    needs = frozenset(generator.choice([(), ("notice",), ("approval", "notice")]))
    extension = Extension("a", "b", needs, frozenset({"head"}), "", Trust.READ)
    rules = (Rule("a", "", ""), Rule("b", "", ""))
    return Pack("p", "", "", "1", date(2019, 1, 1), "", True, "", Trust.CHECK, rules, (extension,), tuple(clocks))


def story(generator: random.Random, most: int = 8) -> list[Event]:
    """A receipt and what may follow it, sense or nonsense, within some days."""
    begun = datetime(2019, 1, 1, tzinfo=CHINA) + timedelta(minutes=generator.randrange(3_250 * 24 * 60))
    events, at = [Event(moment(begun), "received", unit=generator.choice(list(OPENINGS)))], begun
    for number in range(generator.randrange(most)):
        at += timedelta(minutes=generator.choice([0, 1, 30, 300, 1_440, generator.randrange(3_000)]))
        if generator.random() < 0.1:  # midnights are where days are lost
            at = at.replace(hour=0, minute=0) + timedelta(days=1)
        events.append(_something(generator, moment(at), f"case {number}", most))
    return events


def _something(generator: random.Random, at: int, case: str, most: int) -> Event:
    kind = generator.choice(LIKELY)
    told = at if generator.random() < 0.8 else None
    if kind == "merged":
        other = story(generator, 4) if most > 4 else []
        back = at - 60 * generator.randrange(4_000) - (other[-1].at if other else 0)
        its = tuple(Event(each.at + back, each.kind, each.reason, each.told_at, each.rule, each.approved_by, each.unit)
                    for each in other if each.kind not in {"merged", "split"})  # fmt: skip
        return Event(at, kind if its else "contacted", case=case, events=its)
    if kind == "split":
        return Event(at, kind, case=f"case {generator.randrange(most)}")
    return Event(
        at, kind, generator.choice(["appraisal", "ill", "holiday", ""]) if kind in {"paused", "resumed"} else "", told,
        "b" if kind == "extended" else "", generator.choice(["head", "clerk"]), generator.choice(list(OPENINGS)),
    )  # fmt: skip


class Stepped:
    """One clock of one line of events, minute by minute. `due` is a day or the moment after the last minute.

    Minutes and days are numbered from 1970-01-01 in China.
    """

    def __init__(self, clock: Limit, pack: Pack, rule: str, events: Sequence[Event]) -> None:
        self.clock, self.pack = clock, pack
        self.rule, self.amount = rule, clock.limits[rule]
        self.events = list(events)
        self.start: int | None = None
        self.due: date | datetime | None = None
        self.stopped: str = ""
        self.counted, self.unit = 0, ""
        self.kept: tuple[int, date | datetime | None] = (0, None)  # how far it was when it was stopped
        self.reasons: set[str] = set()
        self.seen: set[str] = set()

    def walk(self, until: int | None = None) -> Stepped:
        """Up to the due moment after all events, or up to the minute `until`. Between two events nothing changes."""
        now = self.events[0].at // 60
        last = now + STEPS
        while now < last:
            while self.events and self.events[0].at <= now * 60:
                self._happens(self.events.pop(0), now)
            if now == until:
                return self
            running = self.due is None and self.start is not None and not self.reasons
            if not (running or self.events or until):
                return self
            then = min([now + STRETCH, *(event.at // 60 for event in self.events[:1]), *([until] if until else [])])
            if running:
                self._count(now, then)
            now = then
        raise AssertionError("a limit did not end")

    def _count(self, now: int, then: int) -> None:
        """Each minute from `now` to before `then`, until the limit is used up; of days, not those of the first day."""
        hours = self.clock.unit is Unit.BUSINESS_HOURS
        if not hours and self.start is not None:
            now = min(then, max(now, (self.start // 1440 + 1) * 1440))
        minutes = now + np.flatnonzero(counting(self.clock.unit, self.unit)[now - FIRST : then - FIRST])
        left = self.amount * (60 if hours else 1) - self.counted
        self.counted += min(left, len(minutes))
        if len(minutes) >= left:
            over = datetime(1970, 1, 1, tzinfo=CHINA) + (int(minutes[left - 1]) + 1) * MINUTE
            self.due = over if hours else (over - MINUTE).date()

    def _late(self, now: int) -> bool:
        """Over is a limit of hours after its last minute, one of days after its last day."""
        at = datetime(1970, 1, 1, tzinfo=CHINA) + now * MINUTE
        return self.due is not None and (at > self.due if isinstance(self.due, datetime) else at.date() > self.due)

    def _anew(self, now: int) -> None:
        self.start, self.due, self.counted, self.stopped = now, None, 0, ""
        self.seen.clear()

    def _happens(self, event: Event, now: int) -> None:
        if event.kind in {"received", "handed_over"}:
            self.unit = event.unit
        if self.stopped:
            self._after_the_end(event, now)
        else:
            self._before_the_end(event)
        if event.kind in self.clock.starts and not self.stopped:
            self._anew(now)
        if event.kind in self.clock.stops and not self.stopped:
            self.seen.add(event.kind)
            if self.clock.stops <= self.seen:
                self._stop("met")

    def _after_the_end(self, event: Event, now: int) -> None:
        if event.kind == "extended" and self.pack.extension(self.rule, event.rule):
            self.rule = event.rule
        if event.kind == "reopened" and self.clock.reopened is Reopening.RESTARTS:
            self._anew(now)
        if event.kind == "reopened" and self.clock.reopened is Reopening.CONTINUES:
            self.counted, self.due = self.kept
            self.stopped = ""
            self.seen.clear()

    def _before_the_end(self, event: Event) -> None:
        if event.kind == "paused" and event.told_at is not None and event.reason in self.clock.pauses:
            self.reasons.add(event.reason)
        if event.kind == "resumed":
            self.reasons = self.reasons - {event.reason} if event.reason else set()
        if event.kind == "extended":
            self._extend(event)
        if event.kind == "withdrawn":
            self._stop("ended")

    def _stop(self, why: str) -> None:
        """It counts on, to tell by when it would have been due; a case opened again may go on from here."""
        self.stopped, self.kept = why, (self.counted, self.due)
        self.reasons.clear()

    def _extend(self, event: Event) -> None:
        extension = self.pack.extension(self.rule, event.rule)
        if extension is None or self.clock.limits[event.rule] == self.amount:
            self.rule = event.rule if extension else self.rule
            return
        told = "notice" not in extension.needs or event.told_at is not None
        approved = "approval" not in extension.needs or event.approved_by in extension.approvers
        if told and approved and not self._late(event.at // 60):
            self.rule, self.amount, self.due = event.rule, self.clock.limits[event.rule], None


def compare(generator: random.Random, clocks: Clocks) -> list[str]:
    """One random case by both; what differs."""
    rules, events = clocks.pack, story(generator)
    read = clocks.read("a", events, events[-1].at)
    wanted = [due(clock, rules, events) for clock in rules.clocks]
    both = zip(rules.clocks, read, wanted, strict=True)
    return [f"{clock.code}: {got.due} is not {want}" for clock, got, want in both if got.due != want]


def due(clock: Limit, rules: Pack, events: Sequence[Event]) -> date | datetime | None:
    """The earliest of the case and of all those merged into it that were still running then."""
    found = [Stepped(clock, rules, "a", events).walk().due]
    for place, event in enumerate(events):
        if event.kind != "merged" or any(e.kind == "split" and e.case == event.case for e in events[place + 1 :]):
            continue
        if Stepped(clock, rules, "a", event.events).walk(event.at // 60).stopped:
            continue
        unit = [each.unit for each in events[:place] if each.kind in {"received", "handed_over"}][-1]
        line = [*event.events, Event(event.at, "handed_over", unit=unit), *events[place + 1 :]]
        found.append(Stepped(clock, rules, "a", line).walk().due)
    known = [each for each in found if each is not None]
    return min(known) if known else None


@cache
def counting(unit: Unit, opening: str) -> NDArray[np.bool_]:
    """Does it count? Every minute of the years: one in which it is open, or the last of a day that counts as one."""
    days = [date(1970, 1, 1) + timedelta(days=number) for number in range(FIRST // 1440, LAST // 1440)]
    if unit is Unit.BUSINESS_HOURS:
        return np.concatenate([is_open(OPENINGS[opening].on(day, CALENDAR.kind(day))) for day in days])
    worked = [CALENDAR.kind(day) in {DayKind.WORKDAY, DayKind.MAKE_UP} or unit is Unit.CALENDAR_DAYS for day in days]
    return np.concatenate([np.arange(1440) == (1439 if each else -1) for each in worked])


@cache
def is_open(spans: tuple[tuple[int, int], ...]) -> NDArray[np.bool_]:
    """Each minute of a day."""
    return np.array([any(a <= minute * 60 < b for a, b in spans) for minute in range(1440)])


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    wrong = 0
    for number in range(args.cases):
        if number % A_PACK == 0:
            clocks = Clocks(pack(random.Random(f"pack {args.seed} {number}")), CALENDAR, OPENINGS)
        for told in compare(random.Random(f"case {args.seed} {number}"), clocks):
            wrong += 1
            print(f"case {number}, {told}")
    print(f"{args.cases:,} cases, {3 * args.cases:,} clocks, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
