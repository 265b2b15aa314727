"""What did the bank do about what we said? A light page for customers, and a sheet for the wall, of one branch."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import bank_name
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.intake.models import PostBox
from huixiang.apps.intake.posters import public_address
from huixiang.apps.intake.views.customers import for_customers, page
from huixiang.apps.needs import actions, deed_posters
from huixiang.apps.needs.deed_forms import PosterForm
from huixiang.apps.needs.models import Deed
from huixiang.channels.contract import Fault

MOST = 30  # who reads on a telephone reads the newest; a longer list loads slowly


@for_customers
@require_safe
def did(request: HttpRequest, slug: str) -> HttpResponse:
    """No log-in, no cookie, no script. A closed box still tells what was done."""
    box = PostBox.objects.select_related("unit").filter(slug=slug).first()
    if box is None:
        return page(request, "unknown", status=404)
    found = list(Deed.objects.told_at(box.unit).select_related("unit")[:MOST])
    chinese = any(not deed.is_in_english for deed in found)
    return page(request, "needs/did", box=box, deeds=found, chinese=chinese, most=MOST, links=[])


@requires("box.manage")
@require_safe
def deed_poster(request: HttpRequest) -> HttpResponse:
    """Which box, stands in the address; the newest deeds of its unit and of those above."""
    form = PosterForm(request.GET, staff=who(request))
    if not form.is_valid():
        raise Http404
    box = PostBox.objects.select_related("unit").get(slug=form.cleaned_data["box"])
    some = list(Deed.objects.told_at(box.unit)[: deed_posters.MOST])
    address = public_address(reverse("public_box", args=[box.slug]), f"{request.scheme}://{request.get_host()}")
    try:
        content = deed_posters.poster(some, bank=bank_name(), unit=box.unit.name, name=box.name, address=address)
    except Fault as fault:
        messages.error(request, told_fault(fault))
        return redirect("deeds")
    actions.print_deeds(box.slug, by=who(request), source=audit.origin(request))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="huixiang-did-{box.slug}.pdf"'
    return response
