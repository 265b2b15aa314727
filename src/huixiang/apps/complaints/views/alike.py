"""Where does the case page ask for ended cases like it? After the page is there, so that it opens at once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access.door import requires, who
from huixiang.apps.complaints import alike
from huixiang.apps.complaints.models import Case
from huixiang.apps.complaints.models.cases import SEE


@never_cache
@requires(SEE)
@require_safe
def complaint_alike(request: HttpRequest, pk: int) -> HttpResponse:
    by = who(request)
    case = get_object_or_404(Case.objects.visible_to(by), pk=pk)
    context = {"alike": alike.ended_alike(case, by), "most": alike.INDEXED}
    return render(request, "complaints/alike.html", context)
