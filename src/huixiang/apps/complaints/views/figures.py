"""How long do complaints take, how many are late, how many are resolved at once (投诉统计)? Opened to their cases."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints import figuring, packs
from huixiang.apps.complaints.forms.choosing import REASONS, PeriodForm
from huixiang.apps.complaints.models.cases import SEE
from huixiang.apps.complaints.outcomes import Outcome, definition, outcomes
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.handling import End
from huixiang.domain.complaints.resolving import Answer


@never_cache
@requires(SEE)
@require_safe
def complaint_figures(request: HttpRequest) -> HttpResponse:
    form = PeriodForm(request.GET, by=who(request))
    context: dict[str, Any] = {"form": form, "least": figuring.LEAST, "is_narrowed": bool(request.GET)}
    try:
        found = outcomes(form.rows(), timezone.now())
    except Fault as fault:
        context["fault"] = told_fault(fault)
    else:
        context |= _told(found, form) if found else {}
    return render(request, "complaints/figures.html", context)


def _told(found: list[Outcome], form: PeriodForm) -> dict[str, Any]:
    since, until = form.period
    asks = {"since": since.isoformat(), "until": until.isoformat()}
    if unit := form.cleaned_data["unit"]:
        asks["unit"] = unit.code
    all_ = figuring.figures(found)
    tables = (
        (_("按机构"), figuring.by_unit),
        (_("按业务类别"), figuring.by_business),
        (_("按投诉来源"), figuring.by_way),
    )
    return {
        "since": since,
        "until": until,
        "figures": all_ if all_.count >= figuring.LEAST else None,
        "count": all_.count,
        "definition": definition(),
        "pack": packs.in_force(timezone.localdate()),
        "links": {name: _link(asks, **more) for name, more in LINKS.items()},
        "reasons": [
            (REASONS[reason], count, _link(asks, why=str(reason)), str(reason))
            for reason, count in sorted(all_.resolved.reasons.items(), key=lambda pair: -pair[1])
        ],
        "tables": [(title, [(group, _link(asks | group.asks)) for group in by(found)]) for title, by in tables],
        "answered": all_.ends[End.ANSWERED],
        "open": all_.ends[End.OPEN],
        "withdrawn": all_.ends[End.WITHDRAWN],
    }


LINKS = {
    "all": {},
    "open": {"end": "open"},
    "answered": {"end": "answered"},
    "withdrawn": {"end": "withdrawn"},
    "late": {"late": "yes"},
    "yes": {"answer": str(Answer.YES)},
    "no": {"answer": str(Answer.NO)},
    "not_yet": {"answer": str(Answer.NOT_YET)},
    "unknowable": {"answer": str(Answer.UNKNOWABLE)},
}


def _link(asks: dict[str, str], **more: str) -> str:
    """The register, narrowed to exactly these cases."""
    return f"{reverse('complaint_register')}?{urlencode(asks | {'counted': 'yes'} | more)}"
