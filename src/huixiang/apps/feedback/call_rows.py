"""Which stay is this, and what is new of it? Several files tell of one: rotated logs, the log and the call records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
from django.utils import timezone

from huixiang.apps.feedback.classification import Told
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.feedback.voice_rows import Arrival
from huixiang.domain.feedback import pseudonym
from huixiang.domain.hotline import SAME_STAY_SECONDS, Outcome, Stay, bank_number, telephone
from huixiang.lake.schema import CALLS

Row = dict[str, Any]
# Second and number of the channel: nothing to mask, and masking a million takes minutes. No telephone begins so.
_OF_EXCHANGE = re.compile(r"1\d{9}\.(?!1[3-9])\d{1,11}")
_SECOND = 1  # records may tell parts of it
RECORDS = "records"  # the call records, beside the log
_FRESH = ("import_id", "import_row")  # who told it last is no part of what is told


@dataclass(slots=True)
class Found:
    """What becomes of a stretch of stays; new + same + changed is their number. `rows` by id, as they then stand."""

    new: int = 0
    same: int = 0
    changed: int = 0
    rows: dict[str, Row] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)  # ids that the lake knows already
    callers: list[Told[Stay]] = field(default_factory=list)  # of the calls whose caller stands as these tell it

    def table(self) -> pa.Table:
        return pa.Table.from_pylist(list(self.rows.values()), schema=CALLS)


def compared(arrival: Arrival, entries: Iterable[Told[Stay]], known: Sequence[Row], key: bytes) -> Found:
    """Compare in the file's order with what the lake holds of the same calls."""
    found, near, stands = Found(), _Near(known), _Callers()
    for entry in entries:
        row = _row(arrival, entry, key)
        before = near.of(row)
        caller = row["caller"]
        near.tell((before or row)["id"], row)
        if before is None:
            found.new += 1
        else:
            row = merged(before, row)
        stands.tell(entry, caller, row)
        if before is not None:
            if _same(before, row):
                found.same += 1
                continue
            found.changed += 1
        if before is not None and before["id"] not in found.rows:
            found.replaced.add(before["id"])
        found.rows[row["id"]] = row
        near.put(row)
    found.callers = stands.told()
    return found


def merged(before: Row, row: Row) -> Row:
    """One stay of two tellings, whichever came first: what is told beats what is not, an end beats none."""
    weaker, stronger = (before, row) if _outranks(row, before) else (row, before)
    both = weaker | {name: value for name, value in stronger.items() if value not in {None, ""}}
    if row["sources"] == RECORDS:  # the log knows neither
        both |= {name: row[name] for name in ("customer", "hold_seconds") if row[name] is not None}
    # Names are the log's wherever it told them: by its queue's name a stay is known again.
    names = before if row["sources"] == RECORDS and before["sources"] != RECORDS else row
    both |= {name: names[name] for name in ("queue", "transferred_to") if names[name]}
    beginning = stronger if stronger["is_whole"] or not weaker["is_whole"] else weaker
    both |= {name: beginning[name] for name in ("entered_at", "entered_on", "hour", "month", "is_whole")}
    return both | {
        "id": before["id"],
        "sources": ",".join(sorted({*before["sources"].split(","), row["sources"]})),
        "continues": before["continues"] or row["continues"],
        "rings_unanswered": max(before["rings_unanswered"], row["rings_unanswered"]),
    }


def _outranks(row: Row, before: Row) -> bool:
    """Is the later telling to be believed where both say something?

    Not where it breaks off and the other does not. The exchange's log is the witness, its records are made of it; so
    names and seconds do not change with the order in which the two come in.
    """
    unfinished = Outcome.UNFINISHED.value
    if (row["outcome"] == unfinished) != (before["outcome"] == unfinished):
        return bool(before["outcome"] == unfinished)
    if (row["talk_seconds"] is None) != (before["talk_seconds"] is None):
        return bool(before["talk_seconds"] is None)
    if row["sources"] == RECORDS and before["sources"] != RECORDS:
        return False
    return bool(row["is_whole"] or not before["is_whole"])


def _same(before: Row, row: Row) -> bool:
    return all(before[name] == row[name] for name in row if name not in _FRESH)


class _Callers:
    """Whose caller is the one that stands in the end? Log and records may tell another; the merged row decides."""

    def __init__(self) -> None:
        self._told: list[tuple[Told[Stay], str, str]] = []
        self._stands: dict[str, str | None] = {}

    def tell(self, entry: Told[Stay], caller: str | None, merged_: Row) -> None:
        self._stands[merged_["id"]] = merged_["caller"]
        if caller:
            self._told.append((entry, caller, merged_["id"]))

    def told(self) -> list[Told[Stay]]:
        return [entry for entry, caller, stay in self._told if self._stands[stay] == caller]


class _Near:
    """Finds the stay of the same call that began at the same time: to the second, where one source saw both begin; give
    or take seconds where a beginning was reckoned back, or log and records tell of it.
    """

    def __init__(self, known: Iterable[Row]) -> None:
        self._of_call: dict[str, dict[str, Row]] = {}
        self._told: dict[str, datetime] = {}  # id → the beginning that this file saw
        for row in known:
            self.put(row)

    def put(self, row: Row) -> None:
        self._of_call.setdefault(row["voice"], {})[row["id"]] = row

    def tell(self, stay: str, row: Row) -> None:
        if row["is_whole"]:
            self._told[stay] = row["entered_at"]

    def of(self, row: Row) -> Row | None:
        """In one source a queue has one name. Log and records may name it otherwise; then the log's name stays."""
        near = [each for each in self._of_call.get(row["voice"], {}).values() if self._fits(each, row)]
        is_log = row["sources"] != RECORDS
        fits = [each for each in near if each["queue"] == row["queue"] or is_log == (each["sources"] == RECORDS)]
        closest = min(fits, key=lambda each: (each["queue"] != row["queue"], _apart(each, row)), default=None)
        return closest or self._of_call.get(row["voice"], {}).get(row["id"])

    def _fits(self, known: Row, row: Row) -> bool:
        """Two stays of one file with beginnings of their own are two, even where another file tells of both."""
        at = self._told.get(known["id"])
        is_other = row["is_whole"] and at is not None and abs((at - row["entered_at"]).total_seconds()) >= _SECOND
        return not is_other and int(_apart(known, row)) <= _leeway(known, row)


def _apart(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    return abs(float((one["entered_at"] - other["entered_at"]).total_seconds()))


def _leeway(one: Row, other: Row) -> float:
    """How far apart may two tellings of one stay be? A caller who falls out of a queue may be back within seconds."""
    is_witness = one["sources"] == other["sources"] and one["is_whole"] and other["is_whole"]
    return 0 if is_witness else SAME_STAY_SECONDS


def _row(arrival: Arrival, entry: Told[Stay], key: bytes) -> Row:
    stay = entry.record
    caller, customer = telephone(stay.caller), bank_number(stay.customer)
    local = timezone.localtime(stay.entered_at)
    return {
        "id": entry.voice_id,
        "voice": stay.transcript_id(key),
        "call_id": stay.call_id if _OF_EXCHANGE.fullmatch(stay.call_id) else masked_value("", stay.call_id),
        "queue": masked_value("", stay.queue),
        "caller": pseudonym(caller, arrival.key) if caller else None,
        "customer": pseudonym(customer, arrival.key) if customer else None,
        "entered_at": stay.entered_at.astimezone(UTC),
        "entered_on": local.date(),
        "hour": local.hour,
        "outcome": str(stay.outcome),
        "wait_seconds": stay.wait_seconds,
        "talk_seconds": stay.talk_seconds,
        "hold_seconds": stay.hold_seconds,
        "agent": masked_value("", stay.agent),
        "transfer": str(stay.transfer),
        "transferred_to": masked_value("", stay.transferred_to),
        "rings_unanswered": stay.rings_unanswered,
        "continues": stay.continues,
        "is_whole": stay.is_whole,
        "sources": stay.source,
        "month": f"{local:%Y-%m}",
        "import_id": arrival.import_id,
        "import_row": entry.row,
    }
