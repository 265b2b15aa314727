"""What is reported to the regulator (监管统计报表)? Drawn live, drafted, approved by a second person, frozen."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints import actions, paper_files, return_paper, returning, tallying
from huixiang.apps.complaints.actions.returning import APPROVE, RETURN
from huixiang.apps.complaints.forms.returns import ReasonForm, ReportForm
from huixiang.apps.complaints.models import Case, Denominator, ReturnVersion
from huixiang.apps.complaints.models.cases import SEE
from huixiang.apps.complaints.returning import Question
from huixiang.apps.complaints.sheets import Paper
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.periods import Period, read_period

EXPORT = "complaint.export"
MOST_MOVED = 100
State = ReturnVersion.State


def question(by: Staff, period: Period, unit: Unit) -> Question:
    """What she sees of this unit."""
    return Question(tallying.below(Case.objects.visible_to(by), unit), period, unit, not by.holds(SEE, None))


@never_cache
@requires(SEE)
@require_safe
def complaint_returns(request: HttpRequest) -> HttpResponse:
    """The figures as they stand now, and the versions there are."""
    by, form = who(request), ReportForm(request.GET, by=who(request))
    context: dict[str, Any] = {"form": form}
    if form.is_valid() and form.cleaned_data["unit"]:
        period, unit = form.cleaned_data["period"], form.cleaned_data["unit"]
        versions = ReturnVersion.objects.visible_to(by).filter(unit=unit).select_related("drafted_by", "approved_by")
        context |= {
            "period": period,
            "unit": unit,
            "versions": versions.filter(period=period.code),
            "may_draft": RETURN in by.rights and by.holds(RETURN, unit),
            "may_export": EXPORT in by.rights,
            "reason": ReasonForm(),
        }
        try:
            figures = returning.reckoned(question(by, period, unit), timezone.now())
        except Fault as fault:
            context["fault"] = told_fault(fault)
        else:
            context |= {"paper": return_paper.paper(figures), "is_part": figures["is_part"],
                        "is_empty": not figures["totals"]["now"]["received"]}  # fmt: skip
    return render(request, "complaints/returns.html", context)


@never_cache
@requires(RETURN)
@require_POST
def complaint_return_draft(request: HttpRequest) -> HttpResponse:
    """A draft, or the draft drawn anew; after a frozen version a new one with its reason."""
    by, form = who(request), ReportForm(request.POST, by=who(request))
    if not form.is_valid() or form.cleaned_data["unit"] is None:
        raise Http404
    period, unit = form.cleaned_data["period"], form.cleaned_data["unit"]
    reason = request.POST.get("reason", "")[:400]
    try:
        row = actions.draft_return(period, unit, by=by, reason=reason, source=audit.origin(request))
    except Fault as fault:
        messages.warning(request, told_fault(fault))
        asks = urlencode({"period": period.code, "unit": unit.code})
        return redirect(f"{reverse('complaint_returns')}?{asks}")
    return redirect("complaint_return", row.pk)


@never_cache
@requires(SEE)
@require_safe
def complaint_return(request: HttpRequest, pk: int) -> HttpResponse:
    """One version as it was drawn, and what has moved since."""
    by, row = who(request), _seen(request, pk)
    asked = Question(tallying.all_below(row.unit), read_period(row.period), row.unit)
    now = returning.reckoned(asked, timezone.now())
    moved = returning.moved_since(asked, row.drafted_at)
    seen = question(by, asked.period, row.unit)
    context = {
        "row": row,
        "paper": return_paper.paper(row.figures, mark=_mark(row), version=str(row)),
        "is_whole": returning.digest(row.figures) == row.digest,
        "differences": _told(returning.differences(row.figures, now), now),
        "corrected": _before(row, now),
        "moved_count": moved.count(),
        "moved": moved.filter(case__in=seen.rows.values("pk")).select_related("case")[:MOST_MOVED],
        "hidden": tallying.of_period(asked.rows, asked.period).count()
        - tallying.of_period(seen.rows, asked.period).count(),
        "may_draft": by.holds(RETURN, row.unit),
        "may_approve": by.holds(APPROVE, row.unit) and row.drafted_by_id != by.pk,
        "may_export": EXPORT in by.rights,
        "reason": ReasonForm(),
    }
    return render(request, "complaints/return.html", context)


@never_cache
@requires(RETURN, APPROVE)
@require_http_methods(["POST"])
def complaint_return_do(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Submit, send back or approve."""
    row, by, source = _seen(request, pk), who(request), audit.origin(request)
    said = {"reason": request.POST.get("reason", ""), "digest": request.POST.get("digest", "")}
    does: dict[str, Callable[[], ReturnVersion]] = {
        "submit": lambda: actions.submit_return(row.pk, by=by, source=source),
        "send_back": lambda: actions.send_back_return(row.pk, reason=said["reason"], by=by, source=source),
        "approve": lambda: actions.approve_return(row.pk, digest=said["digest"], by=by, source=source),
    }
    if verb not in does:
        raise Http404
    try:
        does[verb]()
    except Fault as fault:
        messages.warning(request, told_fault(fault))
    except ObjectDoesNotExist:
        raise Http404 from None
    else:
        messages.success(request, _("已办。"))
    return redirect("complaint_return", row.pk)


@never_cache
@requires(EXPORT)
@require_safe
def complaint_returns_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The live figures as a file, marked as no report."""
    form = ReportForm(request.GET, by=who(request))
    if kind not in paper_files.KINDS or not form.is_valid() or form.cleaned_data["unit"] is None:
        raise Http404
    period, unit = form.cleaned_data["period"], form.cleaned_data["unit"]
    figures = returning.reckoned(question(who(request), period, unit), timezone.now())
    return sent(request, return_paper.paper(figures, mark=_("草稿")), f"returns-{period.code}-{unit.code}", kind)


@never_cache
@requires(EXPORT)
@require_safe
def complaint_return_file(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    row = _seen(request, pk)
    if kind not in paper_files.KINDS:
        raise Http404
    paper = return_paper.paper(row.figures, mark=_mark(row), version=f"{row} · SHA-256 {row.digest}")
    return sent(request, paper, f"returns-{row.period}-{row.unit.code}-v{row.version}", kind)


def sent(request: HttpRequest, paper: Paper, name: str, kind: str) -> HttpResponseBase:
    """A file, recorded with its digest."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"report.{kind}"
        try:
            paper_files.write(paper, path, kind)
        except Fault as fault:
            messages.warning(request, told_fault(fault))
            return redirect(request.headers.get("Referer") or "complaint_returns")
        with path.open("rb") as done:
            digest = hashlib.file_digest(done, "sha256").hexdigest()
        audit.record("complaint.return_file", by=who(request), on_kind="complaint_return", on_id=name, format=kind,
                     source=audit.origin(request), sha256=digest)  # fmt: skip
        response = FileResponse(path.open("rb"), as_attachment=True, filename=f"huixiang-{name}.{kind}",
                                content_type=paper_files.KINDS[kind])  # fmt: skip
    response["X-Huixiang-SHA256"] = digest
    return response


def _seen(request: HttpRequest, pk: int) -> ReturnVersion:
    rows = ReturnVersion.objects.visible_to(who(request)).select_related("unit", "drafted_by", "approved_by")
    found: ReturnVersion = get_object_or_404(rows, pk=pk)
    return found


def _mark(row: ReturnVersion) -> str:
    return "" if row.state == State.FROZEN else str(row.get_state_display())


def _before(row: ReturnVersion, names: dict[str, Any]) -> list[dict[str, Any]]:
    """What this version corrects in the one before it."""
    earlier = ReturnVersion.objects.filter(period=row.period, unit=row.unit, version=row.version - 1).first()
    return _told(returning.differences(earlier.figures, row.figures), names) if earlier else []


def _told(found: list[dict[str, Any]], figures: dict[str, Any]) -> list[dict[str, Any]]:
    return [each | {"title": _title(each, figures)} for each in found]


def _title(each: dict[str, Any], figures: dict[str, Any]) -> str:
    table, code = each["table"], each["code"]
    if table == "totals":
        return str(return_paper.TOTALS[code][0])
    if table == "denominators":
        return str(dict(Denominator.Kind.choices)[code])
    kind = _("合并前") if each["kind"] == "raw" else _("合并后")
    return f"{return_paper.TABLES[table]} · {return_paper.name_of(figures, table, code)} · {kind}"
