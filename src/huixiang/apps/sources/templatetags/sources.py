"""How are a source's state and channel told on its pages?"""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from huixiang.apps.feedback.names import CHANNELS
from huixiang.apps.sources.models import Source

register = template.Library()
COLOURS = {"working": "bg-blue-lt", "waiting": "bg-green-lt", "failing": "bg-red-lt", "paused": ""}


@register.filter
def source_state(source: Source) -> str:
    names = {"working": _("收取中"), "waiting": _("正常"), "failing": _("失败"), "paused": _("已暂停")}
    return names[source.state]


@register.filter
def source_colour(source: Source) -> str:
    return COLOURS[source.state]


@register.filter
def source_channel(source: Source) -> str:
    return str(CHANNELS.get(source.channel, source.channel))
