"""What became of each ticket? One row a ticket, from a table of the queue system: CSV, Excel, JSON or Parquet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

from huixiang.channels.contract import RESERVED, Defaults, Fault, Meter, Refused, Row, marked, quoted
from huixiang.channels.dates import Dates
from huixiang.channels.mapped import READERS, beginning, kind
from huixiang.channels.tickets import parquet
from huixiang.channels.tickets.ticket_mapping import MOMENTS, NAME, TicketMapping, parse
from huixiang.domain.hotline import bank_number
from huixiang.domain.waiting import LONGEST_NUMBER, LONGEST_SECONDS, Ticket, lane_of

LOOKED_AT = 100  # rows whose columns tell what the file has
NOTHING = frozenset({"", "-", "--", "none", "null", "nan", "nat", "0000-00-00 00:00:00"})
YES = frozenset({"1", "true", "yes", "y", "是", "弃号", "已弃号", "过号"})
NUMBER = re.compile(rf"[^\W_][\w-]{{0,{LONGEST_NUMBER - 1}}}")
IN_ORDER = (  # the first is never later than the second, nor a day before it
    *(("arrived_at", "called_at"), ("called_at", "started_at"), ("started_at", "ended_at")),
    *(("called_at", "ended_at"), ("arrived_at", "left_at"), ("arrived_at", "ended_at")),
)


class QueueTickets:
    """Tickets of the branch's queue by a mapping, or by what the columns are usually called."""

    name = NAME
    title = marked("排队叫号记录（CSV、Excel、JSON、Parquet）")
    suffixes: tuple[str, ...] = (".parquet", ".csv", ".tsv", ".xlsx", ".jsonl")

    def __init__(self, text: str = "") -> None:
        self.by: TicketMapping = parse(text)
        self._chosen: dict[tuple[str, ...], dict[str, str]] = {}

    def rows(self, path: Path, meter: Meter | None = None) -> Iterator[Row | Refused]:
        if parquet.is_parquet(path):
            yield from parquet.rows(path, self.by, meter)
            return
        read = READERS[kind(path)](path, self.by.layout, meter)
        first = list(beginning(read, LOOKED_AT))
        columns = dict.fromkeys(chain.from_iterable(row.fields for row in first))
        if columns.keys() - RESERVED or not first:
            self.by.chosen(tuple(columns))
        yield from chain(first, read)

    def record(self, row: Row, defaults: Defaults) -> Ticket:
        """The ticket of one row. Raises Fault with row, column and remedy."""
        cells = _Cells(row, self._columns(row), self.by, defaults)
        number, at = cells.number(), cells.moments()
        arrived = at["arrived_at"]
        if arrived is None:
            raise cells.missing("arrived_at")
        local = arrived.astimezone(ZoneInfo(defaults.time_zone))
        left = at["left_at"] is not None or cells.text("abandoned").casefold() in YES
        called = at["called_at"] or at["started_at"]
        if left and (at["ended_at"] or at["started_at"]):
            raise cells.fault("第 %(row)s 行：既弃号又办理；请核对离开时间与办理时间", "left_at")
        began, branch = at["started_at"] or called, cells.text("branch") or defaults.branch
        if not branch:
            raise cells.missing("branch")
        return Ticket(
            branch=branch,
            kiosk_number=number,
            service=self.by.services.get(told := cells.text("service"), told),
            lane=self.by.lanes.get(lane := cells.text("lane") or lane_of(number), lane),
            arrived_at=arrived,
            arrived_on=local.date(),
            hour=local.hour,
            left=left,
            wait_seconds=_between(arrived, (at["left_at"] or called) if left else called),
            start_seconds=_between(called, at["started_at"]),
            service_seconds=None if left else _between(began, at["ended_at"]),
            customer=bank_number(cells.text("customer")),
            counter=cells.text("counter"),
            teller=cells.text("teller"),
        )

    def _columns(self, row: Row) -> dict[str, str]:
        names = tuple(row.fields)
        if names not in self._chosen:
            self._chosen[names] = self.by.chosen(tuple(name for name in names if name not in RESERVED))
        return self._chosen[names]


def _between(since: datetime | None, until: datetime | None) -> int | None:
    return None if since is None or until is None else int((until - since).total_seconds())


class _Cells:
    """The cells of one row by the fields they give."""

    def __init__(self, row: Row, columns: Mapping[str, str], by: TicketMapping, defaults: Defaults) -> None:
        self._row, self.columns, self._by, self._defaults = row, columns, by, defaults

    def text(self, field: str) -> str:
        found = self._row.fields.get(self.columns.get(field, ""), "").strip()
        return "" if found.casefold() in NOTHING else found

    def number(self) -> str:
        found = self.text("kiosk_number")
        if not found:
            raise self.missing("kiosk_number")
        if not NUMBER.fullmatch(found):
            message = "第 %(row)s 行“%(column)s”列：“%(found)s”不像排队号；请写 A013 这样的号码"
            raise self.fault(message, "kiosk_number", found=quoted(found))
        return found

    def moments(self) -> dict[str, datetime | None]:
        """All that the row tells, in an order that can be. Raises Fault."""
        at = {field: self._moment(field) for field in MOMENTS}
        for one, other in IN_ORDER:
            before, after = at[one], at[other]
            if before and after and not 0 <= (after - before).total_seconds() <= LONGEST_SECONDS:
                raise self.fault(
                    "第 %(row)s 行：“%(column)s”早于“%(other)s”，或晚了一天以上；请核对两个时间",
                    other,
                    other=self.columns[one],
                )
        return at

    def missing(self, field: str) -> Fault:
        return self.fault("第 %(row)s 行“%(column)s”列是空的；请补上", field)

    def fault(self, message: str, field: str, **params: object) -> Fault:
        return Fault(message, column=self.columns.get(field, field), row=self._row.number, **params)

    def _moment(self, field: str) -> datetime | None:
        if not (found := self.text(field)):
            return None
        zone = self._by.time_zone or self._defaults.time_zone
        place = (self._row.number, self.columns[field])
        return Dates().read(found, zone, self._defaults.now, place)[0]
