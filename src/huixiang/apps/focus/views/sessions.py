"""One talk: who sat there, which records came in, who codes it, and how far that is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told, told_fault
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.focus import actions, coded
from huixiang.apps.focus.actions import records
from huixiang.apps.focus.actions.coding import CODE
from huixiang.apps.focus.actions.planning import MANAGE, MODERATE
from huixiang.apps.focus.forms import CodersForm, RecordForm, SeatForm, SessionForm
from huixiang.apps.focus.models import Session, Study, Transcript
from huixiang.apps.focus.views.studies import SEE, still_blind
from huixiang.channels.contract import Fault

SHOWN = 3  # sentences of each speaker, so that one knows who is who
FIELD = "who-"


@never_cache
@requires(MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: HttpRequest, pk: int) -> HttpResponse:
    study = get_object_or_404(Study.objects.touching(who(request)), pk=pk)
    form = SessionForm(request.POST or None, by=who(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_session(pk, form.setting(), by=who(request), source=audit.origin(request))
        except ObjectDoesNotExist:
            raise Http404 from None
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            messages.success(request, _("已登记。接着登记参加者与他们的同意。"))
            return redirect("focus_session", made.pk)
    context = {"form": form, "study": study}
    return render(request, "focus/session_form.html", context, status=422 if form.errors else 200)


@never_cache
@requires(MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def session_change(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Session.objects.visible_to(who(request), MODERATE).select_related("study"), pk=pk)
    form = SessionForm(request.POST or None, instance=found, by=who(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_session(pk, form.setting(), by=who(request), source=audit.origin(request))
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            messages.success(request, _("已保存。"))
            return redirect("focus_session", pk)
    context = {"form": form, "study": found.study, "session": found}
    return render(request, "focus/session_form.html", context, status=422 if form.errors else 200)


@never_cache
@requires(SEE)
@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, visible(request, pk))


@requires(MODERATE)
@require_POST
def seat_add(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = visible(request, pk, MODERATE), SeatForm(request.POST)
    by, source = who(request), audit.origin(request)
    if not form.is_valid():
        return _page(request, found, seat=form)
    given = form.cleaned_data
    try:
        made = actions.add_participant(pk, tier=given["tier"], spoken_as=given["spoken_as"], by=by, source=source)
        if given["consent"]:
            actions.record_consent(made.pk, given["consent"], given["consented_on"], by=by, source=source)
    except Fault as fault:
        form.add_error(fault.column if fault.column in form.fields else None, told_fault(fault))
        return _page(request, found, seat=form)
    messages.success(request, _("已登记 %(label)s。") % {"label": made.label})
    return redirect("focus_session", pk)


@requires(MODERATE)
@require_POST
def record_upload(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = visible(request, pk, MODERATE), RecordForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, record=form)
    file = form.cleaned_data["file"]
    try:
        made = actions.upload(pk, file.name, file.read(), by=who(request), source=audit.origin(request))
    except Fault as fault:
        form.add_error("file", told_fault(fault))
        return _page(request, found, record=form)
    return redirect("focus_record", made.pk)


@never_cache
@requires(MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who speaks? Shown masked, before anything is kept."""
    made = get_object_or_404(Transcript.objects.select_related("session"), pk=pk)
    found = visible(request, made.session_id, MODERATE)
    if request.method == "POST":
        try:
            # By place: masked, two speakers may be called alike.
            labels = dict.fromkeys(each.label for each in actions.turns(made))
            who_is = {label: request.POST.get(f"{FIELD}{place}", "") for place, label in enumerate(labels)}
            done = actions.bring_in(pk, who_is, by=who(request), source=audit.origin(request))
        except Fault as fault:
            messages.error(request, told_fault(fault))
            return redirect("focus_record", pk) if made.sealed else redirect("focus_session", found.pk)
        messages.success(request, _outcome(done))
        return redirect("focus_session", found.pk)
    if made.sealed is None:
        return redirect("focus_session", found.pk)
    try:
        speakers = _speakers(made, found)
    except Fault as fault:
        messages.error(request, told_fault(fault))
        return redirect("focus_session", found.pk)
    source, count = audit.origin(request), len(speakers["speakers"])
    audit.record("focus.read", by=who(request), on_kind="transcript", on_id=pk, source=source, count=count)
    return render(request, "focus/record.html", {"session": found, "record": made, **speakers})


def _outcome(done: Transcript) -> str:
    told = {"added": done.added, "known": done.known, "left": done.left_out}
    return _("新增 %(added)s 句，已有 %(known)s 句，未收 %(left)s 句（不是发言，或没有记录同意）。") % told


def _speakers(made: Transcript, found: Session) -> dict[str, Any]:
    said = actions.turns(made)
    counts: dict[str, int] = {}
    shown: dict[str, list[str]] = {}
    for each in said:
        counts[each.label] = counts.get(each.label, 0) + 1
        if len(shown.setdefault(each.label, [])) < SHOWN:
            shown[each.label].append(masked_value("", each.text)[:120])
    guess = actions.suggested(found, counts)
    people = [(each.label, _seat(each)) for each in found.participants.all() if each.is_present]
    options = [*people, (records.NEW, _("新的参加者")), (records.MODERATOR, _("主持人"))]
    options += [(records.JOIN, _("不是说话人，并入上一句")), (records.LEAVE_OUT, _("不收"))]
    rows = [(masked_value("", label), counts[label], shown[label], guess[label]) for label in counts]
    return {"speakers": rows, "options": options, "faults": fault_lines(made)}


def _seat(each: Any) -> str:
    return _("%(label)s（%(consent)s）") % {"label": each.label, "consent": each.get_consent_display()}


def fault_lines(made: Transcript) -> list[str]:
    return [told(fault["message"], fault["params"]) for fault in made.faults]


@requires(MODERATE)
@require_POST
def coding_begin(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = visible(request, pk, MODERATE), CodersForm(request.POST)
    if form.is_valid():
        try:
            numbers = [form.cleaned_data["first"], form.cleaned_data["second"]]
            actions.begin_coding(pk, numbers, by=who(request), source=audit.origin(request))
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            messages.success(request, _("已开始编码；两人各自编码，互不可见。"))
            return redirect("focus_session", pk)
    return _page(request, found, coders=form)


@requires(MANAGE)
@require_POST
def session_turn(request: HttpRequest, pk: int) -> HttpResponse:
    """Finish or reopen, as the button says."""
    visible(request, pk, MANAGE)
    verb = actions.reopen if request.POST.get("reopen") == "1" else actions.finish
    try:
        done = verb(pk, by=who(request), source=audit.origin(request))
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        is_done = done.state == Session.State.DONE
        messages.success(request, _("已完成编码。") if is_done else _("已重新打开。"))
    return redirect("focus_session", pk)


def visible(request: HttpRequest, pk: int, right: str = SEE) -> Session:
    rows = Session.objects.visible_to(who(request), right).select_related("study__unit", "unit", "moderator")
    return get_object_or_404(rows, pk=pk)


def _page(
    request: HttpRequest,
    found: Session,
    *,
    seat: SeatForm | None = None,
    record: RecordForm | None = None,
    coders: CodersForm | None = None,
) -> HttpResponse:
    staff = who(request)
    coding = list(found.coders.order_by("number"))
    initial = dict(zip(("first", "second"), (each.number for each in coding), strict=False))
    is_blind = still_blind([found], staff)
    context = {
        "session": found,
        "participants": found.participants.all(),
        "records": [(each, fault_lines(each)) for each in found.transcripts.select_related("by")[:20]],
        "progress": coded.progress(found, staff.number),
        "is_blind": is_blind,
        "agreement": None if is_blind else coded.agreement(coded.of_sessions([found]))[0],
        "coders": coding,
        "is_coder": staff in coding and staff.holds(CODE, found.unit),
        "may_moderate": staff.holds(MODERATE, found.unit),
        "may_manage": staff.holds(MANAGE, found.unit),
        "may_export": staff.holds("focus.export", found.unit),
        "seat": seat or SeatForm(),
        "record_form": record or RecordForm(),
        "coders_form": coders or CodersForm(initial=initial),
    }
    failed = any(form is not None and form.errors for form in (seat, record, coders))
    return render(request, "focus/session.html", context, status=422 if failed else 200)
