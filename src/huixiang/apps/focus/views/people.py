"""One participant: what she agreed to, how she is reached, and the way out."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.focus import actions
from huixiang.apps.focus.actions.people import CONTACT
from huixiang.apps.focus.actions.planning import MODERATE
from huixiang.apps.focus.forms import ConsentForm, ContactForm
from huixiang.apps.focus.models import Participant
from huixiang.apps.focus.views.sessions import visible
from huixiang.channels.contract import Fault


@never_cache
@requires(MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def participant(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, and its form on consent."""
    found = _found(request, pk)
    form = ConsentForm(request.POST or None, participant=found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.record_consent(
                pk, given["consent"], given["consented_on"], by=who(request), source=audit.origin(request)
            )
        except Fault as fault:
            form.add_error(fault.column if fault.column in form.fields else None, told_fault(fault))
        else:
            messages.success(request, _("已记录同意。"))
            return redirect("focus_participant", pk)
    return _page(request, found, form, ContactForm())


@requires(MODERATE)
@require_POST
def contact_keep(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _found(request, pk), ContactForm(request.POST)
    if form.is_valid():
        try:
            actions.keep_contact(pk, form.cleaned_data["contact"], by=who(request), source=audit.origin(request))
        except Fault as fault:
            form.add_error("contact" if fault.column == "contact" else None, told_fault(fault))
        else:
            messages.success(request, _("已保存联系方式。") if form.cleaned_data["contact"] else _("已删除联系方式。"))
            return redirect("focus_participant", pk)
    return _page(request, found, ConsentForm(participant=found), form)


@never_cache
@requires(CONTACT)
@require_POST
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Shown once, by POST: no history keeps it, and each look is on record."""
    found = get_object_or_404(Participant.objects.select_related("session"), pk=pk)
    try:
        told = actions.contact_of(pk, by=who(request), source=audit.origin(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    except Unsealable as fault:
        messages.error(request, str(fault))
        return redirect("focus_session", found.session_id)
    return render(request, "focus/contact.html", {"participant": found, "contact": told})


@requires(MODERATE)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    try:
        gone = actions.withdraw(pk, by=who(request), source=audit.origin(request))
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        told = {"label": gone.label, "count": gone.removed}
        messages.success(request, _("%(label)s 已撤回同意，删除了 %(count)s 句发言与相应的编码、引用和声音。") % told)
    return redirect("focus_session", found.session_id)


def _found(request: HttpRequest, pk: int) -> Participant:
    found = get_object_or_404(Participant, pk=pk)
    found.session = visible(request, found.session_id, MODERATE)
    return found


def _page(request: HttpRequest, found: Participant, consent: ConsentForm, contact: ContactForm) -> HttpResponse:
    context = {
        "participant": found,
        "session": found.session,
        "consent": consent,
        "contact": contact,
        "count": found.utterances.count(),
        "may_see_contact": who(request).holds(CONTACT, found.session.unit),
    }
    failed = consent.errors or contact.errors
    return render(request, "focus/participant.html", context, status=422 if failed else 200)
