"""How does a person subscribe to a saved view, and end it?"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huixiang.apps.access import audit
from huixiang.apps.access.models import SavedView, Staff
from huixiang.apps.subscriptions import reports
from huixiang.apps.subscriptions.models import Subscription

MOST = 20  # of one person


def subscribe(view: SavedView, *, every: str, by: Staff, origin: str = "", source: str = "") -> Subscription:
    """Or change how often. Raises ValidationError where no mail could come of it."""
    if view.page not in reports.PAGES:
        raise ValidationError(_("这种页面还不能订阅。"))
    if not by.email:
        raise ValidationError(_("您的资料里没有邮箱；请联系系统管理员补上。"))
    if Subscription.objects.filter(staff=by).exclude(view=view).count() >= MOST:
        raise ValidationError(_("每人最多订阅 %(most)d 个视图；请先退订不用的。") % {"most": MOST})
    with transaction.atomic():
        told = {"every": every, "origin": origin}
        row, _new = Subscription.objects.update_or_create(staff=by, view=view, defaults=told)
        audit.record("subscription.begin", by=by, on_kind="view", on_id=view.pk, source=source, every=every)
    return row


def unsubscribe(row: Subscription, *, by: Staff | str, source: str = "") -> None:
    """By the person herself, from the page or by the link in her mail."""
    with transaction.atomic():
        audit.record("subscription.end", by=by, on_kind="view", on_id=row.view_id, source=source, of=row.staff.number)
        row.delete()
