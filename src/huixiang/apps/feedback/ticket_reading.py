"""How is a file of tickets read? Parquet by the million, all else row by row as any other file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from huixiang.apps.feedback.classification import Told
from huixiang.apps.feedback.reading import Reader, Stretch
from huixiang.apps.feedback.ticket_rows import TicketRows
from huixiang.channels.contract import Row
from huixiang.channels.tickets import parquet
from huixiang.channels.tickets.sweep import swept
from huixiang.channels.tickets.table import QueueTickets


class TicketReader(Reader):
    """A reader whose stretches of a Parquet file are whole blocks of columns."""

    __slots__ = ()

    def entry(self, row: Row) -> Told[Any]:
        """With its cells: it may turn out that the number was printed twice."""
        return Told.of(row.number, self.record(row), self.key, row.fields)

    def stretches(self, path: Path, skip: int = 0, meanwhile: Callable[[], None] = lambda: None) -> Iterator[Stretch]:
        assert isinstance(self.format, QueueTickets)
        if not parquet.is_parquet(path):
            yield from Reader.stretches(self, path, skip, meanwhile)
            return
        for block in parquet.blocks(path, self.format.by, skip):
            meanwhile()
            yield self._stretch(block, self.format)

    def _stretch(self, block: parquet.Block, form: QueueTickets) -> Stretch:
        """Doubtful rows are read singly: that reading says what is wrong, and whether anything is."""
        open_ = self.gate.units if self.gate.scope is None else self.gate.scope & self.gate.units
        found = swept(block, form.by, self.defaults, open_)
        singly = Stretch(block.number + block.rows.num_rows - 1, block.share)
        for row in parquet.texts(block, range(block.rows.num_rows) if found is None else found.doubtful):
            self._take(singly, row)
        rows = TicketRows.of(found.told if found else None, list(singly.entries), self.key, block)
        # As good as a list: asked for its length, its first and its last, and landed as the columns that it is.
        return Stretch(singly.rows_read, block.share, cast("list[Told[Any]]", rows), singly.refused)
