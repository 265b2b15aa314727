"""What may stand in a table of the rules? Each mistake is told by its place and with what to write instead."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from huixiang.domain.complaints.events import BadCase

LONGEST, LONGEST_TEXT = 200_000, 500
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
Named = TypeVar("Named", bound=StrEnum)
Made = TypeVar("Made")


def tables_of(text: str) -> dict[str, Any]:
    """The TOML of a text; BadCase names the line that is none."""
    if len(text) > LONGEST:
        raise BadCase("规则包超过 %(most)s 个字符", most=LONGEST)
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        place = line[1] if line else "?"
        raise BadCase("规则包第 %(line)s 行不是合法的 TOML；请检查引号、等号和括号", line=place) from None


def sections(table: Mapping[str, Any], key: str, *, needed: bool = True) -> list[Any]:
    found = table.get(key, [])
    if not isinstance(found, list) or (needed and not found):
        raise BadCase("规则包要有一节一节的 [[%(key)s]]", key=key)
    return found


def once(key: str, codes: list[str]) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise BadCase("[[%(key)s]] 的“%(code)s”写了两次", key=key, code=code)


class Table:
    """A part of the text: each key is asked for once, and whatever nobody asked for is a mistake."""

    def __init__(self, found: object, place: str, elsewhere: frozenset[str] | set[str] = frozenset()) -> None:
        if not isinstance(found, dict):
            raise BadCase("%(place)s 要写成一节", place=place)
        self._left = {key: value for key, value in found.items() if key not in elsewhere}
        self._place = place

    def done(self, made: Made) -> Made:
        for key in self._left:
            raise BadCase("%(place)s 有不认识的“%(key)s”", place=self._place, key=key[:40])
        return made

    def text(self, key: str) -> str:
        found = self._left.pop(key, None)
        if not isinstance(found, str) or not found.strip() or len(found) > LONGEST_TEXT:
            raise BadCase("%(place)s 的 %(key)s 要写一段不超过 %(most)s 字的文字", most=LONGEST_TEXT, **self._of(key))
        return found.strip()

    def text_if_any(self, key: str) -> str:
        return self.text(key) if key in self._left else ""

    def code(self, key: str) -> str:
        found = self._left.pop(key, None)
        if not isinstance(found, str) or not CODE.fullmatch(found):
            raise BadCase("%(place)s 的 %(key)s 要写小写字母、数字和连字符，如 cn-2020", **self._of(key))
        return found

    def known(self, key: str, codes: set[str]) -> str:
        found = self._left.pop(key, None)
        if not isinstance(found, str) or found not in codes:
            raise self._none_of(key, codes)
        return found

    def day(self, key: str) -> date:
        found = self._left.pop(key, None)
        if not isinstance(found, date) or isinstance(found, datetime):
            raise BadCase("%(place)s 的 %(key)s 要写不带引号的日期，如 2020-03-01", **self._of(key))
        return found

    def amount(self, key: str, largest: int) -> int:
        found = self._left.pop(key, None)
        if not isinstance(found, int) or isinstance(found, bool) or not 1 <= found <= largest:
            raise BadCase("%(place)s 的 %(key)s 要写 1 到 %(most)s 的整数", most=largest, **self._of(key))
        return found

    def yes(self, key: str) -> bool:
        found = self._left.pop(key, None)
        if not isinstance(found, bool):
            raise BadCase("%(place)s 的 %(key)s 要写 true 或 false", **self._of(key))
        return found

    def one_of(self, key: str, kind: type[Named]) -> Named:
        return kind(self.known(key, {each.value for each in kind}))

    def words(self, key: str, known: set[str] | None, *, least: int = 1) -> frozenset[str]:
        """A list of words, each of those that are `known`, or any."""
        found = self._left.pop(key, [])
        if not isinstance(found, list) or not all(isinstance(each, str) and each for each in found):
            raise BadCase("%(place)s 的 %(key)s 要写成文字的列表", **self._of(key))
        if known is not None and not set(found) <= known:
            raise self._none_of(key, known)
        if len(found) < least:
            raise BadCase("%(place)s 的 %(key)s 至少要写一个词", **self._of(key))
        return frozenset(found)

    def amounts(self, key: str, rules: set[str], largest: int) -> dict[str, int]:
        found = self._left.pop(key, None)
        if not isinstance(found, dict) or not found or not set(found) <= rules:
            raise BadCase("%(place)s 的 %(key)s 要写成 { 规则 = 数 }，规则须已用 [[rule]] 写出", **self._of(key))
        for amount in found.values():
            if not isinstance(amount, int) or isinstance(amount, bool) or not 1 <= amount <= largest:
                raise BadCase("%(place)s 的 %(key)s 要写 1 到 %(most)s 的整数", most=largest, **self._of(key))
        return dict(found)

    def _of(self, key: str) -> dict[str, object]:
        return {"place": self._place, "key": key}

    def _none_of(self, key: str, known: set[str]) -> BadCase:
        names = "、".join(sorted(known))
        return BadCase("%(place)s 的 %(key)s 只能是 %(names)s", names=names, **self._of(key))
