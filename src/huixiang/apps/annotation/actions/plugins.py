"""Does an outside model answer, and shall it be asked anew? Each look and each throwing away is in the audit."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.annotation.permits import RIGHT, may_manage
from huixiang.apps.feedback import outside
from huixiang.plugins.checking import Reached
from huixiang.plugins.service import PREFIXES


def check_plugin(name: str, *, by: Staff, source: str = "") -> Reached:
    """Ask whether it is there; no customer's text is sent. Raises Fault, or ObjectDoesNotExist where none is set."""
    if RIGHT not in by.rights:
        raise PermissionDenied
    reached = outside.reached(name) if name in PREFIXES else None
    if reached is None:
        raise ObjectDoesNotExist
    outcome = "done" if reached.answers else "failed"
    audit.record("plugin.check", by=by, on_kind="plugin", on_id=name, source=source, outcome=outcome)
    return reached


def forget_answers(name: str, *, by: Staff | str, source: str = "") -> int:
    """Throw its kept answers away, as where the model behind a name became another one; how many? Raises Fault.

    What nobody set up any more can be forgotten too.
    """
    may_manage(by)
    if name not in PREFIXES:
        raise ObjectDoesNotExist
    count = outside.forget(name)
    audit.record("plugin.forget", by=by, on_kind="plugin", on_id=name, source=source, count=count)
    return count
