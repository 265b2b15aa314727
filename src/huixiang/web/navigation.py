"""Which pages does the menu offer this person? Only those that his or her rights open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

# (URL name, title, icon, right)
MENU = [
    ("overview", _("总览"), "chart", "overview.see"),
    ("voices", _("客户之声"), "message", "voice.see"),
    ("imports", _("导入"), "upload", "import.see"),
    ("jobs", _("后台任务"), "clock", "job.see"),
    ("organisation", _("机构与人员"), "building", "organisation.see"),
    ("audit", _("审计"), "shield", "audit.see"),
]


def navigation(request: HttpRequest) -> dict[str, Any]:
    staff = getattr(request, "user", None)
    if staff is None or not staff.is_authenticated:
        return {"menu": []}
    return {"menu": [entry for entry in MENU if entry[3] in staff.rights]}
