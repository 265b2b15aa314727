"""Is this mapping right? Reads its TOML text, and says of every mistake which line, which key, and what to write."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping as Table
from difflib import get_close_matches
from functools import lru_cache, reduce
from typing import Any
from zoneinfo import ZoneInfo

from huixiang.channels import encoding
from huixiang.channels.contract import Fault
from huixiang.channels.dates import Dates
from huixiang.channels.mapping import CONSTANTS, FIELDS, Mapping, Source
from huixiang.channels.ratings import Scale
from huixiang.channels.tables import Layout, numbered
from huixiang.domain.feedback import Channel

FORMATS = ("csv", "xlsx", "jsonl", "table")  # table: CSV or XLSX, whichever the file is
_TEXTS = ("format", "channel", *CONSTANTS, "time_zone", "encoding", "delimiter", "sheet", "items", "series")
_LISTS = ("ignore", "optional", "missing")
_TABLES = ("columns", "dates", "rating", "branches", "channels")
_KEYS = (*_TEXTS, *_LISTS, "header", *_TABLES)


@lru_cache(64)
def parse(text: str) -> Mapping:
    """The mapping of a TOML text. Raises Fault that names line and key."""
    try:
        table = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(error) from None
    return _Reader(text, table).mapping()


def _not_toml(error: tomllib.TOMLDecodeError) -> Fault:
    place = re.search(r"line (\d+)", str(error))
    if not place:
        return Fault("映射不是合法的 TOML：文本没有写完；请检查末尾的引号和括号")
    return Fault("映射第 %(line)s 行不是合法的 TOML；请检查引号、等号和括号，文字要放在双引号里", line=int(place[1]))


class _Reader:
    def __init__(self, text: str, table: dict[str, Any]) -> None:
        self._text, self._table = text, table

    def mapping(self) -> Mapping:
        table = self._table
        self._known(table, _KEYS)
        for key in _TEXTS:
            self._typed(table, key, str)
        for key in _LISTS:
            self._strings(table, key)
        return Mapping(
            format=self._choice("format", FORMATS),
            sources=self._sources(),
            channel=Channel(self._choice("channel", tuple(Channel))) if table.get("channel") else None,
            constants={name: table[name].strip() for name in CONSTANTS if table.get(name, "").strip()},
            time_zone=self._time_zone(),
            optional=frozenset(table.get("optional", ())),
            ignore=tuple(self._placed(list(table.get("ignore", ())))),  # type: ignore[arg-type]
            missing=frozenset(table.get("missing", ())),
            series=table.get("series", "").strip(),
            branches={name: str(code) for name, code in self._inner("branches").items()},
            channels=self._channels(),
            dates=self._dates(),
            rating=self._rating(),
            layout=self._layout(),
        )

    def _sources(self) -> dict[str, Source]:
        columns = self._inner("columns")
        self._known(columns, FIELDS, "columns")
        if not {"text", "title", "rating"} & set(columns):
            raise Fault('映射没有说明正文在哪一列；请在 [columns] 下写 text = "列名"')
        return {name: self._source(name, value) for name, value in columns.items()}

    def _source(self, name: str, value: object) -> Source:
        value = self._placed(value)
        if isinstance(value, str) and value:
            return Source((value,))
        if self._all_texts(value):
            return Source(tuple(value))  # type: ignore[arg-type]
        if isinstance(value, dict) and set(value) <= {"join", "by"} and self._all_texts(value.get("join")):
            return Source(tuple(value["join"]), str(value.get("by", "\n")))
        raise Fault(
            '映射第 %(line)s 行的 %(key)s 要写成 "列名"、["列名", "别名"] 或 { join = ["列一", "列二"], by = "；" }',
            line=self._line(name, "columns"),
            key=name,
        )

    def _placed(self, value: object) -> object:
        """Where there are no names a column may be told by its number or letter: 3, "C" and "第3列" are the same."""
        if self._table.get("header") != 0:
            return value
        if isinstance(value, list):
            return [self._placed(each) for each in value]
        if isinstance(value, dict):
            return {key: self._placed(each) if key == "join" else each for key, each in value.items()}
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return numbered(value)
        if isinstance(value, str) and re.fullmatch("[A-Za-z]{1,2}", value):
            return numbered(reduce(lambda place, letter: place * 26 + ord(letter) - 64, value.upper(), 0))
        return value

    @staticmethod
    def _all_texts(value: object) -> bool:
        return isinstance(value, list) and bool(value) and all(isinstance(name, str) and name for name in value)

    def _time_zone(self) -> str | None:
        name = self._table.get("time_zone")
        if not name:
            return None
        try:
            ZoneInfo(name)
        except (ValueError, OSError, KeyError):
            raise Fault(
                "映射第 %(line)s 行的时区“%(found)s”不存在；请写 Asia/Shanghai 这样的名称",
                line=self._line("time_zone"),
                found=name[:40],
            ) from None
        return str(name)

    def _channels(self) -> dict[str, Channel]:
        found = self._inner("channels")
        return {name: Channel(self._choice(name, tuple(Channel), "channels")) for name in found}

    def _dates(self) -> Dates:
        dates = self._inner("dates")
        self._known(dates, ("forms",), "dates")
        self._strings(dates, "forms", "dates")
        for form in dates.get("forms", ()):
            if "%y" in form or not ("%Y" in form or "%c" in form or "%x" in form):
                raise Fault(
                    "映射第 %(line)s 行的日期格式“%(found)s”缺少四位年份 %%Y；请写成 %%d/%%m/%%Y %%H:%%M 这样",
                    line=self._line("forms", "dates"),
                    found=form[:40],
                )
        return Dates(tuple(dates.get("forms", ())))

    def _rating(self) -> Scale:
        rating = self._inner("rating")
        self._known(rating, ("scale", "words"), "rating")
        scale = rating.get("scale", [1, 5])
        low, high = scale if isinstance(scale, list) and len(scale) == 2 else (1, scale)
        if not (_is_number(low) and _is_number(high) and low < high):
            raise Fault(
                "映射第 %(line)s 行的 scale 要写最高分（如 10）或 [最低分, 最高分]（如 [0, 100]）",
                line=self._line("scale", "rating"),
            )
        words = rating.get("words", {})
        if not isinstance(words, dict) or not all(_is_number(stars) and 1 <= stars <= 5 for stars in words.values()):
            raise Fault(
                '映射第 %(line)s 行的 words 要写成 { "好评" = 5, "差评" = 1 }，分值在 1 到 5 之间',
                line=self._line("words", "rating"),
            )
        return Scale(float(low), float(high), {word: float(stars) for word, stars in words.items()})

    def _layout(self) -> Layout:
        table = self._table
        header = table.get("header", 1)
        if not isinstance(header, int) or isinstance(header, bool) or not 0 <= header <= 1000:
            raise Fault("映射第 %(line)s 行的 header 要写列名所在的行号，没有列名则写 0", line=self._line("header"))
        mark = {"tab": "\t", "逗号": ",", "分号": ";"}.get(table.get("delimiter", ""), table.get("delimiter", ""))
        if len(mark) > 1 or mark in {'"', "\n", "\r"}:
            raise Fault('映射第 %(line)s 行的 delimiter 要写一个字符，如 "," 或 ";"', line=self._line("delimiter"))
        name = table.get("encoding", "")
        if name and not encoding.named(name):
            raise Fault(
                "映射第 %(line)s 行的编码“%(found)s”不支持；可选 %(choices)s",
                line=self._line("encoding"),
                found=name[:40],
                choices="、".join(encoding.ENCODINGS),
            )
        return Layout(encoding.named(name) or "", mark, table.get("sheet", ""), header, table.get("items", ""))

    def _known(self, table: Table[str, object], keys: tuple[str, ...], section: str = "") -> None:
        for key in table:
            if key not in keys:
                near = get_close_matches(key, keys, n=1, cutoff=0.5)
                raise Fault(
                    "映射第 %(line)s 行有不认识的“%(key)s”；可用的有 %(keys)s",
                    line=self._line(key, section),
                    key=key[:60],
                    keys="、".join([*near, *(other for other in keys if other not in near)]),
                )

    def _choice(self, key: str, choices: tuple[str, ...], section: str = "") -> str:
        found = (self._table[section] if section else self._table).get(key, "")
        if found in choices:
            return str(found)
        if not section and key not in self._table:
            raise Fault(
                '映射没有写 %(key)s；请在第一行写 %(key)s = "…"，可选 %(choices)s', key=key, choices="、".join(choices)
            )
        raise Fault(
            "映射第 %(line)s 行的 %(key)s 写的是“%(found)s”；可选 %(choices)s",
            line=self._line(key, section),
            key=key[:60],
            found=str(found)[:40],
            choices="、".join(choices),
        )

    def _inner(self, key: str) -> dict[str, Any]:
        value = self._table.get(key, {})
        if not isinstance(value, dict):
            raise Fault("映射第 %(line)s 行的 %(key)s 要写成一节：[%(key)s]", line=self._line(key), key=key)
        return value

    def _typed(self, table: Table[str, object], key: str, kind: type) -> None:
        if key in table and not isinstance(table[key], kind):
            raise Fault('映射第 %(line)s 行的 %(key)s 要写成带引号的文字："…"', line=self._line(key), key=key)

    def _strings(self, table: Table[str, object], key: str, section: str = "") -> None:
        if table.get(key) and not self._all_texts(table[key]):
            raise Fault(
                '映射第 %(line)s 行的 %(key)s 要写成文字的列表：["…", "…"]', line=self._line(key, section), key=key
            )

    def _line(self, key: str, section: str = "") -> int:
        """On which line does the key stand? The parser does not tell; 1 where it can't be found."""
        here, first = "", 1
        for number, line in enumerate(self._text.splitlines(), 1):
            if opened := re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line):
                here = opened[1].strip("\"' ")
                if here == key:
                    return number
                if here == section:
                    first = number
            elif here == section and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", line):
                return number
            elif section and not here and re.match(rf"\s*{section}\s*=", line):
                first = number
        return first


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
