"""How does a table leave for SPSS, and come from it? As .sav with its labels, so that 1 reads 满意 there too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from huixiang.channels.contract import Fault, Meter, Row

LONGEST_NAME = 64  # bytes, as SPSS has it
LONGEST_LABEL = 120  # characters; of a value's label too
LONGEST_TEXT = 32_000  # bytes
# Of a file that comes in so much is held at once; where the next stretch begins, the reader counts from the start.
ROWS_AT_ONCE, CELLS_AT_ONCE = 20_000, 2_000_000
LONGEST_NOTE = 80  # bytes a line
NUMBER = "（数）"
_RESERVED = frozenset(["ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"])


@dataclass(frozen=True, slots=True)
class Column:
    """One variable. With `values` its cells are numbers that have names; `is_ordered`: more is more, by how much nobody
    knows.
    """

    name: str
    label: str
    is_number: bool = False
    values: Mapping[int, str] = field(default_factory=dict)
    is_ordered: bool = False

    @property
    def measure(self) -> str:
        """SPSS offers its methods by it; of a variable without one it asks first."""
        if self.is_ordered:
            return "ordinal"
        return "scale" if self.is_number and not self.values else "nominal"


def write(
    path: Path, columns: Sequence[Column], rows: Iterable[Sequence[Any]], title: str = "", notes: Sequence[str] = ()
) -> None:
    """Write the rows; None is missing. All of them are held in memory once. `notes`: what stands beside them."""
    import pandas as pd  # half a second and 40 MB: only for who asks for such a file
    import pyreadstat

    names = names_for([column.name for column in columns])
    listed = list(rows)
    data = {}
    for place, (name, column) in enumerate(zip(names, columns, strict=True)):
        cells = [row[place] for row in listed]
        if column.is_number or column.values:
            data[name] = pd.Series([None if cell is None else float(cell) for cell in cells], dtype="float64")
        else:
            data[name] = pd.Series(["" if cell is None else _cut(str(cell)) for cell in cells], dtype="object")
    labelled = [(name, column) for name, column in zip(names, columns, strict=True) if column.values]
    pyreadstat.write_sav(
        pd.DataFrame(data),
        str(path),
        file_label=title[:60],
        note=[piece for line in notes for piece in _lines(line)],
        column_labels=[column.label[:LONGEST_LABEL] for column in columns],
        variable_value_labels={
            name: {number: words[:LONGEST_LABEL] for number, words in column.values.items()}
            for name, column in labelled
        },
        variable_measure={name: column.measure for name, column in zip(names, columns, strict=True)},
    )


def is_sav(path: Path) -> bool:
    """By the first bytes: names of files lie."""
    with path.open("rb") as file:
        return file.read(4) == b"$FL2"


def rows(path: Path, meter: Meter | None = None) -> Iterator[Row]:
    """The rows as text, values by their labels, some at a time. Raises Fault.

    Beside a column with labels stands another, its name with NUMBER, with the bare numbers: of a scale they count.
    """
    done, told = 0, _read(path, metadataonly=True)[1]
    if meter and told.number_rows:
        meter.by(lambda: done / told.number_rows)
    at_once = max(1, min(ROWS_AT_ONCE, CELLS_AT_ONCE // max(1, told.number_columns or 1)))
    while True:
        table = _read(path, row_offset=done, row_limit=at_once)[0]
        for number, cells in enumerate(table.itertuples(index=False, name=None), done + 2):
            yield Row(number, _fields(table.columns, cells, told.variable_value_labels))
        done += len(table)
        if len(table) < at_once:
            return


def _read(path: Path, **how: Any) -> tuple[Any, Any]:
    import pyreadstat

    try:
        found: tuple[Any, Any] = pyreadstat.read_sav(str(path), **how)
    except Exception as error:  # whatever the reader in C meets
        raise Fault("SPSS 文件读不了（%(reason)s）；请另存为 .sav 后再试", reason=type(error).__name__) from None
    return found


def _fields(names: Iterable[Any], cells: Iterable[Any], labels: Mapping[str, Mapping[Any, str]]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, cell in zip(map(str, names), cells, strict=True):
        fields[name] = _text(cell)
        if name in labels:
            fields |= {name: labels[name].get(cell, fields[name]), f"{name}{NUMBER}": fields[name]}
    return fields


def _text(cell: object) -> str:
    if cell is None or (not isinstance(cell, str) and str(cell) in ("nan", "NaT")):  # a missing number or date
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def names_for(wanted: Sequence[str]) -> list[str]:
    """Names that SPSS allows: it takes no "[", no ":", no name twice, and none that is a word of its language."""
    found: list[str] = []
    taken: set[str] = set()
    for each in wanted:
        plain = re.sub(r"\W", "_", each)
        if not plain or not plain[0].isalpha() or plain.upper() in _RESERVED:
            plain = f"q_{plain}"
        name, number = _short(plain, LONGEST_NAME), 1
        while name.upper() in taken:
            number += 1
            name = f"{_short(plain, LONGEST_NAME - 5)}_{number}"
        taken.add(name.upper())
        found.append(name)
    return found


def _lines(text: str) -> list[str]:
    """As long as a line of a file's notes may be."""
    found = []
    while text:
        found.append(_short(text, LONGEST_NOTE))
        text = text[len(found[-1]) :]
    return found


def _short(text: str, size: int) -> str:
    return text.encode()[:size].decode("utf-8", "ignore")


def _cut(text: str) -> str:
    return _short(text, LONGEST_TEXT)
