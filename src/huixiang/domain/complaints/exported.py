"""Is an exported file of complaints whole, and could each case have gone so? Checked without the bank that wrote it.

The file is JSON Lines: one case a line with its events, and a last line with how many cases and events there are and
the SHA-256 of all bytes before it. The events' own hashes are keyed by the bank that wrote them: elsewhere one can see
that each names the one before, and only that bank that each is its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from huixiang.domain.complaints.hours import moment
from huixiang.domain.complaints.lifecycle import stand
from huixiang.domain.complaints.standing import Entry

FORMAT = "huixiang-complaints-1"
GENESIS = "0" * 64
MOST_TOLD = 50


@dataclass(slots=True)
class Checked:
    """What a file holds. `faults` names the first that do not hold, each with its case's number and what is wrong:

    unreadable, missing (a line of the history), broken (a line does not name the one before), illegal (the table has no
    such way), state (not the one its events lead to); of the whole file truncated, count or hash.
    """

    cases: int = 0
    events: int = 0
    sha256: str = ""
    fault_count: int = 0
    faults: list[tuple[str, str]] = field(default_factory=list)

    def blame(self, number: str, fault: str) -> None:
        self.fault_count += 1
        if len(self.faults) < MOST_TOLD:
            self.faults.append((number, fault))


def closed(lines: Iterable[tuple[str, int]]) -> Iterator[str]:
    """The lines of a file, each with how many events it tells, and at its end the count and the hash of all before."""
    hasher, cases, events = hashlib.sha256(), 0, 0
    for line, told in lines:
        hasher.update(line.encode())
        cases, events = cases + 1, events + told
        yield line
    yield written({"format": FORMAT, "cases": cases, "events": events, "sha256": hasher.hexdigest()})


def written(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def check(lines: Iterable[bytes]) -> Checked:
    """Read a file to its end, one case at a time."""
    found, hasher, last = Checked(), hashlib.sha256(), None
    for line in lines:
        if last is not None:
            hasher.update(last)
            _check_case(found, last)
        last = line
    found.sha256 = hasher.hexdigest()
    _check_end(found, last)
    return found


def _check_end(found: Checked, last: bytes | None) -> None:
    end = _parsed(last or b"")
    if end is None or end.get("format") != FORMAT:
        found.blame("", "truncated")
        return
    if (end.get("cases"), end.get("events")) != (found.cases, found.events):
        found.blame("", "count")
    if end.get("sha256") != found.sha256:
        found.blame("", "hash")


def _check_case(found: Checked, line: bytes) -> None:
    case = _parsed(line)
    try:
        events, number = (case or {})["events"], str((case or {})["number"])[:16]
        found.cases, found.events = found.cases + 1, found.events + len(events)
        fault = _fault_of(events, str((case or {})["state"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        found.blame(str((case or {}).get("number", ""))[:16], "unreadable")
        return
    if fault:
        found.blame(number, fault)


def _fault_of(events: Any, state: str) -> str:
    previous = GENESIS
    for place, event in enumerate(events, 1):
        if event["seq"] != place:
            return "missing"
        if event["previous"] != previous:
            return "broken"
        previous = event["hash"]
    entries = [_entry(event) for event in events]
    try:
        standing = stand(entries)
    except (ValueError, AssertionError, KeyError):
        return "illegal"
    return "" if standing.state == state else "state"


def _entry(event: Mapping[str, Any]) -> Entry:
    return Entry(moment(datetime.fromisoformat(event["at"])), event["verb"], event["by"] or "", event["told"])


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:  # half a character is one too
        return None
    return found if isinstance(found, dict) else None
