"""What did a rereading change? The former readings beside what holds now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from huixiang.lake.questions.slices import ask, unbound, voices
from huixiang.lake.schema import FIGURE, PARTITION, PERSON
from huixiang.lake.store import Lake

COLUMNS = ("sentiment", "kind")
LISTS = ("topics", "risks")


@dataclass(frozen=True, slots=True)
class Moved:
    """How many voices moved from one value to another? "" stands for none."""

    before: str
    now: str
    count: int


@dataclass(frozen=True, slots=True)
class Gained:
    """How many voices hold a topic or risk that they did not before, and how many hold it no more?"""

    code: str
    gained: int
    lost: int


def count_of_month(lake: Lake, month: str) -> int:
    """How many voices of a month ("2026-10") have words to be read?"""
    found = voices(lake)
    found = found.filter(found[PARTITION] == month, found.understood_by != FIGURE)
    return int(ask(lake, found.aggregate(n=found.count()))[0]["n"])


def kept_readings(lake: Lake, rereading: str, ids: Collection[str], month: str) -> set[str]:
    """Of which of these voices of a month has a rereading kept what was read before?"""
    rows = lake.rows("readings", ids, month=month, columns=("id", "rereading")).to_pylist()
    return {row["id"] for row in rows if row["rereading"] == rereading}


def changed_by(lake: Lake, rereading: str) -> int:
    """Of how many voices is the feeling, kind, a topic or risk another now than before that rereading?"""
    both = _both(lake, rereading)
    changed = ibis.literal(False)
    for name in COLUMNS:
        changed = changed | (both[f"{name}_then"] != both[name])
    for name in LISTS:
        changed = changed | (both[f"{name}_then"] != both[name])
    return int(ask(lake, both.aggregate(n=both.count(where=changed)))[0]["n"])


def moves(lake: Lake, rereading: str, column: str) -> tuple[Moved, ...]:
    """How often did which value become which, of voices that nobody judged since? Most frequent first."""
    if column not in COLUMNS:
        raise ValueError(f"{column!r} is none of {COLUMNS}")
    both = _unjudged(_both(lake, rereading), column)
    pair = both.select(before=both[f"{column}_then"], now=both[column])
    counted = pair.group_by(["before", "now"]).aggregate(count=pair.count())
    rows = ask(lake, counted.order_by([ibis.desc("count"), "before", "now"]))
    return tuple(Moved(**row) for row in rows)


def gains(lake: Lake, rereading: str, column: str) -> tuple[Gained, ...]:
    """Which topics or risks did voices gain and lose? The most moved first; those that did not move are left out."""
    if column not in LISTS:
        raise ValueError(f"{column!r} is none of {LISTS}")
    both = _both(lake, rereading)
    then, now = both[f"{column}_then"], both[column]
    gained = both.select(code=now.filter(lambda code: ~then.contains(code)).unnest(), gain=1, loss=0)
    lost = both.select(code=then.filter(lambda code: ~now.contains(code)).unnest(), gain=0, loss=1)
    every = gained.union(lost)
    counted = every.group_by("code").aggregate(gained=every.gain.sum(), lost=every.loss.sum())
    rows = ask(lake, counted.order_by([ibis.desc(counted.gained + counted.lost), "code"]))
    return tuple(Gained(row["code"], int(row["gained"]), int(row["lost"])) for row in rows)


def moved_voices(lake: Lake, rereading: str, column: str, before: str, now: str, limit: int = 50) -> list[str]:
    """The ids of voices whose value became another, of those that `moves` counts; the newest first."""
    both = _unjudged(_both(lake, rereading), column)
    found = both.filter(both[f"{column}_then"] == before, both[column] == now)
    rows = ask(lake, found.order_by([ibis.desc("said_at"), "id"]).limit(limit).select("id"))
    return [row["id"] for row in rows]


def _unjudged(both: ir.Table, column: str) -> ir.Table:
    """Without what a person moved after the reading: that is not the model's doing."""
    if column != "sentiment":
        return both
    return both.filter((both.understood_by != PERSON) | (both.understood_by_then == PERSON))


def _both(lake: Lake, rereading: str) -> ir.Table:
    """Former readings (columns …_then) beside the present ones, of voices that say the same words still."""
    then = unbound(lake.view("readings"), "readings")
    then = then.filter(then.rereading == rereading)
    now = voices(lake)
    names = (*COLUMNS, *LISTS, "understood_by")
    then = then.select("id", "version", **{f"{name}_then": _filled(then, name) for name in names})
    now = now.select("id", "version", "said_at", **{name: _filled(now, name) for name in names})
    return then.join(now, ["id", "version"])


def _filled(of: ir.Table, name: str) -> ir.Value:
    """No value is a value too: else whatever compares with it is lost."""
    if name in LISTS:
        return of[name].fill_null(ibis.literal([], type="array<string>"))
    return of[name].fill_null("")
