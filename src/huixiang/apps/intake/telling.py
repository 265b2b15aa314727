"""What is done with the contacts in a file? Said beside its preview, by channel, before anybody confirms it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from huixiang.apps.feedback.contacts import tells
from huixiang.apps.feedback.names import CHANNELS
from huixiang.apps.intake import callers, reaching


@tells
def of(channels: Sequence[str], of_calls: bool) -> list[str]:
    """Sealed, not in the lake, so long; or let go at once, where nobody is answered by this way."""
    return [sentence for channel in channels for sentence in (*_of(channel), *(_of_calls(channel) if of_calls else ()))]


def _of_calls(channel: str) -> list[str]:
    if not reaching.way(channel).keeps:
        return []
    told = _("通话记录里没有客户的话：号码等同一通电话的转写，最多 %(days)s 天；转写一到就随那条声音保存，不来就删除。")
    return [told % {"days": callers.WAITS_DAYS}]


def _of(channel: str) -> list[str]:
    name = {"channel": CHANNELS[channel]}
    if channel not in reaching.ANSWERED:
        return [_("“%(channel)s”渠道不凭联系方式答复：电话和邮箱读过即弃，哪里也不保存。") % name]
    way = reaching.way(channel)
    if not way.keeps:
        return [_("本行设定“%(channel)s”渠道不保存联系方式：电话和邮箱读过即弃，也没有查询码。") % name]
    kept = _(
        "“%(channel)s”渠道：电话和邮箱不进数据湖，也不进“其他信息”和日志；单独加密保存，从客户说话那天起 %(days)s 天，"
        "只用来答复客户。"
        "每条这样的声音得到一个查询码，客户凭码看答复、撤回联系方式；员工每查看一次，都记入审计。"
    ) % (name | {"days": way.retention_days})
    receipt = (
        _("新到的会自动发送带查询码的收悉通知，每位客户一天最多一次；两天以前的不发。")
        if way.acknowledges
        else _("不自动发送收悉通知。")
    )
    return [kept, receipt]
