"""How does one get in and out, and choose a password?"""

from __future__ import annotations

from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from huixiang.apps.access import actions, audit
from huixiang.apps.access.forms import dress


class LoginForm(AuthenticationForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        dress(self)

    def confirm_login_allowed(self, user: Any) -> None:
        """Asked after the password was right."""
        super().confirm_login_allowed(user)
        if user.password_has_expired:
            source = audit.origin(self.request) if self.request else ""
            audit.record("login", by=user, on_kind="staff", on_id=user.number, source=source, outcome="refused")
            raise ValidationError(_("一次性密码已过期，请联系系统管理员重新发放。"))


login = LoginView.as_view(
    template_name="access/login.html", authentication_form=LoginForm, redirect_authenticated_user=True
)
logout = LogoutView.as_view()


@never_cache
@login_required
def password_change(request: HttpRequest) -> HttpResponse:
    """One's own password; with a one-time password this is the only page that opens."""
    assert request.user.is_authenticated
    form = PasswordChangeForm(request.user, request.POST or None)
    dress(form)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_password(request.user, form.cleaned_data["new_password1"], audit.origin(request))
        except ValidationError as refusal:
            form.add_error("new_password1", refusal)
        else:
            update_session_auth_hash(request, request.user)  # this session goes on, all others end
            return redirect("password_change_done")
    return render(request, "access/password_change.html", {"form": form})


@login_required
def password_change_done(request: HttpRequest) -> HttpResponse:
    return render(request, "access/password_change_done.html")


def locked(request: HttpRequest) -> HttpResponse:
    """The same page as after too many attempts, by an address of its own: to switch its language comes back here."""
    context = {"failure_limit": settings.AXES_FAILURE_LIMIT, "cooloff_timedelta": get_cool_off()}
    return render(request, "access/locked.html", context)


@never_cache
def healthy(request: HttpRequest) -> JsonResponse:
    """For load balancers: can this process serve? 503 where the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": "unreachable"}, status=503)
    return JsonResponse({"database": "ok"})
