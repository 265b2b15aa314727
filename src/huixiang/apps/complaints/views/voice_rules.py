"""By which rules do voices become complaints, and which of them wait for a person?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints import voicing
from huixiang.apps.complaints.actions import ruling
from huixiang.apps.complaints.forms.voice_rules import UnitForm, VoiceRulesForm
from huixiang.apps.complaints.models import Case, VoiceRuleBook, VoiceTaking
from huixiang.apps.complaints.voice_rulebook import checked
from huixiang.apps.feedback import looks
from huixiang.apps.feedback.facts import lake
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.lifecycle import REGISTER
from huixiang.lake import questions
from huixiang.lake.questions import Slice

PAGE, LONGEST_TEXT = 25, 20_000


@never_cache
@requires(REGISTER)
@require_safe
def complaint_voices_taken(request: HttpRequest) -> HttpResponse:
    """Those that wait, the newest first, with what the voice says; behind them what was decided lately."""
    by = _reader(request)
    rows = VoiceTaking.objects.visible_to(by).select_related("unit", "case", "decided_by", "book")
    page = Paginator(rows.waiting(), PAGE).get_page(request.GET.get("page"))
    reach = Slice(branches=by.scope(ruling.READ), rivals=True)
    said = {each.id: each for each in questions.chosen(lake(), [row.voice_id for row in page], reach)}
    looks.record(list(said.values()), by=by, source=audit.origin(request), place="complaint_voices")
    context = {
        "page": page,
        "waiting": [
            (row, said.get(row.voice_id), row.case if _sees(row, by) else None, UnitForm(waiting=row.pk))
            for row in page
        ],
        "decided": rows.exclude(pk__in=rows.waiting().values("pk"))[:PAGE],
        "may_rule": ruling.RULE in by.rights,
    }
    return render(request, "complaints/voices_taken.html", context)


@requires(REGISTER)
@require_POST
def complaint_voice_taken(request: HttpRequest, pk: int) -> HttpResponse:
    """One click: register or join; or say why not."""
    by, form = _reader(request), UnitForm(request.POST)
    try:
        if not form.is_valid():
            for error in [str(each) for found in form.errors.values() for each in found]:
                messages.error(request, error)
        elif request.POST.get("deed") == "decline":
            ruling.decline(pk, form.cleaned_data["reason"], by=by, source=audit.origin(request))
            messages.success(request, _("已记下：不转投诉。"))
        else:
            case = ruling.take(pk, unit=form.cleaned_data["unit"], by=by, source=audit.origin(request))
            messages.success(request, _("已转为投诉 %(number)s。") % {"number": case.number})
    except ObjectDoesNotExist:
        raise Http404 from None
    except Fault as fault:
        messages.error(request, told_fault(fault))
    return redirect("complaint_voices_taken")


@never_cache
@requires(ruling.RULE)
@require_safe
def complaint_voice_rules(request: HttpRequest) -> HttpResponse:
    ruling.demand(who(request))
    books = VoiceRuleBook.objects.select_related("by", "approved_by")
    context = {"books": books[:100], "in_force": VoiceRuleBook.objects.in_force(timezone.localdate())}
    return render(request, "complaints/voice_rules.html", context)


@never_cache
@requires(ruling.RULE)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_voice_rule_new(request: HttpRequest) -> HttpResponse:
    """Write a version; what it would have done is shown before it is handed in."""
    by = who(request)
    ruling.demand(by)
    book = VoiceRuleBook.objects.in_force(timezone.localdate())
    form = (
        VoiceRulesForm(request.POST) if request.method == "POST" else VoiceRulesForm.fresh(book.text if book else None)
    )
    tried = None
    try:
        if request.POST.get("deed") == "preview":  # what is still to be filled in need not be there yet
            form = VoiceRulesForm(initial={name: request.POST.get(name, "") for name in form.fields})
            tried = _tried(request, request.POST.get("text", "")[:LONGEST_TEXT])
        elif request.method == "POST" and form.is_valid():
            made = ruling.write_rules(**form.cleaned_data, by=by, source=audit.origin(request))
            messages.success(request, _("已起草，等待另一人批准。"))
            return redirect("complaint_voice_rule", made.pk)
    except Fault as fault:
        messages.error(request, told_fault(fault))
    context = {"form": form, "tried": tried, "may_read": ruling.READ in by.rights}
    return render(request, "complaints/voice_rule_new.html", context, status=422 if form.errors else 200)


@never_cache
@requires(ruling.RULE)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_voice_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """One version, what it would have done to the last 30 days, and the second person's approval."""
    by = who(request)
    ruling.demand(by)
    book = get_object_or_404(VoiceRuleBook.objects.select_related("by", "approved_by"), pk=pk)
    tried = None
    if request.method == "POST":
        try:
            if request.POST.get("deed") != "preview":
                ruling.approve_rules(pk, by=by, source=audit.origin(request))
                messages.success(request, _("已批准，到起用日生效。"))
                return redirect("complaint_voice_rule", pk)
            tried = _tried(request, book.text)
        except Fault as fault:
            messages.error(request, told_fault(fault))
    context: dict[str, Any] = {
        "book": book,
        "tried": tried,
        "is_own": book.by_id == by.pk,
        "may_read": ruling.READ in by.rights,
    }
    context["taken"] = book.taken.count()
    return render(request, "complaints/voice_rule.html", context)


def _tried(request: HttpRequest, text: str) -> voicing.Preview:
    checked(text)
    found = voicing.preview(text, timezone.now())
    audit.record("complaint.voice_preview", by=who(request), on_kind="complaint_voice_rule",
                 source=audit.origin(request), read=found.read)  # fmt: skip
    return found


def _reader(request: HttpRequest) -> Any:
    by = who(request)
    if ruling.READ not in by.rights:
        raise PermissionDenied
    return by


def _sees(row: VoiceTaking, by: Any) -> bool:
    return row.case is not None and Case.objects.visible_to(by).filter(pk=row.case.pk).exists()
