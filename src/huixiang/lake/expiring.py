"""What is left of voices whose time is over? Nothing, or what is counted of them alone, which leads to nobody.

A figure keeps its channel, week, unit, product, rating, feeling, kind, topics and risks. What was said goes, with its
words, numbers and names, the customer's tier, the file and row that it came from, and the exact moment; the
probabilities too, as who has the text could reckon them again. Its new id is made under a salt that is thrown away with
the last voice of the run: until then a killed run goes on with the same, and afterwards neither the bank nor its key
finds the way back.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pyarrow as pa

from huixiang.lake.schema import FIGURE, TABLES
from huixiang.lake.store import Lake

Row = dict[str, Any]
Renamed = Callable[[str], str]
NOON = time(4, tzinfo=UTC)  # of China: no hour is told, and the day is the same in each of the bank's time zones
ANSWERED = "—"  # in place of what the bank replied, which may quote: that it did is counted
FOLLOWING = ("past_voices", "speakers", "readings", "turns")  # all that tells more of a voice
_KEPT = (
    *("id", "channel", "said_on", "said_precision", "month", "branch", "product", "product_version", "rating"),
    *("sentiment", "kind", "topics", "risks", "duplicate_of", "platform", "about", "reply"),
)
_EMPTY: Row = {
    **dict.fromkeys(("content_hash", "source_id", "title", "text", "searchable", "extra", "import_id"), ""),
    **dict.fromkeys(("attachments", "words", "phrases", "bands"), ()),
    **dict.fromkeys(("negative", "neutral", "positive"), 0.0),
    # A class beside a week and a small unit may be one person: it goes, and counts as unknown.
    **dict.fromkeys(("findings", "replied_at", "tier"), None),
    "aspects": (),
    "version": 1,
    "import_row": 0,
    "understood_by": FIGURE,
}


def renamed(salt: bytes) -> Renamed:
    """The new id of each old one, as long as the salt is there."""
    return lambda id_: hmac.new(salt, id_.encode(), hashlib.sha256).hexdigest()[:24]


def expire(lake: Lake, table: str, ids: Sequence[str], figure: Renamed | None) -> None:
    """Take these out of the current version of "voices", "calls" or "posts"; `figure`: what is counted stays.

    Done again after a kill it finds nothing more of them. Former versions go with `Lake.forget_former`.
    """
    rows: list[Row] = []
    if figure is not None:
        schema = TABLES[table]
        columns = _KEPT if table == "voices" else schema.names
        rows = [_FIGURES[table](row, figure) for row in lake.rows(table, ids, columns=columns).to_pylist()]
    lake.exchange(table, ids, pa.Table.from_pylist(rows, TABLES[table]))
    if table == "voices":  # last: what tells more of a voice is found by it
        for following in FOLLOWING:
            lake.delete(following, ids)


def _voice(row: Row, figure: Renamed) -> Row:
    day = _week(row["said_on"])
    at = datetime.combine(day, NOON)
    precision = row["said_precision"] if row["said_precision"] == "unknown" else "day"
    told = {"said_on": day, "said_at": at, "received_at": at, "said_precision": precision, row["sentiment"]: 1.0}
    told["reply"] = row["reply"] and ANSWERED
    return _EMPTY | row | told | {"id": figure(row["id"]), "duplicate_of": _of(row["duplicate_of"], figure)}


def _call(row: Row, figure: Renamed) -> Row:
    """How long somebody waited stays to be counted; which call it was, and whose, does not."""
    nobody = {"call_id": "", "caller": None, "customer": None, "transferred_to": "", "import_id": "", "import_row": 0}
    at = row["entered_at"].replace(minute=0, second=0, microsecond=0)
    return row | nobody | {"id": figure(row["id"]), "voice": figure(row["voice"]), "entered_at": at, "agent": ""}


def _post(row: Row, figure: Renamed) -> Row:
    day = _week(row["said_on"])
    nobody = {"author": None, "url": "", "content_hash": "", "import_id": "", "import_row": 0, "version": 1}
    told = {"said_on": day, "said_at": datetime.combine(day, NOON), "parent": _of(row["parent"], figure)}
    return row | nobody | told | {"id": figure(row["id"])}


_FIGURES: dict[str, Callable[[Row, Renamed], Row]] = {"voices": _voice, "calls": _call, "posts": _post}


def _of(id_: str | None, figure: Renamed) -> str | None:
    return figure(id_) if id_ else None


def _week(day: date) -> date:
    """Its Monday, or the month's first where that lies before it: counts by week and by month stay as they were."""
    return max(day - timedelta(days=day.weekday()), day.replace(day=1))
