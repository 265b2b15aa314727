"""Where are files brought and fetched, colleagues called upon, units looked up, and deputies named?"""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints import actions, files
from huixiang.apps.complaints.actions.revealing import IDENTITY
from huixiang.apps.complaints.forms.working import MOST_OFFERED, FileForm
from huixiang.apps.complaints.models import Absence, Case, CaseFile, Mention
from huixiang.apps.complaints.models.cases import SEE
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.lifecycle import HANDLE, REGISTER

MOST_MENTIONS = 100


@never_cache
@requires(HANDLE)
@require_POST
def complaint_attach(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(Case.objects.visible_to(who(request)), pk=pk)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("请选择文件"))
        return redirect("complaint", case.pk)
    found = form.cleaned_data["file"]
    try:
        if found.size > settings.COMPLAINT_FILE_BYTES:
            raise files.too_large(found.name)
        actions.attach(pk, found.read(), found.name, by=who(request), key=form.cleaned_data["key"],
                       source=audit.origin(request))  # fmt: skip
    except (ObjectDoesNotExist, PermissionDenied):
        raise Http404 from None
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        messages.success(request, _("已添加附件。"))
    return redirect("complaint", case.pk)


@never_cache
@requires(IDENTITY)
@require_safe
def complaint_file(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """As a file to keep, never as a page; recorded before it leaves."""
    try:
        found, content = actions.fetch(pk, key, by=who(request), source=audit.origin(request))
    except (ObjectDoesNotExist, PermissionDenied, Unsealable):
        raise Http404 from None
    return download(found, content)


def download(found: CaseFile, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(files.shown_name(found, opens=True))}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@never_cache
@requires(REGISTER)
@require_safe
def complaint_units(request: HttpRequest) -> HttpResponse:
    """What the picker offers while one types: by name or code."""
    said = _typed(request)
    fits = Q(name__icontains=said) | Q(code__istartswith=said)
    rows = Unit.objects.filter(fits, closed_on=None)[: MOST_OFFERED if said else 0]
    return _options(request, [(each.code, each.name) for each in rows])


@never_cache
@requires(HANDLE)
@require_safe
def complaint_staff(request: HttpRequest) -> HttpResponse:
    said = _typed(request)
    fits = Q(name__icontains=said) | Q(number__istartswith=said)
    rows = Staff.objects.filter(fits, is_active=True)
    if request.GET.get("field") == "deputy":  # who is away himself stands in for nobody
        rows = rows.exclude(pk__in=Absence.objects.on(timezone.localdate()).values("staff"))
    return _options(request, [(each.number, each.name) for each in rows[: MOST_OFFERED if said else 0]])


def _typed(request: HttpRequest) -> str:
    return request.GET.get(request.GET.get("field", ""), "").strip()[:60].replace("\0", "")


def _options(request: HttpRequest, found: list[tuple[str, str]]) -> HttpResponse:
    return render(request, "complaints/offered.html", {"found": found})


@never_cache
@requires(SEE)
@require_safe
def complaint_mentions(request: HttpRequest) -> HttpResponse:
    """Notes that ask for me; those not yet looked at first."""
    rows = Mention.objects.of(who(request)).select_related("case", "event__by")
    unseen = list(rows.unseen()[:MOST_MENTIONS])
    seen = list(rows.exclude(seen_at=None)[: MOST_MENTIONS - len(unseen)])
    return render(request, "complaints/mentions.html", {"mentions": [*unseen, *seen], "unseen": len(unseen)})


@never_cache
@requires(SEE)
@require_POST
def complaint_mention_seen(request: HttpRequest, key: int) -> HttpResponse:
    try:
        found = actions.mark_seen(key, by=who(request), source=audit.origin(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    return redirect("complaint", found.case_id) if "open" in request.POST else redirect("complaint_mentions")
