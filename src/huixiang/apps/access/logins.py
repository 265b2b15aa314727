"""Who logged in, who tried, who was locked out? Django's own signals are heard, and told to the audit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt, AccessLog
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff

NOTED = timedelta(days=30)


@receiver(user_logged_in)
def _in(sender: Any, request: HttpRequest, user: Staff, **kwargs: Any) -> None:
    audit.record("login", by=user, on_kind="staff", on_id=user.number, source=audit.origin(request))


@receiver(user_logged_out)
def _out(sender: Any, request: HttpRequest, user: Staff | None, **kwargs: Any) -> None:
    if user is not None:
        audit.record("logout", by=user, on_kind="staff", on_id=user.number, source=audit.origin(request))


@receiver(user_login_failed)
def _failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    _record_failure(str(credentials.get("username", "")), request, "failed")


@receiver(user_locked_out)
def _locked(sender: Any, request: HttpRequest, username: str, **kwargs: Any) -> None:
    _record_failure(username or "", request, "refused")


def _record_failure(number: str, request: HttpRequest | None, outcome: str) -> None:
    # Only a number that exists is kept: people type passwords into the wrong field.
    known = Staff.objects.filter(number=number).exists() if "\x00" not in number else False
    source = audit.origin(request) if request else ""
    audit.record(
        "login", by="anonymous", on_kind="staff", on_id=number if known else "", source=source, outcome=outcome
    )


def forget(now: datetime) -> int:
    """Delete sessions past their end, and what axes noted of log-ins: the audit keeps who logged in."""
    old = [
        Session.objects.filter(expire_date__lt=now),
        AccessLog.objects.filter(attempt_time__lt=now - NOTED),
        AccessAttempt.objects.filter(attempt_time__lt=now - NOTED),
    ]
    return sum(rows.delete()[0] for rows in old)
