"""Which inspections has the made-up bank? A plan half done, some visits scored by two, findings in every state."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
from django.utils import timezone

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.inspections import actions, forming
from huixiang.apps.inspections.actions import Filled, Line, Wanted, Words
from huixiang.apps.inspections.models import Finding, Kind, Plan, Visit
from huixiang.web.demo import BRANCH_MANAGER, QUALITY_MANAGER, SECOND

INSPECTORS = {"40001": 0.25, "40002": 0.0, "40003": -0.2}  # how harsh each is, as a shift of what is seen
FORMS, SEED, MADE, SOME, TWICE = ["etiquette-steps", "looks"], 7, 38, 14, 60
DECIDED = (None, ("withdraw", None), ("change", 1), ("uphold", None))  # of what was disputed; None: it waits
FAULTS = ("演示：叫号后没有示意", "演示：未戴工号牌", "演示：柜面有私人物品", "")


def tend(today: date) -> None:
    """Once: what people change from now on is theirs."""
    if Plan.objects.exists():
        return
    author, second = (Staff.objects.get(number=number) for number in (QUALITY_MANAGER, SECOND))
    bank = Unit.objects.get(parent=None)
    known = {row.standard.code for row in forming.with_forms(today)}
    if not known.issuperset(FORMS):
        return
    common = (bank, [Unit.Kind.OUTLET], FORMS, list(INSPECTORS), today, today + timedelta(days=60))
    plan = actions.draw_plan(Wanted("年末服务检查", Kind.CROSS, *common, twice_percent=TWICE, seed=SEED), by=author)
    actions.approve(plan, by=second, source="cli")
    actions.draw_plan(Wanted("春节前神秘人", Kind.MYSTERY, *common, percent=50, seed=SEED), by=author, source="cli")
    dice = np.random.default_rng(SEED)
    for visit in plan.visits.select_related("inspector", "unit").order_by("planned_on", "case", "is_second")[:MADE]:
        _look(visit, dice)
    _answer(author)


def _look(visit: Visit, dice: np.random.Generator) -> None:
    """What is seen is the outlet's own, the same for both who look; how it is scored is the inspector's."""
    assert visit.inspector is not None
    quality = np.random.default_rng([SEED, visit.unit_id]).normal(1.1, 0.5)
    seen = np.random.default_rng([SEED, visit.unit_id, 1])
    at = _moment(timezone.now())
    versions = forming.forms_on(timezone.localdate(at), visit.standards)
    lines = {}
    for version in versions:
        checklist = version.value.checklist
        for number, item in enumerate(checklist.items if checklist else (), 1):
            shown = quality + seen.normal(0.0, 0.8) - INSPECTORS[visit.inspector.number] + dice.normal(0.0, 0.3)
            level = 2 if shown > 0.4 or item.photo else 1 if shown > -0.2 else 0  # no photo is made up
            lines[version.standard.code, number] = Line(level, FAULTS[int(dice.integers(4))] if level < 2 else "")
    filled = Filled(at, lines, forming.marked(versions))
    actions.submit(visit.number, filled, by=visit.inspector, key=f"demo {visit.pk}", source="cli")


def _moment(now: datetime) -> datetime:
    """An hour ago, but today: the standards hold from today."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(midnight, now - timedelta(hours=1))


def _answer(quality: Staff) -> None:
    """Of every state some; her own branch's wait for the manager, but one that she disputed."""
    manager = Staff.objects.get(number=BRANCH_MANAGER)
    hers = Finding.objects.visible_to(manager, "inspection.answer").order_by("pk")
    if first := hers.first():
        actions.dispute(first.pk, Words("演示：当时正按客户要求取资料，监控可查"), by=manager, source="cli")
    others = Finding.objects.open().exclude(pk__in=hers.values("pk")).order_by("pk")
    second = Staff.objects.get(number=SECOND)
    for place, finding in enumerate(list(others[:SOME])):
        if place % 3:
            actions.accept(finding.pk, by=quality, source="cli")
            continue
        actions.dispute(finding.pk, Words("演示：补交了当天的录像"), by=quality, source="cli")
        if decided := DECIDED[place // 3 % len(DECIDED)]:
            verb, level = decided
            actions.decide(finding.pk, verb, Words("演示：看过录像", level), by=second, source="cli")
