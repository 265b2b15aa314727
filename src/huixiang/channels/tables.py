"""Which cell belongs to which column? Header names made distinct, and rows that do not fit refused with their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from huixiang.channels.contract import RAW, Fault, Refused, Row, quoted
from huixiang.channels.encoding import UNREADABLE, shown
from huixiang.domain.understanding.masking import mask

MOST_COLUMNS = 1_000
LONGEST_CELL = 100_000  # characters; the longest complaint letter is far below
LONGEST_ROW = 1 << 20  # characters of all cells together
LONGEST_NAME = 120  # characters of a column's name
KEPT = 2_000  # characters of what could not be read are kept to be shown


@dataclass(frozen=True, slots=True)
class Layout:
    """What the mapping says of a file's outward form. Empty: guess."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header: int = 1  # the row of column names, counted from 1; 0: there is none, and columns are called 第1列, 第2列 …
    items: str = ""  # dotted path to the list of rows in a JSON file


@dataclass(frozen=True)
class Header:
    """The names of a table's columns, none of them empty or twice."""

    names: tuple[str, ...]

    @cached_property
    def width(self) -> int:
        return len(self.names)

    @cached_property
    def nothing(self) -> dict[str, str]:
        return dict.fromkeys(self.names, "")

    def fits(self, cells: Sequence[str]) -> bool:
        """As many cells as columns; empty ones at the end, as spreadsheets write them, do no harm."""
        return len(cells) == self.width or (len(cells) > self.width and not any(cells[self.width :]))

    def row(self, number: int, cells: Sequence[str]) -> Row | Refused | None:
        """The row of these cells; None where all are blank, as at the end of many spreadsheets' exports."""
        if not any(map(str.strip, cells)) and (
            len(cells) != 1 or self.width > 1
        ):  # "" in a file of one column is a row
            return None
        fields = dict(zip(self.names, cells, strict=False))
        if not self.fits(cells):
            return self._misfit(number, cells, fields)
        together = "".join(cells)
        if len(together) > LONGEST_CELL or UNREADABLE.search(together):
            return sound(number, fields)
        return Row(number, fields)

    def broken(self, number: int, fault: Fault, raw: str) -> Refused:
        """A stretch of the file that could not be cut into cells: to be filled in by hand from what is shown."""
        return Refused(number, fault, {**self.nothing, RAW: shown(raw[:KEPT])})

    def _misfit(self, number: int, cells: Sequence[str], fields: dict[str, str]) -> Refused:
        raw = shown(" | ".join(cells[:MOST_COLUMNS])[:KEPT])
        kept = {name: shown(cell[:LONGEST_CELL]) for name, cell in fields.items()}
        fault = Fault(
            "第 %(row)s 行有 %(found)s 列，表头有 %(expected)s 列；"
            "多半是内容里有未加引号的分隔符或换行，请补上引号后重试",
            row=number,
            found=len(cells),
            expected=self.width,
        )
        return Refused(number, fault, {**self.nothing, **kept, RAW: raw}, self._shifted(cells))

    def _shifted(self, cells: Sequence[str]) -> tuple[str, ...]:
        """Of too many cells the last column holds another's content, wherever the surplus delimiter stands."""
        last = next(cell for cell in reversed(cells) if cell)
        return self.names[-1:] if len(cells) > self.width and last != cells[self.width - 1] else ()


def header(cells: Sequence[str], row: int = 1) -> Header:
    """Column names from a header row: spaces trimmed, empty ones numbered, repeated ones told apart."""
    trimmed = [cell.strip().lstrip("\ufeff") for cell in cells]
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    if not trimmed:
        raise Fault("第 %(row)s 行没有列名；请在第一行写上列名，或在映射中用 header 指明列名所在的行", row=row)
    if len(trimmed) > MOST_COLUMNS:
        raise Fault(
            "表头有 %(found)s 列，最多 %(most)s 列；请核对分隔符，或删去多余的列", found=len(trimmed), most=MOST_COLUMNS
        )
    for place, name in enumerate(trimmed, 1):
        if UNREADABLE.search(name):
            raise Fault(
                "表头第 %(place)s 列“%(name)s”含有无法识别的字符；多半是编码不对，请在映射中用 encoding 指明",
                place=place,
                name=quoted(shown(name)),
            )
    return Header(tuple(distinct([named(name) or numbered(place) for place, name in enumerate(trimmed, 1)])))


def unnamed(width: int) -> Header:
    """The names of columns that have none."""
    return Header(tuple(map(numbered, range(1, width + 1))))


def numbered(place: int) -> str:
    return f"第{place}列"


@lru_cache(1 << 12)
def named(name: str) -> str:
    """A column's name as mapping, messages and lists of further fields tell it, all of which are kept in the clear.

    So it is masked: where a file has no header, or an export is odd, a customer stands there.
    """
    return mask(name[: 4 * LONGEST_NAME]).text[:LONGEST_NAME]


def distinct(names: Sequence[str]) -> list[str]:
    """Repeated names told apart by a number: 内容, 内容 (2), 内容 (3)."""
    taken: set[str] = {RAW}
    given: list[str] = []
    for name in names:
        candidate, time = name, 1
        while candidate in taken:
            time += 1
            candidate = f"{name} ({time})"
        taken.add(candidate)
        given.append(candidate)
    return given


def sound(number: int, fields: dict[str, str]) -> Row | Refused:
    """The row, unless it or a cell is far too long or holds what no text holds."""
    if sum(map(len, fields.values())) > LONGEST_ROW:
        fault = Fault("第 %(row)s 行超过 %(most)s 个字符；请拆分或截短", row=number, most=LONGEST_ROW)
        kept = {name: shown(cell[:KEPT]) for name, cell in list(fields.items())[:KEPT]}
        return Refused(number, fault, kept, _cut(fields, kept))
    for name, cell in fields.items():
        if len(cell) > LONGEST_CELL:
            fault = Fault(
                "第 %(row)s 行“%(column)s”列超过 %(most)s 个字符；请核对是否粘贴了整份文件，并截短",
                column=name,
                row=number,
                most=LONGEST_CELL,
            )
        elif "\0" in cell:
            fault = Fault("第 %(row)s 行“%(column)s”列含有空字符（NUL）；请删去后重试", column=name, row=number)
        elif UNREADABLE.search(cell):
            fault = Fault(
                "第 %(row)s 行“%(column)s”列有无法解码的字节（显示为 �）；请照原件更正", column=name, row=number
            )
        else:
            continue
        kept = {name: shown(cell[:KEPT] if len(cell) > LONGEST_CELL else cell) for name, cell in fields.items()}
        return Refused(number, fault, kept, _cut(fields, kept))
    return Row(number, fields)


def _cut(fields: dict[str, str], kept: dict[str, str]) -> tuple[str, ...]:
    return tuple(name for name, cell in kept.items() if cell != fields[name])
