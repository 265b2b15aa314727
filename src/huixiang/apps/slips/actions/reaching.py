"""Which slip may she touch, and in which state? What is out of reach looks like what is not there."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback.models import Tombstone
from huixiang.apps.slips.models import Slip
from huixiang.channels.contract import Fault

RIGHT = "slip.enter"


def reached(pk: UUID, by: Staff, *, lock: bool = False) -> Slip:
    """`lock`: until commit; inside a transaction."""
    if RIGHT not in by.rights:
        raise PermissionDenied
    rows = Slip.objects.visible_to(by).select_related("of", "unit", "batch")
    slip = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if slip is None:
        raise ObjectDoesNotExist
    return slip


def refuse_unless(slip: Slip, *states: str) -> None:
    refuse_erased(slip)
    if slip.state not in states:
        raise Fault("这张意见单现在是“%(state)s”，不能这样做；请刷新页面", state=str(slip.get_state_display()))


def refuse_erased(slip: Slip) -> None:
    if Tombstone.objects.filter(voice_id=slip.voice_id).exists():
        raise Fault("这张意见单应客户要求正在删除")


def end(slip: Slip, state: str, by: Staff) -> None:
    slip.state, slip.settled_at, slip.settled_by = state, timezone.now(), by
    slip.save()
