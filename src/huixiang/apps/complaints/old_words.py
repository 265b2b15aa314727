"""How do old registers call what we have codes for? Our own words, the codes themselves, and what banks often write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.utils.translation import override

from huixiang.apps.complaints.models import Case
from huixiang.apps.complaints.packs import MAIN
from huixiang.apps.complaints.reasons import PAUSE_NAMES
from huixiang.domain.complaints.acting import MEDIA
from huixiang.domain.complaints.rulebook import shipped

STATES = {
    "已办结": "closed_at", "办结": "closed_at", "已结案": "closed_at", "结案": "closed_at", "closed": "closed_at",
    "不予受理": "refused_at", "refused": "refused_at",
    "已撤诉": "withdrawn_at", "撤诉": "withdrawn_at", "已撤回": "withdrawn_at", "withdrawn": "withdrawn_at",
    "有异议": "disputed_at", "disputed": "disputed_at",
    "调解中": "mediated_at", "核查中": "review_at", "已核查": "review_decided_at",
    "已答复": "replied_at", "已回复": "replied_at", "replied": "replied_at",
    "处理中": "open", "办理中": "open", "在办": "open", "未办结": "open", "open": "open",
}  # fmt: skip
APPROVERS = {
    "上级机构": "superior_unit", "上级行": "superior_unit", "superior_unit": "superior_unit",
    "总行高级管理人员": "head_office_executive", "总行高管": "head_office_executive",
    "head_office_executive": "head_office_executive",
    "投诉处理负责人": "complaint_lead", "complaint_lead": "complaint_lead",
}  # fmt: skip
EXTENSIONS = {"复杂": "complex", "特别复杂": "specially-complex"}
_OFTEN = {
    "way": {"来电": "phone", "电话投诉": "phone", "客服热线": "phone", "网点": "counter", "来访": "counter",
            "柜面": "counter", "来信": "letter", "信件": "letter", "邮件": "mail", "网站": "web", "网上": "web",
            "银保监转办": "supervisor", "监管转送": "supervisor", "人行转办": "supervisor", "12378": "supervisor",
            "信访件": "petition"},
    "pause": dict.fromkeys(("鉴定", "检测", "评估", "司法鉴定"), "appraisal"),
    "medium": {"短信通知": "sms", "书面": "letter", "来信": "letter", "面谈": "face"},
    "seriousness": {"一般": "ordinary", "较大": "complex", "重大投诉": "major"},
}  # fmt: skip


@cache
def codes(name: str) -> Mapping[str, str]:
    """What may stand in this column → our code."""
    own = shipped(MAIN)
    with override("zh-hans"):
        ours: Mapping[str, Iterable[tuple[Any, Any]]] = {
            "way": Case.Way.choices,
            "complainant": Case.Kind.choices,
            "seriousness": Case.Seriousness.choices,
            "refusal": [(each.code, each.title) for each in own.refusals] if own else [],
            "medium": MEDIA.items(),
            "pause": PAUSE_NAMES.items(),
        }
        named = {str(title): str(code) for code, title in ours[name]}
    return named | {code: code for code in named.values()} | _OFTEN.get(name, {})
