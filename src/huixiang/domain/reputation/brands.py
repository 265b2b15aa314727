"""Of which bank is it spoken? Names are counted where they are meant: 建行 in 去建行取钱, not in 创建行为."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

RIVALS = "rivals"  # what a voice is about that names other banks alone
# What 行 goes on to after a short name, unless that goes on otherwise: 建行为主 is 行为, 建行为什么 is 建行.
_GOES_ON = re.compile(
    "为(?!什么|何|啥|了|我|您|你|客户)|业(?!务|绩|主|余|大厅)|情(?!况|绪)|政(?!策)|程(?!序)|使(?!用)|列(?!出|了|为|表)|"
    "驶|贿|径"
)
# What the name's first character ends before: 员工行为, 其中行, 提交行程. 参加工行的活动 is 工行.
_ENDS = {
    "工行": re.compile("(?:施|职|员|技|民|罢|(?:转|接|找|等|叫)人|(?<![参增更添])加)$"),
    "建行": re.compile("[创修搭扩构封筹]$"),
    "中行": re.compile("[其途空集心当]$"),
    "农行": re.compile("[三支助]$"),
    "交行": re.compile("[提成社外公递]$"),
    "招行": re.compile("[绝高花]$"),
}
_SECTOR = re.compile("业(?!务|绩|主)|家|保险监督")  # 中国银行业, 银行家: the trade, not the bank
_LATIN = re.compile("[a-z0-9]")
# The other bank is what one's own is held against, or who speaks turns to his own bank without naming it.
_TURNED_TO = re.compile("你们|贵行|你行|贵司|这家银行|这家行|这个银行")
_HELD_AGAINST = re.compile("(?:比|不如|学学|学习|看看|看看人家|人家|换到|换成|转到|转去|转投|改用)$")


@dataclass(frozen=True, slots=True)
class Brand:
    """One bank and what people call it, in normal form. `since`, `until`: the days on which these names were its own.

    `not_in`: phrases that hold one of the names and mean something else.
    """

    code: str
    title: str
    names: tuple[str, ...]
    is_own: bool = False
    since: date | None = None
    until: date | None = None
    not_in: tuple[str, ...] = ()

    def holds(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bank is named."""

    begin: int
    end: int
    code: str


@dataclass(frozen=True)
class Book:
    """The banks whose names are counted. Books of the same content are equal, and count the same."""

    brands: tuple[Brand, ...] = field(default=())

    @property
    def own(self) -> frozenset[str]:
        return frozenset(brand.code for brand in self.brands if brand.is_own)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All names: a text that holds none of them names nobody."""
        return tuple(sorted({name for brand in self.brands for name in brand.names}))

    @cached_property
    def _by_name(self) -> dict[str, tuple[Brand, ...]]:
        return {name: tuple(brand for brand in self.brands if name in brand.names) for name in self.names}

    @cached_property
    def _search(self) -> re.Pattern[str]:
        """The longest first, phrases that mean something else among them: what they hold is then passed over."""
        words = {*self.names, *(phrase for brand in self.brands for phrase in brand.not_in)}
        return re.compile("|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))) or r"(?!)")

    def places(self, normal: str, on: date) -> Iterator[Place]:
        """Where in a text (in normal form) is which bank named, in order?"""
        for hit in self._search.finditer(normal):
            for brand in self._by_name.get(hit[0], ()):
                if brand.holds(on) and _is_meant(normal, hit):
                    yield Place(hit.start(), hit.end(), brand.code)

    def named(self, normal: str, on: date) -> frozenset[str]:
        """Which banks does it name? Their codes."""
        return frozenset(place.code for place in self.places(normal, on))

    def about(self, normal: str, on: date) -> str | None:
        """RIVALS where it speaks of other banks and not of the own; None otherwise, also where no bank is one's own.

        不如建行 and 你们还没有建行快 name another bank, and speak of the own.
        """
        found = list(self.places(normal, on)) if self.own else []
        if not found or any(place.code in self.own for place in found) or _TURNED_TO.search(normal):
            return None
        held = (_HELD_AGAINST.search(normal[max(0, place.begin - 4) : place.begin]) for place in found)
        return None if all(held) else RIVALS


def _is_meant(text: str, hit: re.Match[str]) -> bool:
    """Is the name a name here, or the seam of two other words?"""
    name, begin, end = hit[0], hit.start(), hit.end()
    if name[0].isascii() and begin and _LATIN.match(text[begin - 1]):
        return False
    if name[-1].isascii() and _LATIN.match(text, end) and not text.startswith("app", end):
        return False
    if name.endswith("银行"):
        return _SECTOR.match(text, end) is None
    if name.endswith("行") and _GOES_ON.match(text, end):
        return False
    ends = _ENDS.get(name)
    return ends is None or ends.search(text[max(0, begin - 3) : begin]) is None
