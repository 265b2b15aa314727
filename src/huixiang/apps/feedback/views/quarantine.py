"""Which rows could not be read, why, and how are they put right? They show raw personal data: each look is audited."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import actions, guests, mending, quarantine, set_aside
from huixiang.apps.feedback.accounts import account
from huixiang.apps.feedback.faults import told_masked
from huixiang.apps.feedback.forms.quarantine import DiscardForm, MendForm, QuarantineFilter
from huixiang.apps.feedback.models import Batch, Import, Quarantined
from huixiang.channels.contract import Fault

PAGE = 50
LONGEST_KEY = 18  # digits that a database's key may have


@requires(*guests.MEND)
@require_safe
def quarantine_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    imported = _import(who(request), pk)
    form = QuarantineFilter(request.GET)
    page = Paginator(form.narrow(imported.quarantine.select_related("closed_by")), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "imported": imported,
        "account": account(imported),
        "form": form,
        "reasons": quarantine.reasons(form.in_state(imported.quarantine.all())),
        "page": page,
        "discard": DiscardForm(),
    }
    return render(request, "feedback/quarantine.html", context)


@requires(*guests.MEND)
@require_http_methods(["GET", "HEAD", "POST"])
def quarantine_row(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row(who(request), pk)
    opened = quarantine.opened(row)
    source = audit.origin(request)
    audit.record("quarantine.read", by=who(request), on_kind="quarantined", on_id=pk, source=source)
    is_open = row.state == Quarantined.State.OPEN
    content = quarantine.missing(opened.fields, mending.columns(row.of))
    form = MendForm(request.POST or None, opened=opened, content=content)
    if request.method == "POST" and is_open and form.is_valid():
        try:
            batch = actions.mend_row(row, form.mended(), by=who(request), source=source)
        except Fault as fault:
            form.tell(fault)
        else:
            messages.success(request, _ended(row.of, batch))
            return _next(row)
    status = 422 if form.errors else 200
    context = {"row": row, "imported": row.of, "form": form, "is_open": is_open, "discard": DiscardForm()}
    context["is_gone"] = not is_open and not opened.fields
    context["first_opens"] = row.first and Import.objects.opened_to(who(request)).filter(pk=row.first.of_id).exists()
    context["enclosed"] = set_aside.count(row) if is_open else 0
    return render(request, "feedback/quarantine_row.html", context, status=status)


@requires(*guests.MEND)
@require_POST
def quarantine_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Discard the rows chosen, or all open ones of one reason."""
    imported = _import(who(request), pk)
    form = QuarantineFilter(request.POST)
    sent = request.POST.getlist("row")
    chosen = [int(row) for row in sent if row.isdecimal() and len(row) <= LONGEST_KEY]
    rows = imported.quarantine.filter(pk__in=chosen) if sent else form.narrow(imported.quarantine.all())
    try:
        note = request.POST.get("note", "")
        source = audit.origin(request)
        closed = actions.discard_rows(imported, rows, note, by=who(request), source=source)
    except Fault as fault:
        messages.error(request, told_masked(fault))
    else:
        text = ngettext("已放弃 %(count)s 行，原因已记录。", "已放弃 %(count)s 行，原因已记录。", closed)
        messages.success(request, text % {"count": closed})
    return redirect("quarantine", pk=imported.pk)


@requires(*guests.MEND)
@require_POST
def quarantine_retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read all open rows of one reason, or all, once more: what was wrong may have been put right elsewhere."""
    imported = _import(who(request), pk)
    rows = QuarantineFilter(request.POST).narrow(imported.quarantine.all())
    return _tried(
        request, imported, lambda: actions.retry_rows(imported, rows, by=who(request), source=audit.origin(request))
    )


@requires(*guests.MEND)
@require_POST
def quarantine_return(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A table exported here and mended elsewhere comes back."""
    imported = _import(who(request), pk)
    file = request.FILES.get("file")

    def bring() -> mending.Outcome:
        if file is None:
            raise Fault("请先选择一个文件")
        name, source = file.name or "upload", audit.origin(request)
        return actions.mend_upload(name, file.chunks(), by=who(request), within=imported, source=source)

    return _tried(request, imported, bring)


def _tried(request: HttpRequest, imported: Import, work: Callable[[], mending.Outcome]) -> HttpResponse:
    try:
        outcome = work()
    except Fault as fault:
        messages.error(request, told_masked(fault))
    else:
        messages.success(request, outcome.told())
    return redirect("quarantine", pk=imported.pk)


@requires(*guests.MEND)
@require_safe
def quarantine_export(request: HttpRequest, pk: UUID) -> StreamingHttpResponse:
    """The rows as CSV, to be mended in a spreadsheet and imported again."""
    imported = _import(who(request), pk)
    rows = QuarantineFilter(request.GET).narrow(imported.quarantine.all())
    source = audit.origin(request)
    audit.record("quarantine.export", by=who(request), on_kind="import", on_id=pk, source=source, rows=rows.count())
    response = StreamingHttpResponse(
        quarantine.export(rows, mending.columns(imported)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="quarantine-{str(pk)[:8]}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _import(staff: Staff, pk: UUID) -> Import:
    return get_object_or_404(Import.objects.mendable_by(staff).started(), pk=pk)


def _row(staff: Staff, pk: int) -> Quarantined:
    visible = Import.objects.mendable_by(staff)
    return get_object_or_404(
        Quarantined.objects.select_related("of__branch", "of__by", "closed_by", "first__of"), pk=pk, of__in=visible
    )


def _ended(imported: Import, batch: Batch) -> str:
    if guest := guests.of(imported):
        return guest.became(batch)
    if batch.erased:
        return _("这是应客户要求删除过的声音，未入库；这一行的内容也已清除。")
    if batch.new:
        return _("已修正，作为新增的声音入库。")
    return _("已修正；这条声音此前已入库，内容相同。") if batch.same else _("已修正，作为变更后的新版本入库。")


def _next(row: Quarantined) -> HttpResponse:
    """On to the next open row; back to the list after the last."""
    waiting = row.of.quarantine.filter(state=Quarantined.State.OPEN)
    after = waiting.filter(row__gt=row.row).first() or waiting.first()
    return redirect("quarantine_row", pk=after.pk) if after else redirect("quarantine", pk=row.of_id)
