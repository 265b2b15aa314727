"""How does an old register come in? A file, what its columns are, a look, and then all of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints import old_arriving as actions
from huixiang.apps.complaints import old_files
from huixiang.apps.complaints.actions.bringing import RIGHT
from huixiang.apps.complaints.old_guest import REGISTERS, counts
from huixiang.apps.feedback import actions as feedback
from huixiang.apps.feedback import mapping_text
from huixiang.apps.feedback.faults import told_masked
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.channels import old_registers
from huixiang.channels.contract import Fault
from huixiang.channels.old_registers import LONGEST_REGISTER, REGISTER, USUAL, RegisterMapping

SHOWN = 20
NAMES = {
    "number": gettext_lazy("原编号（必需）"),
    "received_at": gettext_lazy("收到时间（必需）"),
    "way": gettext_lazy("来源"),
    "unit": gettext_lazy("承办机构（必需）：机构号或名称"),
    "title": gettext_lazy("一句话说明"),
    "text": gettext_lazy("投诉内容（必需）"),
    "demand": gettext_lazy("投诉请求"),
    "complainant": gettext_lazy("投诉人类型"),
    "name": gettext_lazy("投诉人姓名（封存）"),
    "phone": gettext_lazy("电话（封存）"),
    "mail": gettext_lazy("邮箱（封存）"),
    "id_number": gettext_lazy("证件号码（封存）"),
    "customer_number": gettext_lazy("客户号（封存）"),
    "seriousness": gettext_lazy("投诉等级"),
    "accepted_at": gettext_lazy("受理时间"),
    "refused_at": gettext_lazy("不予受理时间"),
    "refusal": gettext_lazy("不予受理理由"),
    "extended_at": gettext_lazy("延期时间"),
    "extension": gettext_lazy("延长至哪条规则"),
    "approver": gettext_lazy("谁批准延长"),
    "decided_at": gettext_lazy("决定时间"),
    "replied_at": gettext_lazy("答复时间"),
    "medium": gettext_lazy("答复方式"),
    "result": gettext_lazy("处理结果（封存）"),
    "paused_at": gettext_lazy("暂停计时的时间"),
    "pause": gettext_lazy("为什么暂停"),
    "resumed_at": gettext_lazy("恢复计时的时间"),
    "disputed_at": gettext_lazy("提出异议的时间"),
    "mediated_at": gettext_lazy("进入调解的时间"),
    "settled_at": gettext_lazy("调解成功的时间"),
    "mediation_failed_at": gettext_lazy("调解不成的时间"),
    "review_at": gettext_lazy("申请核查的时间"),
    "review_decided_at": gettext_lazy("核查决定的时间"),
    "review_told_at": gettext_lazy("告知核查决定的时间"),
    "closed_at": gettext_lazy("办结时间"),
    "withdrawn_at": gettext_lazy("撤诉时间"),
    "compensation": gettext_lazy("赔付金额（元）"),
    "channel_code": gettext_lazy("业务办理渠道代码"),
    "business_code": gettext_lazy("业务类别代码"),
    "cause_code": gettext_lazy("投诉原因代码"),
    "handler": gettext_lazy("经办人（工号）"),
    "state": gettext_lazy("状态（只用来核对）"),
}


@never_cache
@requires(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_import(request: HttpRequest) -> HttpResponse:
    """A file in; then column by column what it tells; then what became of it."""
    draft = actions.waiting(who(request)).first()
    go = request.POST.get("go") if request.method == "POST" else ""
    if go == "upload":
        return _taken(request)
    if go == "drop" and draft:
        feedback.drop_upload(draft, by=who(request), source=audit.origin(request))
        return redirect("complaint_import")
    if go == "bring" and draft:
        return _brought(request, draft)
    return _page(request, draft)


def _taken(request: HttpRequest) -> HttpResponse:
    file: UploadedFile[bytes] | None = request.FILES.get("file")
    try:
        if file is None:
            raise Fault("请选择文件")
        actions.receive_register(str(file.name), file.chunks(), by=who(request), source=audit.origin(request))
    except Fault as fault:
        messages.error(request, told_masked(fault))
    return redirect("complaint_import")


def _brought(request: HttpRequest, draft: Import) -> HttpResponse:
    try:
        actions.begin_register(draft, _mapping(request), by=who(request), source=audit.origin(request))
    except Fault as fault:
        return _page(request, draft, trouble=told_masked(fault))
    messages.success(request, _("已开始导入，可以离开这一页。"))
    return redirect("complaint_import")


def _page(request: HttpRequest, draft: Import | None, *, trouble: str = "") -> HttpResponse:
    by = who(request)
    rows = Import.objects.filter(REGISTERS.visible_to(by)).started().select_related("by", "job")
    files = list(rows.order_by("-started_at")[:SHOWN])
    context: dict[str, Any] = {
        "files": [(each, counts(each), _waits(each)) for each in files],
        "is_running": any(each.state == "running" for each in files),
    }
    if draft and Path(draft.path).exists():
        context |= _looked(request, draft)
    if trouble:
        context["fault"] = trouble
    return render(request, "complaints/old_register.html", context, status=422 if trouble else 200)


def _waits(imported: Import) -> int:
    return imported.quarantine.filter(state=Quarantined.State.OPEN).count()


def _looked(request: HttpRequest, draft: Import) -> dict[str, Any]:
    """What would become of the first rows, by the columns chosen so far."""
    path = Path(draft.path)
    rows = old_files.head(path)
    columns = old_files.columns_of(rows)
    by = _mapping(request) if request.method == "POST" else RegisterMapping(old_registers.guessed(columns))
    context: dict[str, Any] = {
        "upload": draft, "columns": columns, "register": by.register,
        "rows": [(name, words, by.fields.get(name, "")) for name, words in NAMES.items()],
    }  # fmt: skip
    try:
        whole = RegisterMapping(by.fields, by.register, is_whole=True)
        old_files.settled(path, whole)
        text = mapping_text.written(old_registers.plain(whole))
        context["look"] = look = old_files.looked(path, text, who(request).scope(RIGHT))
        context["faults"] = [told_fault(fault) for fault in look.faults]
    except Fault as fault:
        context["fault"] = told_masked(fault)
    return context


def _mapping(request: HttpRequest) -> RegisterMapping:
    """What was chosen; "" for what the file does not tell."""
    chosen = {name: request.POST.get(f"column {name}", "")[:400] for name in USUAL}
    register = request.POST.get("register", "").strip()[:LONGEST_REGISTER] or REGISTER
    return RegisterMapping({name: column for name, column in chosen.items() if column}, register, is_whole=True)
