"""What stands in an invitation, how many short messages is it, and when may it arrive?

A short message in Chinese holds 70 characters, each part of a longer one 67 (3GPP TS 23.040, 9.2.3.24.1: six octets of
140 number the parts). Letters outside the basic plane, such as emoji, count twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from math import ceil

WHOLE, PART = 70, 67
FROM, UNTIL = time(8), time(21)  # nobody is woken by a survey
PLACES = ("bank", "unit", "day", "link", "stop")
NEEDED = ("link", "stop")  # without its link it asks nothing; without the other nobody can be left in peace
_PLACE = re.compile(r"\{([^{}]*)\}")


def filled(template: str, values: Mapping[str, str]) -> str:
    """The words for one customer.

    >>> filled("{bank}：{link}", {"bank": "海川银行", "link": "https://b.example/s/i/x/"})
    '海川银行：https://b.example/s/i/x/'
    """
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), template)


def unknown_places(template: str) -> list[str]:
    """Placeholders that nothing will be put into: a slip of the pen that customers would read."""
    return [name for name in dict.fromkeys(_PLACE.findall(template)) if name not in PLACES]


def missing_places(template: str) -> list[str]:
    return [name for name in NEEDED if f"{{{name}}}" not in template]


def length(text: str) -> int:
    """How many characters does a telephone count?"""
    return len(text.encode("utf-16-le")) // 2


def parts(text: str) -> int:
    """How many short messages is it paid for as?

    >>> parts("好" * 70), parts("好" * 71), parts("好" * 135)
    (1, 2, 3)
    """
    return 1 if length(text) <= WHOLE else ceil(length(text) / PART)


def may_arrive(local: time) -> bool:
    """Is it day where the customer is?"""
    return FROM <= local < UNTIL
