"""How is it told why a rule took a voice?"""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from huixiang.apps.complaints.models import Case, VoiceTaking
from huixiang.apps.complaints.risking import name
from huixiang.apps.complaints.voice_rulebook import rules_of
from huixiang.apps.feedback.names import CHANNELS, KINDS

register = template.Library()


@register.filter
def taken_why(row: VoiceTaking) -> str:
    """热线，诉求（把握 92%），风险：诈骗与盗刷，知道客户是谁."""
    why = row.why
    told = [str(CHANNELS.get(why.get("channel", ""), why.get("channel", "")))]
    if why.get("kind"):
        kind = str(KINDS.get(why["kind"], why["kind"]))
        percent = why.get("percent")
        told.append(_("%(kind)s（把握 %(percent)s%%）") % {"kind": kind, "percent": percent} if percent else kind)
    if why.get("risks"):
        told.append(_("风险：%(risks)s") % {"risks": _("、").join(name(code) for code in why["risks"])})
    told.append(_("知道客户是谁") if why.get("is_known") else _("不知道客户是谁"))
    return _("，").join(told)


@register.filter
def rule_title(row: VoiceTaking) -> str:
    """As its writers call the rule, in the version that took the voice."""
    return next((rule.title for rule in rules_of(row.book.text) if rule.code == row.rule), row.rule)


@register.simple_tag
def taken_of(case: Case) -> list[VoiceTaking]:
    return list(VoiceTaking.objects.filter(case=case).exclude(state__in=("proposed", "join")).select_related("book"))
