"""Which calls does a file hold that is longer than may be held at once? They are read one after the other."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from huixiang.channels.contract import Fault
from huixiang.channels.hotline import parting
from huixiang.channels.hotline.parting import Cut
from huixiang.channels.hotline.table import delimiter
from huixiang.channels.hotline.wording import Wording

PIECE = 1 << 18  # characters read at a time
LONGEST_ENTRY = 1 << 22  # characters of one call with all that its export tells besides
_BETWEEN = re.compile(r"[\s,]*")


def of_json(file: TextIO, name: str, wording: Wording) -> Cut:
    """A list of calls, or one call a line. What comes after a broken place of a list cannot be found any more."""
    start = file.read(PIECE).lstrip("\ufeff \t\r\n")
    number = 0
    try:
        for number, each in enumerate(_entries(start, file) if start.startswith("[") else _lines(start, file), 1):
            if isinstance(each, str):  # a line that is no JSON: read again, it tells its fault
                yield f"{name}#{number}", each
            elif each is None:
                yield f"{name}#{number}", _too_long(f"{name}#{number}")
            else:
                yield parting.named(each, number, name, wording, json.dumps(each, ensure_ascii=False))
    except (ValueError, RecursionError):
        place = f"{name}#{number + 1}"
        yield place, Fault("%(place)s：从这一通起的 JSON 读不出；请检查导出是否完整，或改为一行一通", place=place)


def _entries(held: str, file: TextIO) -> Iterator[Any]:
    """Of a list. Raises ValueError where it is broken, ends too soon, or one entry is too long."""
    decoder, at = json.JSONDecoder(), 1
    while True:
        at = _after(held, at)
        try:
            if held.startswith("]", at):
                return
            found, at = decoder.raw_decode(held, at)
        except ValueError:
            more = file.read(PIECE) if len(held) - at < LONGEST_ENTRY else ""
            if not more:
                raise
            held, at = held[at:] + more, 0
        else:
            yield found


def _after(held: str, at: int) -> int:
    found = _BETWEEN.match(held, at)
    return found.end() if found else at


def _lines(held: str, file: TextIO) -> Iterator[Any]:
    """What each line holds: an entry, the line itself where it is no JSON, None where it is too long."""
    while held or (held := file.read(PIECE)):
        line, end, rest = held.partition("\n")
        if end or not (more := file.read(PIECE)):
            if line.strip():
                yield _read(line)
            held = rest
        elif len(held) < LONGEST_ENTRY:
            held += more
        else:
            yield None
            while more and "\n" not in more:
                more = file.read(PIECE)
            held = more.partition("\n")[2]


def _read(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return line


def of_table(file: TextIO, name: str, wording: Wording) -> Cut:
    """Rows of one call that stand together, in a table with a column of calls; without one it would be one call."""
    head = file.readline(PIECE).lstrip("\ufeff")
    header = next(csv.reader([head], delimiter=delimiter(head)), [])
    column = parting.call_column(header, wording)
    if column is None:
        yield name, _too_long(name)
        return
    last = name
    try:
        for last, found in parting.of_rows(header, csv.reader(file, delimiter=delimiter(head)), column):
            yield last, found
    except csv.Error:
        yield name, Fault("%(place)s：“%(call)s”之后的表格读不出；请检查引号是否成对", place=name, call=last)


def cues(name: str) -> Cut:
    """No call is as long as this file."""
    yield name, _too_long(name)


def _too_long(name: str) -> Fault:
    return Fault("%(place)s：超过 %(most)s 字；一通电话没有这么长，请核对", place=name, most=LONGEST_ENTRY)
