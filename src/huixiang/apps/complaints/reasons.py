"""For which reasons may a complaint be refused, or its clock stand still? As people read them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REFUSAL_NAMES = {
    "not_entitled": _("不是本人、法定代理人或受托人提出"),
    "no_consumer_dispute": _("不是因购买产品或接受服务产生的消费争议"),
    "elsewhere_settled": _("已由法院、仲裁机构或行政机关处理"),
    "repeated": _("已作答复，没有新的事实和理由"),
    "not_ours": _("被投诉的不是本行"),
}
PAUSE_NAMES = {"appraisal": _("鉴定、检测、评估")}
