"""Where does somebody who will be away name her deputy, and who assigns in her unit for her?"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints import actions
from huixiang.apps.complaints.actions.deputising import may_name
from huixiang.apps.complaints.forms.working import DeputyForm
from huixiang.apps.complaints.models import Absence, Case
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.lifecycle import HANDLE


@never_cache
@requires(HANDLE)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_deputies(request: HttpRequest) -> HttpResponse:
    by = who(request)
    form = DeputyForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            found = actions.name_deputy(said["staff"], said["deputy"], said["from_on"], said["until_on"], by=by,
                                        source=audit.origin(request))  # fmt: skip
        except PermissionDenied:
            form.add_error("staff", _("只能安排自己，或您有分派权限的机构里的同事"))
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            told = _("已安排代班。") if found.confirmed_at else _("已提出代班：由被代的人或有分派权限的人确认后生效。")
            messages.success(request, told + _hidden(found))
            return redirect("complaint_deputies")
    rows = Absence.objects.to_come(timezone.localdate()).select_related("staff", "deputy", "named_by")
    shown = [(each, each.confirmed_at is None and each.deputy_id != by.pk) for each in rows
             if each.deputy_id == by.pk or may_name(by, each.staff)]  # fmt: skip
    context = {"form": form, "absences": shown, "today": timezone.localdate(), "me": by}
    return render(request, "complaints/deputies.html", context, status=422 if form.errors else 200)


@never_cache
@requires(HANDLE)
@require_POST
def complaint_deputy_end(request: HttpRequest, key: int) -> HttpResponse:
    try:
        actions.end_deputy(key, by=who(request), source=audit.origin(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    messages.success(request, _("代班已结束。"))
    return redirect("complaint_deputies")


@never_cache
@requires(HANDLE)
@require_POST
def complaint_deputy_confirm(request: HttpRequest, key: int) -> HttpResponse:
    try:
        actions.confirm_deputy(key, by=who(request), source=audit.origin(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        messages.success(request, _("已确认代班。"))
    return redirect("complaint_deputies")


def _hidden(found: Absence) -> str:
    """A deputy gets no more rights by it: what he does not see must be assigned to others."""
    count = out_of_sight(found.staff, found.deputy)
    return _("其中 %(count)s 件代班人看不到，请另行分派。") % {"count": count} if count else ""


def out_of_sight(staff: Staff, deputy: Staff) -> int:
    """How many of her open cases does the deputy not see?"""
    hers = Case.objects.open().filter(handler=staff)
    return hers.count() - Case.objects.visible_to(deputy, HANDLE).open().filter(handler=staff).count()
