"""How are an import's state, size and faults told on its pages?"""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from huixiang.apps.feedback.faults import told
from huixiang.apps.feedback.models import Import, Quarantined

register = template.Library()
STATES = {"draft": "", "running": "bg-blue", "stopped": "bg-yellow", "failed": "bg-red", "finished": "bg-green"}


@register.filter
def reason(row: Quarantined) -> str:
    return told(row.message, row.params)


@register.filter
def why_failed(imported: Import) -> str:
    return told(imported.fault["message"], imported.fault["params"]) if imported.fault else ""


@register.filter
def state_colour(imported: Import) -> str:
    return STATES[imported.state]


@register.filter
def state_name(imported: Import) -> str:
    names = {
        "draft": _("待确认"),
        "running": _("进行中"),
        "stopped": _("已停止"),
        "failed": _("未能完成"),
        "finished": _("完成"),
    }
    return names[imported.state]


@register.filter
def file_size(size: int) -> str:
    """1.3 MB: in powers of ten, as file managers tell it."""
    for unit, of in [("GB", 10**9), ("MB", 10**6), ("KB", 10**3)]:
        if size >= of:
            return f"{floatformat(size / of, '1g')} {unit}"
    return f"{size} B"


@register.filter
def took(duration: timedelta | None) -> str:
    """3 分 20 秒; a dash where it has not ended."""
    if duration is None:
        return "—"
    minutes, seconds = divmod(duration.total_seconds(), 60)
    if minutes >= 1:
        return _("%(minutes)d 分 %(seconds)d 秒") % {"minutes": minutes, "seconds": seconds}
    return _("%(seconds)s 秒") % {"seconds": floatformat(seconds, "1g")}
