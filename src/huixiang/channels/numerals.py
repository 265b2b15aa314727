"""What number is 二十三, and what year 二〇二四? Chinese numerals of dates and times as digits."""

from __future__ import annotations

import re

_DIGITS = {numeral: str(value) for value, numeral in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "两": "2",
}
_TENS = {"廿": "二十", "卅": "三十"}
# Only before a unit of time: 星期三 stays what it is.
_RUN = re.compile(rf"[{''.join([*_DIGITS, *_TENS])}十]+(?=[年月日号时点分秒])")
_COUNTED = re.compile(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)")


def arabic(text: str) -> str:
    """二〇二四年三月二十五日 下午三点 becomes 2024年3月25日 下午3点; what is no number of a date stays."""
    return _RUN.sub(lambda found: _number(found[0]), text)


def _number(numerals: str) -> str:
    for short, long in _TENS.items():
        numerals = numerals.replace(short, long)
    if counted := _COUNTED.fullmatch(numerals):
        tens, ones = counted.groups()
        return _DIGITS.get(tens, "1") + _DIGITS.get(ones, "0")
    return "".join(_DIGITS.get(numeral, numeral) for numeral in numerals)
