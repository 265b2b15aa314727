"""How does a row of another system's inspections become a visit? The same fresh from the file and mended."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from huixiang.channels import inspection_sheets
from huixiang.channels.contract import Defaults, Fault, Meter, Refused, Row, marked
from huixiang.channels.inspection_sheets import SheetLine, SheetMapping

FORMAT, TITLE = "inspection-sheet", marked("其他系统的检查")
LONGEST_NUMBER, LONGEST_CODE = 60, 32


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row and what the file as a whole says of it."""

    line: SheetLine
    branch: str | None  # code of the unit
    system: str
    standard: str
    post: None = None

    @property
    def source(self) -> str:
        """Under which it is known: of one number there may be several forms, of people who looked apart."""
        return f"{self.system} {self.line.number}"

    def voice_id(self, key: bytes) -> str:
        said = f"inspection\0{self.source}\0{self.line.inspector}"
        return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:24]

    def content_hash(self, key: bytes) -> str:
        """Known by its number: whatever comes under it later is the same."""
        return ""


class SheetFormat:
    """Rows by a mapping that is settled."""

    name, title = FORMAT, TITLE
    suffixes = (".csv", ".tsv", ".txt", ".xlsx", ".jsonl", ".json")

    def __init__(self, by: SheetMapping) -> None:
        self.by = by

    @property
    def columns(self) -> Mapping[str, str]:
        """What of the file is read; the unit's column is called as the gate calls it."""
        named = {"branch" if name == "unit" else name: column for name, column in self.by.fields.items()}
        return named | {f"item {place}": column for place, column in enumerate(self.by.items)}

    def rows(self, path: Path, meter: Meter | None = None) -> Iterator[Row | Refused]:
        return inspection_sheets.rows(path, self.by, meter)

    def record(self, row: Row, defaults: Defaults) -> SheetRow:
        """Raises Fault with row, column and remedy."""
        line = inspection_sheets.line_of(row, self.by, str(settings.TIME_ZONE), timezone.now())
        too_long = {"number": len(line.number) > LONGEST_NUMBER, "inspector": len(line.inspector) > LONGEST_CODE}
        for name, is_so in too_long.items():
            if is_so:
                raise self._fault(row, name, marked("太长：请核对是不是这一列"))
        if line.visited_at > timezone.now():
            raise self._fault(row, "visited_at", marked("这个时间还没有到"))
        if all(level is None for _text, level in line.levels):
            raise self._fault(row, "number", marked("没有一项打了分"))
        return SheetRow(line, line.unit, self.by.system, self.by.standard)

    def _fault(self, row: Row, name: str, why: str) -> Fault:
        message = "第 %(row)s 行“%(column)s”列：%(why)s；请更正，或清空"
        return Fault(message, row=row.number, column=self.by.fields[name], why=Fault(why))
