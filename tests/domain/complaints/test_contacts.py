"""Does a clock count only the contacts that its pack names?"""

from __future__ import annotations

import pytest

from huixiang.domain.calendar import mainland
from huixiang.domain.complaints.clocks import Clocks, State
from huixiang.domain.complaints.events import BadCase, read_events
from huixiang.domain.complaints.rulebook import read_pack, shipped_text

CALLS = [
    {"at": "2026-09-28T09:00+08:00", "kind": "received"},
    {"at": "2026-09-28T09:30+08:00", "kind": "contacted", "contact": "out:no_answer"},
]


def first_contact(text: str, *more: dict[str, str]) -> State:
    events = read_events([*CALLS, *more])
    clocks = Clocks(read_pack(text), mainland())
    return next(
        each for each in clocks.read("simple", events, events[-1].at) if each.limit.code == "first_contact"
    ).state


def test_a_call_that_nobody_answered_counts_only_where_the_pack_says_so() -> None:
    text = shipped_text("cn-2020") or ""
    assert first_contact(text) is State.RUNNING
    assert (
        first_contact(text, {"at": "2026-09-28T10:00+08:00", "kind": "contacted", "contact": "in:reached"}) is State.MET
    )
    assert first_contact(text.replace('"out:reached"', '"out:reached", "out:no_answer"')) is State.MET
    assert first_contact(text, {"at": "2026-09-28T10:00+08:00", "kind": "contacted"}) is State.MET, "as written before"
    with pytest.raises(BadCase, match="只能是"):
        read_pack(text.replace('"out:reached"', '"out:shouted"'))
