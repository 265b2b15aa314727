"""What came of a replay, as plain values that can be printed, kept and shown."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from huixiang.domain.complaints.clocks import Clocks
from huixiang.domain.complaints.replaying import Moved, Replay, Tally, Told

LISTED = 1_000


def replayed(cases: Iterable[Told], old: Clocks, new: Clocks, at: int, most: int) -> dict[str, object]:
    """The tally and the first changes, at `most` so many; the rest is counted."""
    done = Replay()
    moved = done.through(cases, old, new, at)
    listed = [_change(each) for each in islice(moved, max(0, min(most, LISTED)))]
    unlisted = sum(1 for _ in moved)
    return {
        "old": f"{old.pack.code} {old.pack.version}",
        "new": f"{new.pack.code} {new.pack.version}",
        "cases": done.cases,
        "cases_judged_otherwise": done.turned_cases,
        "cases_without_the_rule": dict(done.no_rule),
        "clocks": [_tally(code, tally) for code, tally in done.clocks.items()],
        "changes": listed,
        "changes_not_listed": unlisted,
    }


def _tally(code: str, tally: Tally) -> dict[str, object]:
    return {
        "clock": code,
        "changes": {change.value: count for change, count in sorted(tally.changes.items())},
        "days_later": {"least": tally.shift(0), "median": tally.shift(0.5), "most": tally.shift(1)},
        "late_before": tally.late_before,
        "late_after": tally.late_after,
        "newly_late": tally.newly_late,
        "no_longer_late": tally.no_longer_late,
        "new_warnings": dict(tally.warnings),
    }


def _change(moved: Moved) -> dict[str, object]:
    return {
        "case": moved.case,
        "clock": moved.clock,
        "days_later": None if moved.days is None else round(moved.days, 2),
        "due_before": _due(moved.old.due if moved.old else None),
        "due_after": _due(moved.new.due if moved.new else None),
        "state_before": moved.old.state.value if moved.old else None,
        "state_after": moved.new.state.value if moved.new else None,
        "new_warnings": list(moved.warnings),
    }


def _due(found: object) -> str | None:
    return found.isoformat() if hasattr(found, "isoformat") else None
