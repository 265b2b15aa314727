"""Cases go through the bank, people do one thing at a time, and what was planted can be found again."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huixiang.domain.calendar import mainland
from huixiang.simulation.bank import found
from huixiang.simulation.events.processes import PROCESSES, Arrivals, EventLog, case_arrivals, simulate
from huixiang.simulation.events.processes.clocks import AFTER_CLOSING, clock
from huixiang.simulation.events.processes.definition import BACKING, COUNTER, OFFICE, OFFICE_DAY, Both, Loop
from huixiang.simulation.events.processes.staffing import Helper
from huixiang.simulation.planting import plant
from tests.simulation.cases import (
    ALL,
    EFFECTS,
    END,
    FIRST,
    FROM,
    START,
    UNTIL,
    bank,
    cases,
    effect,
    log_of,
    rows,
    run_of,
)
from tests.simulation.workload import busy

SLOW_APPROVAL = effect("bottleneck", "审批变慢", START, END, 3.0, process="loan", step="approve")
SLOW_SURVEY = effect("bottleneck", "核实变慢", START, END, 2.5, process="loan", step="income")
SECOND_LOOK = effect("needless_check", "多一道复核", START, END, 0.7, process="loan")
IN_BATCHES = effect("batching", "攒批审批", START, END, 6.0, process="loan", step="approve")
SLOW_SIGNING = effect("step_lowers_scores", "签约拖沓", FIRST, END, 3.0, process="loan", step="sign")


def sojourns(log: EventLog) -> dict[str, float]:
    """Median minutes of each step, of what became ready while the effects hold."""
    found = {}
    for step in log.process.steps():
        at = rows(log, step.code)
        at = at[(log.ready[at] >= FROM) & (log.ready[at] < UNTIL)]
        if len(at) > 50:
            found[step.code] = float(np.median(log.ends[at] - log.ready[at])) / 60
    return found


# The books balance.


@pytest.mark.parametrize("code", ALL)
def test_the_same_seed_gives_the_same_log(code: str) -> None:
    again = found(bank().scenario)
    log = simulate(again, plant(again), PROCESSES[code], cases(code, again), again.dice.of("process", code))
    for column in ("case", "activity", "ready", "starts", "ends", "resource", "outcome", "score", "amount"):
        assert getattr(log, column).tobytes() == getattr(log_of(code), column).tobytes(), column


@pytest.mark.parametrize("code", ALL)
def test_no_step_begins_before_the_one_before_it_has_ended(code: str) -> None:
    log = log_of(code)
    pairs = [{part.first.code, part.second.code} for part in log.process.flow if isinstance(part, Both)]
    codes = [step.code for step in log.process.steps()]
    assert np.all(np.diff(log.case) >= 0)
    assert np.all((log.ready <= log.starts) & (log.starts < log.ends))
    assert np.all(log.ready >= log.arrived[log.case])
    early = np.flatnonzero((log.case[1:] == log.case[:-1]) & (log.starts[1:] < log.ends[:-1]))
    together = {frozenset((codes[log.activity[n]], codes[log.activity[n + 1]])) for n in early.tolist()}
    assert together <= {frozenset(pair) for pair in pairs}
    joined = np.flatnonzero((log.case[2:] == log.case[:-2]) & (log.starts[2:] < log.ends[:-2]))
    assert len(joined) == 0  # what follows a pair waits for both


def test_nobody_does_two_things_at_once_nor_works_in_two_processes() -> None:
    seen: set[int] = set()
    for code in ALL:
        log = log_of(code, SLOW_APPROVAL, SLOW_SURVEY)
        at = np.flatnonzero(log.resource >= 0)
        at = at[np.lexsort((log.starts[at], log.resource[at]))]
        same = log.resource[at[1:]] == log.resource[at[:-1]]
        assert np.all(log.starts[at[1:]][same] >= log.ends[at[:-1]][same])
        people = set(np.unique(log.resource[at]).tolist())
        assert not people & seen
        seen |= people


@pytest.mark.parametrize("code", ALL)
def test_every_person_is_on_the_staff_and_holds_a_fitting_post(code: str) -> None:
    log, staff = log_of(code), bank().staff
    for step in log.process.steps():
        people = np.unique(log.resource[rows(log, step.code)])
        if not log.process.staffed(step):
            assert set(people.tolist()) <= {-1}
            continue
        assert np.all((people >= 0) & (people < len(staff.numbers)))
        pool = log.process.pool(step.pool)
        assert pool is not None
        assert {staff.posts[person] for person in people.tolist()} <= {pool.post}


@pytest.mark.parametrize("code", ALL)
def test_people_work_in_their_hours_and_not_on_days_off(code: str) -> None:
    log, calendar, network = log_of(code), mainland(), bank().network
    day_off = np.array([not calendar.is_workday(FIRST + timedelta(n)) for n in range(190)])
    for step in log.process.steps():
        pool = log.process.pool(step.pool)
        if pool is None or not log.process.staffed(step):
            continue
        at = rows(log, step.code)
        for moment in (log.starts[at], log.ends[at] - 1):
            day, minute = moment // 86_400, moment % 86_400 // 60
            if pool.hours in {OFFICE, OFFICE_DAY}:
                assert not day_off[day].any()
                assert np.all((minute >= 510) & (minute < 1050) & ~((minute >= 720) & (minute < 810)))
            if pool.hours == COUNTER:
                outlet = log.outlet[log.case[at]]
                assert not np.any(day_off[day] & ~network.weekends[outlet])
                assert np.all(minute >= network.opens[outlet] // 60)
                assert np.all(minute < network.closes[outlet] // 60 + AFTER_CLOSING)
                assert not np.any((minute >= 720) & (minute < 780))
            if pool.hours == BACKING:
                assert np.all((minute >= 510) & (minute < 1110))


def test_what_the_system_does_is_done_day_and_night() -> None:
    log = log_of("activation")
    at = rows(log, "phone")
    assert np.array_equal(log.starts[at], log.ready[at])
    assert np.any(log.starts[at] // 3600 % 24 >= 22)


def test_a_case_is_finished_or_open_and_only_who_is_through_has_an_opinion() -> None:
    log = log_of("loan")
    assert 0 < np.mean(log.outcome == 0) < 0.1
    assert np.array_equal(np.isnan(log.score), log.outcome == 0)
    assert log.ends.max() <= len(bank().scenario.days()) * 86_400
    assert np.nanmin(log.score) >= 0
    assert np.nanmax(log.score) <= 10


def test_cases_keep_the_order_in_which_they_were_given() -> None:
    of = bank()
    given = cases("loan", of)
    shuffled = Arrivals(*(column[np.random.default_rng(1).permutation(len(column))] for column in given))
    log = simulate(of, plant(of), PROCESSES["loan"], shuffled, of.dice.of("process"))
    first = np.searchsorted(log.case, np.arange(log.cases))
    begun = first < np.searchsorted(log.case, np.arange(log.cases), side="right")
    assert np.array_equal(log.ready[first[begun]], shuffled.moment[begun])
    ids = np.array(log.case_ids())
    assert len(set(ids.tolist())) == log.cases
    assert ids[np.argmin(shuffled.moment)] == "LN-2026-000001"


# Ways: rework, pairs, outcomes.


@pytest.mark.parametrize("code", ALL)
def test_rework_goes_round_as_often_as_allowed_and_no_more(code: str) -> None:
    log = log_of(code)
    rounds = np.zeros(log.cases, dtype=np.int64)
    for loop in (part for part in log.process.flow if isinstance(part, Loop)):
        back = np.bincount(log.case[rows(log, loop.back.code)], minlength=log.cases)
        reviews = np.bincount(log.case[rows(log, loop.review.code)], minlength=log.cases)
        assert 1 < back.max() <= loop.rounds
        through = log.outcome == 1
        assert np.array_equal(reviews[through], back[through] + 1)
        assert abs(np.mean(back[through] > 0) / loop.share - 1) < 0.25
        rounds += back * loop.rework
    assert np.array_equal(log.rounds[through], rounds[through])  # who is called twice was not sent back


def test_of_two_steps_side_by_side_either_may_begin_and_they_overlap() -> None:
    log = log_of("loan")
    credit, income = rows(log, "credit"), rows(log, "income")
    both = np.intersect1d(log.case[credit], log.case[income])
    credit, income = (at[np.isin(log.case[at], both)] for at in (credit, income))
    assert np.array_equal(log.ready[credit], log.ready[income])
    assert 0.1 < np.mean(log.starts[credit] < log.starts[income]) < 0.9
    assert np.mean((log.starts[credit] < log.ends[income]) & (log.starts[income] < log.ends[credit])) > 0.3


@pytest.mark.parametrize("code", ALL)
def test_the_pair_stands_between_two_steps(code: str) -> None:
    flow = PROCESSES[code].flow
    for number, part in enumerate(flow):
        if isinstance(part, Both):
            assert number > 0
            assert isinstance(flow[number + 1], Loop) or getattr(flow[number + 1], "share", 0) == 1


@pytest.mark.parametrize("code", ALL)
def test_most_cases_come_through_and_all_outcomes_occur(code: str) -> None:
    log = log_of(code)
    share = np.bincount(log.outcome, minlength=len(log.process.outcomes)) / log.cases
    assert share[1] > 0.5
    # Planted recoding alone leads to 已答复.
    drawn = np.array([outcome.code != "answered" for outcome in log.process.outcomes])
    assert np.array_equal(share[1:] > 0, drawn[1:])


# Clocks: time that stands still.


@given(st.lists(st.booleans(), min_size=1, max_size=9).filter(any), st.integers(0, 700), st.integers(1, 700))
def test_a_working_clock_counts_open_minutes_and_can_be_read_backwards(opened: list[bool], at: int, long: int) -> None:
    made = clock(np.array(opened), ((at, at + long),))
    assert len(made.minute_of) == sum(opened) * long
    assert np.array_equal(made.before[made.minute_of], np.arange(len(made.minute_of)))
    moments = np.arange(0, len(opened) * 86_400, 977, dtype=np.int64)
    assert np.all(np.diff(made.worked(moments)) >= 0)
    assert np.all(np.diff(made.worked(moments)) <= 977)
    assert made.between(0, len(opened) * 86_400 - 1) <= sum(opened) * long * 60


@given(st.floats(0, 1), st.integers(0, 1000))
def test_help_comes_on_its_share_of_the_days_wherever_one_begins_to_count(share: float, first: int) -> None:
    days = sum(Helper(1, share).comes(day) for day in range(first, first + 90))
    assert abs(days - 90 * share) <= 1.001


# Queues: waiting comes from contention, and staffing fits the load.


@pytest.mark.parametrize("branches", [3, 8, 24, 61])
def test_a_bank_of_any_size_is_staffed_to_its_work(branches: int) -> None:
    for code in ALL:
        for pool in busy(run_of(code, branches=branches)):
            assert pool.busiest < 0.93, (code, pool)
    for pool in busy(run_of("loan", branches=branches)):
        assert pool.middling > 0.3, pool


def mean_waits(log: EventLog) -> dict[str, float]:
    """Minutes from being ready to being begun, by step."""
    waits = (log.starts - log.ready) / 60
    done = [(step.name, waits[log.activity == number]) for number, step in enumerate(log.process.steps())]
    return {step: float(each.mean()) for step, each in done if len(each)}


def test_more_work_for_the_same_people_means_longer_waits_for_all_who_share_them() -> None:
    waits, busier = mean_waits(log_of("loan")), mean_waits(log_of("loan", SECOND_LOOK))
    assert busier["终审审批"] > waits["终审审批"]
    assert abs(busier["补充材料"] - waits["补充材料"]) < 1  # where nobody queues, nobody waits longer


def test_cases_arrive_where_and_when_they_should() -> None:
    of, calendar = bank(), mainland()
    days = of.scenario.days()
    workdays = np.array([calendar.is_workday(day) for day in days])
    loans, accounts, phones = (cases(code, of) for code in ("loan", "account", "activation"))
    assert np.all(workdays[loans.moment // 86_400])
    assert not np.all(workdays[accounts.moment // 86_400])
    assert np.mean(phones.moment // 3600 % 24 >= 18) > 0.25
    assert np.all(np.diff(phones.moment) >= 0)
    a_day = len(loans.moment) / workdays.sum() / of.network.demand.sum()
    assert a_day == pytest.approx(0.85, rel=0.15)  # more before the new year
    assert np.array_equal(of.customers.outlet[phones.customer], phones.outlet)
    with pytest.raises(ValueError, match="complaint do not arrive by themselves"):
        case_arrivals(of, PROCESSES["complaint"], days, np.ones(len(days)), of.dice.of("none"))


# What was planted is found.


@pytest.mark.parametrize("planted", [SLOW_APPROVAL, SLOW_SURVEY])
def test_the_planted_bottleneck_is_the_step_that_grew_most(planted: str) -> None:
    quiet, slow = sojourns(log_of("loan")), sojourns(log_of("loan", planted))
    rise = {step: slow[step] / quiet[step] for step in quiet}
    assert max(rise, key=rise.__getitem__) == EFFECTS[planted].step
    assert rise[EFFECTS[planted].step] > 1.8


def test_the_bottleneck_holds_in_its_dates_only_and_does_not_run_away() -> None:
    log = log_of("loan", SLOW_APPROVAL)
    at = rows(log, "approve")
    handling, ready = (log.ends - log.starts)[at], log.ready[at]
    same_day = log.starts[at] // 86_400 == log.ends[at] // 86_400
    inside = (ready >= FROM) & (ready < UNTIL)
    assert np.median(handling[inside & same_day]) > 2.2 * np.median(handling[~inside & same_day])
    waits = [np.median((log.starts[at] - ready)[inside & (ready // 86_400 // 15 == part)]) for part in (5, 9)]
    assert waits[1] < waits[0] + 2 * 86_400


def test_the_needless_check_always_passes_and_takes_its_time() -> None:
    quiet, checked = log_of("loan"), log_of("loan", SECOND_LOOK)
    assert len(rows(quiet, "recheck")) == 0
    at = rows(checked, "recheck")
    in_dates = (checked.arrived >= FROM) & (checked.arrived < UNTIL)
    approved = np.isin(np.arange(checked.cases), checked.case[rows(checked, "approve")])
    assert np.all(in_dates[checked.case[at]] | (checked.arrived[checked.case[at]] < UNTIL + 86_400))
    assert np.mean(np.isin(np.flatnonzero(in_dates & approved), checked.case[at])) == pytest.approx(0.7, abs=0.06)
    finished = (quiet.outcome > 0) & (checked.outcome > 0)
    assert np.array_equal(quiet.outcome[finished], checked.outcome[finished])  # it changes nothing but time
    assert np.all(checked.ends[at] - checked.starts[at] >= 60)


def test_batches_show_in_the_moments_at_which_the_step_begins() -> None:
    of = run_of("loan", IN_BATCHES)
    clock = next(room.clock for room in of.staffing.rooms if room.pool.code == "approvers")

    def waited_for_a_batch(log: EventLog) -> float:
        at = rows(log, "approve")
        at = at[(log.ready[at] >= FROM) & (log.ready[at] < UNTIL)]
        batch = 6 * 3600
        return float(np.mean(-(-clock.worked(log.ready[at]) // batch) * batch <= clock.worked(log.starts[at])))

    assert waited_for_a_batch(log_of("loan", IN_BATCHES)) == 1
    assert waited_for_a_batch(log_of("loan")) < 0.5
    assert sojourns(log_of("loan", IN_BATCHES))["approve"] > 2 * sojourns(log_of("loan"))["approve"]


def test_the_step_that_lowers_scores_is_the_only_one_to_explain_the_loss() -> None:
    quiet, sour = log_of("loan"), log_of("loan", SLOW_SIGNING)
    assert np.array_equal(quiet.ends, sour.ends)
    lost = quiet.score - sour.score
    done = np.flatnonzero(~np.isnan(lost) & (quiet.outcome == 1))
    strength = {}
    for step in quiet.process.steps():
        at = rows(quiet, step.code)
        took = np.full(quiet.cases, np.nan)
        took[quiet.case[at]] = np.log((quiet.ends - quiet.ready)[at])
        known = done[~np.isnan(took[done])]
        if len(known) > 100:
            strength[step.code] = abs(np.corrcoef(took[known], lost[known])[0, 1])
    assert max(strength, key=strength.__getitem__) == "sign"
    assert strength.pop("sign") > 0.6
    assert max(strength.values()) < 0.25
    assert 2.0 < np.nanmax(lost) <= 3.001


def test_what_is_done_in_one_go_cannot_be_batched() -> None:
    of = bank(effect("batching", "攒批录入", START, END, 4.0, process="account", step="enter"), branches=3)
    with pytest.raises(ValueError, match=r"攒批录入.*in one go"):
        simulate(of, plant(of), PROCESSES["account"], cases("account", of), of.dice.of("process"))


def test_an_effect_on_a_step_that_is_not_there_is_refused_with_the_steps_that_are() -> None:
    wrong = effect("bottleneck", "写错的环节", START, END, 2.0, process="loan", step="aprove")
    of = bank(wrong, branches=3)
    with pytest.raises(ValueError, match=r"写错的环节.*no step 'aprove'.*approve"):
        simulate(of, plant(of), PROCESSES["loan"], cases("loan", of), of.dice.of("process"))
