"""What do the clocks read of a case's history? Its entries as events, with those of the cases merged into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from huixiang.domain.complaints.contacts import way_of
from huixiang.domain.complaints.events import Event
from huixiang.domain.complaints.lifecycle import VERBS
from huixiang.domain.complaints.standing import Entry

_APART = {"merged", "split"}
REVIEW = "review"  # the rule of a pack under which a review's own clock runs
REVIEW_KINDS = {"decide_review": "decided", "tell_review": "notified", "withdraw": "withdrawn"}


def clock_events(entries: Iterable[Entry], absorbed: Mapping[str, Sequence[Entry]] | None = None) -> list[Event]:
    """The events of a case; `absorbed` holds the entries of each case that was ever merged into it, by number.

    Nothing is copied at a merger: the other case's own entries are read, so that a split leaves what there was.
    """
    return [_event(entry, kind, absorbed or {}) for entry in entries for kind in VERBS[entry.verb].clocks]


def review_events(entries: Sequence[Entry]) -> list[Event]:
    """The last review as a case of its own: the application is its receipt. Empty where none was applied for."""
    places = [place for place, entry in enumerate(entries) if entry.verb == "apply_review"]
    if not places:
        return []
    applied, *since = entries[places[-1] :]
    events = [Event(each.at, REVIEW_KINDS[each.verb]) for each in since if each.verb in REVIEW_KINDS]
    return [Event(applied.at, "received", rule=REVIEW), *events]


def _event(entry: Entry, kind: str, absorbed: Mapping[str, Sequence[Entry]]) -> Event:
    told = entry.told
    its = clock_events(absorbed.get(told["case"], ())) if kind == "merged" else ()
    return Event(
        entry.at,
        kind,
        reason=told.get("reason", "") if kind in {"paused", "resumed"} else "",
        told_at=told.get("told_at"),
        rule=told.get("rule", ""),
        approved_by=told.get("level", ""),
        unit=told.get("unit", ""),
        contact=way_of(told) if kind == "contacted" else "",
        case=told.get("case", "") if kind in _APART else "",
        events=tuple(each for each in its if each.kind not in _APART),
    )
