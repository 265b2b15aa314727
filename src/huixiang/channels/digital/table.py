"""How is a table of digital facts read row by row? Cells by their fields, with the reason and the remedy for each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

from huixiang.channels.contract import RESERVED, Defaults, Fault, Meter, Refused, Row, quoted
from huixiang.channels.dates import Dates
from huixiang.channels.digital.settings import FactMapping, Kind, parse
from huixiang.channels.mapped import READERS, beginning, kind
from huixiang.channels.tickets import parquet
from huixiang.channels.tickets.sweep import Swept
from huixiang.channels.tickets.table import LOOKED_AT, NOTHING

YES = frozenset({"1", "true", "yes", "y", "是", "成功", "ok", "success", "计划", "计划内", "planned"})


class FactTable:
    """A table by a mapping, or by what its columns are usually called. Each kind of facts says what a row means."""

    kind: Kind
    suffixes: tuple[str, ...] = (".parquet", ".csv", ".tsv", ".xlsx", ".jsonl")

    def __init__(self, text: str = "") -> None:
        self.by: FactMapping = parse(text, self.kind)
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

    def swept(
        self, block: parquet.Block, defaults: Defaults, branches: Collection[str], *, is_whole: bool
    ) -> Swept | None:
        """Which facts of a block of columns are beyond doubt? None: all of them are read as text.

        `branches`: codes that may come in; `is_whole`: so may what is of no branch.
        """
        return None

    def cells(self, row: Row, defaults: Defaults) -> Cells:
        names = tuple(row.fields)
        if names not in self._chosen:
            self._chosen[names] = self.by.chosen(tuple(name for name in names if name not in RESERVED))
        return Cells(row, self._chosen[names], self.by, defaults)


class Cells:
    """The cells of one row by the fields they give."""

    def __init__(self, row: Row, columns: Mapping[str, str], by: FactMapping, defaults: Defaults) -> None:
        self._row, self._columns, self._by, self.defaults = row, columns, by, defaults

    def has(self, field: str) -> bool:
        return field in self._columns

    def text(self, field: str) -> str:
        found = self._row.fields.get(self._columns.get(field, ""), "").strip()
        return "" if found.casefold() in NOTHING else found

    def needed(self, field: str) -> str:
        if not (found := self.text(field)):
            raise self.missing(field)
        return found

    def is_yes(self, field: str) -> bool:
        return self.text(field).casefold() in YES

    def branch(self) -> str | None:
        return self.text("branch") or self.defaults.branch

    def number(self, field: str, most: float) -> float | None:
        """From 0 to the most; None where nothing is told."""
        if not (found := self.text(field)):
            return None
        try:
            number = float(found.removesuffix("%")) / (100 if found.endswith("%") else 1)
        except ValueError:
            number = -1.0
        if not 0 <= number <= most:
            message = "第 %(row)s 行“%(column)s”列：“%(found)s”不是 0 到 %(most)s 的数；请更正，或清空"
            raise self.fault(message, field, found=quoted(found), most=f"{most:g}")
        return number

    def moment(self, field: str) -> datetime | None:
        if not (found := self.text(field)):
            return None
        place = (self._row.number, self._columns[field])
        return Dates().read(found, self._zone, self.defaults.now, place)[0]

    def local(self, moment: datetime) -> datetime:
        """As the bank's clock showed it."""
        return moment.astimezone(ZoneInfo(self.defaults.time_zone))

    def today(self) -> date:
        return self.local(self.defaults.now or datetime.now(ZoneInfo("UTC"))).date()

    def missing(self, field: str) -> Fault:
        return self.fault("第 %(row)s 行“%(column)s”列是空的；请补上", field)

    def fault(self, message: str, field: str, **params: object) -> Fault:
        return Fault(message, column=self._columns.get(field, field), row=self._row.number, **params)

    @property
    def _zone(self) -> str:
        return self._by.time_zone or self.defaults.time_zone
