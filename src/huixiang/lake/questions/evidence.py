"""Which voices speak for a need? Rules that many voices meet, with single ones put in or left out by people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

FEW = 2  # codes


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these: codes of topics, terms in normal form that stand in the text, or aspects with what is said
    of them ("额度\tnegative"). Empty means none.
    """

    topics: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A voice meets it where each group of `every` holds, none of `none` does, and its kind is one of `kinds`."""

    every: tuple[AnyOf, ...]
    none: tuple[AnyOf, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Voices that meet at least one rule, and the `pinned` ones by id; never the `excluded` ones.

    Pinned and excluded are ids alone: of an erased voice nothing is left to be found.
    """

    rules: tuple[Rule, ...] = ()
    pinned: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


def condition(t: ir.Table, evidence: Evidence) -> ir.BooleanValue:
    """Is a voice evidence? Never null: a voice that was not understood yet has no topics, and is no evidence."""
    chosen = [_rule(t, rule) for rule in evidence.rules]
    if evidence.pinned:
        chosen.append(t.id.isin(sorted(evidence.pinned)))
    found = _either(chosen)
    return found & ~t.id.isin(sorted(evidence.excluded)) if evidence.excluded else found


def _rule(t: ir.Table, rule: Rule) -> ir.BooleanValue:
    found = ibis.literal(bool(rule.every))  # without any condition it would be everything
    for group in rule.every:
        found = found & _group(t, group)
    for group in rule.none:
        found = found & ~_group(t, group)
    return found & t.kind.isin(sorted(rule.kinds)).fill_null(False) if rule.kinds else found


def _group(t: ir.Table, group: AnyOf) -> ir.BooleanValue:
    parts: list[ir.BooleanValue] = [t.searchable.contains(term) for term in group.terms]
    for column, wanted in ((t.topics, group.topics), (t.aspects, group.aspects)):
        if wanted:
            parts.append(holds(column, wanted))
    return _either(parts)


def holds(column: ir.ArrayValue, wanted: tuple[str, ...]) -> ir.BooleanValue:
    """Does a list hold one of these? Never null. A few are looked for one by one, in half the time of a set of them."""
    if len(wanted) <= FEW:
        return _either([column.contains(each).fill_null(False) for each in sorted(wanted)])
    return list_has_any(column, ibis.array(sorted(wanted))).fill_null(False)


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def list_has_any(column: dt.Array[dt.String], wanted: dt.Array[dt.String]) -> dt.Boolean:
    """The engine's own: `intersect` of Ibis goes over each list in a lambda."""


def _either(parts: list[ir.BooleanValue]) -> ir.BooleanValue:
    return reduce(or_, parts) if parts else ibis.literal(False)
