"""What does the call centre's exchange write? Asterisk's queue_log, line by line, and the call records (话单) as CSV.

The lines are those of Asterisk 20 (docs.asterisk.org, Queue Logs): `epoch|callid|queue|agent|event|data…`, the epoch in
UTC, members added through the manager interface. A hand-over is a blind transfer, after which the caller enters the
other queue under the same call id one second later; or an attended one: the agent enters it for the caller under a call
id of the agent's own, tells the next what it is about, and the exchange joins the two calls.
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.attempts import LONGEST_WAIT
from huixiang.simulation.events.calls import NO_ANSWER_SECONDS, Calls
from huixiang.simulation.events.rosters import CLOSES, OPENS
from huixiang.simulation.events.topics import LANE_NAMES, LANES, ORDINARY, TOPICS
from huixiang.simulation.exports.tables import coded, give_back
from huixiang.simulation.moments import aware, moments
from huixiang.simulation.speech.personal import UNALLOTTED

LINES_AT_ONCE = 100_000  # written together, which bounds the memory
LOOKS_BACK = 80  # callers before somebody who gave up: how far their place in the queue is counted
ADDED, UNPAUSED, ENTERED, RANG_OUT, CONNECTED, ENDED, PAUSED, REMOVED = range(8)  # the order within one second
OUTCOMES = ("已接听", "转接", "客户放弃", "超时退出")
BLIND, ATTENDED = "直接转接", "咨询转接"


def write(folder: Path, bank: Bank, month: str, calls: Calls) -> Path:
    """`hotline/queue_log-2026-01`, rotated month by month as the exchange does."""
    path = folder / "hotline" / f"queue_log-{month}"
    path.parent.mkdir(parents=True, exist_ok=True)
    every, order = _in_time(bank, calls)
    with path.open("wb") as file:
        for low in range(0, len(every), LINES_AT_ONCE):
            part = every.take(pa.array(order[low : low + LINES_AT_ONCE])).to_pylist()
            file.write(("\n".join(part) + "\n").encode())
    del every, order
    give_back()
    return path


def write_records(folder: Path, bank: Bank, month: str, calls: Calls) -> Path:
    """`hotline/calls-2026-01.csv`: one row a call or part of one, with the customer's number and telephone."""
    first, gone = bank.scenario.first_day, calls.abandoned

    def written(second: NDArray[np.int32], missing: NDArray[np.bool_] | None = None) -> pa.Array:
        when = pa.array(moments(first, calls.day, second), pa.timestamp("s"), mask=missing)
        return pc.strftime(when, format="%Y-%m-%d %H:%M:%S")

    outcome = np.where(
        gone, np.where(calls.wait_seconds >= LONGEST_WAIT, 3, 2), np.where(calls.transferred_to >= 0, 1, 0)
    )
    talked = pa.array(calls.ended - calls.answered, mask=gone)
    columns = {
        "通话编号": call_ids(bank, calls),
        "段": pa.array(np.where(calls.continues >= 0, 2, 1)),
        "客户号": _text("C", bank.customers.known_as[calls.customer]),
        "主叫号码": _telephones(bank, calls),
        "技能组": coded(LANE_NAMES, calls.lane).cast(pa.string()),
        "业务类型": coded([topic.name for topic in TOPICS], calls.topic).cast(pa.string()),
        "进线时间": written(calls.entered),
        "接通时间": written(calls.answered, gone),
        "结束时间": written(np.where(gone, calls.answered, calls.ended).astype(np.int32)),
        "等待秒数": pa.array(calls.wait_seconds),
        "通话秒数": talked,
        "坐席工号": pa.array(bank.staff.numbers[np.maximum(calls.agent, 0)], mask=gone),
        "处理结果": coded(OUTCOMES, outcome).cast(pa.string()),
        "转接技能组": pa.array(np.array([*LANE_NAMES, ""], dtype=object)[calls.transferred_to], pa.string()),
        "转接方式": pa.array(np.where(calls.introduces, ATTENDED, BLIND), mask=calls.transferred_to < 0),
        "转自通话": _from(bank, calls),
    }
    path = folder / "hotline" / f"calls-{month}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf")
        csv.write_csv(pa.table(columns), file, csv.WriteOptions(quoting_style="none", quoting_header="none"))
    columns.clear()
    give_back()
    return path


def call_ids(bank: Bank, calls: Calls) -> pa.Array:
    """Asterisk's unique id of the channel in the queue: second of entry, a point, a number.

    After a blind transfer that is the caller's channel still; in an attended one the agent's, who asks for the caller.
    """
    return _ids(bank, calls, np.where(calls.introduces[_first(calls)], np.arange(len(calls)), _first(calls)))


def _from(bank: Bank, calls: Calls) -> pa.Array:
    """Of a second part: the id of the call it comes from."""
    return pc.if_else(pa.array(calls.continues >= 0), _ids(bank, calls, _first(calls)), None)


def _ids(bank: Bank, calls: Calls, rows: NDArray[np.integer]) -> pa.Array:
    return _text(_epoch(bank, calls.day, calls.entered)[rows], ".", calls.call[rows])


def _first(calls: Calls) -> NDArray[np.int64]:
    """The row of the first part of each call: its own, or that which it continues."""
    rows = np.arange(len(calls))
    return np.where(calls.continues >= 0, np.searchsorted(calls.call, calls.continues), rows)


def lines(bank: Bank, calls: Calls) -> pa.Array:
    """All lines of a month in the order of time."""
    every, order = _in_time(bank, calls)
    return every.take(pa.array(order))


def _in_time(bank: Bank, calls: Calls) -> tuple[pa.Array, NDArray[np.int64]]:
    """All lines of a month, and their order in time. A month of a large bank is some hundred megabytes of text."""
    times, kinds, texts = list[NDArray[np.int64]](), list[NDArray[np.int64]](), list[pa.Array]()
    for at, kind, text in (*_of_calls(bank, calls), *_of_members(bank, calls)):
        times.append(at)
        kinds.append(np.full(len(at), kind))
        texts.append(text)
    order = np.lexsort((np.concatenate(kinds), np.concatenate(times)))
    return pa.concat_arrays(texts), order


def _of_calls(bank: Bank, calls: Calls) -> list[tuple[NDArray[np.int64], int, pa.Array]]:
    ids, rows = call_ids(bank, calls), np.arange(len(calls))
    entered, rang, answered, ended = (
        _epoch(bank, calls.day, getattr(calls, n)) for n in ("entered", "rang", "answered", "ended")
    )
    agent = _text("PJSIP/", bank.staff.numbers[np.maximum(calls.agent, 0)])
    queue = coded(LANES, calls.lane).cast(pa.string())
    place, at_last = _places(calls)
    wait, talk = calls.wait_seconds, calls.ended - calls.answered
    ring = calls.answered - calls.rang

    def line(
        at: NDArray[np.int64], kind: int, which: NDArray[np.bool_], who: pa.Array | str, data: pa.Array
    ) -> tuple[NDArray[np.int64], int, pa.Array]:
        chosen = pa.array(np.flatnonzero(which))
        parts = (part.take(chosen) if isinstance(part, pa.Array) else part for part in (ids, queue, who, data))
        return at[which], kind, _text(at[which], *(x for part in parts for x in ("|", part)))

    taken, rings_out = ~calls.abandoned, ~calls.abandoned & (ring >= NO_ANSWER_SECONDS)
    moved, met, late = calls.transferred_to >= 0, calls.introduces, wait >= LONGEST_WAIT
    by_agent = (calls.call * 2_654_435_761 >> 7) % 100 < 35  # who hangs up first: agents in a third of the calls
    other = coded(LANES, np.maximum(calls.transferred_to, 0)).cast(pa.string())
    peer = _text(rang, ".", calls.call + 50_000_000)
    done = _text(wait, "|", talk, "|", place)
    gave_up = _text(at_last, "|", place, "|", wait)
    return [
        line(entered, ENTERED, rows >= 0, "NONE", _text("ENTERQUEUE||", _numbers(bank, calls), "|", place)),
        line(
            rang + NO_ANSWER_SECONDS,
            RANG_OUT,
            rings_out,
            agent,
            _text("RINGNOANSWER|", rows * 0 + NO_ANSWER_SECONDS * 1000),
        ),
        line(
            answered,
            CONNECTED,
            taken,
            agent,
            _text("CONNECT|", wait, "|", peer, "|", ring - rings_out * NO_ANSWER_SECONDS),
        ),
        line(ended, ENDED, moved & ~met, agent, _text("BLINDTRANSFER|", other, "|from-internal|", done)),
        line(ended, ENDED, met, agent, _text("ATTENDEDTRANSFER|BRIDGE|", _bridges(calls), "|", done)),
        line(ended, ENDED, taken & ~moved & by_agent, agent, _text("COMPLETEAGENT|", done)),
        line(ended, ENDED, taken & ~moved & ~by_agent, agent, _text("COMPLETECALLER|", done)),
        line(answered, ENDED, ~taken & ~late, "NONE", _text("ABANDON|", gave_up)),
        line(answered, ENDED, ~taken & late, "NONE", _text("EXITWITHTIMEOUT|", gave_up)),
    ]


def _of_members(bank: Bank, calls: Calls) -> list[tuple[NDArray[np.int64], int, pa.Array]]:
    """Agents join queues as their work there begins, pause for the meal, and leave when the last call is done."""
    duty, found = calls.roster, list[tuple[NDArray[np.int64], int, pa.Array]]()
    row, lane, added, removed = _memberships(bank, calls)
    pauses, resumes = duty.pauses[row], duty.resumes[row]
    always = row >= 0
    eats = (resumes > pauses) & (pauses >= added) & (resumes <= removed)
    for kind, event, second, which in (
        (ADDED, "ADDMEMBER|", added, always),
        (PAUSED, "PAUSE|meal", pauses, eats),
        (UNPAUSED, "UNPAUSE|meal", resumes, eats),
        (REMOVED, "REMOVEMEMBER|", removed, always),
    ):
        at = _epoch(bank, duty.day[row[which]], second[which])
        source = "MANAGER" if kind in {ADDED, REMOVED} else "NONE"
        queue, who = coded(LANES, lane[which]).cast(pa.string()), bank.staff.numbers[duty.agent[row[which]]]
        found.append((at, kind, _text(at, f"|{source}|", queue, "|PJSIP/", who, f"|{event}")))
    return found


def _memberships(bank: Bank, calls: Calls) -> tuple[NDArray[np.int64], ...]:
    """Row of the roster, queue, and the seconds from and to which its agent is a member there.

    Agents belong to the queues of their lanes through the shift; those of the first line at night to the others too.
    """
    duty, taken = calls.roster, calls.agent >= 0
    own = np.array([[lane in lanes for lane in range(len(LANES))] for lanes in calls.pods.lanes])[duty.pod]
    mine = duty.day.astype(np.int64) * len(bank.staff.numbers) + duty.agent
    order = np.argsort(mine, kind="stable")
    key = (calls.day.astype(np.int64) * len(bank.staff.numbers) + calls.agent)[taken]
    whose = order[np.searchsorted(mine[order], key)]
    others = ~own[whose, calls.lane[taken]]
    last, last_other = np.zeros(len(mine), np.int32), np.zeros(len(mine), np.int32)
    np.maximum.at(last, whose, calls.ended[taken])
    np.maximum.at(last_other, whose[others], calls.ended[taken][others])
    leaves = np.maximum(duty.ends, last)
    first_line = own[:, ORDINARY][:, None] & ~own
    parts = (
        (own, duty.starts, leaves),
        (first_line & (duty.starts < OPENS)[:, None], duty.starts, np.maximum(np.minimum(leaves, OPENS), last_other)),
        (first_line & (leaves > CLOSES)[:, None], np.maximum(duty.starts, CLOSES), leaves),
    )
    found = [(*np.nonzero(which), begins, ends) for which, begins, ends in parts]
    columns = zip(*((row, lane, begins[row], ends[row]) for row, lane, begins, ends in found), strict=True)
    return tuple(np.concatenate(column) for column in columns)


def _places(calls: Calls) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which place in the queue did each have on entering, and which on giving up?"""
    entered = calls.day.astype(np.int64) * 86_400 + calls.entered
    left = entered + calls.wait_seconds
    place, at_last = np.ones(len(calls), dtype=np.int64), np.ones(len(calls), dtype=np.int64)
    for lane in range(len(LANES)):
        rows = np.flatnonzero(calls.lane == lane)
        gone = np.searchsorted(np.sort(left[rows]), entered[rows], side="right")
        place[rows] = np.maximum(np.arange(len(rows)) - gone, 0) + 1
        gives_up = np.flatnonzero(calls.abandoned[rows])
        ahead = np.zeros(len(gives_up), dtype=np.int64)
        for back in range(1, LOOKS_BACK):
            before = rows[np.maximum(gives_up - back, 0)]
            ahead += (gives_up >= back) & (left[before] > left[rows[gives_up]])
        at_last[rows[gives_up]] = np.minimum(ahead + 1, place[rows[gives_up]])
    return place, at_last


def _epoch(bank: Bank, day: NDArray[np.int32], second: NDArray[np.integer]) -> NDArray[np.int64]:
    midnight = int(aware(bank.scenario.first_day, 0, 0).timestamp())
    return midnight + day.astype(np.int64) * 86_400 + second


def _bridges(calls: Calls) -> pa.Array:
    """The exchange's name (a UUID) of the bridge into which it joins the two calls; nothing where it joins none."""
    names = np.full(len(calls), "", dtype=object)
    for row in np.flatnonzero(calls.introduces).tolist():
        names[row] = str(UUID(int=int(calls.call[row]) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128, version=4))
    return pa.array(names, pa.string())


def _numbers(bank: Bank, calls: Calls) -> pa.Array:
    """Who enters the queue? The caller's number, or that of the agent who asks for the caller."""
    first = _first(calls)
    agents = pa.array(bank.staff.numbers[np.maximum(calls.agent[first], 0)]).cast(pa.string())
    return pc.if_else(
        pa.array((first != np.arange(len(calls))) & calls.introduces[first]), agents, _telephones(bank, calls)
    )


def _telephones(bank: Bank, calls: Calls) -> pa.Array:
    """Mobile numbers that no operator has, the same for the same customer. The product must mask them."""
    number = bank.customers.known_as[calls.customer].astype(np.int64)
    digits = pc.utf8_lpad(pa.array(number * 7_919 % 100_000_000).cast(pa.string()), 8, "0")
    return pc.binary_join_element_wise(coded(UNALLOTTED, number % len(UNALLOTTED)).cast(pa.string()), digits, "")


def _text(*parts: NDArray[np.integer] | pa.Array | str) -> pa.Array:
    """The parts joined row by row; numbers as they are written."""
    columns = [part if isinstance(part, (str, pa.Array)) else pa.array(part).cast(pa.string()) for part in parts]
    return pc.binary_join_element_wise(*columns, "")
