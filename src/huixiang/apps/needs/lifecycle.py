"""What may be done with a need, in which state, by whom, and what is it then? The one table of its states and verbs."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

STATES = {
    "proposed": _("待确认"),
    "confirmed": _("已确认"),
    "decided": _("已决定"),
    "met": _("已满足"),
    "rejected": _("已否决"),
    "merged": _("已合并"),
}
OPEN = frozenset({"proposed", "confirmed", "decided"})
HEARD = OPEN | {"met"}  # whose evidence still counts: whether a need is met, the voices go on telling


class Verb(NamedTuple):
    """`to` None: the state stays. `title` is what the button says."""

    title: object
    right: str
    of: frozenset[str]
    to: str | None = None


VERBS = {
    "confirm": Verb(_("确认"), "need.manage", frozenset({"proposed"}), "confirmed"),
    "rename": Verb(_("修改"), "need.manage", OPEN),
    "assign": Verb(_("指派"), "need.manage", OPEN | {"met"}),
    "merge": Verb(_("并入另一需求"), "need.manage", OPEN, "merged"),
    "split": Verb(_("拆分"), "need.manage", OPEN),
    "pin": Verb(_("补充或排除证据"), "need.manage", HEARD),
    "link_kano": Verb(_("关联 Kano 问卷"), "need.manage", HEARD),
    "unlink_kano": Verb(_("取消 Kano 关联"), "need.manage", HEARD),
    "decide": Verb(_("登记决定"), "need.decide", frozenset({"confirmed", "decided"}), "decided"),
    "meet": Verb(_("标为已满足"), "need.decide", frozenset({"decided"}), "met"),
    "reject": Verb(_("否决"), "need.manage", frozenset({"proposed", "confirmed"}), "rejected"),
    "reopen": Verb(_("重新打开"), "need.manage", frozenset({"rejected", "met"}), "confirmed"),
}
# Beside the verbs, in a need's history: how it came to be, what other needs' verbs did to it, what customers were told.
HISTORY = {verb: each.title for verb, each in VERBS.items()} | {
    "propose": _("提出"),
    "split_from": _("从另一需求拆出"),
    "take_in": _("并入了另一需求"),
    "deed.draft": _("起草“您说，我们做”"),
    "deed.reword": _("修改“您说，我们做”的草稿"),
    "deed.publish": _("发布“您说，我们做”"),
    "deed.withdraw": _("撤下“您说，我们做”"),
}
