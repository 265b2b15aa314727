"""Who may decide on the bank's models? Whole-bank holders of `model.manage`, and who runs the command line."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from huixiang.apps.access.models import Staff

RIGHT = "model.manage"


def may_manage(by: Staff | str) -> tuple[Staff | None, str]:
    """The person (None: from the command line, "cli:NAME") and the audit's actor. Raises PermissionDenied.

    A model reads every branch's voices: the right in one branch is not enough.
    """
    if isinstance(by, str):
        return None, by
    if not by.holds(RIGHT, None):
        raise PermissionDenied
    return by, by.number
