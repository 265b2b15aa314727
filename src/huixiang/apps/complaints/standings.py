"""How does a case stand, and how do its clocks? Read from its events, and from nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from huixiang.apps.complaints.models import Case, Event
from huixiang.apps.complaints.packs import clocks_of, pack_of
from huixiang.domain.complaints.clocks import Reading
from huixiang.domain.complaints.history import REVIEW, clock_events, review_events
from huixiang.domain.complaints.hours import moment
from huixiang.domain.complaints.lifecycle import stand
from huixiang.domain.complaints.rules import Pack
from huixiang.domain.complaints.standing import Entry, Standing

WITH_PEOPLE = Prefetch("events", queryset=Event.objects.select_related("by"))


@dataclass(frozen=True, slots=True)
class History:
    """All that happened to a case, as the domain reads it. `absorbed` are those of the cases merged into it."""

    case: Case
    entries: Sequence[Entry]
    absorbed: dict[str, Sequence[Entry]]

    @property
    def pack(self) -> Pack:
        return pack_of(self.case.pack)

    def standing(self) -> Standing:
        return stand(self.entries)

    def clocks(self, at: datetime) -> list[Reading]:
        """Each clock of the case, and of its last review, at a moment."""
        clocks, then = clocks_of(self.case.pack), moment(at)
        found = clocks.read(self.case.rule, clock_events(self.entries, self.absorbed), then)
        review = [event for event in review_events(self.entries) if event.at <= then]
        return [*found, *(clocks.read(REVIEW, review, then) if review and self.pack.rule(REVIEW) else [])]

    def clock(self, code: str, at: datetime) -> Reading | None:
        return next((each for each in self.clocks(at) if each.limit.code == code), None)


def history(case: Case) -> History:
    """Read a case's events, and those of all that were ever merged into it."""
    entries = entries_of(_lines(case))
    numbers = {entry.told["case"] for entry in entries if entry.verb == "absorb"}
    absorbed: dict[str, Sequence[Entry]] = {}
    if numbers:
        for other in Case.objects.filter(number__in=numbers).prefetch_related(WITH_PEOPLE):
            absorbed[other.number] = entries_of(other.events.all())
    return History(case, entries, absorbed)


def histories(cases: Sequence[Case]) -> Iterator[History]:
    """Those of many cases, in two or three questions for all; of the lines no more than the domain reads."""
    told = _entries_of_many(Event.objects.filter(case__in=[case.pk for case in cases]))
    numbers = {entry.told["case"] for lines in told.values() for entry in lines if entry.verb == "absorb"}
    places = dict(Case.objects.filter(number__in=numbers).values_list("number", "pk")) if numbers else {}
    others = _entries_of_many(Event.objects.filter(case__in=places.values())) if places else {}
    for case in cases:
        entries = told[case.pk]
        its = {entry.told["case"] for entry in entries if entry.verb == "absorb"}
        yield History(case, entries, {number: others[places[number]] for number in its if number in places})


def _entries_of_many(events: Any) -> dict[int, list[Entry]]:
    found = defaultdict[int, list[Entry]](list)
    for pk, at, verb, number, told in events.order_by("case", "seq").values_list(
        "case_id", "at", "verb", "by__number", "told"
    ):
        found[pk].append(Entry(moment(at), verb, number or "", told))
    return found


def _lines(case: Case) -> Any:
    """Those that were read ahead, or else now with the people in one question."""
    ahead = "events" in getattr(case, "_prefetched_objects_cache", {})
    return case.events.all() if ahead else case.events.select_related("by")


def entries_of(events: Any) -> list[Entry]:
    """Lines of the database as the domain has them; staff by their number as it was written down."""
    return [entry_of(event) for event in sorted(events, key=lambda event: event.seq)]


def entry_of(event: Event) -> Entry:
    return Entry(moment(event.at), event.verb, event.by.number if event.by else "", event.told)
