"""How many of five stars did the customer give? Stars, points, shares and words, brought onto 1..5."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from huixiang.channels.contract import Fault, quoted

WORDS: Mapping[str, float] = MappingProxyType(
    {
        "好评": 5, "中评": 3, "差评": 1, "推荐": 5, "不推荐": 1,
        "非常满意": 5, "很满意": 5, "比较满意": 4, "满意": 4, "基本满意": 4, "一般": 3, "不太满意": 2, "不满意": 2,
        "很不满意": 1, "非常不满意": 1, "很好": 5, "好": 4, "差": 2, "很差": 1,
        "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5,
    }
)  # fmt: skip
_FULL, _HALF, _EMPTY = "★⭐🌟", "⯪½", "☆✩"
_STARS = re.compile(rf"[{_FULL}{_HALF}{_EMPTY}\ufe0f\s]+")
_POINTS = re.compile(
    r"(?P<points>\d+(?:\.\d+)?)\s*(?:/\s*(?P<of>\d+(?:\.\d+)?))?\s*(?:颗?星级?|分|points?|stars?)?", re.I
)


@dataclass(frozen=True)
class Scale:
    """From which worst to which best does the source rate? Linear onto 1..5, so that the worst is 1, the best 5."""

    low: float = 1
    high: float = 5
    words: Mapping[str, float] = field(default_factory=dict)  # the source's own words, already on 1..5

    def read(self, found: str, place: tuple[int, str]) -> float:
        """The rating on 1..5. Raises Fault with row and column of `place` where it is none."""
        text = found.strip()
        rating = self.words.get(text)
        if rating is None:
            try:
                rating = _read(text, self.low, self.high)
            except ValueError:
                raise self._fault(found, place) from None
        return rating

    def _fault(self, found: str, place: tuple[int, str]) -> Fault:
        return Fault(
            "第 %(row)s 行“%(column)s”列：“%(found)s”不是 %(low)s 到 %(high)s 的评分；"
            "请更正，或在映射的 [rating] 中写明评分范围和用词",
            column=place[1],
            row=place[0],
            found=quoted(found),
            low=f"{self.low:g}",
            high=f"{self.high:g}",
        )


FIVE_STARS = Scale()


@lru_cache(4096)
def _read(text: str, low: float, high: float) -> float:
    plain = unicodedata.normalize("NFKC", text)
    if plain in WORDS:
        return float(WORDS[plain])
    if plain[:-1] in WORDS and plain.endswith("星"):
        return float(WORDS[plain[:-1]])
    if _STARS.fullmatch(text):
        return _counted(text)
    match = _POINTS.fullmatch(plain)
    if not match:
        raise ValueError(text)
    points = float(match["points"])
    if match["of"]:
        low, high = min(low, 1), float(match["of"])
    if not low <= points <= high or high <= low:
        raise ValueError(text)
    return round(1 + 4 * (points - low) / (high - low), 4)


def _counted(text: str) -> float:
    stars = sum(text.count(star) for star in _FULL) + sum(text.count(star) for star in _HALF) / 2
    if not 1 <= stars <= 5:
        raise ValueError(text)
    return float(stars)
