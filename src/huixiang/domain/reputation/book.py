"""How does the bank write down which names are whose? A dated TOML text, read with every mistake told by its place.

[[bank]]
code = "icbc"
title = "工商银行"
own = true
names = ["工商银行", "工行", "ICBC"]
not_in = ["员工行"]
since = 2020-01-01
"""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from huixiang.domain.reputation.brands import Book, Brand
from huixiang.domain.understanding.normal import normalise

MOST_BANKS, MOST_NAMES, LONGEST_NAME, LONGEST = 80, 40, 30, 40_000
_KEYS = {"code", "title", "own", "names", "not_in", "since", "until"}
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,30}")


class BadBook(ValueError):
    """What is wrong with the text: a Chinese sentence with %(placeholders)s, the key of the message catalogue."""

    def __init__(self, message: str, **params: object) -> None:
        self.message, self.params = message, params
        super().__init__(message % params)


@lru_cache(16)
def read(text: str) -> Book:
    """The book of a TOML text. Raises BadBook that says which bank and what to write."""
    if len(text) > LONGEST:
        raise BadBook("词典超过 %(most)s 个字符；请删去不用的名称", most=LONGEST)
    try:
        table = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise BadBook(
            "词典第 %(line)s 行不是合法的 TOML；请检查引号、等号和括号", line=line[1] if line else "?"
        ) from None
    banks = table.get("bank")
    if set(table) - {"bank"} or not isinstance(banks, list) or not all(isinstance(each, dict) for each in banks):
        raise BadBook("词典由一节一节的 [[bank]] 组成；请照例子书写")
    if len(banks) > MOST_BANKS:
        raise BadBook("词典最多写 %(most)s 家银行", most=MOST_BANKS)
    book = Book(tuple(_brand(each, number) for number, each in enumerate(banks, 1)))
    _agree(book)
    return book


def _brand(table: dict[str, Any], number: int) -> Brand:
    if unknown := sorted(set(table) - _KEYS):
        raise BadBook("第 %(number)s 家银行有不认识的“%(key)s”；可用的有 %(keys)s", number=number, key=unknown[0][:40],
                      keys="、".join(sorted(_KEYS)))  # fmt: skip
    code, title = table.get("code"), table.get("title")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise BadBook("第 %(number)s 家银行的 code 要用小写字母、数字，如 icbc", number=number)
    if not isinstance(title, str) or not 0 < len(title.strip()) <= LONGEST_NAME:
        raise BadBook("第 %(number)s 家银行没有写 title（页面上的名称）", number=number)
    if not isinstance(table.get("own", False), bool):
        raise BadBook("第 %(number)s 家银行的 own 要写 true 或 false", number=number)
    names = _names(table.get("names"), number)
    if not names:
        raise BadBook('第 %(number)s 家银行要写 names = ["全称", "简称"]', number=number)
    since, until = (_day(table.get(key), number) for key in ("since", "until"))
    if since and until and since > until:
        raise BadBook("第 %(number)s 家银行的 since 晚于 until", number=number)
    return Brand(code, title.strip(), names, table.get("own", False), since, until, _names(table.get("not_in"), number))


def _names(found: object, number: int) -> tuple[str, ...]:
    if found is None:
        return ()
    if not isinstance(found, list) or len(found) > MOST_NAMES or not all(isinstance(name, str) for name in found):
        raise BadBook("第 %(number)s 家银行的名称要写成文字的列表，最多 %(most)s 个", number=number, most=MOST_NAMES)
    names = tuple(dict.fromkeys(normalise(name) for name in found))
    for name in names:
        if not 2 <= len(name) <= LONGEST_NAME:
            raise BadBook("第 %(number)s 家银行的名称“%(name)s”应为 2 到 %(most)s 个字：一个字会数错",
                          number=number, name=name[:LONGEST_NAME], most=LONGEST_NAME)  # fmt: skip
    return names


def _day(found: object, number: int) -> date | None:
    if found is None or (isinstance(found, date) and not isinstance(found, datetime)):
        return found
    raise BadBook("第 %(number)s 家银行的 since、until 要写成不带引号的日期，如 2026-01-01", number=number)


def _agree(book: Book) -> None:
    """A code stands once, and a name belongs to one bank at a time."""
    codes = [brand.code for brand in book.brands]
    for code in codes:
        if codes.count(code) > 1:
            raise BadBook("代码“%(code)s”写了两次；一家银行只写一节", code=code)
    for place, one in enumerate(book.brands):
        for other in book.brands[place + 1 :]:
            shared = sorted(set(one.names) & set(other.names))
            if shared and _meet(one, other):
                raise BadBook("“%(name)s”同时是“%(one)s”和“%(other)s”的名称；请只留一处，或写明起止日期",
                              name=shared[0], one=one.title, other=other.title)  # fmt: skip


def _meet(one: Brand, other: Brand) -> bool:
    begin = max(one.since or date.min, other.since or date.min)
    return begin <= min(one.until or date.max, other.until or date.max)
