"""What was found where? The list of visits that were made, and one of them with its lines, photos and findings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.inspections import exporting, pictures
from huixiang.apps.inspections.forms.finding import ChosenForm
from huixiang.apps.inspections.forms.visiting import is_open_to
from huixiang.apps.inspections.models import Finding, Photo, Visit, VisitState
from huixiang.apps.inspections.reach import CALIBRATE, DO, EXPORT, IMPORT, PLAN, SEE
from huixiang.apps.inspections.views.sending import sent
from huixiang.channels import pictures as drawn

PAGE = 25


@never_cache
@requires(SEE, DO, PLAN)
@require_safe
def inspections(request: HttpRequest) -> HttpResponse:
    """Those that were made, the latest first, and what waits for the reader."""
    by, form = who(request), ChosenForm(request.GET, by=who(request))
    rows = form.narrowed(Visit.objects.visible_to(by).done(), "visited_on").select_related("unit", "inspector")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "visits": [(each, each.shown_who(by)) for each in page],
        "mine": Visit.objects.of(by).planned().count() if DO in by.rights else 0,
        "open": Finding.objects.visible_to(by).open().count(),
        "may_do": DO in by.rights,
        "may_plan": PLAN in by.rights,
        "may_calibrate": CALIBRATE in by.rights,
        "may_export": EXPORT in by.rights,
        "may_import": IMPORT in by.rights,
        "may_hear": "hotline.see" in by.rights and by.holds("hotline.see", None),
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "inspections/list.html", context, status=200 if form.is_valid() else 422)


@never_cache
@requires(EXPORT)
@require_safe
def inspections_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    by, form = who(request), ChosenForm(request.GET, by=who(request), right=EXPORT)
    if not form.is_valid():
        raise Http404
    rows = form.narrowed(Visit.objects.visible_to(by).done(), "visited_on")
    rows = list(rows.select_related("unit", "inspector").prefetch_related("forms"))
    name = f"huixiang-inspections-{timezone.localdate():%Y%m%d}"
    return sent(request, kind, name, str(_("检查")), exporting.of_visits(rows, by), len(rows))


@never_cache
@requires(SEE, DO, PLAN)
@require_safe
def inspection(request: HttpRequest, number: str) -> HttpResponse:
    """One visit: its score, form by form and line by line."""
    by = who(request)
    visit = visible(by, number)
    context = {
        "visit": visit,
        "who": visit.shown_who(by),
        "forms": [(form, list(_lines(form))) for form in visit.forms.all()],
        "beside": [(each, each.shown_who(by)) for each in Visit.objects.visible_to(by).done().filter(case=visit.case)
                   .exclude(pk=visit.pk).select_related("inspector")],
        "may_fill": is_open_to(visit, by),
        "may_cancel": visit.state == VisitState.PLANNED and (
            by.holds(PLAN, visit.unit) if visit.plan_id else visit.inspector_id == by.pk
        ),
    }  # fmt: skip
    return render(request, "inspections/visit.html", context)


def visible(by: Staff, number: str) -> Visit:
    """Raises Http404."""
    rows = Visit.objects.visible_to(by).select_related("unit", "inspector", "plan")
    found: Visit = get_object_or_404(rows, number=number)
    return found


def _lines(form: Any) -> Any:
    return form.answers.select_related("finding").prefetch_related("photos")


@never_cache
@requires(SEE, DO)
@require_safe
def inspection_photo(request: HttpRequest, key: UUID) -> HttpResponse:
    """As it was drawn anew here, small in lists (`?small`); recorded before it leaves."""
    by = who(request)
    photo = get_object_or_404(Photo.objects.select_related("answer__form__visit"), pk=key, erased_at=None)
    visit = visible(by, photo.answer.form.visit.number)
    try:
        content = pictures.VAULT.content(photo.pk)
    except Unsealable:
        raise Http404 from None
    is_small = "small" in request.GET
    audit.record("inspection.photo_read", by=by, on_kind="inspection", on_id=visit.number, photo=str(key),
                 source=audit.origin(request), size="small" if is_small else "whole")  # fmt: skip
    response = HttpResponse(drawn.thumbnail(content) if is_small else content, content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    return response
