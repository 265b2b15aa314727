"""By when must what be done? The limits of cn-2020, and the ways in which other systems lost a clock."""

from __future__ import annotations

import random
from datetime import date, datetime
from importlib.resources import files

import pytest

from huixiang.domain.calendar import mainland
from huixiang.domain.complaints.clocks import Clocks, Reading, State
from huixiang.domain.complaints.events import BadCase, Event, read_events
from huixiang.domain.complaints.hours import DAY, EPOCH, OFFICE, OpenHours, moment, time_of
from huixiang.domain.complaints.rulebook import read_pack, shipped
from tests.domain.complaints.oracle import CALENDAR, OPENINGS, compare, pack

PACK = shipped("cn-2020")
assert PACK is not None
CLOCKS = Clocks(PACK, mainland())
TOLD = "2026-09-20T10:00+08:00"
SUPERIOR = {"approved_by": "superior_unit", "told_at": TOLD}


def case(received: str, *events: dict[str, object]) -> list[Event]:
    return list(read_events([{"at": f"{received}+08:00", "kind": "received"}, *events]))


def happened(at: str, kind: str, **more: object) -> dict[str, object]:
    return {"at": f"{at}+08:00", "kind": kind, **more}


def clock(code: str, rule: str, events: list[Event], at: str = "2026-12-31T12:00") -> Reading:
    read = CLOCKS.read(rule, events, moment(datetime.fromisoformat(f"{at}+08:00")))
    return next(reading for reading in read if reading.limit.code == code)


def reply_due(rule: str, *events: dict[str, object]) -> date | None:
    due = clock("reply", rule, case("2026-09-16T16:00", *events)).due
    assert due is None or not isinstance(due, datetime)
    return due


def codes(reading: Reading) -> list[str]:
    return [warned.code for warned in reading.warned]


@pytest.mark.parametrize(
    ("rule", "due", "latest"),
    [
        ("simple", date(2026, 10, 1), date(2026, 10, 8)),  # the National Day moves the legal latest alone
        ("complex", date(2026, 10, 16), date(2026, 10, 16)),
        ("specially-complex", date(2026, 11, 15), date(2026, 11, 16)),
    ],
)
def test_fifteen_thirty_and_sixty_calendar_days(rule: str, due: date, latest: date) -> None:
    reading = clock("reply", rule, case("2026-09-16T16:00"))
    assert (reading.due, reading.legal_latest) == (due, latest)


def test_the_supervisor_passes_on_in_three_working_days_make_up_days_included() -> None:
    """Sunday 2026-09-20 pays for the National Day."""
    assert clock("pass_on", "transfer", case("2026-09-17T09:00")).due == date(2026, 9, 21)


def test_a_first_contact_promised_in_hours_waits_for_the_branch_to_open() -> None:
    """The Golden Week lies between half past four and the morning of the eighth."""
    reading = clock("first_contact", "simple", case("2026-09-30T16:30"))
    assert reading.due == datetime.fromisoformat("2026-10-08T10:30+08:00")


def test_an_appraisal_the_complainant_was_told_of_stops_the_reply_and_nothing_else_does() -> None:
    appraisal = happened("2026-09-18T09:00", "paused", reason="appraisal", told_at="2026-09-18T09:30+08:00")
    back = happened("2026-09-21T15:00", "resumed")
    assert reply_due("simple", appraisal, back) == date(2026, 10, 4)
    assert reply_due("simple", appraisal) is None  # nobody knows when it ends
    untold = case("2026-09-16T16:00", happened("2026-09-18T09:00", "paused", reason="appraisal"))
    waiting = case("2026-09-16T16:00", happened("2026-09-18T09:00", "paused", reason="customer", told_at=TOLD))
    for events, why in ((untold, "pause_without_notice"), (waiting, "pause_not_allowed")):
        reading = clock("reply", "simple", events)
        assert (reading.due, codes(reading)) == (date(2026, 10, 1), [why])


def test_a_pause_that_ends_the_same_day_moves_nothing() -> None:
    brief = happened("2026-09-18T09:00", "paused", reason="appraisal", told_at=TOLD)
    assert reply_due("simple", brief, happened("2026-09-18T23:59", "resumed")) == date(2026, 10, 1)
    assert reply_due("simple", brief, happened("2026-09-19T00:00", "resumed")) == date(2026, 10, 2)


@pytest.mark.parametrize(
    ("at", "more", "due", "why"),
    [
        ("2026-10-01T23:59", SUPERIOR, date(2026, 11, 15), []),
        ("2026-09-30T09:00", {"told_at": TOLD}, date(2026, 10, 1), ["extension_without_approval"]),
        ("2026-09-30T09:00", SUPERIOR | {"approved_by": "clerk"}, date(2026, 10, 1), ["extension_without_approval"]),
        ("2026-09-30T09:00", {"approved_by": "superior_unit"}, date(2026, 10, 1), ["extension_without_notice"]),
        ("2026-10-02T00:00", SUPERIOR, date(2026, 10, 1), ["extension_too_late"]),
    ],
)  # fmt: skip
def test_another_thirty_days_need_approval_notice_and_time(
    at: str, more: dict[str, object], due: date, why: list[str]
) -> None:
    extended = happened(at, "extended", rule="specially-complex", **more)
    reading = clock("reply", "simple", case("2026-09-16T16:00", extended))
    assert (reading.due, codes(reading)) == (due, why)


def test_decided_without_notice_still_runs() -> None:
    decided = happened("2026-09-30T09:00", "decided")
    late = case("2026-09-16T16:00", decided, happened("2026-10-03T09:00", "notified"))
    assert clock("reply", "simple", late, at="2026-10-01T12:00").state is State.RUNNING
    assert clock("reply", "simple", late, at="2026-10-02T00:00").state is State.OVERDUE
    reading = clock("reply", "simple", late)
    assert (reading.state, reading.legally_late) == (State.MET_LATE, False)  # within the moved date
    assert clock("review_application", "simple", late).due == date(2026, 11, 2)


def test_a_reopened_case_has_a_new_deadline_and_not_the_dead_one() -> None:
    closed = [happened("2026-09-20T09:00", "decided"), happened("2026-09-20T09:05", "notified")]
    reopened = happened("2026-10-20T09:00", "reopened")
    assert reply_due("simple", *closed, reopened) == date(2026, 11, 4)
    reading = clock("reply", "simple", case("2026-09-16T16:00", *closed, reopened), at="2026-10-21T09:00")
    assert (reading.state, reading.elapsed) == (State.RUNNING, 1)


def test_new_facts_begin_the_limit_anew_and_a_later_contact_does_not_undo_the_first() -> None:
    assert reply_due("simple", happened("2026-09-25T09:00", "new_facts")) == date(2026, 10, 10)
    calls = [happened("2026-09-16T16:30", "contacted"), happened("2026-09-20T16:30", "contacted")]
    reading = clock("first_contact", "simple", case("2026-09-16T16:00", *calls))
    assert (reading.state, reading.elapsed) == (State.MET, 0.5)


def test_a_merger_buys_no_time_and_a_split_undoes_it() -> None:
    older: list[object] = [{"at": "2026-09-10T09:00+08:00", "kind": "received"}]
    merged = happened("2026-09-17T09:00", "merged", case="T-7", events=older)
    whole = case("2026-09-16T16:00")
    joined = clock("reply", "simple", case("2026-09-16T16:00", merged))
    assert (joined.due, joined.case) == (date(2026, 9, 25), "T-7")
    split = case("2026-09-16T16:00", merged, happened("2026-09-18T09:00", "split", case="T-7"))
    assert clock("reply", "simple", split) == clock("reply", "simple", whole)


def test_a_merged_case_that_was_answered_before_hands_nothing_on() -> None:
    older: list[object] = [
        {"at": "2026-09-01T09:00+08:00", "kind": "received"},
        happened("2026-09-02T09:00", "decided"),
        happened("2026-09-02T09:00", "notified"),
    ]
    merged = happened("2026-09-17T09:00", "merged", case="T-7", events=older)
    assert reply_due("simple", merged) == date(2026, 10, 1)


def test_withdrawn_ends_that_day_and_an_extension_after_it_brings_nothing_back() -> None:
    gone = case("2026-09-16T16:00", happened("2026-09-18T09:00", "withdrawn"))
    assert clock("reply", "simple", gone).state is State.ENDED
    assert not clock("reply", "simple", gone).legally_late


def test_a_year_without_a_notice_of_holidays_is_told() -> None:
    assert not clock("reply", "specially-complex", case("2026-12-20T09:00")).official
    assert clock("reply", "simple", case("2026-09-16T16:00")).official


def test_hours_run_by_the_unit_that_has_the_case() -> None:
    """Received at a branch that is open at night, handed over at noon to one that has lunch."""
    clocks = Clocks(CLOCKS.pack, CALENDAR, OPENINGS)
    events = [Event(moment(datetime.fromisoformat("2026-09-17T05:00+08:00")), "received", unit="night")]
    handed = Event(moment(datetime.fromisoformat("2026-09-17T05:30+08:00")), "handed_over", unit="lunch")
    alone, both = (clocks.read("simple", its, handed.at)[0].due for its in (events, [*events, handed]))
    assert alone == datetime.fromisoformat("2026-09-17T23:00+08:00")
    assert both == datetime.fromisoformat("2026-09-17T10:00+08:00")


def test_open_hours_are_counted_and_found_by_the_same_book() -> None:
    hours = OpenHours(OFFICE, CALENDAR)
    generator = random.Random(1)
    for _ in range(200):
        at = (date(2019, 1, 1).toordinal() - EPOCH) * DAY + generator.randrange(8 * 365 * DAY)
        seconds = hours.open_before(at)
        found = hours.when_open(seconds)
        assert found <= at
        assert hours.open_before(found) == seconds, time_of(at)


@pytest.mark.parametrize("seed", range(3))
def test_the_engine_agrees_with_an_oracle_that_steps_minute_by_minute(seed: int) -> None:
    """Some random cases; `python -m tests.domain.complaints.oracle --cases N` compares as many as one has time for."""
    clocks = Clocks(pack(random.Random(f"pack {seed}")), CALENDAR, OPENINGS)
    for number in range(200):
        assert compare(random.Random(f"test {seed} {number}"), clocks) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('unit = "working_days"', 'unit = "weeks"', "[[clock]] 2 的 unit 只能是"),
        ("transfer = 3", "transfer = 0", "[[clock]] 6 的 limits 要写 1 到 2500 的整数"),
        ("effective_from = 2020-03-01", 'effective_from = "2020"', "不带引号的日期"),
        ('clause = "令2020年第3号，转办：3个工作日内转送"', "", "[[clock]] 6 的 clause"),
        ('code = "acceptance"', 'code = "first_contact"', "写了两次"),
        ("reopened = ", "reopen = ", "[[clock]] 1 的 reopened 只能是"),
        ("rolls_past_holidays = true", "rolls_past_holidays = 1", "要写 true 或 false"),
    ],
)
def test_a_pack_with_a_mistake_says_where(old: str, new: str, said: str) -> None:
    text = (files("huixiang.domain.complaints") / "packs/cn-2020/rules.toml").read_text("utf-8")
    with pytest.raises(BadCase) as bad:
        read_pack(text.replace(old, new, 1))
    assert said in str(bad.value)
