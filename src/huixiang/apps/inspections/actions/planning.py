"""Who draws a plan, and who lets it hold? Whoever drew it submits it with that; another person approves it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.inspections import drawing, forming
from huixiang.apps.inspections.actions.numbering import numbers
from huixiang.apps.inspections.models import Plan, PlanState, PlanStep, Visit
from huixiang.apps.inspections.reach import APPROVE, PLAN
from huixiang.channels.contract import Fault
from huixiang.domain.inspections import sampling

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be drawn? `seed` None: a new one. The rest as in Plan."""

    title: str
    kind: str
    unit: Unit
    unit_kinds: Sequence[str]
    standards: Sequence[str]
    inspectors: Sequence[str]
    since: date
    until: date
    opens: int = 9 * 60
    closes: int = 16 * 60 + 30
    visits_each: int = 1
    percent: int = 100
    twice_percent: int = 10
    seed: int | None = None


def draw_plan(wanted: Wanted, *, by: Staff, source: str = "") -> Plan:
    """Draw, and put it before a second person. Raises Fault where nothing can be drawn as wanted."""
    if not by.holds(PLAN, wanted.unit):
        raise PermissionDenied
    _checked(wanted)
    seed = secrets.randbelow(2**48) if wanted.seed is None else wanted.seed
    drawn = _drawn(wanted, seed)
    same = {name: getattr(wanted, name) for name in _SAME}
    with transaction.atomic():
        plan = Plan.objects.create(**same, title=wanted.title.strip()[:80], unit_kinds=list(wanted.unit_kinds),
                                   standards=list(wanted.standards), inspectors=sorted(set(wanted.inspectors)),
                                   seed=seed, drawn=[_row(each) for each in drawn], by=by)  # fmt: skip
        _step(plan, PlanState.DRAWN, by, "")
        audit.record("inspection.plan_draw", by=by, on_kind="inspection_plan", on_id=plan.pk, source=source, seed=seed,
                     visits=len(drawn), kind=wanted.kind)  # fmt: skip
    return plan


_SAME = ("kind", "unit", "since", "until", "opens", "closes", "visits_each", "percent", "twice_percent")


def _checked(wanted: Wanted) -> None:
    """Raises Fault with what is to be chosen otherwise."""
    if not wanted.title.strip():
        raise Fault("请给抽查计划起个名称")
    if wanted.since < timezone.localdate():
        raise Fault("抽查期间不能从过去开始：请改为今天或以后")
    if not wanted.since <= wanted.until <= wanted.since + LONGEST:
        raise Fault("抽查期间的止期不能早于起期，最长一年")
    if wanted.opens + 30 > wanted.closes:
        raise Fault("进店时段至少要有半小时")
    known = {row.standard.code for row in forming.with_forms(wanted.since)}
    if missing := [code for code in wanted.standards if code not in known]:
        raise Fault("标准“%(code)s”在起期没有执行中的检查表", code=missing[0][:40])
    if not wanted.standards or not wanted.inspectors:
        raise Fault("请至少选一份带检查表的标准和一名检查员")


def _drawn(wanted: Wanted, seed: int) -> list[sampling.Drawn]:
    units, lookers = drawing.places(wanted.unit, wanted.unit_kinds), drawing.lookers(wanted.inspectors, wanted.kind)
    days = drawing.business_days(wanted.since, wanted.until)
    if not units:
        raise Fault("所选范围内没有这类机构")
    if not days:
        raise Fault("所选期间没有工作日")
    asked = sampling.Wanted(days, (wanted.opens, wanted.closes), wanted.visits_each, wanted.percent,
                            wanted.twice_percent)  # fmt: skip
    try:
        return sampling.draw(units, lookers, asked, np.random.default_rng(seed))
    except sampling.NobodyFor as nobody:
        name = Unit.objects.get(code=nobody.unit).name
        raise Fault("所选检查员都不能去“%(unit)s”（本单位的人不查本单位）：请加人", unit=name) from None


def _row(drawn: sampling.Drawn) -> list[object]:
    return [drawn.unit, f"{drawn.day}", drawn.minute, list(drawn.lookers)]


def approve(plan: Plan, *, by: Staff, source: str = "") -> None:
    """Let the visits appear with their inspectors. Raises Fault where one drew it oneself (four eyes)."""
    with transaction.atomic():
        held = _held(plan, APPROVE, by)
        if by.pk == held.by_id:
            raise Fault("由您抽取：请另一人审批抽查计划（四眼）")
        if held.until < timezone.localdate():
            raise Fault("抽查期间已过：请重新抽取")
        _step(held, PlanState.APPROVED, by, "")
        _assign(held)
        audit.record("inspection.plan_approve", by=by, on_kind="inspection_plan", on_id=held.pk, source=source)


def _assign(plan: Plan) -> None:
    units = {unit.code: unit for unit in Unit.objects.filter(code__in={row[0] for row in plan.drawn})}
    people = {each.number: each for each in Staff.objects.filter(number__in=plan.inspectors)}
    given = numbers(timezone.now(), sum(len(row[3]) for row in plan.drawn))
    visits = []
    for code, day, minute, lookers in plan.drawn:
        first = Visit(plan=plan, unit=units[code])
        visits += [
            Visit(number=next(given), plan=plan, case=first.case, is_second=place > 0, kind=plan.kind, unit=units[code],
                  inspector=people[looker], standards=plan.standards, planned_on=day, planned_minute=minute)
            for place, looker in enumerate(lookers)
        ]  # fmt: skip
    Visit.objects.bulk_create(visits, batch_size=500)


def send_back(plan: Plan, words: str, *, by: Staff, source: str = "") -> None:
    """Say no, and why. Raises Fault."""
    if not words.strip():
        raise Fault("请写明退回的理由")
    with transaction.atomic():
        held = _held(plan, APPROVE, by)
        if by.pk == held.by_id:
            raise Fault("由您抽取：请另一人审批抽查计划（四眼）")
        _step(held, PlanState.RETURNED, by, words.strip())
        audit.record("inspection.plan_return", by=by, on_kind="inspection_plan", on_id=held.pk, source=source)


def drop(plan: Plan, *, by: Staff, source: str = "") -> None:
    """Give up what was not approved yet."""
    with transaction.atomic():
        held = _held(plan, PLAN, by)
        _step(held, PlanState.DROPPED, by, "")
        audit.record("inspection.plan_drop", by=by, on_kind="inspection_plan", on_id=held.pk, source=source)


def _held(plan: Plan, right: str, by: Staff) -> Plan:
    """The plan, held until commit. Raises PermissionDenied, and Fault where it was decided already."""
    Plan.objects.select_for_update().get(pk=plan.pk)
    held = Plan.objects.with_state().select_related("unit").get(pk=plan.pk)
    if not by.holds(right, held.unit):
        raise PermissionDenied
    if held.standing != PlanState.DRAWN:
        raise Fault("这份抽查计划已有结论，不能再办")
    return held


def _step(plan: Plan, state: PlanState, by: Staff, words: str) -> None:
    PlanStep.objects.create(plan=plan, seq=plan.steps.count() + 1, state=state, by=by, words=words[:500])
