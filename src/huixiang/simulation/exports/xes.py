"""How does a process system hand out its log? As XES, the standard of IEEE 1849-2016, which process miners read.

Two events a step, `start` and `complete` of the lifecycle extension, in the order of time within each trace.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, cast
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.processes.definition import (
    CUSTOMER,
    HEAD_OFFICE,
    OUTLET,
    REGION,
    SUB_BRANCH,
    SYSTEM,
)
from huixiang.simulation.events.processes.log import EventLog
from huixiang.simulation.moments import DAY

CASES_AT_ONCE = 10_000  # some 100,000 steps of 600 bytes: what bounds the memory
TIGHT = 4  # gzip's level: XES repeats itself so much that a higher one costs time and saves little
TRANSITIONS = ("start", "complete")
ACTORS = {SYSTEM: "系统", CUSTOMER: "客户"}  # who stands where no person of the bank does
LEVELS = (HEAD_OFFICE, REGION, SUB_BRANCH, OUTLET)  # whose units' codes are each the beginning of the next
EXTENSIONS = (("Concept", "concept"), ("Lifecycle", "lifecycle"), ("Time", "time"), ("Organizational", "org"))
TRACE_KEYS = ("concept:name", "product", "channel", "outlet", "outcome")
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
{extensions}<global scope="trace">{globals}</global>
<global scope="event"><string key="concept:name" value=""/><string key="lifecycle:transition" value="complete"/>\
<date key="time:timestamp" value="1970-01-01T00:00:00+08:00"/><string key="org:resource" value=""/></global>
<classifier name="Activity" scope="event" keys="concept:name"/>
<classifier name="ActivityAndTransition" scope="event" keys="concept:name lifecycle:transition"/>
<classifier name="Resource" scope="event" keys="org:resource"/>
<string key="concept:name" value={name}/>
<string key="lifecycle:model" value="standard"/>
"""


def write_xes(path: Path, log: EventLog, bank: Bank, parts: Iterable[EventLog] = ()) -> int:
    """Write a log as .xes, or packed as .xes.gz; returns the number of events. The same log gives the same bytes.

    A log without steps is that of its `parts`, which are written one after the other.

    Events carry the staff number (`org:resource`) and the unit's code (`org:group`); what nobody of the bank does is
    by 系统 or 客户 and of no unit. Traces carry the case's number, product, channel, outlet, outcome, customer number
    and, where there is one, its amount in yuan. A case of which nothing was done yet has no trace.
    """
    count, traces, words = 0, _Traces(log, bank), _Words(log, bank)
    with _opened(path) as file:
        file.write(_head(log).encode())
        for part in parts or (log,):
            file.writelines(_blocks(part, traces, words))
            count += 2 * len(part)
        file.write(b"</log>\n")
    return count


def _blocks(part: EventLog, traces: _Traces, words: _Words) -> Iterator[bytes]:
    """The traces of a part, as many at once as memory allows."""
    least, most = (int(part.case[0]), int(part.case[-1]) + 1) if len(part) else (0, 0)
    for low, high in pairwise([*range(least, most, CASES_AT_ONCE), most]):
        offsets = np.searchsorted(part.case, np.arange(low, high + 1)).tolist()
        events = words.events(part, offsets[0], offsets[-1])
        cuts = [2 * (offset - offsets[0]) for offset in offsets]
        yield b"".join(
            head.encode() + b"".join(events[start:end]) + b"</trace>\n"
            for head, (start, end) in zip(traces.heads(low, high), pairwise(cuts), strict=True)
            if start < end
        )


class _Words:
    """The four pieces of each event: what, when, who, of which unit. All are made once, as bytes, and only joined."""

    def __init__(self, log: EventLog, bank: Bank) -> None:
        # What is done by the midnight with which the history ends is in the log.
        dates = np.datetime64(log.first_day, "D") + np.arange(len(bank.scenario.days()) + 1)
        self.dates = _texts(np.datetime_as_string(dates))
        self.clock = _texts([f"T{n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d}" for n in range(DAY)])
        self.what = _encoded(
            f'<event><string key="concept:name" value={quoteattr(name)}/><string key="lifecycle:transition" '
            f'value="{transition}"/><date key="time:timestamp" value="'
            for name in log.activities
            for transition in TRANSITIONS
        )
        people = [*map(str, bank.staff.numbers.tolist()), *ACTORS.values()]
        self.who = _encoded(f'+08:00"/><string key="org:resource" value="{one}"/>' for one in people)
        lengths = (len(bank.scenario.code), *bank.network.code_lengths)
        units = [code[:length] for length in lengths for code in bank.network.codes]
        groups = _encoded(f'<string key="org:group" value="{code}"/></event>\n' for code in units)
        self.unit = [*groups, b"</event>\n"]
        levels = [log.process.level(step) for step in log.process.steps()]
        nobody = len(self.unit) - 1
        self.first_unit = np.array([_at(level, len(bank.network), nobody) for level in levels])
        self.has_unit = np.array([level in LEVELS for level in levels])
        actor = {name: len(bank.staff.numbers) + number for number, name in enumerate(ACTORS)}
        self.actor = np.array([actor.get(level, 0) for level in levels])

    def events(self, log: EventLog, low: int, high: int) -> list[bytes]:
        """The events of a log's steps from `low` up to `high`, two each, by case and moment."""
        rows = slice(low, high)
        activity, case = log.activity[rows], log.case[rows]
        moments = np.stack([log.starts[rows], log.ends[rows]], axis=1).ravel()
        order = np.lexsort((moments, np.repeat(case, 2)))  # stable: at one moment, a step's end stands before the next
        what = (activity[:, None] * np.int32(2) + np.arange(2)).ravel()[order]
        who = np.where(self.has_unit[activity], log.resource[rows], self.actor[activity])[order // 2]
        unit = (self.first_unit[activity] + np.where(self.has_unit[activity], log.outlet[case], 0))[order // 2]
        columns = zip(what.tolist(), self._stamps(moments[order]), who.tolist(), unit.tolist(), strict=True)
        first, third, fourth = self.what, self.who, self.unit
        return [first[a] + stamp + third[b] + fourth[c] for a, stamp, b, c in columns]

    def _stamps(self, moments: NDArray[np.integer]) -> list[bytes]:
        day, second = np.divmod(moments, DAY)
        written = np.concatenate([self.dates[day], self.clock[second]], axis=1)
        return cast(list[bytes], written.view(f"S{written.shape[1]}").ravel().tolist())


def _encoded(texts: Iterable[str]) -> list[bytes]:
    return [text.encode() for text in texts]


def _texts(texts: Iterable[str]) -> NDArray[np.uint8]:
    """Texts of one length as rows of bytes."""
    rows = np.array(list(texts), dtype=np.bytes_)
    return rows.view(np.uint8).reshape(len(rows), -1)


def _at(level: str, outlets: int, nobody: int) -> int:
    """Where do the units of this level begin in the list of units?"""
    return LEVELS.index(level) * outlets if level in LEVELS else nobody


def _head(log: EventLog) -> str:
    extensions = "".join(
        f'<extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
        for name, prefix in EXTENSIONS
    )
    present = "".join(f'<string key="{key}" value=""/>' for key in TRACE_KEYS)
    return HEAD.format(extensions=extensions, globals=present, name=quoteattr(log.process.name))


class _Traces:
    """How does each trace begin?"""

    def __init__(self, log: EventLog, bank: Bank) -> None:
        process = log.process
        self.log, self.known_as = log, bank.customers.known_as
        self.products = _listed("product", [one.name for one in process.products])
        self.channels = _listed("channel", [name for name, _ in process.channels])
        self.outlets = _listed("outlet", bank.network.codes)
        self.outcomes = _listed("outcome", [one.name for one in process.outcomes])

    def heads(self, low: int, high: int) -> list[str]:
        """The beginnings of these cases' traces."""
        log, rows = self.log, slice(low, high)
        columns = (log.product, log.channel, log.outlet, log.outcome, log.customer, log.amount)
        product, channel, outlet, outcome, customer, amount = (column[rows] for column in columns)
        lists = [column.tolist() for column in (product, channel, outlet, outcome, self.known_as[customer], amount)]
        return [
            f'<trace><string key="concept:name" value="{number}"/>{self.products[product]}{self.channels[channel]}'
            f'{self.outlets[outlet]}{self.outcomes[outcome]}<string key="customer" value="C{customer}"/>'
            + (f'<int key="amount" value="{amount}"/>\n' if amount else "\n")
            for number, product, channel, outlet, outcome, customer, amount in zip(
                log.case_ids(rows), *lists, strict=True
            )
        ]


def _listed(key: str, names: Iterable[str]) -> list[str]:
    return [f"<string key={quoteattr(key)} value={quoteattr(name)}/>" for name in names]


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file, packed where its name says so. Without time and name in the packing, or the bytes would differ."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        if path.suffix != ".gz":
            yield file
            return
        with gzip.GzipFile("", "wb", TIGHT, file, mtime=0) as packed:
            yield cast(BinaryIO, packed)
