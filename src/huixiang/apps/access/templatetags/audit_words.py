"""How does the audit speak to people? Names beside numbers, and words for the names of details."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.access.rights import ROLE_NAMES
from huixiang.apps.access.sentences import bracketed
from huixiang.apps.access.verbs import KIND_NAMES

register = template.Library()

DETAIL_NAMES = KIND_NAMES | {
    "after": gettext_lazy("改后"),
    "asked": gettext_lazy("筛选条件"),
    "before": gettext_lazy("改前"),
    "branch": gettext_lazy("机构"),
    "bytes": gettext_lazy("字节数"),
    "calls": gettext_lazy("通话记录"),
    "changed": gettext_lazy("变更"),
    "closed_on": gettext_lazy("撤并日期"),
    "count": gettext_lazy("条数"),
    "days": gettext_lazy("天数"),
    "erased": gettext_lazy("曾删除或已过期限"),
    "failed_steps": gettext_lazy("失败的步骤"),
    "field": gettext_lazy("字段"),
    "files": gettext_lazy("文件"),
    "format": gettext_lazy("格式"),
    "from_on": gettext_lazy("自"),
    "kind": gettext_lazy("类别"),
    "kept_from": gettext_lazy("保留自"),
    "manner": gettext_lazy("到期之后"),
    "months": gettext_lazy("声音保存几个月"),
    "name": gettext_lazy("名称"),
    "new": gettext_lazy("新增"),
    "post": gettext_lazy("岗位"),
    "posts": gettext_lazy("帖子"),
    "quarantined": gettext_lazy("隔离"),
    "read": gettext_lazy("读取"),
    "reason": gettext_lazy("原因"),
    "refused": gettext_lazy("有误"),
    "role": gettext_lazy("角色"),
    "row_days": gettext_lazy("被隔离的行保存几天"),
    "rows": gettext_lazy("行数"),
    "same": gettext_lazy("相同"),
    "scopes": gettext_lazy("权限"),
    "searched": gettext_lazy("用了搜索词"),
    "time_zone": gettext_lazy("时区"),
    "to": gettext_lazy("新的上级机构"),
    "to_on": gettext_lazy("至"),
    "tokens": gettext_lazy("令牌"),
    "voices": gettext_lazy("声音"),
    "what": gettext_lazy("对象"),
}


@register.simple_tag
def actor_names(records: Iterable[AuditRecord]) -> dict[str, str]:
    """Staff number → name, of all who act on this page, in one question."""
    return dict(Staff.objects.filter(number__in={record.actor for record in records}).values_list("number", "name"))


@register.simple_tag
def actor_name(actor: str, names: Mapping[str, str]) -> str:
    return bracketed(names[actor], actor) if actor in names else actor


@register.filter
def details(record: AuditRecord) -> list[tuple[str, str]]:
    """The details in words, empty ones left out."""
    found = [(str(DETAIL_NAMES.get(name, name)), _told(name, value)) for name, value in record.detail.items()]
    return [(name, value) for name, value in found if value]


def _told(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        parts = ((DETAIL_NAMES.get(key, key), _told(key, each)) for key, each in value.items())
        return _("、").join(f"{title} {each}" for title, each in parts if each)
    if isinstance(value, list):
        return _("、").join(_told("", each) for each in value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if name == "role":
        return str(ROLE_NAMES.get(value, value))
    return "" if value is None else str(value)
