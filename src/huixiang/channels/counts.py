"""How many reposts, likes, followers? Platforms round what is many: 1.2万, 10万+, 3.4k."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from huixiang.channels.contract import Fault, quoted

MOST = 20_000_000_000  # more than there are people: then it is an id in the wrong column
_COUNT = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>万|萬|亿|億|w|k|m|千|百万)?\s*(?:\+|以上|次|人)?")
_UNITS = {
    "": 1,
    "千": 10**3,
    "k": 10**3,
    "万": 10**4,
    "萬": 10**4,
    "w": 10**4,
    "百万": 10**6,
    "m": 10**6,
    "亿": 10**8,
    "億": 10**8,
}


def read(found: str, place: tuple[int, str]) -> int:
    """The whole number. Raises Fault with row and column of `place`."""
    number = _read(found)
    if number is None:
        raise Fault(
            "第 %(row)s 行“%(column)s”列：“%(found)s”不是次数或人数；请写成 1200、1.2万 这样",
            column=place[1],
            row=place[0],
            found=quoted(found),
        )
    return number


@lru_cache(4096)
def _read(found: str) -> int | None:
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", unicodedata.normalize("NFKC", found).strip().lower())
    whole = _COUNT.fullmatch(plain)
    if whole is None:
        return None
    number = round(float(whole["number"]) * _UNITS[whole["unit"] or ""])
    return number if number <= MOST else None
