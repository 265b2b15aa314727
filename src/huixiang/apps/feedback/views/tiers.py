"""By which classes of customers are needs told and weighed? The list in force, its weights and its former editions."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.feedback import actions, facts, tiers
from huixiang.apps.feedback.forms.tiers import RestForm, lines, told
from huixiang.apps.feedback.models import TierBook
from huixiang.channels.contract import Fault
from huixiang.domain.surveys.scores import FEWEST
from huixiang.domain.tiers import UNKNOWN
from huixiang.lake import questions
from huixiang.lake.questions import Slice

EDITIONS = 20


@never_cache
@requires("need.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def customer_tiers(request: HttpRequest) -> HttpResponse:
    """For whole-bank staff: the weights hold for every unit's needs alike."""
    if not actions.may_settle_tiers(who(request)):
        raise PermissionDenied
    found = tiers.in_force()
    every = lines(request.POST or None, found)
    rest = RestForm(request.POST or None, initial={"unknown": found.unknown})
    if request.method == "POST" and every.is_valid() and rest.is_valid():
        try:
            wanted, note = told(every, rest), rest.cleaned_data["note"]
            actions.settle_tiers(wanted, note, by=who(request), source=audit.origin(request))
        except Fault as fault:
            rest.add_error(None, told_fault(fault))
        else:
            messages.success(request, _("已保存；需求的重要度从现在起按新的权重计算。"))
            return redirect("customer_tiers")
    counts = dict(questions.by_tier(facts.lake(), Slice()))
    of = sum(counts.values())
    context = {
        "lines": every,
        "rest": rest,
        "of": of,
        "known": of - counts.get(UNKNOWN, 0),
        "fewest": FEWEST,
        "editions": TierBook.objects.select_related("by")[:EDITIONS],
    }
    is_wrong = bool(rest.errors) or (every.is_bound and not every.is_valid())
    return render(request, "feedback/tiers.html", context, status=422 if is_wrong else 200)
