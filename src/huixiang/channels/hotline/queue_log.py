"""What does Asterisk's queue_log tell of each call? Its events put together: one row a stay in a queue.

`epoch|callid|queue|agent|event|data…`, as docs.asterisk.org, Operation → Logging → Queue Logs, has it; also
the older TRANSFER, and logs without the parameters that came later. A folder or
ZIP of rotated logs is read in the order of names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path

from huixiang.channels.contract import RAW, Fault, Meter, Refused, Row, marked
from huixiang.channels.encoding import shown
from huixiang.channels.hotline import package
from huixiang.channels.hotline.call_records import CallRecords
from huixiang.channels.hotline.package import Member
from huixiang.channels.tables import KEPT
from huixiang.domain.hotline import Outcome

LONGEST_LINE = 10_000  # characters
MOST_OPEN = 100_000  # stays waiting for their end at once: beyond, the oldest are given up as unfinished
# A row's fields are columns that CallRecords knows, so that a mended row is read as the file's.
FIELDS = (
    "call_id", "queue", "entered_at", "wait_seconds", "talk_seconds", "outcome", "caller", "agent", "transfer",
    "transferred_to", "rings_unanswered", "continues", "is_whole",
)  # fmt: skip
ENDS = {
    "ABANDON": Outcome.ABANDONED,
    "EXITWITHTIMEOUT": Outcome.TIMEOUT,
    "EXITWITHKEY": Outcome.KEY,
    "EXITEMPTY": Outcome.EMPTY,
}
TALKED = {
    "COMPLETEAGENT": "",
    "COMPLETECALLER": "",
    "TRANSFER": "blind",
    "BLINDTRANSFER": "blind",
    "ATTENDEDTRANSFER": "attended",
}
_CALLS = frozenset({*ENDS, *TALKED, "ENTERQUEUE", "CONNECT", "RINGNOANSWER", "RINGCANCELED", "JOINEMPTY", "AGENTDUMP"})
_LINE = re.compile(r"\d{9,10}(?:\.\d+)?\|[^|]*\|[^|]*\|[^|]*\|[A-Z_]+(?:\||$)")
_TECHNOLOGY = re.compile(r"^(?:PJSIP|SIP|IAX2|DAHDI|Local|Agent)/|[@/].*$|-[0-9a-f]{8}$")


def looks_like_log(head: str) -> bool:
    """Do the first whole lines read so?"""
    lines = [line for line in head.splitlines()[:20] if line.strip()]
    return bool(lines) and sum(bool(_LINE.match(line)) for line in lines) * 2 > len(lines)


class QueueLog(CallRecords):
    """The log of the exchange's queues."""

    name = "queue-log"
    title = marked("热线排队日志（Asterisk queue_log）")
    suffixes: tuple[str, ...] = (".log", ".txt", ".gz", ".zip")
    source = "queue_log"

    def rows(self, path: Path, meter: Meter | None = None) -> Iterator[Row | Refused]:
        """A row a stay in the order of their ends; lines that cannot be read, where they stand."""
        assembly, number, is_log = _Assembly(), 0, False
        damage: Fault | None = None
        with ExitStack() as stack:
            for member in package.members(path, stack, meter):
                for local, line in enumerate(_lines(member), 1):
                    number += 1
                    if isinstance(line, Fault):
                        damage = line
                        yield Refused(number, line, {**dict.fromkeys(FIELDS, ""), RAW: ""})
                        continue
                    found = assembly.hear(line.rstrip("\r\n"), number)
                    is_log = is_log or found is not None
                    if found is None:
                        yield _unread(number, f"{member.name}:{local}", line)
                    else:
                        yield from found
        if not is_log:
            raise damage or Fault(
                "“%(name)s”不是 Asterisk 的 queue_log（每行应是 时刻|通话|队列|坐席|事件|…）", name=path.name
            )
        yield from assembly.rest()


def _lines(member: Member) -> Iterator[str | Fault]:
    """Up to where it is damaged; then why no more can be read."""
    try:
        with member.open() as raw:
            text = TextIOWrapper(raw, encoding="utf-8", errors="huixiang-keep-apart")
            while line := text.readline(LONGEST_LINE):
                yield line
    except Fault as fault:
        yield fault


def _unread(number: int, place: str, line: str) -> Refused:
    fault = Fault(
        "%(place)s：不是 queue_log 的一行（时刻|通话|队列|坐席|事件|…）；若是一通电话，请填好各列，否则放弃",
        place=place,
    )
    return Refused(number, fault, {**dict.fromkeys(FIELDS, ""), RAW: shown(line[:KEPT])})


@dataclass(frozen=True, slots=True)
class _Event:
    """A line on a stay that was entered before."""

    name: str
    at: int
    agent: str
    data: list[str]

    @property
    def wait(self) -> str:
        """Seconds waited, as the line tells; "" where it does not."""
        if self.name == "CONNECT":
            return self.data[0] if self.data else ""
        if self.name in ENDS:
            return self.data[-1] if len(self.data) > 2 else ""
        return self._spans[0]

    @property
    def talk(self) -> str:
        return self._spans[1]

    @property
    def _spans(self) -> tuple[str, str]:
        """Seconds waited and talked: before the last, which is the place in the queue; older logs leave that out.

        The oldest (before 1.4) tell of a transfer only where it went.
        """
        if self.name in {"TRANSFER", "BLINDTRANSFER"} and len(self.data) < 4:
            return "", ""
        has_place = len(self.data) % 2 or self.name == "ATTENDEDTRANSFER"
        found = self.data[-3:-1] if has_place else self.data[-2:]
        return (found[0], found[1]) if len(found) == 2 else ("", "")

    @property
    def seconds_before(self) -> int:
        """How long before this line did the caller enter the queue?"""
        told = [self.wait, self.talk] if self.name in TALKED else [self.wait]
        return sum(int(seconds) for seconds in told if seconds.isdecimal())


@dataclass(slots=True)
class _Open:
    """A stay whose end has not been read yet."""

    number: int  # of the line on which it begins
    call: str
    queue: str
    entered: int
    told: dict[str, str] = field(default_factory=dict)
    rings: int = 0
    connected: int = 0
    is_dropped: bool = False  # by the agent before a word; the caller stays in the queue, unless no other comes

    def row(self, outcome: Outcome) -> Row:
        fields = {"call_id": self.call, "queue": self.queue, "entered_at": str(self.entered), "outcome": outcome.value}
        return Row(self.number, fields | self.told | {"rings_unanswered": str(self.rings)})

    def ended(self, event: _Event) -> Row:
        if event.name in ENDS:
            self.told["wait_seconds"] = event.wait or str(max(0, event.at - self.entered))
            return self.row(ENDS[event.name])
        if not event.talk and self.connected:
            self.told["talk_seconds"] = str(max(0, event.at - self.connected))
        told = {"agent": event.agent, "wait_seconds": event.wait, "talk_seconds": event.talk}
        self.told |= {name: value for name, value in told.items() if value} | {"transfer": TALKED[event.name]}
        if event.name in {"TRANSFER", "BLINDTRANSFER"} and event.data:
            self.told["transferred_to"] = event.data[0]
        return self.row(Outcome.ANSWERED)

    def given_up(self) -> Row:
        """No line tells its end. Who was answered was answered."""
        unanswered = Outcome.LOST if self.is_dropped else Outcome.UNFINISHED
        return self.row(Outcome.ANSWERED if "agent" in self.told else unanswered)


class _Assembly:
    """Puts the events of each stay together, in one pass."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], _Open] = {}
        self._agents: set[str] = set()

    def hear(self, line: str, number: int) -> list[Row] | None:
        """The stays that end with this line; None for a line that cannot be read."""
        cells = line.split("|")
        epoch = cells[0].partition(".")[0]
        if len(cells) < 5 or not epoch.isdecimal() or not 9 <= len(epoch) <= 10:
            return None if line.strip() else []
        event, agent = cells[4], _named(cells[3])
        if agent and agent != "NONE":
            self._agents.add(agent)
        if event not in _CALLS or cells[1] in {"", "NONE", "REALTIME"}:
            return []
        at, key, data = int(epoch), (cells[1], cells[2]), cells[5:]
        if event == "ENTERQUEUE":
            return self._enters(at, key, data, number)
        if event == "JOINEMPTY":
            return [_Open(number, *key, at, {"wait_seconds": "0"}).row(Outcome.EMPTY)]
        return self._goes_on(event, key, _Event(event, at, agent, data), number)

    def rest(self) -> Iterator[Row]:
        """The stays whose end no line tells. Who was answered was answered."""
        for stay in self._open.values():
            yield stay.given_up()

    def _enters(self, at: int, key: tuple[str, str], data: list[str], number: int) -> list[Row]:
        stay = self._open.get(key)
        if stay and stay.entered == at:
            return []  # the same line again, where logs overlap
        given_up = [self._open.pop(key).given_up()] if stay else []
        caller = data[1] if len(data) > 1 else ""
        # An agent asks for a caller whom she has on the line: no customer's number stands there.
        told = {"continues": "1"} if caller in self._agents else {"caller": caller}
        self._open[key] = _Open(number, *key, at, told)
        if len(self._open) > MOST_OPEN:
            given_up.append(self._open.pop(next(iter(self._open))).given_up())
        return given_up

    def _goes_on(self, name: str, key: tuple[str, str], event: _Event, number: int) -> list[Row]:
        is_ring = name in {"RINGNOANSWER", "RINGCANCELED"}
        if key not in self._open:
            if is_ring:
                return []
            # Its beginning stands in an earlier log: from what this line tells it can be reckoned back.
            self._open[key] = _Open(number, *key, event.at - event.seconds_before, {"is_whole": "0"})
        stay = self._open[key]
        if is_ring:
            stay.rings += name == "RINGNOANSWER"
        elif name == "AGENTDUMP":
            stay.is_dropped = True
            stay.told["wait_seconds"] = str(max(0, event.at - stay.entered))
        elif name == "CONNECT":
            stay.connected = event.at
            stay.told |= {"agent": event.agent, "wait_seconds": event.wait or str(max(0, event.at - stay.entered))}
        else:
            del self._open[key]
            return [stay.ended(event)]
        return []


def _named(channel: str) -> str:
    """PJSIP/100123 is agent 100123."""
    return _TECHNOLOGY.sub("", channel)
