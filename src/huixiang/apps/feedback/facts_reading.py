"""How is a file of digital facts read? Parquet by the million, all else row by row as any other file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, cast

import pyarrow as pa

from huixiang.apps.feedback import fact_rows
from huixiang.apps.feedback.classification import Told
from huixiang.apps.feedback.reading import Reader, Stretch
from huixiang.apps.feedback.ticket_rows import ROW
from huixiang.channels.contract import Fact, Row
from huixiang.channels.digital.table import FactTable
from huixiang.channels.tickets import parquet
from huixiang.domain.digital import Click, Downtime, KnownCustomer
from huixiang.lake.schema import TABLES


@dataclass(frozen=True, slots=True)
class FactKind:
    """Where facts of one format land, and how: `table` of the lake; `term` by which they are kept, "" for ever."""

    table: str
    record: type[Click] | type[Downtime] | type[KnownCustomer]
    coded: tuple[str, ...]  # columns that are told as dictionaries
    rows: fact_rows.Rows
    day: str = ""  # the column that tells their day
    term: str = ""


_WORDS = ("session", "service", "step", "channel", "device", "version", "code", "meaning", "customer", "branch")
KINDS = {
    "clicks": FactKind("clicks", Click, _WORDS, fact_rows.click_rows, "used_on", "clicks"),
    "downtimes": FactKind("downtimes", Downtime, (), fact_rows.downtime_rows, "began_on"),
    "customers": FactKind(
        "customers", KnownCustomer, ("customer", "band", "tier", "branch"), fact_rows.customer_rows, "", "customers"
    ),
}


@dataclass(frozen=True, slots=True)
class FactRows(Sequence[Told[Any]]):
    """Facts as columns, and one by one for whoever asks for a few."""

    told: pa.Table
    kind: FactKind
    key: bytes

    @classmethod
    def of(cls, kind: FactKind, sure: pa.Table | None, singly: Sequence[Told[Any]], key: bytes) -> FactRows:
        """Those that were swept up together, and those that had to be read one by one, in the file's order."""
        found = [sure] if sure is not None else []
        if singly or sure is None:
            found.append(columns_of(kind, singly))
        names = columns_of(kind, ()).column_names
        told = pa.concat_tables([each.select(names) for each in found]).unify_dictionaries()
        return cls(told if len(found) == 1 else told.sort_by(ROW), kind, key)

    def __len__(self) -> int:
        return int(self.told.num_rows)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        row = self.told.slice(place % len(self), 1).to_pylist()[0]
        return Told.of(row.pop(ROW), self.kind.record(**row), self.key)


def columns_of(kind: FactKind, entries: Sequence[Told[Any]]) -> pa.Table:
    """The same columns, of facts that were read one by one."""
    if isinstance(entries, FactRows):
        return entries.told
    names = [each.name for each in fields(kind.record) if each.name != "extra"]
    columns = {name: [getattr(each.record, name) for each in entries] for name in names}
    made = {
        name: pa.array(cells, pa.string()).dictionary_encode()
        if name in kind.coded
        else pa.array(cells, pa.string() if name == "customer" else TABLES[kind.table].field(name).type)
        for name, cells in columns.items()
    }
    return pa.table(made | {ROW: pa.array([each.row for each in entries], pa.int64())})


class FactReader(Reader):
    """A reader whose stretches of a Parquet file are whole blocks of columns."""

    __slots__ = ()

    def entry(self, row: Row) -> Told[Any]:
        return Told.of(row.number, cast("Fact", self.record(row)), self.key, row.fields)

    def stretches(self, path: Path, skip: int = 0, meanwhile: Callable[[], None] = lambda: None) -> Iterator[Stretch]:
        assert isinstance(self.format, FactTable)
        if not parquet.is_parquet(path):
            yield from Reader.stretches(self, path, skip, meanwhile)
            return
        for block in parquet.blocks(path, self.format.by, skip):
            meanwhile()
            yield self._stretch(block, self.format)

    def _stretch(self, block: parquet.Block, form: FactTable) -> Stretch:
        """Doubtful rows are read singly: that reading says what is wrong, and whether anything is."""
        open_ = self.gate.units if self.gate.scope is None else self.gate.scope & self.gate.units
        found = form.swept(block, self.defaults, open_, is_whole=self.gate.scope is None)
        singly = Stretch(block.number + block.rows.num_rows - 1, block.share)
        for row in parquet.texts(block, range(block.rows.num_rows) if found is None else found.doubtful):
            self._take(singly, row)
        rows = FactRows.of(KINDS[form.kind.name], found.told if found else None, list(singly.entries), self.key)
        # As good as a list: asked for its length, its first and its last, and landed as the columns that it is.
        return Stretch(singly.rows_read, block.share, cast("list[Told[Any]]", rows), singly.refused)
