"""How are states, clocks and verbs told on a page, in the reader's language?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from huixiang.apps.complaints import backdating
from huixiang.apps.complaints.forms import working
from huixiang.apps.complaints.forms.choosing import business_name
from huixiang.apps.complaints.models import Case, Event
from huixiang.apps.complaints.reasons import PAUSE_NAMES
from huixiang.domain.complaints.clocks import Reading
from huixiang.domain.complaints.clocks import State as ClockState
from huixiang.domain.complaints.letters import TITLES
from huixiang.domain.complaints.lifecycle import VERBS
from huixiang.domain.complaints.rules import Pack, Trust, Unit
from huixiang.domain.complaints.states import NAMES, State
from huixiang.domain.complaints.warning import Level

register = template.Library()

CLOCK_STATES = {
    ClockState.WAITING: _("未开始"),
    ClockState.RUNNING: _("计时中"),
    ClockState.PAUSED: _("暂停"),
    ClockState.OVERDUE: _("已超期"),
    ClockState.MET: _("按期完成"),
    ClockState.MET_LATE: _("超期完成"),
    ClockState.ENDED: _("已终止"),
}
WAYS = dict(Case.Way.choices)
THEIRS = "review_application"
UNITS = {Unit.CALENDAR_DAYS: _("日"), Unit.WORKING_DAYS: _("工作日"), Unit.BUSINESS_HOURS: _("营业小时")}
TRUSTS = {
    Trust.READ: _("已读到条文的公开副本，待贵行合规核验"),
    Trust.CHECK: _("未读到条文原文，请合规部门核对"),
    Trust.OWN: _("贵行自定标准，不是法定期限"),
}
LEVELS = {
    Level.HANDLER: _("办理人"),
    Level.UNIT: _("承办机构"),
    Level.SUPERIOR: _("上级机构"),
    Level.HEAD_OFFICE: _("总行"),
}
MEDIUMS = {"phone": _("电话"), "letter": _("信函"), "face": _("当面"), "mail": _("邮件"), "sms": _("短信")}
COLOURS = {"registered": "bg-yellow-lt", "disputed": "bg-red-lt", "closed": "bg-green-lt", "replied": "bg-green-lt"}


@register.filter
def named(thing: Any) -> str:
    """The title of a rule, clock or verb: Chinese, or English for who reads English."""
    if isinstance(thing, str):  # a level to which a pack gives no name
        return thing
    return str(thing.title if _reads_chinese() else thing.english)


@register.filter
def state_name(state: str) -> str:
    return NAMES[State(state)][0 if _reads_chinese() else 1]


@register.filter
def way_name(way: str) -> Any:
    """How it came to the bank. A page of them: Django's own way translates all names for each."""
    return WAYS.get(way, way)


@register.filter
def state_colour(state: str) -> str:
    return COLOURS.get(state, "bg-blue-lt")


@register.filter
def capped(count: int, most: int) -> str:
    """What was counted no further than `most`."""
    return f"{most:,}+" if count > most else f"{count:,}"


@register.filter
def clock_state(reading: Reading) -> Any:
    """What the complainant may still do runs out without anybody's fault."""
    if reading.limit.code == THEIRS and reading.state is ClockState.OVERDUE:
        return _("已过")
    return CLOCK_STATES[reading.state]


@register.filter
def is_late(reading: Reading) -> bool:
    return reading.state in {ClockState.OVERDUE, ClockState.MET_LATE} and reading.limit.code != THEIRS


@register.filter
def clock_unit(reading: Reading) -> Any:
    return UNITS[reading.limit.unit]


@register.filter
def clock_trust(reading: Reading) -> Any:
    return TRUSTS[reading.limit.trust]


@register.filter
def unit_name(unit: Unit) -> Any:
    return UNITS[unit]


@register.filter
def trust_name(trust: Trust) -> Any:
    return TRUSTS[trust]


@register.filter
def pause_name(reason: str) -> Any:
    return PAUSE_NAMES.get(reason, reason)


@register.filter
def refusal_name(pack: Pack, code: str) -> str:
    """Why it was refused, as its own pack calls it."""
    refusal = pack.refusal(code)
    return named(refusal) if refusal else code


@register.filter
def warning_level(level: Level) -> Any:
    return LEVELS[level]


@register.filter
def when(at: date | datetime | None) -> str:
    """A day for limits of days, a minute for limits of hours."""
    if at is None:
        return "—"
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if isinstance(at, datetime) else at.isoformat()


@register.filter
def backdated(line: Event) -> timedelta | None:
    """How much later was it written down? None for at once."""
    return backdating.gap(line)


@register.filter
def met_late_by_pen(reading: Reading, lines: Any) -> Event | None:
    """The later written line by which this clock is met; `lines` are those of the case's page."""
    return backdating.used(reading, [line for line, _verb, _words in lines])


@register.filter
def saved_by(reading: Reading, line: Event) -> bool:
    """In time only since the line is dated back?"""
    return backdating.is_saved(reading, line)


@register.filter
def length_of(gap: timedelta) -> str:
    """2 天 3 小时; 40 分钟."""
    days, hours, minutes = gap.days, gap.seconds // 3600, gap.seconds % 3600 // 60
    if days:
        return gettext("%(days)s 天 %(hours)s 小时") % {"days": days, "hours": hours}
    if hours:
        return gettext("%(hours)s 小时 %(minutes)s 分") % {"hours": hours, "minutes": minutes}
    return gettext("%(minutes)s 分钟") % {"minutes": minutes}


@register.filter
def days_left(due: date | None, today: date) -> str:
    """还有 3 天; 已过 2 天."""
    if due is None:
        return ""
    left = (due - today).days
    if left == 0:
        return gettext("今天到期")
    return gettext("还有 %(days)s 天") % {"days": left} if left > 0 else gettext("已过 %(days)s 天") % {"days": -left}


def _reads_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


@register.filter
def medium(code: str) -> str:
    """How the complainant was told, in the reader's words."""
    return str((MEDIUMS | working.MEDIA).get(code, code))


@register.filter
def direction(code: str) -> str:
    """Who called whom."""
    return str(working.DIRECTIONS.get(code, code))


@register.filter
def outcome(code: str) -> str:
    """How a contact went."""
    return str(working.OUTCOMES.get(code, code))


@register.filter
def letter_of(verb: str) -> str:
    """What the letter is called that tells of a verb."""
    if (get_language() or "zh").startswith("zh") or verb not in VERBS:
        return TITLES.get(verb, verb)
    return f"Letter: {VERBS[verb].english}"


@register.filter
def business(code: str) -> str:
    """The first level of the business, by name."""
    return business_name(code)


@register.filter
def node_name(node: Any) -> str:
    """The name of a class of the tree."""
    return str(node.name if _reads_chinese() else node.english)


@register.filter
def verb_name(code: str) -> str:
    """What was done, in the reader's words."""
    return named(VERBS[code]) if code in VERBS else code
