"""How much speaks for each need? Many of them counted in one reading of the voices."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from huixiang.domain.needs.importance import Tally
from huixiang.lake.questions.evidence import Evidence, condition
from huixiang.lake.questions.slices import Slice, ask, once_a_version, voices
from huixiang.lake.store import Lake


@once_a_version
def tallies(lake: Lake, slice_: Slice, asked: tuple[Evidence, ...], urgent: tuple[str, ...]) -> tuple[Tally, ...]:
    """How many voices of the slice speak for each, how many of them negative, how many with an `urgent` risk?"""
    if not asked:
        return ()
    found = voices(lake, slice_)
    danger = (found.risks.intersect(ibis.array(sorted(urgent))).length() > 0).fill_null(False) if urgent else None
    marked = found.select(
        negative=found.sentiment == "negative",
        urgent=ibis.literal(False) if danger is None else danger,
        tier=found.tier.fill_null(""),
        **{f"n{place}": condition(found, evidence) for place, evidence in enumerate(asked)},
    )
    sums: dict[str, ir.IntegerScalar] = {}
    for place in range(len(asked)):
        holds = marked[f"n{place}"]
        sums[f"c{place}"] = holds.sum()
        sums[f"b{place}"] = (holds & marked.negative).sum()
        sums[f"u{place}"] = (holds & marked.urgent).sum()
    rows = ask(lake, marked.group_by("tier").aggregate(**sums))
    return tuple(_tally(rows, place) for place in range(len(asked)))


def _tally(rows: list[dict[str, Any]], place: int) -> Tally:
    """Of one need, over all classes of customers."""
    count, negative, urgent = (sum(int(row[f"{sign}{place}"] or 0) for row in rows) for sign in "cbu")
    tiers = {row["tier"]: int(row[f"c{place}"] or 0) for row in rows}
    return Tally(count, negative, urgent, tuple(sorted((tier, n) for tier, n in tiers.items() if n)))
