"""Do the outside models that the administrator named answer, and shall they be asked anew? Only when somebody asks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.annotation import actions
from huixiang.apps.annotation.permits import RIGHT
from huixiang.apps.feedback import outside
from huixiang.channels.contract import Fault


def standing() -> dict[str, Any]:
    """For the models' page."""
    found, faults = outside.standings()
    return {"services": found, "faults": [told_fault(fault) for fault in faults]}


@requires(RIGHT)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    for service in outside.standings()[0]:
        try:
            reached = actions.check_plugin(service.name, by=who(request), source=audit.origin(request))
        except Fault as fault:
            messages.error(request, told_fault(fault))
            continue
        if not reached.answers:
            values = {"model": service.model, "trouble": reached.trouble}
            messages.error(request, _("%(model)s 联系不上（%(trouble)s）。") % values)
        elif reached.knows is False:
            messages.error(request, _("可以联系，但对方没有 %(model)s 这个模型。") % {"model": service.model})
        else:
            messages.success(request, _("%(model)s 可以联系。") % {"model": service.model})
    return redirect("models")


@requires(RIGHT)
@require_POST
def forget(request: HttpRequest, name: str) -> HttpResponse:
    try:
        count = actions.forget_answers(name, by=who(request), source=audit.origin(request))
    except Fault as fault:
        messages.error(request, told_fault(fault))
    except (PermissionDenied, ObjectDoesNotExist):
        raise Http404 from None
    else:
        messages.success(request, _("已丢弃 %(count)s 个答案，下次重新询问。") % {"count": count})
    return redirect("models")
