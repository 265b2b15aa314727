"""What became of each call? One row a stay in a queue, from a table of the exchange's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain
from pathlib import Path

from huixiang.channels.contract import RESERVED, Defaults, Fault, Meter, Refused, Row, marked, quoted
from huixiang.channels.dates import Dates
from huixiang.channels.hotline.call_mapping import TRANSFERS, CallMapping, parse
from huixiang.channels.hotline.wording import plain
from huixiang.channels.mapped import READERS, beginning, kind
from huixiang.domain.hotline import Outcome, Stay, Transfer

LOOKED_AT = 100  # rows whose columns tell what the file has
LONGEST_SECONDS = 2 * 86_400
_NOTHING = frozenset({"", "-", "--", "none", "null", "nan", "no_server", "0000-00-00 00:00:00"})
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})")
_WORDS = re.compile(r"(?:(\d+)\s*小?时)?\s*(?:(\d+)\s*分钟?)?\s*(?:(\d+)\s*秒)?")  # 1分15秒


class CallRecords:
    """CSV, XLSX or JSONL of the exchange's call records (话单)."""

    name = "call-records"
    title = marked("热线话单（CSV、Excel、JSON）")
    suffixes: tuple[str, ...] = (".csv", ".tsv", ".xlsx", ".jsonl")
    source = "records"

    def __init__(self, text: str = "") -> None:
        self.calls: CallMapping = parse(text)
        self._chosen: dict[tuple[str, ...], dict[str, str]] = {}

    def rows(self, path: Path, meter: Meter | None = None) -> Iterator[Row | Refused]:
        read = READERS[kind(path)](path, self.calls.layout, meter)
        first = list(beginning(read, LOOKED_AT))
        columns = dict.fromkeys(chain.from_iterable(row.fields for row in first))
        if columns.keys() - RESERVED or not first:
            self.calls.chosen(tuple(columns))
        yield from chain(first, read)

    def record(self, row: Row, defaults: Defaults) -> Stay:
        """The stay of one row. Raises Fault with row, column and remedy."""
        cells = _Cells(row, self._columns(row), self.calls, defaults)
        entered = cells.moment("entered_at")
        call_id = cells.text("call_id")
        if entered is None or not call_id:
            missing = "call_id" if entered else "entered_at"
            column = cells.columns[missing]
            raise Fault("第 %(row)s 行“%(column)s”列是空的；请补上", column=column, row=row.number)
        outcome, queue = cells.outcome(), cells.text("queue")
        answered, ended = cells.moment("answered_at"), cells.moment("ended_at")
        is_answered = outcome is Outcome.ANSWERED
        return Stay(
            call_id=call_id,
            queue=self.calls.queues.get(queue, queue),
            entered_at=entered,
            outcome=outcome,
            wait_seconds=cells.seconds("wait_seconds", entered, answered if is_answered else ended),
            talk_seconds=cells.seconds("talk_seconds", answered, ended) if is_answered else None,
            hold_seconds=cells.seconds("hold_seconds", None, None),
            caller=cells.text("caller"),
            customer=cells.text("customer"),
            agent=cells.text("agent"),
            transfer=cells.transfer(),
            transferred_to=self.calls.queues.get(to := cells.text("transferred_to"), to),
            rings_unanswered=int(row.fields.get("rings_unanswered") or 0),
            continues=cells.text("continues") not in {"", call_id},  # its own number: handed on, and the same caller
            is_whole=row.fields.get("is_whole") != "0",
            source=self.source,
        )

    def _columns(self, row: Row) -> dict[str, str]:
        names = tuple(row.fields)
        if names not in self._chosen:
            self._chosen[names] = self.calls.chosen(tuple(name for name in names if name not in RESERVED))
        return self._chosen[names]


class _Cells:
    """The cells of one row by the fields they give."""

    def __init__(self, row: Row, columns: Mapping[str, str], calls: CallMapping, defaults: Defaults) -> None:
        self._row, self.columns, self._calls, self._defaults = row, columns, calls, defaults

    def text(self, field: str) -> str:
        found = self._row.fields.get(self.columns.get(field, ""), "").strip()
        return "" if found.casefold() in _NOTHING else found

    def moment(self, field: str) -> datetime | None:
        if not (found := self.text(field)):
            return None
        zone = self._calls.time_zone or self._defaults.time_zone
        return Dates().read(found, zone, self._defaults.now, (self._row.number, self.columns[field]))[0]

    def outcome(self) -> Outcome:
        found = self.text("outcome")
        if outcome := self._calls.outcomes.get(plain(found)):
            return outcome
        raise Fault(
            "第 %(row)s 行“%(column)s”列：不认识结果“%(found)s”；请在设置的 [outcomes] 中写明（%(choices)s）",
            column=self.columns["outcome"],
            row=self._row.number,
            found=quoted(found),
            choices="、".join(Outcome),
        )

    def transfer(self) -> Transfer:
        if found := TRANSFERS.get(plain(self.text("transfer"))):
            return found
        return Transfer.BLIND if self.text("transferred_to") else Transfer.NONE

    def seconds(self, field: str, since: datetime | None, until: datetime | None) -> int | None:
        """As the column says; else between two moments. Raises Fault."""
        found = self.text(field)
        if not found:
            whole = None if since is None or until is None else round((until - since).total_seconds())
        elif clock := _CLOCK.fullmatch(found) or _WORDS.fullmatch(found):
            hours, minutes, seconds = (int(part or 0) for part in clock.groups())
            whole = hours * 3600 + minutes * 60 + seconds
        else:
            whole = self._number(found, field)
        if whole is not None and not 0 <= whole <= LONGEST_SECONDS:
            raise Fault(
                "第 %(row)s 行：%(field)s 是 %(found)s 秒，为负或超过两天；请核对时间与单位",
                column=self.columns.get(field),
                row=self._row.number,
                field=field,
                found=whole,
            )
        return whole

    def _number(self, found: str, field: str) -> int:
        try:
            return round(float(found))
        except (ValueError, OverflowError):
            column = self.columns[field]
            message = "第 %(row)s 行“%(column)s”列：“%(found)s”不是秒数；请写 75 或 00:01:15"
            raise Fault(message, column=column, row=self._row.number, found=quoted(found)) from None
