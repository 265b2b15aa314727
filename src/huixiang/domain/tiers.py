"""Of which class is a customer? The bank's own names for a few coarse tiers, and what each weighs."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

UNKNOWN = ""  # in place of a code: the source told none, or one that is not in the list
MOST, LONGEST_NAME, LONGEST_WORD = 12, 20, 20  # tiers; characters
LIGHTEST, HEAVIEST = 0.0, 100.0  # of a weight
NEUTRAL = 1.0
_CODE = re.compile(r"[a-z][a-z0-9_]{0,19}")
_NOISE = re.compile(r"[\s_\-·.()（）【】\[\]]+")


@dataclass(frozen=True, slots=True)
class Tier:
    """One class: `code` stands in the lake, `words` are what sources call it besides its names.

    `weight`: what a voice of such a customer counts for in a need's importance, beside 1 for all where nobody set it.
    """

    code: str
    name: str
    name_en: str = ""
    words: tuple[str, ...] = ()
    weight: float = NEUTRAL


@dataclass(frozen=True)
class Tiers:
    """The list in force, in the bank's order; `unknown`: the weight of customers whose class nobody knows."""

    tiers: tuple[Tier, ...]
    unknown: float = NEUTRAL

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(tier.code for tier in self.tiers)

    @cached_property
    def _by_word(self) -> Mapping[str, str]:
        return {plain(word): tier.code for tier in self.tiers for word in _said(tier)}

    def code_of(self, word: str) -> str:
        """The class that a source's word stands for; UNKNOWN where the list does not hold it: nothing is guessed."""
        return self._by_word.get(plain(word), UNKNOWN) if word else UNKNOWN

    def weight_of(self, code: str) -> float:
        """A class that the list no longer holds weighs as an unknown one."""
        return next((tier.weight for tier in self.tiers if tier.code == code), self.unknown)

    @property
    def is_even(self) -> bool:
        """Do all weigh 1, so that nothing changes by it?"""
        return {self.unknown, *(tier.weight for tier in self.tiers)} == {NEUTRAL}


SHIPPED = Tiers((
    Tier("ordinary", "普通", "Ordinary", ("普卡", "普通卡", "大众", "基础", "标准", "一般", "standard", "mass")),
    Tier("gold", "金卡", "Gold", ("黄金", "黄金卡", "金", "gold card")),
    Tier("platinum", "白金", "Platinum", ("白金卡", "铂金", "铂金卡", "platinum card")),
    Tier("private", "私人银行", "Private banking", ("私行", "私银", "private bank", "private")),
))  # fmt: skip


class BadTiers(ValueError):
    """The list cannot be used: a Chinese sentence with placeholders, and what fills them."""

    def __init__(self, message: str, **params: object) -> None:
        self.message, self.params = message, params
        super().__init__(message % params)


def plain(word: str) -> str:
    """So that “ 金卡客户 ” and “金卡” are one: without signs, case, width, and a last 客户 or 级."""
    found = _NOISE.sub("", unicodedata.normalize("NFKC", word)).casefold()
    for ending in ("客户", "级"):
        found = found.removesuffix(ending) or found
    return found


def checked(found: Tiers) -> Tiers:
    """The same list. Raises BadTiers: a word must lead to one class alone, or what it counts for is chance."""
    if not 1 <= len(found.tiers) <= MOST:
        raise BadTiers("名单里要有 1 到 %(most)s 个等级", most=MOST)
    for tier in found.tiers:
        _check(tier)
    if twice := _twice(tier.code for tier in found.tiers):
        raise BadTiers("编码“%(found)s”写了两次；每个等级要有自己的编码", found=twice)
    if twice := _twice(_words(found.tiers)):
        raise BadTiers("写法“%(found)s”写了两次；每个写法只能归入一个等级", found=twice)
    for weight in (found.unknown, *(tier.weight for tier in found.tiers)):
        if not LIGHTEST <= weight <= HEAVIEST:
            raise BadTiers("权重应在 %(least)g 到 %(most)g 之间", least=LIGHTEST, most=HEAVIEST)
    if not any((found.unknown, *(tier.weight for tier in found.tiers))):
        raise BadTiers("权重不能全是 0，否则所有需求都不重要；请至少留一个大于 0 的")
    return found


def _twice(told: Iterable[str]) -> str:
    return next((each for each, number in Counter(told).items() if number > 1), "")


def _check(tier: Tier) -> None:
    if not _CODE.fullmatch(tier.code):
        raise BadTiers(
            "编码“%(found)s”不行：以小写字母开头，只用小写字母、数字与下划线，最多 20 个", found=tier.code[:24]
        )
    if not tier.name.strip() or max(len(tier.name), len(tier.name_en)) > LONGEST_NAME:
        raise BadTiers("等级“%(code)s”要有名称，名称最多 %(most)s 个字", code=tier.code, most=LONGEST_NAME)
    if long := [word for word in tier.words if len(word) > LONGEST_WORD or not plain(word)]:
        raise BadTiers("写法“%(found)s”是空的或太长，最多 %(most)s 个字", found=long[0][:24], most=LONGEST_WORD)


def _said(tier: Tier) -> tuple[str, ...]:
    return tuple(filter(None, (tier.name, tier.name_en, tier.code, *tier.words)))


def _words(tiers: Iterable[Tier]) -> list[str]:
    """Each tier's own, once: a name may stand among its words."""
    return [word for tier in tiers for word in {plain(each) for each in _said(tier)}]
