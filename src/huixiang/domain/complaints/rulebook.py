"""How is a pack of rules written down? TOML with clause, version and source, each mistake told by its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from huixiang.domain.complaints.events import KINDS, BadCase
from huixiang.domain.complaints.rules import Extension, Limit, Pack, Reopening, Rule, Trust, Unit

LONGEST, LONGEST_TEXT = 200_000, 500
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_LARGEST = {Unit.CALENDAR_DAYS: 3_650, Unit.WORKING_DAYS: 2_500, Unit.BUSINESS_HOURS: 10_000}
_NEEDS = {"approval", "notice"}
Named = TypeVar("Named", bound=StrEnum)
Made = TypeVar("Made")


@cache
def shipped(code: str) -> Pack | None:
    """A pack of the product by its folder's name; None where there is none."""
    if not _CODE.fullmatch(code):
        return None
    place = files("huixiang.domain.complaints") / "packs" / code / "rules.toml"
    return read_pack(place.read_text("utf-8")) if place.is_file() else None


def shipped_codes() -> list[str]:
    """The packs that come with the product."""
    return sorted(each.name for each in (files("huixiang.domain.complaints") / "packs").iterdir() if each.is_dir())


def read_pack(text: str) -> Pack:
    """The pack of a TOML text. Raises BadCase that says which part is wrong and what to write."""
    if len(text) > LONGEST:
        raise BadCase("规则包超过 %(most)s 个字符", most=LONGEST)
    try:
        table = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        place = line[1] if line else "?"
        raise BadCase("规则包第 %(line)s 行不是合法的 TOML；请检查引号、等号和括号", line=place) from None
    head = _Table(table, "规则包", {"rule", "extension", "clock"})
    rules = tuple(_rule(_Table(each, f"[[rule]] {n}")) for n, each in enumerate(_list(table, "rule"), 1))
    known = {rule.code for rule in rules}
    pack = Pack(
        code=head.code("code"),
        title=head.text("title"),
        english=head.text("english"),
        version=head.text("version"),
        effective_from=head.day("effective_from"),
        source=head.text("source"),
        rolls_past_holidays=head.yes("rolls_past_holidays"),
        roll_clause=head.text("roll_clause"),
        roll_trust=head.one_of("roll_trust", Trust),
        rules=rules,
        extensions=tuple(
            _extension(_Table(each, f"[[extension]] {n}"), known)
            for n, each in enumerate(_list(table, "extension", needed=False), 1)
        ),
        clocks=tuple(_clock(_Table(each, f"[[clock]] {n}"), known) for n, each in enumerate(_list(table, "clock"), 1)),
    )
    head.done(pack)
    _once("rule", [rule.code for rule in pack.rules])
    _once("extension", [f"{each.old} → {each.new}" for each in pack.extensions])
    _once("clock", [clock.code for clock in pack.clocks])
    return pack


def _rule(table: _Table) -> Rule:
    return table.done(Rule(table.code("code"), table.text("title"), table.text("english")))


def _extension(table: _Table, rules: set[str]) -> Extension:
    needs = table.words("needs", _NEEDS, least=0)
    return table.done(
        Extension(
            old=table.known("from", rules),
            new=table.known("to", rules),
            needs=needs,
            approvers=table.words("approvers", None) if "approval" in needs else frozenset(),
            clause=table.text("clause"),
            trust=table.one_of("trust", Trust),
        )
    )


def _clock(table: _Table, rules: set[str]) -> Limit:
    unit = table.one_of("unit", Unit)
    return table.done(
        Limit(
            code=table.code("code"),
            title=table.text("title"),
            english=table.text("english"),
            unit=unit,
            limits=table.amounts("limits", rules, _LARGEST[unit]),
            starts=table.words("starts", set(KINDS)),
            stops=table.words("stops", set(KINDS)),
            pauses=table.words("pauses", None, least=0),
            reopened=table.one_of("reopened", Reopening),
            clause=table.text("clause"),
            trust=table.one_of("trust", Trust),
        )
    )


def _list(table: Mapping[str, Any], key: str, *, needed: bool = True) -> list[Any]:
    found = table.get(key, [])
    if not isinstance(found, list) or (needed and not found):
        raise BadCase("规则包要有一节一节的 [[%(key)s]]", key=key)
    return found


def _once(key: str, codes: list[str]) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise BadCase("[[%(key)s]] 的“%(code)s”写了两次", key=key, code=code)


class _Table:
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

    def code(self, key: str) -> str:
        found = self._left.pop(key, None)
        if not isinstance(found, str) or not _CODE.fullmatch(found):
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
