"""Who comes in? Rights are checked at the door of every page; missing and forbidden look the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from huixiang.apps.access.rights import RIGHTS

View = Callable[..., HttpResponse]


def requires(right: str) -> Callable[[View], View]:
    """Open this page only to holders of the right; to others it looks like a page that is not there."""
    if right not in RIGHTS:
        raise ValueError(f"{right!r} is not in the table of rights")

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if right not in request.user.rights:
                raise Http404
            return view(request, *args, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]  # read by the test that every URL carries a right
        return guarded

    return guard
