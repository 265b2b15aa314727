"""Which calls does one file hold? A list in JSON, or a table with a column of calls, is cut into single ones."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from huixiang.channels.contract import Fault
from huixiang.channels.hotline.objects import is_turn
from huixiang.channels.hotline.table import delimiter
from huixiang.channels.hotline.wording import Wording

Cut = Iterator[tuple[str, str | Fault]]


def of_json(text: str, name: str, wording: Wording) -> Cut:
    """One call, a list of calls, or one call a line. Each is named after its call."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) > 1 and lines[0].rstrip().endswith("}"):
            yield from _of_lines(lines, name, wording)
        else:
            yield name, text  # as it stands, with its line, to be mended
        return
    if isinstance(found, list) and found and not is_turn(found[0], wording):
        for number, each in enumerate(found, 1):
            yield named(each, number, name, wording, json.dumps(each, ensure_ascii=False))
    else:
        yield name, text


def _of_lines(lines: list[str], name: str, wording: Wording) -> Cut:
    for number, line in enumerate(lines, 1):
        try:
            call = json.loads(line)
        except (ValueError, RecursionError):
            call = None
        yield named(call, number, name, wording, line)


def named(call: Any, number: int, name: str, wording: Wording, text: str) -> tuple[str, str | Fault]:
    """Under the call's own number. A place in the list would be another call's the next time."""
    told = wording.value(call, "call") if isinstance(call, dict) else None
    if told:
        return f"{told}.json", text
    if call is None:
        return f"{name}#{number}", text  # no JSON: read again, it tells its fault
    names = "、".join(wording.names["call"][:4])
    return f"{name}#{number}", Fault(
        "%(place)s：没有通话编号（%(names)s）；请在设置的 [fields] 中写明 call", place=f"{name}#{number}", names=names
    )


def of_table(text: str, name: str, wording: Wording) -> Cut:
    """Rows of one call that stand together. A call that comes again later is refused: half of it would be lost."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter(text.lstrip("\ufeff")))
    try:
        header = next(rows)
        column = call_column(header, wording)
        if column is None:
            yield name, text
            return
        yield from of_rows(header, list(rows), column)
    except (csv.Error, StopIteration):
        yield name, text


def call_column(header: list[str], wording: Wording) -> int | None:
    if not wording.has(dict.fromkeys(header), "call"):
        return None
    named = wording.value({cell: place + 1 for place, cell in enumerate(header)}, "call")
    return None if named is None else int(named) - 1


def of_rows(header: list[str], rows: Iterable[list[str]], column: int) -> Cut:
    """The calls of a table one after the other; no more than one is held."""
    done, held, call = set[str](), list[list[str]](), ""
    for row in chain(rows, [[]]):
        of = row[column].strip() if column < len(row) else ""
        if (of != call or not row) and held:
            yield _closed(header, held, call, done)
            held = []
        if any(row):
            call = of
            held.append(row)


def _closed(header: list[str], rows: list[list[str]], call: str, done: set[str]) -> tuple[str, str | Fault]:
    name = f"{call or '?'}.csv"
    if not call:
        return name, Fault("%(place)s：有 %(count)s 行没有通话编号；请补上", place=name, count=len(rows))
    if call in done:
        return name, Fault(
            "%(place)s：通话“%(call)s”的各行没有排在一起；请按通话编号排序后重新导出", place=name, call=call
        )
    done.add(call)
    lines = io.StringIO()
    csv.writer(lines).writerows([header, *rows])
    return name, lines.getvalue()
