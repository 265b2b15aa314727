"""How does any table or list of objects become records? A reader for its form, and a mapping for its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Table
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from huixiang.channels import delimited, jsonlines, workbook
from huixiang.channels.contract import RAW, RESERVED, ROW_KEY, Defaults, Fault, Meter, Refused, Row
from huixiang.channels.mapping import Mapping
from huixiang.channels.occurrences import Occurrences
from huixiang.channels.recording import Recorder
from huixiang.domain.feedback import Record

MOST_LOOKED_AT = 4 << 20  # characters
LOOKED_AT = 100  # rows whose columns the mapping is checked against: objects of a feed may lack what others have
_SMALL = 6  # digits: the numbers that the systems of a bank or store give are longer
READERS = {"csv": delimited.read, "xlsx": workbook.read, "jsonl": jsonlines.read}


class MappedFormat:
    """CSV, XLSX or JSONL by a mapping; without one its rows can be looked at, but not understood."""

    def __init__(self, name: str, title: str, suffixes: tuple[str, ...], mapping: Mapping | None = None) -> None:
        self.name, self.title, self.suffixes, self.mapping = name, title, suffixes, mapping
        self._recorder = Recorder(mapping) if mapping else None

    def rows(self, path: Path, meter: Meter | None = None) -> Iterator[Row | Refused]:
        mapping = self.mapping
        if mapping is None:
            raise _unmapped()
        read = READERS[mapping.format if mapping.format in READERS else kind(path)](path, mapping.layout, meter)
        first = list(beginning(read, LOOKED_AT))
        columns = dict.fromkeys(chain.from_iterable(row.fields for row in first))
        if columns.keys() - RESERVED or not first:  # else nothing could be cut into columns: each row says why
            mapping.check(list(columns))
        rows = chain(first, read)
        yield from rows if mapping.has_ids else keyed(rows, mapping)

    def record(self, row: Row, defaults: Defaults) -> Record:
        if self._recorder is None:
            raise _unmapped()
        return self._recorder.record(row, defaults)


def beginning(rows: Iterator[Row | Refused], most: int) -> Iterator[Row | Refused]:
    """The first rows: so many, and no more than fit into memory however long they are."""
    characters = 0
    for row in islice(rows, most):
        yield row
        characters += sum(map(len, row.fields.values()))
        if characters > MOST_LOOKED_AT:
            return


def kind(path: Path) -> str:
    """xlsx, jsonl or csv? By the first bytes: names of files lie."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "xlsx"
    plain = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")  # also UTF-16's beginning
    return "jsonl" if plain[:1] in {b"{", b"["} else "csv"


def keyed(rows: Iterator[Row | Refused], mapping: Mapping) -> Iterator[Row | Refused]:
    """Rows without numbers of their own get a key that stays theirs, also through mending and a second import."""
    occurrences = Occurrences(mapping.series)
    try:
        for row in rows:
            counted = _counted(row.fields, mapping) if mapping.ignore else row.fields
            fields = {**row.fields, ROW_KEY: occurrences.key(counted)}
            yield replace(row, fields=fields)
    finally:
        occurrences.close()


def runs(rows: Iterable[Row | Refused], mapping: Mapping) -> bool:
    """Does the source number from 1 on, as another may too, and the mapping does not tell which source it is?"""
    source = mapping.sources.get("source_id")
    if source is None or mapping.series or "series" in mapping.sources:
        return False
    found = [row.fields[column] for row in rows for column in source.columns if row.fields.get(column)]
    return bool(found) and all(number.isdecimal() and len(number) <= _SMALL for number in found)


def _counted(fields: Table[str, str], mapping: Mapping) -> dict[str, str]:
    """Ignored columns, such as running numbers, are no part of what makes a row that row."""
    return {name: value for name, value in fields.items() if name == RAW or not mapping.ignores(name)}


def _unmapped() -> Fault:
    return Fault("这种格式需要映射文件，说明哪一列是正文、哪一列是时间；请用 --mapping 指定，或在页面上预览后确认")
