"""Where is a verb done to a case, and what happened to it long ago? What its page shows only when it is opened."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told, told_fault
from huixiang.apps.complaints import actions, timeline
from huixiang.apps.complaints.forms.verbs import DoForm
from huixiang.apps.complaints.models import Case
from huixiang.apps.complaints.models.cases import SEE
from huixiang.apps.complaints.offering import offered
from huixiang.apps.complaints.standings import WITH_PEOPLE, history
from huixiang.apps.complaints.views.cases import may_read_words, page, shown, visible
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.lifecycle import PAIRED, VERBS


@never_cache
@requires(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_do(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Any verb of the table: its form, and what was sent with it. The action asks its own right and all guards."""
    if verb not in VERBS or verb in PAIRED:
        raise Http404
    case = visible(request, pk)
    return _done(request, case, verb) if request.method == "POST" else _form(request, case, verb)


def _done(request: HttpRequest, case: Case, verb: str) -> HttpResponse:
    form = DoForm(request.POST, verb=verb, case=case, standing=history(case).standing())
    if form.is_valid():
        try:
            actions.do_or_send(case.pk, verb, form.doing(), by=who(request), source=audit.origin(request))
        except (ObjectDoesNotExist, PermissionDenied):
            raise Http404 from None
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            messages.success(request, _("已记录。") if not form.is_sent() else _("通知已交付发送，发出后即记录。"))
            still = Case.objects.visible_to(who(request)).filter(pk=case.pk).exists()
            return redirect("complaint", case.pk) if still else redirect("complaints")
    return page(request, case, {verb: form}, 422)


def _form(request: HttpRequest, case: Case, verb: str) -> HttpResponse:
    """The form alone for the case's page, a page of its own where there is no script; 404 where it is not offered."""
    prefetch_related_objects([case], WITH_PEOPLE)
    read = history(case)
    offer = next((each for each in offered(who(request), case, read) if each.code == verb), None)
    if offer is None:
        raise Http404
    why_not = told(offer.why_not.message, offer.why_not.params) if offer.why_not else ""
    form = None if why_not else DoForm(verb=verb, case=case, standing=read.standing())
    context = {"case": case, "each": shown(verb, offer.verb, form, why_not)}
    return render(request, "complaints/verb_form.html" if _is_part(request) else "complaints/do.html", context)


@never_cache
@requires(SEE)
@require_safe
def complaint_history(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened before a line, the latest first: a page's worth, and from where it goes on."""
    case, before = visible(request, pk), request.GET.get("before", "")
    rows = case.events.select_related("by").order_by("-seq")
    if before.isdecimal() and len(before) < 10:
        rows = rows.filter(seq__lt=int(before))
    found = list(rows[: timeline.PAGE + 1])
    audit.record(
        "complaint.read", by=who(request), on_kind="complaint", on_id=case.number, source=audit.origin(request)
    )
    context = {
        "case": case,
        "pack": history(case).pack,
        "lines": [timeline.told(line) for line in found[: timeline.PAGE]],
        "earlier": found[timeline.PAGE - 1].seq if len(found) > timeline.PAGE else 0,
        "may_read_words": may_read_words(who(request), case),
    }
    part = "complaints/history_lines.html" if _is_part(request) else "complaints/history_page.html"
    return render(request, part, context)


def _is_part(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers
