"""Are the understaffed branches found in the tickets and named with their hours, and a mix shift called so?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import planted_waiting as looked
from benchmarks.planted_waiting import Tickets
from huixiang.domain.waiting.fair import Change


@pytest.fixture(scope="module")
def calm(quiet: Path) -> Tickets:
    return looked.tickets(quiet)


def told(found: Tickets) -> dict[str, Change]:
    return {each.who: each for each in looked.changed(found)[0]}


def test_branches_short_of_staff_at_noon_are_named_with_the_hours(planted: Path) -> None:
    short, found = looked.places(planted, "understaffed"), told(looked.tickets(planted))
    named = {who for who, each in found.items() if "noon" in each.proven and each.beyond["noon"].value > 0}
    assert len(named & set(short)) >= 2, named
    assert all(found[who].told in ("rate", "both") for who in named)


def test_in_the_quiet_bank_hardly_anybody_is_named(calm: Tickets) -> None:
    assert sum(each.told != "unproven" for each in told(calm).values()) <= 1, "of sixty"


def test_who_lost_afternoon_customers_is_told_mix_and_not_service(calm: Tickets) -> None:
    where = looked.busiest(calm)
    found = told(looked.mixed(calm, where, np.random.default_rng(1)))
    assert [found[who].told for who in where] == ["mix"] * 3


def test_a_shift_to_better_off_customers_lifts_satisfaction_by_mix_alone(planted: Path, quiet: Path) -> None:
    where = looked.places(planted, "tier_mix")
    assert looked.pleased(planted, where) == "mix"
    assert looked.pleased(quiet, where) == "unproven"
