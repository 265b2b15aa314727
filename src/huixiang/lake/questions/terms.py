"""How much is there of each channel, month by month, and what of it is older than its term? Counted once a month."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from huixiang.lake.questions.by_month import Sums
from huixiang.lake.questions.slices import sql, unbound
from huixiang.lake.schema import FIGURE, PARTITION
from huixiang.lake.store import Lake

_SCHEMA = pa.schema(
    [
        (PARTITION, pa.string()),
        ("channel", pa.string()),
        ("branch", pa.string()),
        ("words", pa.int64()),
        ("figures", pa.int64()),
    ]
)
# Every look at the page of terms asks for all of them; after an import only the months are counted that it changed.
_TABLES = ("voices", "calls", "tickets", "clicks", "customers", "posts", "responses")
_STORED = {name: Sums("terms 1", 1_200, _SCHEMA, name) for name in _TABLES}


@dataclass(frozen=True, slots=True)
class Stored:
    """Of one channel, month ("2026-11") and unit ("": none): how many with their words, how many as figures alone."""

    month: str
    channel: str
    branch: str
    words: int
    figures: int


def stored(lake: Lake, table: str = "voices") -> list[Stored]:
    """All of "voices", or the records of "calls", the "tickets" and other facts, or the "posts".

    Of all but the voices nothing is told by channel.

    Or the "responses" to surveys: as their channel stands which survey.
    """

    def read(t: ir.Table) -> pa.Table:
        figure = _is_figure(t, table)
        units = {"calls": None, "responses": "unit"}
        unit = units.get(table, "branch")
        of_unit = t[unit].fill_null("") if unit else ibis.literal("")
        of = {"voices": "channel", "responses": "survey"}.get(table)
        channel = t[of] if of else ibis.literal("")
        keys = {PARTITION: t[PARTITION], "channel": channel, "branch": of_unit}
        counted = t.group_by(**keys).aggregate(words=(~figure).sum(), figures=figure.sum())
        return lake.fetch(sql(counted.order_by(PARTITION, "channel", "branch")))

    return [Stored(**row) for row in _STORED[table].rows(lake, table, read).to_pylist()]


@dataclass(frozen=True, slots=True)
class Lot:
    """A month of a channel's voices, or of the calls or posts, which have no channel here.

    `figures`: also those of which only what is counted was kept.
    """

    table: str
    month: str
    channel: str = ""
    figures: bool = False


def older(lake: Lake, lot: Lot, after: str, most: int) -> list[tuple[str, bool]]:
    """The next so many of a lot in the order of their ids: (id, is its day known?)."""
    t = unbound(lake.view(lot.table), lot.table)
    found = t.filter(t[PARTITION] == lot.month, t.id > after)
    if lot.table == "voices":
        found = found.filter(found.channel == lot.channel)
    if not lot.figures:
        found = found.filter(~_is_figure(found, lot.table))
    dated = found.said_precision != "unknown" if lot.table == "voices" else ibis.literal(True)
    rows = lake.fetch(sql(found.select("id", dated=dated).order_by("id").limit(most))).to_pylist()
    return [(row["id"], row["dated"]) for row in rows]


def _is_figure(t: ir.Table, table: str) -> ir.BooleanValue:
    if table == "voices":
        return t.understood_by == FIGURE
    names = {"calls": "call_id"} | dict.fromkeys(("responses", "tickets", "clicks", "customers"), "import_id")
    return t[names.get(table, "content_hash")] == ""
