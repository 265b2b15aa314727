"""Where is a complaint taken down, from a call, a visit, a letter or a voice, and its receipt handed out?"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Unit
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints import actions, repeating
from huixiang.apps.complaints.actions.registering import registered_by
from huixiang.apps.complaints.actions.ruling import title_of
from huixiang.apps.complaints.doors import WAYS
from huixiang.apps.complaints.forms.intake import RegisterForm
from huixiang.apps.complaints.models import Case, CaseVoice
from huixiang.apps.complaints.packs import pack_of
from huixiang.apps.complaints.standings import history
from huixiang.apps.feedback import facts
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.lifecycle import HANDLE, REGISTER
from huixiang.domain.feedback import Channel
from huixiang.lake import questions
from huixiang.lake.questions import Voice


@never_cache
@requires(REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_new(request: HttpRequest) -> HttpResponse:
    return _taken_down(request, RegisterForm(request.POST or None, request.FILES or None, by=who(request)))


@never_cache
@requires(REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_from_voice(request: HttpRequest, voice_id: str) -> HttpResponse:
    """What the voice says is already there; of its customer nothing is asked that is known."""
    voice = _voice(request, voice_id)
    if linked := CaseVoice.objects.filter(voice_id=voice_id).first():
        return redirect("complaint", linked.case_id)
    unit = Unit.objects.filter(code=voice.branch or "").first()
    initial = {
        "way": WAYS.get(Channel(voice.channel), Case.Way.OTHER),
        "unit": unit,
        "title": title_of(voice),
        "text": voice.text,
    }
    form = RegisterForm(request.POST or None, request.FILES or None, by=who(request), initial=initial)
    return _taken_down(request, form, voice)


@requires(HANDLE)
@require_POST
def complaint_join(request: HttpRequest, voice_id: str) -> HttpResponse:
    voice = _voice(request, voice_id)
    try:
        case = actions.join_voice(
            request.POST.get("number", "").strip(),
            voice_id,
            by=who(request),
            source=audit.origin(request),
            risks=voice.risks,
        )
    except ObjectDoesNotExist:
        messages.error(request, _("没有这个编号的投诉，或不在您的机构。"))
        return redirect("voice", voice_id)
    except Fault as fault:
        messages.error(request, told_fault(fault))
        return redirect("voice", voice_id)
    messages.success(request, _("这条声音已并入投诉。"))
    return redirect("complaint", case.pk)


@never_cache
@requires(REGISTER)
@require_safe
def complaint_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Number, day, deadline and clause, for the customer: also to who took it down and may see no more of it."""
    by = who(request)
    rows = Case.objects.visible_to(by) | Case.objects.filter(pk__in=registered_by(by), is_held=False)
    case = get_object_or_404(rows.select_related("unit", "pack").distinct(), pk=pk)
    audit.record("complaint.receipt", by=by, on_kind="complaint", on_id=case.number, source=audit.origin(request))
    may_see = Case.objects.visible_to(by).filter(pk=pk).exists()
    context = {
        "case": case,
        "pack": pack_of(case.pack),
        "reply": history(case).clock("reply", timezone.now()),
        "may_see": may_see,
        "repeats": repeating.proposed(case, by) if may_see else [],
        "merge_key": uuid4().hex,
    }
    return render(request, "complaints/receipt.html", context)


def _taken_down(request: HttpRequest, form: RegisterForm, voice: Voice | None = None) -> HttpResponse:
    if form.is_valid():
        try:
            case = _registered(request, form, voice)
        except PermissionDenied:
            raise Http404 from None
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            messages.success(request, _("已登记。请把编号与期限告诉投诉人。"))
            return redirect("complaint_receipt", case.pk)
    context: dict[str, Any] = {"form": form, "voice": voice}
    return render(request, "complaints/new.html", context, status=422 if form.errors else 200)


def _registered(request: HttpRequest, form: RegisterForm, voice: Voice | None) -> Case:
    receipt, enclosed = _receipt(form, voice), form.cleaned_data["enclosed"]
    return actions.register_enclosing(receipt, enclosed, by=who(request), source=audit.origin(request))


def _receipt(form: RegisterForm, voice: Voice | None) -> actions.Receipt:
    if voice is None:
        return form.receipt()
    # Who answers a survey or talks in a group was promised to stay apart from what was said.
    customer = questions.speaker(facts.lake(), voice.id) if Channel(voice.channel).is_answered else ""
    return form.receipt(voices=(voice.id,), risks=voice.risks, customer=customer)


def _voice(request: HttpRequest, voice_id: str) -> Voice:
    found, codes = questions.voice(facts.lake(), voice_id), who(request).scope("voice.see")
    if found is None or "voice.see" not in who(request).rights or (codes is not None and found.branch not in codes):
        raise Http404
    return found
