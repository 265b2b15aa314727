"""How are rows in JSON read? One object a line (JSONL), or a list of objects; nested names joined by dots."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from huixiang.channels import encoding, feeds
from huixiang.channels.contract import RAW, RESERVED, Fault, Meter, Refused, Row
from huixiang.channels.encoding import shown
from huixiang.channels.feeds import Unfit
from huixiang.channels.tables import KEPT, LONGEST_ROW, MOST_COLUMNS, Layout, named, sound


def read(path: Path, layout: Layout, meter: Meter | None = None) -> Iterator[Row | Refused]:
    """The rows of a JSONL file (numbered by line) or of a JSON list (numbered by its items)."""
    name = layout.encoding or encoding.guess(path)
    with encoding.open_text(path, name) as file:
        start = file.read(4096).lstrip()
    whole = bool(layout.items) or start.startswith("[")
    rows = listed(path, layout.items, name, meter) if whole else _lines(path, name, meter)
    empty = True
    for row in rows:
        empty = False
        yield row
    if empty:
        raise Fault("文件“%(name)s”里没有一条记录；请检查导出是否成功", name=path.name)


def listed(path: Path, items: str, name: str = "", meter: Meter | None = None) -> Iterator[Row | Refused]:
    prefix = f"{items}.item" if items else "item"
    for number, found in feeds.objects(path, frozenset({prefix}), name, meter):
        yield found if isinstance(found, Refused) else row(number, found[1])


def row(number: int, value: object) -> Row | Refused:
    """The row of one JSON object."""
    try:
        return sound(number, flat(value, number))
    except Unfit as unfit:
        return Refused(number, unfit.fault, {RAW: shown(json.dumps(value, ensure_ascii=False)[:KEPT])})


def flat(value: object, number: int) -> dict[str, str]:
    """{"author": {"name": "…"}} becomes {"author.name": "…"}; a list of plain values becomes lines."""
    if not isinstance(value, dict):
        raise Unfit(Fault("第 %(row)s 行不是 JSON 对象（{…}）；每行应是一条记录", row=number))
    fields: dict[str, str] = {}
    _flatten(value, "", fields, number)
    return fields


def _flatten(value: Mapping[str, Any], prefix: str, fields: dict[str, str], number: int) -> None:
    for name, inner in value.items():
        path = named(shown(f"{prefix}{name}"))
        if isinstance(inner, dict):
            _flatten(inner, f"{path}.", fields, number)
        else:
            fields[_apart(path, fields)] = _text(inner)
        if len(fields) > MOST_COLUMNS:
            raise Unfit(Fault("第 %(row)s 行有超过 %(most)s 个字段；请核对内容", row=number, most=MOST_COLUMNS))


def _apart(path: str, fields: Mapping[str, str]) -> str:
    """The name, or with a number where another value has it: {"a": {"b": 1}, "a.b": 2}."""
    name, time = path, 1
    while name in fields or name in RESERVED:
        time += 1
        name = f"{path} ({time})"
    return name


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        if any(isinstance(inner, dict | list) for inner in value):
            return json.dumps(value, ensure_ascii=False, default=str)
        return "\n".join(map(_text, value))
    return str(value)


def _lines(path: Path, name: str, meter: Meter | None) -> Iterator[Row | Refused]:
    with encoding.open_text(path, name, meter) as file:
        number = 0
        while line := file.readline(LONGEST_ROW + 1):
            number += 1
            rest = line
            while len(rest) > LONGEST_ROW and not rest.endswith("\n"):
                rest = file.readline(LONGEST_ROW + 1)
            if line.strip():
                yield _line(number, line.strip())


def _line(number: int, line: str) -> Row | Refused:
    try:
        return row(number, feeds.load(line, number))
    except Unfit as unfit:
        return Refused(number, unfit.fault, {RAW: shown(line[:KEPT])})
