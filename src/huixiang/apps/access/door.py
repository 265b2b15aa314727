"""Who comes in? Rights are checked at the door of every page; missing and forbidden look the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.access.rights import RIGHTS

View = Callable[..., HttpResponseBase]


def requires(right: str, *or_rights: str) -> Callable[[View], View]:
    """Open this page only to holders of the right; to others it looks like a page that is not there.

    `or_rights` open it as well; what lies behind it for whom is then for the page to ask. The attempt of a person
    without the right is recorded. Who still has a one-time password must first choose her own.
    """
    if not {right, *or_rights} <= RIGHTS.keys():
        raise ValueError(f"{right!r} is not in the table of rights")

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if request.user.must_change_password:
                return redirect("password_change")
            if request.user.rights.isdisjoint({right, *or_rights}):
                source = audit.origin(request)
                audit.record(
                    right, by=request.user, on_kind="page", on_id=request.path, source=source, outcome="refused"
                )
                raise Http404
            return view(request, *args, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]  # read by the test that every URL carries a right
        return guarded

    return guard


def who(request: HttpRequest) -> Staff:
    """The person behind the door."""
    assert isinstance(request.user, Staff), "only views behind @requires ask this"
    return request.user
