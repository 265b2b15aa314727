"""Which risks does a walked case carry, who must know of them by now, and what is known already?

`Risks` is what the walks hand to the table, made of the product's own rules as `apps/complaints/risking.py` makes it;
`Restated` says once more who must know and when it goes up, in numbers of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from huixiang.domain.complaints.acting import Act
from huixiang.domain.complaints.escalating import LADDER, duty, shipped_escalations
from huixiang.domain.complaints.hours import time_of
from huixiang.domain.complaints.standing import Entry
from huixiang.domain.complaints.warning import Level

HOUR = 3600
# As which levels each of the cast stands to the case.
RANKS = {"ann": frozenset({"unit"}), "cui": frozenset({"superior"}), "dai": frozenset({"head_office"})}
CODES = {"self_harm": "urgent", "bank_run": "urgent", "press": "soon", "lawsuit": "soon", "vulnerable": "note"}


@dataclass(slots=True)
class Risk:
    code: str
    found_at: int
    is_known: bool = False

    def goes_to(self, at: int) -> Level:
        return duty(self.code, CODES[self.code], time_of(self.found_at), time_of(at), shipped_escalations()).level


@dataclass(slots=True)
class Risks:
    """Of one case."""

    found: list[Risk] = field(default_factory=list)

    def find(self, dice: Random, at: int) -> list[Risk]:
        """Seldom a risk, seldom two; of one code only one, as the register keeps them."""
        if dice.random() > 0.1:
            return []
        codes = set(dice.sample(list(CODES), dice.choice((1, 1, 2)))) - {each.code for each in self.found}
        new = [Risk(code, at) for code in sorted(codes)]
        self.found += new
        return new

    def told(self, by: str, at: int) -> dict[str, Any]:
        """What the table is asked: as in the product, those found by then and not known, the furthest up first."""
        waiting = [each for each in self.found if not each.is_known and each.found_at <= at]
        levels = [each.goes_to(at) for each in waiting]
        must_know = max(levels, key=LADDER.index).value if levels else ""
        ranks = RANKS.get(by, frozenset())
        return {"ranks": ranks, "must_know": must_know, "risks": frozenset(each.code for each in waiting)}

    def learn(self, entry: Entry) -> None:
        for each in self.found:
            is_told = entry.verb == "acknowledge" and each.code in entry.told["risks"]
            each.is_known = each.is_known or (is_told and each.found_at <= entry.at)


# code → how many hours it waits with the unit and with the superior unit before it lies with the head office.
WAITS = {"self_harm": (0, 4), "bank_run": (0, 0), "press": (0, 24), "lawsuit": (24, 24), "vulnerable": (72, 72)}
HEIGHT = {"": 0, "handler": 0, "unit": 1, "superior": 2, "head_office": 3}


@dataclass(slots=True)
class Restated:
    """What knowing of a risk must never be: too low, of nothing, or of what is known."""

    found: dict[str, int] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def find(self, found: Iterable[Risk]) -> None:
        self.found |= {each.code: each.found_at for each in found}

    def broken(self, act: Act) -> list[tuple[str, bool]]:
        waiting = {code for code, at in self.found.items() if at <= act.at} - self.known
        height = max((HEIGHT[each] for each in act.ranks), default=0)
        must = max((self._height(code, act.at) for code in waiting), default=0)
        return [
            ("a risk is known though none waits", not waiting),
            ("a risk is known by whom it had not reached, or by nobody", height < must or not height),
            ("other risks are known than those that wait", set(act.risks) != waiting),
            ("it says of another level that it knows", HEIGHT[act.must_know] != must),
        ]

    def _height(self, code: str, at: int) -> int:
        unit, superior = WAITS[code]
        hours = (at - self.found[code]) / HOUR
        return 1 if hours < unit else 2 if hours < unit + superior else 3
