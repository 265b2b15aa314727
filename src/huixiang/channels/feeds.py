"""How is one JSON document of any size read? Object by object as it streams by, never the whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import ijson

from huixiang.channels import encoding
from huixiang.channels.contract import Fault, Refused

LARGEST_OBJECT = 16 << 20  # bytes between one object and the next


def objects(path: Path, prefixes: frozenset[str]) -> Iterator[tuple[int, tuple[str, Any] | Refused]]:
    """Each value at one of the prefixes (as ijson names them) with its number from 1; several documents may follow
    one another, as when pages of a feed were put into one file. A broken document is refused from where it breaks.
    """
    if not path.stat().st_size:
        raise Fault("文件“%(name)s”是空的；请检查导出是否成功", name=path.name)
    number = 0
    with path.open("rb") as file:
        measured = _Measured(_utf8(path, file))
        try:
            for found in _values(measured, prefixes):
                number += 1
                measured.since = 0
                yield number, found
        except _TooLarge:
            fault = Fault(
                "第 %(row)s 条记录超过 %(most)s MB，其后的内容未读；请拆分或截短",
                row=number + 1,
                most=LARGEST_OBJECT >> 20,
            )
        except (ijson.JSONError, RecursionError, ValueError):  # ValueError: a number of thousands of digits
            fault = Fault("第 %(row)s 条记录起 JSON 残缺，其后的内容未读；请重新导出完整的文件", row=number + 1)
        else:
            return
    if not number:
        raise fault
    yield number + 1, Refused(number + 1, fault, {})


def _values(file: Any, prefixes: frozenset[str]) -> Iterator[tuple[str, Any]]:
    builder, inside = None, ""
    for prefix, event, value in ijson.parse(file, multiple_values=True):
        if builder is None:
            if prefix not in prefixes or event not in _OPENING:
                continue
            builder, inside = ijson.ObjectBuilder(), prefix
        builder.event(event, value)
        if prefix == inside and event in _CLOSING:
            yield inside, builder.value
            builder = None


_PLAIN = {"string", "number", "boolean", "null"}
_OPENING, _CLOSING = {"start_map", *_PLAIN}, {"end_map", *_PLAIN}


class _TooLarge(Exception):
    pass


class _Measured:
    """Counts the bytes since the last object, so that one endless object cannot fill the memory."""

    def __init__(self, file: Any) -> None:
        self._file, self.since = file, 0

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._file.read(min(size, 1 << 16) if size > 0 else size)
        self.since += len(data)
        if self.since > LARGEST_OBJECT:
            raise _TooLarge
        return data


class _Recoded:
    """A file in another encoding than UTF-8, as UTF-8."""

    def __init__(self, path: Path, name: str) -> None:
        self._text = encoding.open_text(path, name)

    def read(self, size: int = -1) -> bytes:
        return self._text.read(size // 4 if size > 0 else size).encode("utf-8", "replace")


def _utf8(path: Path, file: BinaryIO) -> Any:
    name = encoding.guess(path)
    if name != "utf-8":
        return _Recoded(path, name)
    if file.read(3) != b"\xef\xbb\xbf":
        file.seek(0)
    return file
