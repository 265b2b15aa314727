"""What may stand in a table of a standard's file? Each key is asked for once; mistakes are gathered, not thrown."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any, TypeVar

from huixiang.domain.standards.saying import Mistake
from huixiang.domain.standards.values import Span

LONGEST_TEXT, LARGEST, MOST = 500, 1e9, 200  # characters; a number; entries of a list
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
MEASURE = re.compile(r"[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39})+")
_WORD = re.compile(r"[\w.-]{1,40}")
_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
Named = TypeVar("Named", bound=StrEnum)


class Table:
    """A part of the file. What is missing or wrong is noted, and something harmless given in its place."""

    def __init__(self, found: object, place: str, noted: list[Mistake]) -> None:
        self._left: dict[str, Any] = dict(found) if isinstance(found, Mapping) else {}
        self._place, self._noted = place, noted
        if not isinstance(found, Mapping):
            self._note(Mistake("要写成一节，如 [%(name)s]", params={"name": place or "scope"}), "")

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def done(self) -> None:
        for key in self._left:
            self._note(Mistake("不认识的键；请删去，或核对拼写"), key)

    def inner(self, key: str) -> Table | None:
        """The section of this name, None where there is none."""
        return Table(self._left.pop(key), self._key(key), self._noted) if key in self._left else None

    def inners(self, key: str) -> list[Table]:
        found = self._left.pop(key, [])
        if not isinstance(found, list) or not found or len(found) > MOST:
            self._note(
                Mistake("要写成 1 到 %(most)s 节 [[%(name)s]]", params={"most": MOST, "name": self._key(key)}), key
            )
            return []
        return [Table(each, f"{self._key(key)}[{n}]", self._noted) for n, each in enumerate(found, 1)]

    def text(self, key: str, *, needed: bool = True) -> str:
        if not needed and key not in self._left:
            return ""
        found = self._left.pop(key, None)
        if not isinstance(found, str) or not found.strip() or len(found) > LONGEST_TEXT or not is_plain(found):
            self._note(Mistake("要写一段不超过 %(most)s 字的文字，不含控制字符", params={"most": LONGEST_TEXT}), key)
            return "—"
        return found.strip()

    def code(self, key: str, pattern: re.Pattern[str] = CODE) -> str:
        found = self._left.pop(key, None)
        if not isinstance(found, str) or not pattern.fullmatch(found):
            like = "waiting.p90" if pattern is MEASURE else "waiting-ordinary"
            self._note(Mistake("要写小写字母、数字和连字符的代码，如 %(like)s", params={"like": like}), key)
            return like
        return found

    def one_of(self, key: str, kind: type[Named]) -> Named:
        found, known = self._left.pop(key, None), [each.value for each in kind]
        if found not in known:
            self._note(Mistake("只能是 %(choices)s", params={"choices": "、".join(known)}), key)
            return next(iter(kind))
        return kind(found)

    def day(self, key: str) -> date:
        found = self._left.pop(key, None)
        if not isinstance(found, date) or isinstance(found, datetime):
            self._note(Mistake("要写不带引号的日期，如 2027-01-01"), key)
            return date.max
        return found

    def number(self, key: str, largest: float = LARGEST, *, needed: bool = True) -> float:
        """Not negative."""
        if not needed and key not in self._left:
            return 0.0
        found = self._left.pop(key, None)
        is_number = isinstance(found, int | float) and not isinstance(found, bool)
        if not is_number or not math.isfinite(found) or not 0 <= found <= largest:
            self._note(Mistake("要写 0 到 %(largest)s 的数", params={"largest": f"{largest:g}"}), key)
            return 0.0
        return float(found)

    def whole(self, key: str, largest: int) -> int:
        """At least one."""
        found = self._left.pop(key, None)
        if not isinstance(found, int) or isinstance(found, bool) or not 1 <= found <= largest:
            self._note(Mistake("要写 1 到 %(largest)s 的整数", params={"largest": str(largest)}), key)
            return 1
        return found

    def yes(self, key: str) -> bool:
        found = self._left.pop(key, False)
        if not isinstance(found, bool):
            self._note(Mistake("要写 true 或 false"), key)
        return found is True

    def words(self, key: str, pattern: re.Pattern[str] = _WORD) -> tuple[str, ...]:
        """Codes in a list, in order and each once; empty where there is none."""
        found = self._left.pop(key, [])
        fits = isinstance(found, list) and len(found) <= MOST
        if not fits or not all(isinstance(each, str) and pattern.fullmatch(each) for each in found):
            self._note(Mistake('要写成代码的列表，如 ["cash", "card"]'), key)
            return ()
        return tuple(dict.fromkeys(found))

    def sayings(self, key: str, *, needed: bool = True) -> tuple[str, ...]:
        """What people say, as lists of plain text, each once."""
        found = self._left.pop(key, [])
        fits = isinstance(found, list) and len(found) <= MOST and (found or not needed)
        if not fits or not all(isinstance(each, str) and is_saying(each) for each in found):
            self._note(Mistake('要写成说法的列表，每条 2 到 40 字，如 ["您好", "感谢来电"]'), key)
            return ()
        return tuple(dict.fromkeys(each.strip() for each in found))

    def spans(self, key: str) -> tuple[Span, ...]:
        """Hours of the day, apart from each other."""
        spans = sorted(map(_span, self.words(key, _SPAN)))
        apart = all(one[1] < other[0] for one, other in pairwise(spans))
        if not apart or not all(0 <= begin < end <= 1440 for begin, end in spans):
            self._note(Mistake('时段要写成 ["09:00-12:00"]，前后不相接、不重叠，不过午夜'), key)
            return ()
        return tuple(spans)

    def numbers(self, key: str, names: tuple[str, ...] | None) -> tuple[tuple[str, float], ...]:
        """Numbers by name: just those that are asked for; None takes any."""
        inner = self.inner(key)
        if inner is None:
            if names:
                self._note(Mistake("缺少参数 %(names)s", params={"names": "、".join(names)}), key)
            return ()
        found = tuple((name, inner.number(name)) for name in sorted(names if names is not None else inner._left))
        inner.done()
        return found

    def wrong(self, message: Mistake, key: str) -> None:
        """Something that only the whole shows."""
        self._note(message, key)

    def _note(self, mistake: Mistake, key: str) -> None:
        self._noted.append(Mistake(mistake.message, self._key(key), mistake.params))

    def _key(self, key: str) -> str:
        return f"{self._place}.{key}".strip(".")


def is_saying(text: str) -> bool:
    """Of one character nobody can tell what it belongs to."""
    letters = [sign for sign in text if sign.isalnum()]
    return len(letters) >= 2 and len(text) <= 40 and is_plain(text) and "/" not in text and "\n" not in text.strip()


def is_plain(text: str) -> bool:
    return not any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text.strip() if sign != "\n")


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    assert found is not None
    hour, minute, until, ends = map(int, found.groups())
    # A minute that no clock shows makes the span one that cannot be.
    return (hour * 60 + minute, until * 60 + ends) if max(minute, ends) < 60 else (-1, -1)
