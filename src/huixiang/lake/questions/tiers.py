"""How many voices come from customers of each class, and where are they so many that nobody is singled out?"""

from __future__ import annotations

from collections import Counter

import ibis

from huixiang.lake.questions.slices import Slice, ask, once_a_version, voices
from huixiang.lake.store import Lake


def by_tier(lake: Lake, slice_: Slice) -> tuple[tuple[str, int], ...]:
    """All voices of each class; "" stands for those whose class nobody knows."""
    counts = Counter[str]()
    for _unit, tier, number in units_and_tiers(lake, slice_):
        counts[tier] += number
    return tuple(sorted(counts.items()))


@once_a_version
def units_and_tiers(lake: Lake, slice_: Slice) -> tuple[tuple[str, str, int], ...]:
    """All voices by unit ("": of none) and class: a need's page asks for both, and one reading tells them."""
    found = voices(lake, slice_)
    keys = {"unit": found.branch.fill_null(""), "tier": found.tier.fill_null("")}
    counted = found.group_by(**keys).aggregate(n=found.count())
    return tuple((row["unit"], row["tier"], int(row["n"])) for row in ask(lake, counted.order_by(["unit", "tier"])))


@once_a_version
def tier_cells(lake: Lake, fewest: int) -> frozenset[tuple[str, str]]:
    """Of which units ("" for none) did so many customers of which class speak? Who is known by no number counts once.

    Customers, not voices: one who writes ten times is still the only one.
    """
    found = voices(lake, Slice(rivals=True))
    told = found.filter(found.tier.notnull()).select("id", "version", "tier", unit=found.branch.fill_null(""))
    known = told.left_join(voices(lake, table="speakers"), ["id", "version"])
    people = known.group_by("unit", "tier").aggregate(
        n=known.pseudonym.nunique(), unknown=known.pseudonym.isnull().any().cast("int64")
    )
    enough = people.filter(people.n + people.unknown >= ibis.literal(fewest))
    return frozenset((row["unit"], row["tier"]) for row in ask(lake, enough.select("unit", "tier")))
