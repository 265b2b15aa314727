"""What does a page say when it fails? A customer is not sent to our administrators, nor to the log-in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader

from huixiang.web.public_host import OPEN


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the request's context: whatever failed may be in it."""
    context = {"is_customer": request.path_info.startswith(OPEN), "path": request.path_info}
    return HttpResponseServerError(loader.render_to_string("500.html", context))
