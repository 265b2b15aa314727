"""What does a person make of a signal? It was seen, it is none and why, or it is to become a problem."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.models import Signal, SignalLook
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.channels.contract import Fault

JUDGE = "complaint.signal"
State = Signal.State


def look_at(signal: Signal, *, by: Staff, source: str = "") -> None:
    """Note who read it: the first time for all to see, each time for the audit."""
    with transaction.atomic():
        SignalLook.objects.get_or_create(signal=signal, staff=by)
        audit.record("complaint.signal_read", by=by, on_kind="complaint_signal", on_id=signal.pk, source=source)


def judge(pk: int, state: str, reason: str, *, by: Staff, source: str = "") -> Signal:
    """Say what it is; it may be said otherwise later. Raises Fault where no reason is given for "it is none"."""
    if JUDGE not in by.rights:
        raise PermissionDenied
    if state not in State.values:
        raise Fault("请选择待研判、不成立或交问题台账")
    if state == State.DISMISSED and not reason.strip():
        raise Fault("请写明为什么不成立")
    with transaction.atomic():
        signal = Signal.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=pk).first()
        if signal is None:
            raise ObjectDoesNotExist
        reach = by.scope(JUDGE)
        if reach is not None and signal.unit not in reach:
            raise PermissionDenied
        signal.state, signal.reason = state, masked_value("", reason.strip())[:400]
        signal.decided_by, signal.decided_at = by, timezone.now()
        signal.save(update_fields=["state", "reason", "decided_by", "decided_at"])
        audit.record("complaint.signal_judge", by=by, on_kind="complaint_signal", on_id=pk, source=source, state=state)
    return signal
