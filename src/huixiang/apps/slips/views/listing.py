"""How far are the slips? By state, with what was read of each, masked; those read surely are confirmed together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Job, Staff
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.access.sentences import told
from huixiang.apps.slips import actions, reading
from huixiang.apps.slips.models import SURE, File, FileQuerySet, Slip
from huixiang.domain.understanding.masking import mask

PAGE = 50
SOON = timedelta(days=14)  # before its time is over a slip that nobody confirmed is told; a broken file as long
STAGES = {
    "read": _("待核对"),
    "blank": _("像是空白"),
    "waiting": _("待读"),
    "confirmed": _("正在入库"),
    "taken": _("已入库"),
    "rejected": _("已退回"),
    "split": _("已拆分"),
}


@dataclass(frozen=True, slots=True)
class Row:
    slip: Slip
    text: str  # masked
    is_sure: bool


@never_cache
@requires(actions.RIGHT)
@require_safe
def slips(request: HttpRequest) -> HttpResponse:
    staff = who(request)
    mine = Slip.objects.visible_to(staff)
    stage = request.GET.get("state", "read")
    stage = stage if stage in STAGES else "read"
    rows = mine.in_state(stage).select_related("of", "unit", "batch")
    # To be checked in the order in which they lie on the table; what is done, the last first.
    order = rows.in_order() if stage in ("read", "blank", "waiting") else rows.order_by("-settled_at", "pk")
    page = Paginator(order, PAGE).get_page(request.GET.get("page"))
    shown = [_row(slip) for slip in page]
    counts = {name: mine.in_state(name).count() for name in STAGES}
    context = {
        "page": page,
        "rows": shown,
        "is_choosing": any(row.is_sure for row in shown),
        "stage": stage,
        "stages": [(name, title, counts[name]) for name, title in STAGES.items()],
        "blank": counts["blank"],
        "broken": mine.filter(reason=Slip.Reason.BROKEN, settled_by=None, settled_at__gt=timezone.now() - SOON).count(),
        "job": Job.objects.filter(kind=reading.KIND, state__in=Job.OPEN).first(),
        "is_moving": mine.in_state("waiting").exists() or mine.in_state("confirmed").exists() or _files(staff).exists(),
        "failed": [(file, told(**(file.fault or {}))) for file in _files(staff, failed=True)[:20]],
        "expiring": mine.filter(state=Slip.State.READ, keep_until__lt=timezone.localdate() + SOON).count(),
        "stuck": mine.exclude(stuck_at=None).filter(batch=None).count(),
    }
    return render(request, "slips/list.html", context)


@requires(actions.RIGHT)
@require_POST
def slips_confirm(request: HttpRequest) -> HttpResponse:
    """Those with a tick."""
    chosen = [key for each in request.POST.getlist("slip") if (key := _key(each))]
    count = actions.confirm_sure(chosen, by=who(request), source=audit.origin(request))
    sentence = ngettext("确认了 %(count)d 张，正在入库。", "确认了 %(count)d 张，正在入库。", count)
    messages.success(request, sentence % {"count": count})
    return redirect("slips")


@requires(actions.RIGHT)
@require_POST
def slips_blank(request: HttpRequest, verb: str) -> HttpResponse:
    """One by its own button, or those with a tick: to be typed in (`mend`), or blank indeed (`leave`)."""
    turn = {"mend": actions.mend_blank, "leave": actions.leave_blank}.get(verb)
    if turn is None:
        raise Http404
    named = request.POST.getlist("one") or request.POST.getlist("slip")
    chosen = [key for each in named if (key := _key(each))]
    count = turn(chosen, by=who(request), source=audit.origin(request))
    if verb == "mend" and count == 1:
        return redirect("slip", chosen[0])
    mended = ngettext("%(count)d 张转到“待核对”，请对着图像录入。", "%(count)d 张转到“待核对”，请对着图像录入。", count)
    left = ngettext("%(count)d 张确认为空白。", "%(count)d 张确认为空白。", count)
    messages.success(request, (mended if verb == "mend" else left) % {"count": count})
    return redirect(f"{reverse('slips')}?state=blank")


def _files(staff: Staff, *, failed: bool = False) -> FileQuerySet:
    codes = staff.scope(actions.RIGHT)
    told_since = timezone.now() - SOON  # then whoever brought it has scanned it anew, or never will
    rows = File.objects.waiting()
    if failed:
        rows = File.objects.exclude(fault__isnull=True).filter(received_at__gt=told_since)
    return rows if codes is None else rows.filter(Q(unit__code__in=codes) | Q(by=staff))


def _row(slip: Slip) -> Row:
    try:
        text = mask(slip.words().text).text
    except Unsealable as failure:
        text = str(failure)
    sure = slip.state == Slip.State.READ and slip.least is not None and slip.least >= SURE
    return Row(slip, text, sure and bool(text) and not slip.looks_like_several)


def _key(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
