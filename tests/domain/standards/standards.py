"""Any standard that can be written down, for hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import settings
from hypothesis import strategies as some

from huixiang.domain.standards.catalogue import MEASURES, Unit
from huixiang.domain.standards.reading import CLOCKS
from huixiang.domain.standards.values import (
    Aim,
    Appraisal,
    Checklist,
    Clock,
    ClockUnit,
    Governs,
    Item,
    Owner,
    Scope,
    Standard,
    Trust,
)

FEW = settings(max_examples=40)  # each draws two dozen parts
texts = some.text("服务等候ab \"\\'#=[]{}\n\u00e9", min_size=1, max_size=20).map(str.strip).filter(bool)
codes = some.from_regex(r"[a-z0-9][a-z0-9_-]{0,9}", fullmatch=True)
numbers = some.integers(0, 10_000) | some.floats(0, 100, allow_nan=False).map(abs)
code_sets = some.frozensets(some.sampled_from(["cash", "card", "loss"]), max_size=2)
hours = some.sampled_from([(), ((540, 720),), ((540, 720), (780, 1020)), ((600, 660),), ((0, 1440),)])
scopes = some.builds(Scope, branch_kinds=code_sets, services=code_sets, tiers=code_sets, hours=hours)
days = some.dates(date(2025, 1, 1), date(2027, 12, 31))


@some.composite
def aims(draw: some.DrawFn) -> Aim:
    measure = draw(some.sampled_from(sorted(MEASURES)).map(MEASURES.get))
    assert measure is not None
    most = some.floats(0, 100, allow_nan=False).map(abs) if measure.unit is Unit.PERCENT else numbers
    parameters = tuple((name, float(draw(some.integers(0, 100)))) for name in sorted(measure.parameters))
    return Aim(measure.code, float(draw(most)), float(draw(most)), parameters)


def _form(items: list[Item]) -> Checklist:
    return Checklist(sum(item.points for item in items), tuple(items))


items = some.builds(Item, texts, texts, some.integers(1, 10), some.booleans())
forms = some.lists(items, min_size=1, max_size=4).map(_form)
owners = some.builds(Owner, some.just("HQ"), some.sampled_from(["", "quality_manager"]))
clocks = some.builds(Clock, some.sampled_from(CLOCKS), some.integers(1, 100), some.sampled_from(ClockUnit))
_any = some.builds(
    Standard,
    code=codes,
    title=texts,
    english=texts,
    governs=some.sampled_from(Governs),
    effective_from=days,
    owner=owners,
    source=texts,
    trust=some.sampled_from(Trust),
    weight=some.floats(0, 100, allow_nan=False).map(abs),
    note=some.just("") | texts,
    scope=scopes,
    aim=some.none() | aims(),
    checklist=some.none() | forms,
    clock=some.none() | clocks,
    appraisal=some.none() | some.builds(Appraisal, texts, some.floats(0, 100, allow_nan=False).map(abs)),
    taught_by=some.lists(codes, max_size=2, unique=True).map(tuple),
)


def _consistent(standard: Standard) -> Standard:
    """Clocks are of complaints alone."""
    return standard if standard.governs is Governs.COMPLAINTS else replace(standard, clock=None)


standards = _any.map(_consistent)
