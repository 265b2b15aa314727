"""An attack on what is told of anonymous answers: every look, of every day and choice, beside every other."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np

from huixiang.domain.surveys.portions import Piece, Portion, portions

FEWEST = 10
Told = list[Portion]


def _days(seed: int) -> list[list[Piece]]:
    """Sixty days on which a few come at a time, to five branches, of three tiers, seldom with a mark."""
    dice, number, days = np.random.default_rng(seed), 0, []
    for _day in range(60):
        came: dict[tuple[str, ...], list[int]] = {}
        for _one in range(int(dice.integers(0, 18))):
            traits = (
                f"N{int(dice.choice(5, p=[0.6, 0.3, 0.06, 0.03, 0.01]))}",
                f"t{dice.integers(3)}",
                str(int(dice.random() < 0.04)),
            )
            came.setdefault(traits, []).append(number)
            number += 1
        days.append([Piece(traits, people) for traits, people in came.items()])
    return days


def _looks(told: Told) -> list[frozenset[int]]:
    """Whom each choice of a branch, a tier or unmarked ones alone shows, and all of them together."""
    choices: list[tuple[str | None, ...]] = [(None, None, None)]
    choices += [(f"N{n}", None, None) for n in range(5)] + [
        (f"N{n}", f"t{t}", None) for n in range(5) for t in range(3)
    ]
    choices += [(None, f"t{t}", None) for t in range(3)] + [(None, None, "0"), ("N0", None, "0"), ("N1", "t1", "0")]

    def fits(one: Portion, choice: tuple[str | None, ...]) -> bool:
        known = (*one.traits, *(None,) * 3)
        return all(wanted is None or wanted == has for wanted, has in zip(choice, known, strict=False))

    return [frozenset(who for one in told if fits(one, choice) for who in one.people) for choice in choices]


def test_no_two_looks_tell_of_fewer_than_ten() -> None:
    """Neither filters nor days, nor an item that one in four answered: subtracted, none or ten are left, or more."""
    days = _days(3)
    waves = portions(days)
    answered = {who for day in days for piece in day for who in piece.people if who % 4 == 0}
    again = portions(
        [[Piece(one.traits, [who for who in one.people if who in answered]) for one in wave] for wave in waves]
    )
    for each in (waves, again):
        seen = [look for day in (20, 21, 40, 59, 60) for look in _looks([one for wave in each[:day] for one in wave])]
        least = min((len(a - b) for one, two in combinations(seen, 2) for a, b in ((one, two), (two, one)) if a - b))
        assert least >= FEWEST
        # And what is left when parts are taken from the whole: what no choice of a branch shows.
        whole, *parts = _looks([one for wave in each for one in wave])[:6]
        assert len(whole - frozenset().union(*parts)) not in range(1, FEWEST)


def test_what_is_told_stays_told_and_most_is_told() -> None:
    days = _days(5)
    whole = portions(days)
    assert portions(days[:31]) == whole[:31], "who comes later changes nothing of what was told"
    everybody = Counter(who for day in days for piece in day for who in piece.people)
    told = Counter(who for wave in whole for one in wave for who in one.people)
    assert max(told.values()) == 1
    assert len(told) >= 0.93 * len(everybody)
    with_branch = sum(len(one.people) for wave in whole for one in wave if one.traits)
    assert with_branch >= 0.65 * len(told), "of the rest only what they have in common"
