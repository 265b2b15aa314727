"""Does an exported file of complaints show whatever was taken from it, put into it or changed in it?"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from huixiang.domain.complaints.exported import GENESIS, check, closed, written


def event(seq: int, verb: str, **told: Any) -> dict[str, Any]:
    previous = GENESIS if seq == 1 else f"h{seq - 1}"
    return {"seq": seq, "verb": verb, "at": f"2026-03-0{seq}T10:00:00+00:00", "by": "1101", "told": told,
            "previous": previous, "hash": f"h{seq}"}  # fmt: skip


def case(number: str) -> dict[str, Any]:
    received = event(1, "register", rule="simple", unit="N1", accused=[], seriousness="ordinary")
    return {"number": number, "state": "accepted", "events": [received, event(2, "accept", told_at=1)]}


def file(*cases: dict[str, Any]) -> list[bytes]:
    return [line.encode() for line in closed((written(each), len(each["events"])) for each in cases)]


def test_a_whole_file_is_whole() -> None:
    found = check(file(case("2026-000001"), case("2026-000002")))
    assert (found.cases, found.events, found.faults) == (2, 4, [])
    assert check(file()).faults == []


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda lines: lines[:-1], ("", "truncated")),
        (lambda lines: lines[1:], ("", "count")),
        (lambda lines: [lines[0].replace(b"1101", b"1102"), *lines[1:]], ("", "hash")),
        (lambda lines: [b"x", *lines], ("", "unreadable")),
        (lambda lines: [], ("", "truncated")),
    ],
)
def test_what_was_changed_is_seen(spoil: Callable[[list[bytes]], list[bytes]], fault: tuple[str, str]) -> None:
    assert fault in check(spoil(file(case("2026-000001"), case("2026-000002")))).faults


def test_a_history_that_the_table_does_not_know_is_seen_even_under_a_right_hash() -> None:
    jumped, gap, cut = case("2026-000001"), case("2026-000002"), case("2026-000003")
    jumped["events"][1]["verb"] = "close"
    del gap["events"][0]
    cut["events"][1]["previous"] = "other"
    other = case("2026-000004") | {"state": "closed"}
    assert check(file(jumped, gap, cut, other)).faults == [
        ("2026-000001", "illegal"),
        ("2026-000002", "missing"),
        ("2026-000003", "broken"),
        ("2026-000004", "state"),
    ]


def test_a_file_of_something_else_is_told_kindly() -> None:
    assert check([b"\xff\xfe", b"[1]\n", json.dumps({"events": 5}).encode()]).fault_count >= 2
