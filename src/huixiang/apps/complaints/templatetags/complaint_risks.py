"""How are the risks of a case told on a page?"""

from __future__ import annotations

from django import template
from django.utils import timezone

from huixiang.apps.complaints import risking
from huixiang.apps.complaints.models import Case, RiskMark
from huixiang.apps.feedback import findings
from huixiang.domain.complaints.escalating import Duty, duty

register = template.Library()


@register.filter
def risk_name(code: str) -> str:
    return risking.name(code)


@register.filter
def risk_level(level: str) -> str:
    return str(findings.LEVELS.get(level, level))


@register.simple_tag
def risk_lines(case: Case) -> list[tuple[RiskMark, Duty | None]]:
    """Each mark of a case; with who must know of it as long as nobody does."""
    now, rules = timezone.now(), risking.escalations()
    marks = RiskMark.objects.filter(case=case) if case.risks else RiskMark.objects.none()
    return [(m, None if m.is_known else duty(m.code, m.level, m.found_at, now, rules)) for m in marks]
