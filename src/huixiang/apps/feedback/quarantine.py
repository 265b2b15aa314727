"""What waits in quarantine, why, and how does it leave the house for mending in a spreadsheet and come back?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils import timezone

from huixiang.apps.access.sealing import seal, unseal
from huixiang.apps.feedback import spreadsheet
from huixiang.apps.feedback.faults import told
from huixiang.apps.feedback.models import Quarantined
from huixiang.channels.contract import RAW, RESERVED, Fault


@dataclass(frozen=True, slots=True)
class Reason:
    """One kind of fault in one column, and how many rows share it."""

    message: str  # the catalogue's key: what a filter compares
    column: str
    count: int
    text: str  # of the first row, without what it quotes of the cell


def reasons(rows: QuerySet[Quarantined]) -> list[Reason]:
    """Why do rows wait? The most frequent reason first: mending one mapping often mends them all."""
    groups = rows.order_by().values("message", "column").annotate(count=Count("pk")).order_by("-count", "message")
    return [_reason(rows, group["message"], group["column"], group["count"]) for group in groups[:50]]


def _reason(rows: QuerySet[Quarantined], message: str, column: str, count: int) -> Reason:
    params = rows.filter(message=message, column=column).values_list("params", flat=True).first()
    return Reason(message, column, count, told(message, params or {}))


@dataclass(frozen=True, slots=True)
class Opened:
    """A row as it stood in the file, and what was wrong with it in full."""

    fields: dict[str, str]
    column: str
    reason: str
    cut: tuple[str, ...] = ()  # fields that do not stand here as they stood in the file

    def not_whole(self, mended: Mapping[str, str]) -> Fault | None:
        """Would something come in that is only a part of what stood in the file? Until a person has changed it."""
        for name in self.cut:
            if _as_read(mended.get(name, "")) == _as_read(self.fields[name]):
                return Fault("“%(column)s”列在这里不是原件的全文，还没有改过；请照原件改好这一列后再试", column=name)
        if RAW in self.fields and _filled(mended) == _filled(self.fields):
            return Fault("这一行没能完整地分成各列，还没有改过；请照原文填好各列后再试")
        return None


def _filled(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: _as_read(cell) for name, cell in cells.items() if name not in RESERVED and cell.strip()}


def _as_read(cell: str) -> str:
    """Without what a form or a spreadsheet changes by itself."""
    return "\n".join(line.strip() for line in cell.strip().splitlines())


def opened(row: Quarantined) -> Opened:
    """What was sealed: unmasked, so whoever asks must record that it was seen."""
    content = unseal(row.sealed)
    cells = {str(name): str(value) for name, value in content["fields"].items()}
    return Opened(cells, content["column"], told(row.message, content["params"]), tuple(content.get("cut", ())))


def emptied(row: Quarantined, state: str = Quarantined.State.ERASED) -> Quarantined:
    """The row without what stood in it. It still counts where it counted, and tells why it was refused."""
    row.sealed, row.note = seal({"fields": {}, "column": row.column, "params": row.params}), ""
    row.emptied_at = timezone.now()
    is_settled = row.state == Quarantined.State.MENDED or (
        row.state == Quarantined.State.DISCARDED and state == Quarantined.State.EXPIRED
    )
    if not is_settled:
        row.state, row.mark = state, ""  # the same row, read once more, waits anew
    return row


EMPTIED = ("sealed", "note", "state", "emptied_at", "mark")  # the fields that `emptied` changes


def forget(rows: QuerySet[Quarantined]) -> int:
    """What stood in these rows, and what they became, go; that they were, why, and how they ended stay. How many?"""
    count, stretch = 0, 500
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), stretch):
        some = list(Quarantined.objects.filter(pk__in=keys[start : start + stretch]))
        for row in some:
            row.sealed, row.voice_id = seal({"fields": {}, "column": row.column, "params": row.params}), ""
            row.emptied_at = timezone.now()
            row.mark = "" if row.state == Quarantined.State.EXPIRED else row.mark
        Quarantined.objects.bulk_update(some, ["sealed", "voice_id", "emptied_at", "mark"])
        count += len(some)
    return count


def fields(row: Quarantined) -> dict[str, str]:
    return opened(row).fields


def export(rows: QuerySet[Quarantined], mapped: Iterable[str] = ()) -> Iterator[str]:
    """Rows as CSV for a spreadsheet, with key, place and reason in front; mended, it is handed in as it is.

    `mapped`: columns that the import's mapping reads; a row that could not be cut into columns is filled in there.
    """
    columns: dict[str, None] = {}
    for row in rows.iterator(chunk_size=500):
        columns.update(dict.fromkeys(name for name in fields(row) if name not in RESERVED))
    columns.update(dict.fromkeys(mapped))
    yield "\ufeff" + _line([spreadsheet.KEY, spreadsheet.ROW, spreadsheet.REASON, spreadsheet.RAW, *columns])
    for row in rows.iterator(chunk_size=500):
        whole = opened(row)
        content = whole.fields
        ours = [spreadsheet.key(row.pk), str(row.row), whole.reason, content.get(RAW, "")]
        yield _line([*ours, *(content.get(name, "") for name in columns)])


def _line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([spreadsheet.escaped(cell) for cell in cells])
    return line.getvalue()


def missing(content: Mapping[str, str], columns: Iterable[str]) -> dict[str, str]:
    """The content with an empty field for each column that the mapping reads and the row did not have."""
    return dict(content) | {name: "" for name in columns if name not in content}
