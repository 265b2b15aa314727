"""How was the hotline reached? Counts and seconds of the stays in its queues; docs/methods/hotline.md defines each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from huixiang.domain.hotline import SERVICE_SECONDS, SHORT_SECONDS
from huixiang.lake.questions import stays
from huixiang.lake.questions.by_month import Sums, View
from huixiang.lake.questions.hotline_lines import Tally, by_day, put_together
from huixiang.lake.questions.paging import Cursor
from huixiang.lake.questions.reading import moment
from huixiang.lake.questions.slices import ask, once_a_version_of_calls, sql, unbound, voices
from huixiang.lake.schema import PARTITION
from huixiang.lake.store import Lake

_REPEATS = Sums(
    "repeats 1", 200, pa.schema([(PARTITION, pa.string()), ("calls", pa.int64()), ("repeated", pa.int64())]), "calls"
)
BY = ("", "queue", "entered_on", "hour")


@dataclass(frozen=True, slots=True)
class CallSlice:
    """Which stays? `since`, `until`: local days on which the caller entered, both inclusive. No queues: all."""

    since: date | None = None
    until: date | None = None
    queues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeats:
    """Of `calls` from a known telephone how many came within so many days after another from it?"""

    calls: int
    repeated: int


@dataclass(frozen=True, slots=True)
class CallRow:
    """One stay as a list shows it; columns of schema.CALLS, which explains them. Who called is not told."""

    id: str
    voice: str
    call_id: str
    queue: str
    entered_at: datetime
    outcome: str
    wait_seconds: int | None
    talk_seconds: int | None
    hold_seconds: int | None
    transfer: str
    transferred_to: str
    rings_unanswered: int
    continues: bool


@dataclass(frozen=True, slots=True)
class CallPage:
    """Some stays, which of their calls have a transcript, and where the next page begins; None: that was all."""

    stays: list[CallRow]
    transcribed: frozenset[str]
    next: Cursor | None


@once_a_version_of_calls
def tally(
    lake: Lake, slice_: CallSlice, by: str = "", within: int = SERVICE_SECONDS, short: int = SHORT_SECONDS
) -> tuple[Tally, ...]:
    """What became of the stays, in the order of the key? `within`, `short`: seconds, both inclusive."""
    if by not in BY:
        raise ValueError(f"{by!r} is none of {BY}")
    if by == "entered_on":  # a day lies in one month, so nothing of it has to be put together
        return by_day(lake, slice_.queues, slice_.since, slice_.until, (within, short))
    found = stays.counted(lake, by, slice_.queues, slice_.since, slice_.until)
    if not by:
        found = {"": ({}, {})} | found
    told = [put_together(int(key) if by == "hour" else key, *of, within, short) for key, of in found.items()]
    return tuple(sorted(told, key=lambda each: each.key))


@once_a_version_of_calls
def repeats(lake: Lake, slice_: CallSlice, days: int) -> Repeats:
    """How many calls of the slice came within so many days after another call, to any queue, from the same telephone?

    Of calls in the first days that the lake knows nobody can say: they are left out.
    """
    first = call_span(lake)
    if first is None:
        return Repeats(0, 0)
    since, queues = max(slice_.since or first[0], first[0] + timedelta(days=days)), tuple(sorted(slice_.queues))
    at = lake.months_of_view("calls")
    found = [_repeats_of(lake, month, (since, slice_.until), queues, days, at) for month in at[1]]
    return Repeats(sum(each.calls for each in found), sum(each.repeated for each in found))


def _repeats_of(
    lake: Lake, month: str, period: tuple[date, date | None], queues: tuple[str, ...], days: int, at: View
) -> Repeats:
    """Of one month. It is kept under its own files and those of the months before, which it looks back into."""
    begin = date.fromisoformat(f"{month}-01")
    end = (begin + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    since, until = max(begin, period[0]), min(end, period[1] or end)
    if since > until:
        return Repeats(0, 0)
    view, months = at
    past = {each: months[each] for each in months if f"{begin - timedelta(days=days):%Y-%m}" <= each < month}
    t = unbound(view, "calls")
    t = t.filter(t[PARTITION].isin([*past, month]))

    def read(_month: ir.Table) -> pa.Table:
        return lake.fetch(sql(_again(t, since, until, queues, days).mutate(**{PARTITION: ibis.literal(month)})))

    if (since, until) == (begin, end):
        about = (days, queues, tuple(tuple(sorted(files)) for files in past.values()))
        row = _REPEATS.rows(lake, about, read, lambda each: each == month, at).to_pylist()[0]
    else:
        row = read(t).to_pylist()[0]
    return Repeats(row["calls"], row["repeated"])


def _again(t: ir.Table, since: date, until: date, queues: tuple[str, ...], days: int) -> ir.Table:
    t = t.filter(t.entered_on.between(since - timedelta(days=days), until), t.caller.notnull(), ~t.continues)
    # Millions are put in order: by numbers that stand for the texts.
    t = t.select(
        "entered_on", "queue", caller=t.caller.hash(), voice=t.voice.hash(), second=t.entered_at.epoch_seconds()
    )
    row = ibis.window(group_by=t.caller, order_by=t.second)
    t = t.mutate(other=t.voice.lag().over(row), before=t.second.lag().over(row))
    # The second stay of a call follows the first of the same: it is no call of its own.
    chosen = [t.entered_on >= since, t.other.isnull() | (t.other != t.voice)]
    if queues:
        chosen.append(t.queue.isin(queues))
    t = t.filter(chosen)
    again = t.before.notnull() & (t.second - t.before <= days * 86_400)
    return t.aggregate(calls=t.count(), repeated=t.count(where=again))


@once_a_version_of_calls
def call_span(lake: Lake) -> tuple[date, date] | None:
    """From which day to which day do the calls reach?"""
    t = calls(lake)
    row = ask(lake, t.aggregate(first=t.entered_on.min(), last=t.entered_on.max()))[0]
    return None if row["first"] is None else (row["first"], row["last"])


@once_a_version_of_calls
def queues(lake: Lake) -> tuple[str, ...]:
    """The names of the queues, the busiest first."""
    t = calls(lake)
    rows = ask(lake, t.group_by("queue").aggregate(n=t.count()).order_by([ibis.desc("n"), "queue"]))
    return tuple(row["queue"] for row in rows)


def call_page(lake: Lake, slice_: CallSlice, before: Cursor | None = None, size: int = 50) -> CallPage:
    """Which stays come next, newest first?"""
    t = calls(lake, slice_)
    if before:
        at = moment(before.at)
        t = t.filter(t.entered_at <= at, (t.entered_at < at) | (t.id < before.id))
    newest = t.order_by([ibis.desc("entered_at"), ibis.desc("id")]).limit(size + 1)
    rows = [_row(each) for each in ask(lake, newest.select(*_columns()))]
    last = rows[size - 1] if len(rows) > size else None
    shown = rows[:size]
    return CallPage(shown, _transcribed(lake, shown), Cursor(last.entered_at, last.id) if last else None)


def stays_of(lake: Lake, voice_id: str) -> list[CallRow]:
    """The stays of the call whose transcript this voice is, in the order of time."""
    t = calls(lake)
    return [_row(each) for each in ask(lake, t.filter(t.voice == voice_id).select(*_columns()).order_by("entered_at"))]


@dataclass(frozen=True, slots=True)
class OwnCalls:
    """A customer's stays, and the calls they are of (by their transcripts' ids). `shared`: stays that may be his too,
    but came from a telephone of several customers, as a company's switchboard is. `is_shared`: who was asked for is
    such a telephone.
    """

    stays: frozenset[str]
    calls: frozenset[str]
    shared: int
    is_shared: bool = False


def calls_of(lake: Lake, pseudonym: str) -> OwnCalls:
    """Which calls are this customer's, by customer number or by telephone?

    Where a record tells no number, by a telephone that his records bear, if no record tells another customer of it.
    """
    t = calls(lake)
    his = t.filter(t.customer == pseudonym, t.caller.notnull())
    telephones = {pseudonym} | {row["caller"] for row in ask(lake, his.select("caller").distinct())}
    named = t.filter(t.caller.isin(sorted(telephones)), t.customer.notnull())
    owners = named.group_by("caller").aggregate(several=named.customer.nunique() > 1)
    shared = {row["caller"] for row in ask(lake, owners) if row["several"]}
    nameless = (t.caller == pseudonym) | (t.customer.isnull() & ~t.continues)
    rows = ask(
        lake,
        t.filter((t.customer == pseudonym) | (t.caller.isin(sorted(telephones)) & nameless)).select(
            "id", "voice", "caller", own=(t.customer == pseudonym).fill_null(False)
        ),
    )
    sure = [row for row in rows if row["own"] or row["caller"] not in shared]
    return OwnCalls(
        frozenset(row["id"] for row in sure),
        frozenset(row["voice"] for row in sure),
        len(rows) - len(sure),
        pseudonym in shared,
    )


def known_calls(lake: Lake, ids: Collection[str], since: datetime, until: datetime) -> list[dict[str, Any]]:
    """All that is known of the stays of these calls (by their transcripts' ids) that began within these moments."""
    wanted = ibis.table({"voice": "string"}, name="wanted")
    t = calls(lake)
    days = (f"{since - timedelta(days=1):%Y-%m}", f"{until + timedelta(days=1):%Y-%m}")  # whatever the time zone
    t = t.filter(t[PARTITION].between(*days), t.entered_at.between(moment(since), moment(until)))
    rows = ask(lake, t.semi_join(wanted, "voice"), wanted=pa.table({"voice": pa.array(sorted(ids), pa.string())}))
    return [row | {"entered_at": row["entered_at"].replace(tzinfo=UTC)} for row in rows]


def calls(lake: Lake, slice_: CallSlice | None = None) -> ir.Table:
    """The stays of a slice, as an expression."""
    t = unbound(lake.view("calls"), "calls")
    found: list[ir.BooleanValue] = []
    if slice_ and slice_.since:
        found += [t[PARTITION] >= f"{slice_.since:%Y-%m}", t.entered_on >= slice_.since]
    if slice_ and slice_.until:
        found += [t[PARTITION] <= f"{slice_.until:%Y-%m}", t.entered_on <= slice_.until]
    if slice_ and slice_.queues:
        found.append(t.queue.isin(sorted(slice_.queues)))
    return t.filter(found) if found else t


def _transcribed(lake: Lake, rows: list[CallRow]) -> frozenset[str]:
    t = voices(lake)
    ids = sorted({row.voice for row in rows})
    return frozenset(row["id"] for row in ask(lake, t.filter(t.id.isin(ids)).select("id"))) if ids else frozenset()


def _columns() -> tuple[str, ...]:
    return tuple(field.name for field in fields(CallRow))


def _row(row: dict[str, Any]) -> CallRow:
    return CallRow(**row | {"entered_at": row["entered_at"].replace(tzinfo=UTC)})
