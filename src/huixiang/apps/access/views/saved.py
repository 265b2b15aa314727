"""The pages that one kept, and those that colleagues share."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huixiang.apps.access import actions, audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.forms import SavedViewForm
from huixiang.apps.access.models import SavedView
from huixiang.apps.access.saved import pages

ANY = ("waiting.see", "hotline.see", "voice.see")  # of pages that can be kept


@never_cache
@requires(*ANY)
@require_safe
def saved_views(request: HttpRequest) -> HttpResponse:
    found = SavedView.objects.visible_to(who(request))
    own = [view for view in found if view.owner_id == who(request).pk]
    context = {"own": own, "shared": [view for view in found if view.owner_id != who(request).pk]}
    return render(request, "access/saved_views.html", context | {"most": actions.MOST_VIEWS})


@requires(*ANY)
@require_POST
def saved_view_new(request: HttpRequest) -> HttpResponse:
    """Back to the page from which it came, with its filter."""
    known = pages().get(request.POST.get("page", ""))
    if known is None:
        raise Http404
    form = SavedViewForm(request.POST, by=who(request))
    asked = QueryDict(request.POST.get("asked", ""))
    if form.is_valid():
        chosen = known.kept(asked, newest=form.cleaned_data["newest"])
        name, unit = form.cleaned_data["name"], form.cleaned_data["unit"]
        try:
            actions.save_view(who(request), known.page, chosen, name=name, unit=unit, source=audit.origin(request))
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
    if form.errors:
        messages.error(request, " ".join(str(told) for each in form.errors.values() for told in each))
    else:
        messages.success(request, _("已保存视图“%(name)s”。") % {"name": form.cleaned_data["name"]})
    back = known.kept(asked, newest=False)
    return redirect(SavedView(page=known.page, chosen=back).address)


@requires(*ANY)
@require_POST
def saved_view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.visible_to(who(request)), pk=pk, owner=who(request))
    actions.delete_view(view, who(request), audit.origin(request))
    return redirect(reverse("saved_views"))
