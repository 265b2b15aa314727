"""Do the hotline's books balance, does its log tell the same story as its table, and does what is planted show?"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from math import exp, factorial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import webvtt

from huixiang.domain.calendar import mainland
from huixiang.simulation.bank import Bank, found
from huixiang.simulation.bank.staff import AGENT
from huixiang.simulation.demand import day_factors
from huixiang.simulation.effects import Effect
from huixiang.simulation.events.attempts import LONGEST_WAIT, Owed
from huixiang.simulation.events.calls import Calls, calls
from huixiang.simulation.events.rosters import agents_wanted
from huixiang.simulation.events.topics import FEES, LANES, LOGIN, SENIOR, SENIOR_FROM
from huixiang.simulation.exports import queue_log, transcripts
from huixiang.simulation.planting import Planting, plant
from huixiang.simulation.scenario import Scenario
from huixiang.simulation.speech import Speaker

BROKEN = Effect("broken_release", "新版本登录失败", date(2026, 4, 13), date(2026, 4, 24), 0.3, version="8.4.0")
DEARER = Effect("fee_change", "短信服务费调整", date(2026, 5, 1), date(2026, 5, 31), 4.0)
CHINA = timezone(timedelta(hours=8))


class History(NamedTuple):
    bank: Bank
    planting: Planting
    months: dict[str, Calls]


def history(*effects: Effect, seed: int = 7, scale: int = 4, months: int = 3, branches: int = 60) -> History:
    bank = found(Scenario(seed=seed, branches=branches, scale=scale, months=months, effects=effects))
    planting, told, owed = plant(bank), dict[str, Calls](), None
    factors = day_factors(bank.scenario.days(), mainland(), bank.dice.of("days", "calls"), counters=False)
    for name, days in bank.scenario.by_month():
        first = (days[0] - bank.scenario.first_day).days
        told[name] = calls(bank, planting, name, days, factors[first : first + len(days)], owed)
        owed = told[name].owed
    return History(bank, planting, told)


@pytest.fixture(scope="module")
def spring() -> History:
    """April to June 2026: a log-in that breaks in April, a fee that rises in May, and a quiet June."""
    return history(BROKEN, DEARER)


@pytest.fixture(scope="module")
def june(spring: History) -> Calls:
    return spring.months["2026-06"]


@pytest.fixture(scope="module")
def small() -> History:
    """A small bank's hotline in June, where two teams share the lanes."""
    return history(scale=1, months=1)


# -- the books balance ------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_calls_and_another_seed_gives_others(small: History) -> None:
    again, other = history(scale=1, months=1), history(seed=8, scale=1, months=1)
    mine = small.months["2026-06"]
    for column in ("call", "customer", "entered", "answered", "ended", "agent", "repeat_of", "score"):
        assert np.array_equal(getattr(mine, column), getattr(again.months["2026-06"], column)), column
    assert len(other.months["2026-06"]) != len(mine)


@pytest.mark.parametrize("month", ["2026-04", "2026-05", "2026-06"])
def test_nobody_is_answered_before_entering_and_everything_ends_after_it_began(spring: History, month: str) -> None:
    told = spring.months[month]
    taken = ~told.abandoned
    assert (told.entered <= told.rang).all()
    assert (told.rang[taken] < told.answered[taken]).all()
    assert (told.answered[taken] < told.ended[taken]).all()
    assert (told.ended[~taken] == told.answered[~taken]).all()
    assert (told.wait_seconds <= LONGEST_WAIT + 20).all()


@pytest.mark.parametrize("month", ["2026-04", "2026-05", "2026-06"])
def test_no_agent_has_two_calls_at_once(spring: History, month: str) -> None:
    told = spring.months[month]
    rows = np.flatnonzero(~told.abandoned)
    begins, ends = (told.day[rows].astype(np.int64) * 86_400 + getattr(told, name)[rows] for name in ("rang", "ended"))
    order = np.lexsort((begins, told.agent[rows]))
    same = told.agent[rows][order][1:] == told.agent[rows][order][:-1]
    assert (begins[order][1:] >= ends[order][:-1])[same].all()


def test_agents_answer_only_on_duty_and_never_begin_while_they_eat(june: Calls) -> None:
    duty = {
        (d, a): n for n, (d, a) in enumerate(zip(june.roster.day.tolist(), june.roster.agent.tolist(), strict=True))
    }
    assert len(duty) == len(june.roster.day), "an agent stands twice on the roster of a day"
    rows = np.flatnonzero(~june.abandoned)
    place = np.array([duty[key] for key in zip(june.day[rows].tolist(), june.agent[rows].tolist(), strict=True)])
    rang = june.rang[rows]
    assert (rang >= june.roster.starts[place]).all()
    assert (rang <= june.roster.ends[place] + 1200).all()
    assert not ((rang >= june.roster.pauses[place]) & (rang < june.roster.resumes[place])).any()
    lanes = np.array([[lane in pod for lane in range(len(LANES))] for pod in june.pods.lanes])
    by_day = (june.entered[rows] >= 8 * 3600) & (june.entered[rows] < 22 * 3600)
    assert lanes[june.roster.pod[place], june.lane[rows]][by_day].all()


def test_every_id_resolves(spring: History) -> None:
    bank, known = spring.bank, np.concatenate([told.call for told in spring.months.values()])
    assert len(np.unique(known)) == len(known)
    for told in spring.months.values():
        assert (np.diff(told.call) > 0).all()
        assert told.customer.min() >= 0
        assert told.customer.max() < len(bank.customers)
        assert np.isin(told.agent[told.agent >= 0], bank.staff.of_post(AGENT)).all()
        assert np.isin(told.repeat_of[told.repeat_of >= 0], known).all()
        assert np.isin(told.continues[told.continues >= 0], told.call).all()


def test_a_call_handed_on_goes_on_in_the_other_lane_with_the_same_customer(june: Calls) -> None:
    second = np.flatnonzero(june.continues >= 0)
    first = np.searchsorted(june.call, june.continues[second])
    assert (june.customer[first] == june.customer[second]).all()
    assert (june.transferred_to[first] == june.lane[second]).all()
    assert (june.transferred_to >= 0).sum() == len(second)
    assert not june.solved[first].any()
    blind = ~june.introduces[first]
    assert (june.entered[second] == june.ended[first] + 1)[blind].all()


def test_an_agent_introduces_a_caller_only_while_nobody_else_rings(june: Calls) -> None:
    second = np.flatnonzero(june.continues >= 0)
    first = np.searchsorted(june.call, june.continues[second])
    met = june.introduces[first]
    assert 0.2 < met.mean() < 0.6
    first, second = first[met], second[met]
    assert (june.agent[second] >= 0).all()
    assert (june.answered[second] + 8 <= june.ended[first]).all()
    assert (june.ended[first] < june.ended[second]).all()
    assert not (june.introduces & (june.transferred_to < 0)).any()
    # No agent is on two lines at once, introductions and all.
    taken = np.flatnonzero(june.agent >= 0)
    order = taken[np.lexsort((june.rang[taken], june.agent[taken], june.day[taken]))]
    same = (june.day[order][1:] == june.day[order][:-1]) & (june.agent[order][1:] == june.agent[order][:-1])
    assert (june.rang[order][1:] >= june.ended[order][:-1])[same].all()


def test_the_senior_line_is_for_seniors(spring: History, june: Calls) -> None:
    age = spring.bank.customers.age(2026)[june.customer]
    assert age[(june.lane == SENIOR)].min() >= SENIOR_FROM


# -- plausible --------------------------------------------------------------------------------------------------------


def test_on_ordinary_days_some_four_in_five_are_answered_within_twenty_seconds(june: Calls) -> None:
    in_time = (~june.abandoned & (june.wait_seconds <= 20)).mean()
    assert 0.75 < in_time < 0.95
    assert 0.005 < june.abandoned.mean() < 0.06
    assert 150 < (june.ended - june.answered)[~june.abandoned].mean() < 300


def test_as_many_call_as_the_scenario_says(spring: History, june: Calls) -> None:
    a_day = (june.continues < 0).sum() / 30
    assert a_day == pytest.approx(spring.bank.scenario.calls_a_day * len(spring.bank.network), rel=0.12)


def test_hardly_anybody_calls_at_night(june: Calls) -> None:
    hour = june.entered // 3600
    assert 0.005 < ((hour < 8) | (hour >= 22)).mean() < 0.08


def test_who_was_not_helped_calls_again_within_a_week_and_who_was_does_not(spring: History) -> None:
    may, june = spring.months["2026-05"], spring.months["2026-06"]
    told = {name: np.concatenate([getattr(one, name) for one in (may, june)]) for name in
            ("call", "day", "entered", "solved", "customer", "repeat_of", "continues", "transferred_to")}  # fmt: skip
    again = np.flatnonzero(np.isin(told["repeat_of"], told["call"]))
    before = np.searchsorted(told["call"], told["repeat_of"][again])
    assert (told["customer"][again] == told["customer"][before]).all()
    gap = (told["day"][again] - told["day"][before]) + (told["entered"][again] - told["entered"][before]) / 86_400
    assert gap.min() > 0
    assert gap.max() < 8
    assert not told["solved"][before].any()
    share = (june.repeat_of >= 0)[june.continues < 0].mean()
    assert 0.08 < share < 0.22
    solved_at_once = june.solved[(june.continues < 0) & ~june.abandoned & (june.transferred_to < 0)].mean()
    assert 0.70 < solved_at_once < 0.88


def test_calls_owed_from_the_month_before_leave_no_seam(spring: History, june: Calls) -> None:
    seams = june.repeat_of[june.repeat_of >= 0] // 100_000_000 < june.day.min()
    assert seams.sum() > 50
    first_week, later = (june.day < june.day.min() + 7), (june.day >= june.day.min() + 7)
    shares = [(june.repeat_of >= 0)[week & (june.continues < 0)].mean() for week in (first_week, later)]
    assert shares[0] == pytest.approx(shares[1], abs=0.03)
    assert isinstance(june.owed, Owed)
    assert len(june.owed.call) > 50


def test_long_waits_and_unsolved_calls_leave_bad_feelings(june: Calls) -> None:
    taken = ~june.abandoned
    assert june.score[june.abandoned].mean() < june.score[taken].mean() - 2
    assert (
        june.score[taken & june.solved].mean() > june.score[taken & ~june.solved & (june.transferred_to < 0)].mean() + 1
    )


def served_in_time(agents: int, load: float, seconds: float) -> float:
    """Erlang's delay formula as the textbooks write it, with powers and factorials."""
    if agents <= load:
        return 0.0
    waiting = load**agents / factorial(agents) * agents / (agents - load)
    late = waiting / (sum(load**n / factorial(n) for n in range(agents)) + waiting)
    return 1 - late * exp(-(agents - load) * 20 / seconds)


@pytest.mark.parametrize("load", [0.3, 1.0, 4.0, 10.0, 33.0])
def test_agents_are_as_many_as_erlang_wants_and_no_more(load: float) -> None:
    wanted = int(agents_wanted(np.array([load]), 180.0)[0])
    assert served_in_time(wanted, load, 180.0) >= 0.8
    assert served_in_time(wanted - 1, load, 180.0) < 0.8


# -- what is planted shows --------------------------------------------------------------------------------------------


def test_a_broken_release_brings_log_in_calls_on_its_days_and_no_others(spring: History) -> None:
    april = spring.months["2026-04"]
    first = april.repeat_of < 0
    by_day = np.bincount(april.day[first & (april.topic == LOGIN)] - april.day.min(), minlength=30)
    others = np.bincount(april.day[first & (april.topic != LOGIN)] - april.day.min(), minlength=30)
    share = by_day / others
    broken = np.array([BROKEN.holds(day) for day in spring.bank.scenario.days()[:30]])
    assert share[broken].mean() / share[~broken].mean() == pytest.approx(1 + 12 * BROKEN.size, rel=0.2)
    in_time = ~april.abandoned & (april.wait_seconds <= 20)
    assert in_time[broken[april.day]].mean() < in_time[~broken[april.day]].mean() - 0.1


def test_a_fee_change_multiplies_the_calls_about_fees(spring: History) -> None:
    may, june = spring.months["2026-05"], spring.months["2026-06"]
    a_day = [((one.topic == FEES) & (one.repeat_of < 0)).sum() / len(np.unique(one.day)) for one in (may, june)]
    assert a_day[0] / a_day[1] == pytest.approx(DEARER.size, rel=0.2)


# -- the exchange's log -----------------------------------------------------------------------------------------------


def told_by(lines: list[str]) -> list[tuple[int, str, str, str, str, list[str]]]:
    """An outsider's reading of the queue_log: nothing but the documented fields."""
    return [(int(f[0]), f[1], f[2], f[3], f[4], f[5:]) for f in (line.split("|") for line in lines)]


@pytest.fixture(scope="module")
def log(small: History, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("bank")
    path = queue_log.write(folder, small.bank, "2026-06", small.months["2026-06"])
    return path.read_text("ascii").splitlines()


def test_the_log_is_in_order_of_time_and_in_local_june(log: list[str]) -> None:
    times = [event[0] for event in told_by(log)]
    assert times == sorted(times)
    assert datetime.fromtimestamp(times[0], CHINA).date() == date(2026, 6, 1)


def test_waits_and_abandonment_of_a_day_come_back_from_the_log_alone(small: History, log: list[str]) -> None:
    told = small.months["2026-06"]
    day = date(2026, 6, 9)
    entered, waits, gone, talks = dict[str, int](), list[int](), list[int](), list[int]()
    for at, call, _, _, event, data in told_by(log):
        if event == "ENTERQUEUE":
            entered[call] = at
        elif call in entered and datetime.fromtimestamp(entered[call], CHINA).date() == day:
            if event == "CONNECT":
                assert int(data[0]) == at - entered[call]
                waits.append(at - entered[call])
            elif event in {"ABANDON", "EXITWITHTIMEOUT"}:
                assert int(data[2]) == at - entered[call]
                assert 1 <= int(data[0]) <= int(data[1])
                gone.append(at - entered[call])
            elif event in {"COMPLETEAGENT", "COMPLETECALLER"}:
                talks.append(int(data[1]))
    of_day = told.day == (day - small.bank.scenario.first_day).days
    assert sorted(waits) == sorted(told.wait_seconds[of_day & ~told.abandoned].tolist())
    assert sorted(gone) == sorted(told.wait_seconds[of_day & told.abandoned].tolist())
    ended = of_day & ~told.abandoned & (told.transferred_to < 0)
    assert sorted(talks) == sorted((told.ended - told.answered)[ended].tolist())


def test_every_call_that_enters_leaves_once_and_agents_are_members_when_they_connect(log: list[str]) -> None:
    inside, members = dict[str, str](), defaultdict[str, set[str]](set)
    for _, call, queue, agent, event, data in told_by(log):
        if event == "ADDMEMBER":
            members[queue].add(agent)
        elif event == "REMOVEMEMBER":
            members[queue].discard(agent)
        elif event == "ENTERQUEUE":
            assert call not in inside
            assert re.fullmatch(r"(154|16[1349])\d{8}|\d{6}", data[1])  # nobody's telephone, or an agent who asks
            inside[call] = queue
        elif event == "CONNECT":
            assert inside[call] == queue
            assert agent in members[queue]
        elif event in {"COMPLETEAGENT", "COMPLETECALLER", "ABANDON", "EXITWITHTIMEOUT"} or "TRANSFER" in event:
            assert inside.pop(call) == queue
    assert not inside
    assert not any(members.values())


def test_the_log_holds_every_kind_of_event(log: list[str]) -> None:
    assert {event[4] for event in told_by(log)} >= {
        "ADDMEMBER", "REMOVEMEMBER", "PAUSE", "UNPAUSE", "ENTERQUEUE", "CONNECT", "COMPLETEAGENT", "COMPLETECALLER",
        "BLINDTRANSFER", "ATTENDEDTRANSFER", "ABANDON", "RINGNOANSWER",
    }  # fmt: skip


def test_who_waits_to_the_limit_leaves_by_timeout(small: History) -> None:
    told = small.months["2026-06"]
    row = int(np.flatnonzero(told.abandoned)[0])
    left = told.answered.copy()
    left[row] = told.entered[row] + LONGEST_WAIT
    told = replace(told, answered=left, ended=np.maximum(left, told.ended))
    lines = queue_log.lines(small.bank, told).to_pylist()
    late = told.abandoned & (told.wait_seconds >= LONGEST_WAIT)
    assert sum("|EXITWITHTIMEOUT|" in line for line in lines) == late.sum() >= 1


def test_call_records_give_the_banks_headers_and_join_the_log(small: History, log: list[str], tmp_path: Path) -> None:
    told = small.months["2026-06"]
    path = queue_log.write_records(tmp_path, small.bank, "2026-06", told)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(told)
    assert {row["通话编号"] for row in rows} == {event[1] for event in told_by(log) if event[4] == "ENTERQUEUE"}
    assert [int(row["等待秒数"]) for row in rows] == told.wait_seconds.tolist()
    assert sum(row["接通时间"] == "" for row in rows) == told.abandoned.sum()
    assert {row["处理结果"] for row in rows} >= {"已接听", "转接", "客户放弃"}
    blind = {row["通话编号"] for row in rows if row["转接方式"] == queue_log.BLIND}
    attended = {row["通话编号"] for row in rows if row["转接方式"] == queue_log.ATTENDED}
    assert blind == {event[1] for event in told_by(log) if event[4] == "BLINDTRANSFER"}
    assert attended == {event[1] for event in told_by(log) if event[4] == "ATTENDEDTRANSFER"}
    assert {row["转自通话"] for row in rows if row["段"] == "2"} == blind | attended
    assert all(re.fullmatch(r"C\d{8}", row["客户号"]) for row in rows)


def test_the_same_calls_give_the_same_bytes(small: History, tmp_path: Path) -> None:
    told = small.months["2026-06"]
    for write in (queue_log.write, queue_log.write_records):
        one, two = (write(tmp_path / name, small.bank, "2026-06", told).read_bytes() for name in ("a", "b"))
        assert one == two


# -- transcripts ------------------------------------------------------------------------------------------------------


def test_transcripts_are_read_by_the_webvtt_library(small: History, tmp_path: Path) -> None:
    told, speaker = small.months["2026-06"], Speaker((small.bank.scenario.bank, small.bank.scenario.short))
    spoken = list(transcripts.transcribed(small.bank, "2026-06", told, speaker))
    paths = transcripts.write(tmp_path, small.bank, told, spoken)
    assert len(paths) == transcripts.A_MONTH
    for one, path in zip(spoken, paths, strict=True):
        cues = list(webvtt.read(str(path)))
        talk = int(told.ended[one.row] - told.answered[one.row])
        assert [cue.text for cue in cues] == [turn.text for turn in one.turns]
        assert {cue.voice.split()[0] for cue in cues} == {"坐席", "客户"}
        number = small.bank.staff.numbers[told.agent[one.row]]
        assert f"坐席 {number}" in {cue.voice for cue in cues}
        times = [(cue.start_in_seconds, cue.end_in_seconds) for cue in cues]
        assert all(a <= b for a, b in times)
        assert all(before[1] <= after[0] for before, after in pairwise(times))
        assert times[-1][1] <= talk


def test_transcripts_are_the_same_for_the_same_seed(small: History) -> None:
    told, speaker = small.months["2026-06"], Speaker(("海川银行",))
    one, two = (list(transcripts.transcribed(small.bank, "2026-06", told, speaker, at_most=5)) for _ in range(2))
    assert one == two
