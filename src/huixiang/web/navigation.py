"""Which pages does the menu offer this person? Only those that his or her rights open."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Entry(NamedTuple):
    """`kin` are the beginnings of the URL names of pages that belong to this entry."""

    url: str
    title: str | Promise
    icon: str
    right: str
    kin: tuple[str, ...] = ()
    is_whole: bool = False  # shows the whole bank's, or nothing


class Group(NamedTuple):
    """Entries under one small heading; the first group needs none."""

    key: str
    title: str | Promise
    entries: tuple[Entry, ...]


# In the order of the work: what customers say comes in, is understood, and the house is kept in order.
MENU = (
    Group("start", "", (Entry("overview", _("总览"), "chart", "overview.see"),)),
    Group(
        "listen",
        _("倾听"),
        (
            Entry("voices", _("客户之声"), "message", "voice.see", ("voice", "erasure")),
            Entry("boxes", _("意见箱"), "mailbox", "box.manage", ("box",)),
            Entry("slips", _("纸质意见"), "file", "slip.enter", ("slip",)),
            Entry("hotline", _("热线"), "phone", "hotline.see", ("hotline",), is_whole=True),
            Entry("waiting", _("等候"), "clock", "waiting.see", ("waiting",)),
            Entry("digital", _("智能化渠道"), "copy", "digital.see", ("digital",)),
            Entry("reviews", _("APP评价"), "history", "overview.see", ("reviews",), is_whole=True),
            Entry("social", _("社交媒体"), "share", "overview.see", ("social",)),
            Entry("surveys", _("问卷"), "clipboard", "survey.see", ("survey",)),
            Entry("focus_studies", _("焦点小组"), "messages", "focus.see", ("focus_",)),
            Entry("ideas", _("员工建议"), "users", "idea.file", ("idea",)),
            Entry("imports", _("导入"), "upload", "import.see", ("import", "quarantine")),
            Entry("sources", _("定时收取"), "rss", "source.see", ("source",)),
        ),
    ),
    Group(
        "understand",
        _("理解"),
        (
            Entry("trends", _("事项动向"), "trending", "overview.see", ("trend",)),
            Entry("needs", _("需求库"), "bulb", "need.see", ("need", "deed")),
            Entry("labels", _("标注"), "edit", "voice.correct", ("label",)),
            Entry("models", _("理解模型"), "brain", "model.manage", ("model", "rereading", "disputes")),
        ),
    ),
    Group(
        "measure",
        _("度量"),
        (
            Entry("standards", _("服务标准"), "check", "standard.see", ("standard",)),
            Entry("inspections", _("检查"), "clipboard", "inspection.see", ("inspection",)),
            Entry("monitoring", _("监测"), "chart", "standard.see", ("monitoring",)),
        ),
    ),
    Group(
        "decide",
        _("办理"),
        (Entry("complaints", _("投诉"), "alert", "complaint.see", ("complaint",)),),
    ),
    Group(
        "manage",
        _("管理"),
        (
            Entry("jobs", _("后台任务"), "clock", "job.see", ("job",)),
            Entry(
                "organisation",
                _("机构与人员"),
                "building",
                "organisation.see",
                ("organisation", "staff", "unit", "post"),
            ),
            Entry("webhooks", _("事件推送"), "share", "complaint.webhook", ("webhook",), is_whole=True),
            Entry("retention", _("保存期限"), "calendar", "retention.see", ("retention",)),
            Entry("audit", _("审计"), "shield", "audit.see", ("audit",)),
        ),
    ),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The groups with the entries open to this person; a group without any is left out."""
    staff = getattr(request, "user", None)
    if staff is None or not staff.is_authenticated:
        return {"menu": []}
    match = request.resolver_match
    here = (match.url_name or "") if match else ""
    groups = ({**group._asdict(), "entries": _open(group, staff, here)} for group in MENU)
    return {"menu": [group for group in groups if group["entries"]]}


def _open(group: Group, staff: Any, here: str) -> list[dict[str, Any]]:
    return [
        {**entry._asdict(), "is_current": here == entry.url or here.startswith(entry.kin)}
        for entry in group.entries
        if entry.right in staff.rights and not (entry.is_whole and not staff.holds(entry.right, None))
    ]
