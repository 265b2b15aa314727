"""Which words mean the same at a bank? One way of saying stands for all of its group, in `data/synonyms.txt`."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files


@cache
def _synonyms() -> tuple[re.Pattern[str], dict[str, str]]:
    meant: dict[str, str] = {}
    for line in files(__package__).joinpath("data", "synonyms.txt").read_text("utf-8").splitlines():
        group = line.split("#", 1)[0].split()
        for word in group:
            meant.setdefault(word, group[0])
    longest_first = sorted(map(re.escape, meant), key=len, reverse=True)
    return re.compile("|".join(longest_first)), meant


def plain(normal: str) -> str:
    """How is it said in the plainest words? 咋开通 and 如何激活 become one: 怎么开通."""
    expression, meant = _synonyms()
    return expression.sub(lambda match: meant[match[0]], normal)


def plain_starts(normal: str) -> list[int]:
    """Where in the text does each character of its plain wording come from? And last, where the text ends."""
    expression, meant = _synonyms()
    starts: list[int] = []
    last = 0
    for match in expression.finditer(normal):
        size, long = len(meant[match[0]]), len(match[0])
        starts += [*range(last, match.start()), *(match.start() + number * long // size for number in range(size))]
        last = match.end()
    return [*starts, *range(last, len(normal) + 1)]
