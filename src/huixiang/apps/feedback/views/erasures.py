"""How is a customer's wish to be forgotten carried out? In two steps: what would go, then with a reason it goes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import actions, certificates, certifying, facts, faults
from huixiang.apps.feedback.forms.erasures import CustomerForm, ErasureForm
from huixiang.apps.feedback.models import Addendum, Erasure
from huixiang.channels.contract import Fault
from huixiang.lake import questions

PAGE = 50


@requires("voice.erase")
@require_safe
def erasures(request: HttpRequest) -> HttpResponse:
    rows = Erasure.objects.visible_to(who(request)).select_related("by", "job").prefetch_related("addenda")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "feedback/erasures.html", {"page": page, "find": CustomerForm(auto_id="find_%s")})


@never_cache
@requires("voice.erase")
@require_POST
def erasure_certificate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """By POST: it looks through all places anew, and the audit tells who had it made out."""
    try:
        with override("zh-hans"):  # it is handed to the customer
            content = certificates.pdf(actions.certify(pk, by=who(request), source=audit.origin(request)))
    except ObjectDoesNotExist:
        raise Http404 from None
    except Fault as fault:
        messages.error(request, faults.told_fault(fault))
        return redirect("erasures")
    return _file(content, pk)


@never_cache
@requires("voice.erase")
@require_safe
def erasure_addendum(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What followed a certificate: as it was written then."""
    seen = Erasure.objects.visible_to(who(request))
    addendum = get_object_or_404(Addendum.objects.filter(erasure__in=seen.order_by()), pk=pk)
    try:
        return _file(certificates.addendum_pdf(addendum), pk)
    except Fault as fault:
        messages.error(request, faults.told_fault(fault))
        return redirect("erasures")


def _file(content: bytes, pk: UUID) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="huixiang-erasure-{pk}.pdf"'
    return response


@never_cache
@requires("voice.erase")
@require_http_methods(["GET", "HEAD", "POST"])
def voice_erase(request: HttpRequest, voice_id: str) -> HttpResponse:
    """Of one voice: it alone, or all of the customer who said it."""
    lake, reach = facts.lake(), who(request).scope("voice.erase")
    found = questions.voice(lake, voice_id)
    if found is None or (reach is not None and found.branch not in reach):
        raise Http404
    customer = questions.speaker(lake, voice_id)
    form = ErasureForm(request.POST or None, voices=1, customers=_counts(who(request), customer))
    sight = who(request).scope("voice.see")
    context = {"voice": found, "may_see": sight is None or found.branch in sight}
    if context["may_see"]:
        audit.record("voice.read", by=who(request), on_kind="voice", on_id=voice_id, source=audit.origin(request))
    return _answered(request, form, context, voice_id=voice_id, customer=customer)


@never_cache
@requires("voice.erase")
@require_POST
def erasure_customer(request: HttpRequest) -> HttpResponse:
    """Of one customer, known by his number. It comes by POST, and goes on as a pseudonym: no log keeps it."""
    customer = request.POST.get("pseudonym", "")
    asked = CustomerForm(request.POST)
    if not customer and asked.is_valid():
        customer = actions.known_as(asked.cleaned_data["customer"])
    counts, reach = _counts(who(request), customer), who(request).scope("voice.erase")
    if customer and "reason" not in request.POST:
        audit.record(
            "erasure.find", by=who(request), on_kind="erasure", source=audit.origin(request), count=sum(counts)
        )
    goes = actions.of_customer(customer, reach)
    if not customer or (goes.is_nothing and not goes.kept.shared and reach is not None):
        messages.info(request, _("在您的权限范围内，没有这位客户的声音。"))
        return redirect("erasures")
    form = ErasureForm(request.POST if "reason" in request.POST else None, voices=0, customers=counts)
    return _answered(request, form, {"pseudonym": customer}, customer=customer)


def _answered(
    request: HttpRequest, form: ErasureForm, context: dict[str, Any], *, customer: str, voice_id: str = ""
) -> HttpResponse:
    if form.is_valid():
        try:
            erasure = _erase(request, form, voice_id, customer)
        except ObjectDoesNotExist:
            raise Http404 from None
        except Fault as fault:
            form.add_error(None, faults.told_fault(fault))
        else:
            messages.success(request, _("已登记，正在后台删除；完成后这里会注明。"))
            for line in certifying.withheld(erasure):
                messages.info(request, line)
            return redirect("erasures")
    reach = who(request).scope("voice.erase")
    context |= {"form": form, "of_voice": len(actions.stored_with({voice_id})) if voice_id else 0}
    if customer:
        goes = actions.of_customer(customer, reach)
        stored = len(goes.kept.names | goes.kept.stored)
        context |= {"shared": goes.shared, "stored": stored, "shared_kept": len(goes.kept.shared)}
        context["is_nothing"] = goes.is_nothing and reach is not None
    return render(request, "feedback/erasure.html", context, status=422 if form.errors else 200)


def _erase(request: HttpRequest, form: ErasureForm, voice_id: str, customer: str) -> Erasure:
    reason, by, source = form.cleaned_data["reason"], who(request), audit.origin(request)
    if form.cleaned_data["what"] == Erasure.What.VOICE:
        return actions.erase_voice(voice_id, reason, by=by, source=source)
    return actions.erase_customer(customer, reason, by=by, source=source)


def _counts(staff: Staff, customer: str) -> tuple[int, int]:
    """How many voices and records of calls would go?"""
    if not customer:
        return 0, 0
    goes = actions.of_customer(customer, staff.scope("voice.erase"))
    return len(goes.voices), len(goes.stays)
