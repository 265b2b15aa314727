"""How are targets, verdicts and findings told, in the reader's language?"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext

from huixiang.apps.access.sentences import told
from huixiang.apps.standards import measuring, names
from huixiang.apps.standards.models import State
from huixiang.apps.standards.names import called, reads_chinese
from huixiang.domain.standards.catalogue import AMOUNTS, MEASURES, Measure, plain
from huixiang.domain.standards.conformance import Verdict
from huixiang.domain.standards.differing import CLOCK_AMOUNTS
from huixiang.domain.standards.saying import Said
from huixiang.domain.standards.values import Aim, Clock, Scope, Standard
from huixiang.domain.standards.writing import span_text

register = template.Library()


register.filter(called)


@register.filter
def defined(measure: Measure) -> str:
    return measure.definition if reads_chinese() else measure.defined


@register.filter
def item_text(item: Any) -> str:
    return str(item.text if reads_chinese() else item.english)


@register.filter
def said(sentence: Said) -> str:
    return told(sentence.message, sentence.params)


@register.filter
def measure_of(aim: Aim) -> Measure | None:
    return MEASURES.get(aim.measure)


@register.filter
def in_unit(number: float, measure: str) -> str:
    """20 分钟: rounded as people read it."""
    known = MEASURES.get(measure)
    text = floatformat(number, "2g" if number != int(number) else "0g")
    return gettext(AMOUNTS[known.unit]) % {"number": text} if known else text


@register.filter
def target(aim: Aim) -> str:
    """≤ 20 分钟."""
    known = MEASURES.get(aim.measure)
    sign = "" if known is None else "≤ " if known.lower_is_better else "≥ "
    return sign + in_unit(aim.target, aim.measure)


@register.filter
def parameter_name(name: str) -> Any:
    return names.PARAMETERS.get(name, name)


@register.filter
def number(value: float) -> str:
    return plain(value)


@register.filter
def governs_name(standard: Standard) -> Any:
    return names.GOVERNS[standard.governs]


@register.filter
def tells_units(standard: Standard | None) -> bool:
    """Do its facts tell units apart?"""
    return standard is not None and measuring.tells_units(standard)


@register.filter
def trust_of(standard: Standard) -> Any:
    return names.TRUSTS[standard.trust]


@register.filter
def verdict_name(verdict: str) -> Any:
    return names.VERDICTS[Verdict(verdict)]


@register.filter
def verdict_colour(verdict: str) -> str:
    return names.VERDICT_COLOURS.get(Verdict(verdict), "")


@register.filter
def fails_name(fails: Any) -> Any:
    return names.FAILS[fails]


@register.filter
def state_word(state: str) -> Any:
    return State(state).label


@register.filter
def state_badge(state: str) -> str:
    return names.STATES.get(State(state), "")


@register.filter
def clock_name(clock: Clock) -> Any:
    return names.CLOCKS[clock.of]


@register.filter
def clock_amount(clock: Clock) -> str:
    return gettext(CLOCK_AMOUNTS[clock.unit]) % {"number": clock.amount}


@register.filter
def scope_text(scope: Scope) -> str:
    """cash · 09:00-12:00; what is not limited is not told."""
    parts = [sorted(codes) for codes in (scope.branch_kinds, scope.services, scope.tiers)]
    parts.append([span_text(span) for span in scope.hours])
    return " · ".join(", ".join(part) for part in parts if part)
