"""What runs out, and how far up has it come? For who has the case, and for those above him."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.complaints import actions, terms_part, warnings
from huixiang.apps.complaints.models import DigestStop
from huixiang.apps.complaints.models.cases import SEE
from huixiang.apps.intake import leaving


@never_cache
@requires(SEE)
@require_safe
def complaint_warnings(request: HttpRequest) -> HttpResponse:
    found, next_ = warnings.warned(who(request), timezone.now(), _place(request.GET.get("after", "")))
    context = {
        "warnings": found,
        "next": next_,
        "thresholds": terms_part.told(timezone.localdate()),
        "today": timezone.localdate(),
        "mails": leaving.leaves("mail"),
        "is_mailed": not DigestStop.objects.filter(staff=who(request)).exists(),
        "is_first": not request.GET.get("after"),
    }
    return render(request, "complaints/warnings.html", context)


@requires(SEE)
@require_POST
def complaint_digest(request: HttpRequest) -> HttpResponse:
    """The daily mail, on or off for oneself."""
    wanted = request.POST.get("wanted") == "yes"
    actions.choose_digest(is_wanted=wanted, by=who(request), source=audit.origin(request))
    messages.success(request, _("每天会收到提醒邮件。") if wanted else _("不再收到每天的提醒邮件。"))
    return redirect("complaint_warnings")


def _place(after: str) -> tuple[int, int] | None:
    day, _dot, pk = after.partition(".")
    if not (day.isdecimal() and pk.isdecimal() and len(pk) < 19 and 0 < int(day) <= date.max.toordinal()):
        return None
    return int(day), int(pk)
