"""What can be reached under the name that customers use? Their own pages and nothing else, where the bank wants it so.

A second lock besides the proxy's: with HUIXIANG_PUBLIC_ONLY the log-in, the API and all pages of staff answer 404 under
the host of HUIXIANG_PUBLIC_URL.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.request import split_domain_port

OPEN = ("/b/", "/s/", "/w/", "/t/", "/did/", "/static/")


class PublicHost:
    """Before all that could answer: not even a redirect to the log-in is told there."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.PUBLIC_ONLY:
            raise MiddlewareNotUsed
        self._answer, self._host = answer, urlsplit(settings.PUBLIC_URL).hostname

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host, _ = split_domain_port(request.get_host())
        if host == self._host and not request.path_info.startswith(OPEN):
            return HttpResponseNotFound()
        return self._answer(request)
