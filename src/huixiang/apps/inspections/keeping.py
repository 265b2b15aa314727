"""How long are photos of inspections and evidence of disputes kept? A year from the visit, while nothing is open."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access import audit
from huixiang.apps.feedback import vault
from huixiang.apps.feedback.keeping import Keeping, keeps
from huixiang.apps.inspections import pictures
from huixiang.apps.inspections.models import Evidence, Finding, Photo

DAYS, AT_ONCE = 365, 500
SYSTEM = "system:nightly"
_OPEN = (Finding.State.OPEN, Finding.State.DISPUTED)


def _over(now: datetime) -> tuple[Any, Any]:
    before = now - timedelta(days=DAYS)
    photos = Photo.objects.filter(erased_at=None, kept_at__lt=before).exclude(answer__finding__state__in=_OPEN)
    files = Evidence.objects.filter(erased_at=None, event__at__lt=before).exclude(event__finding__state__in=_OPEN)
    return photos, files


def due(now: datetime) -> int:
    return sum(rows.count() for rows in _over(now))


def clear(now: datetime) -> int:
    """Content first: killed between, the row still tells that there is something to do. Files of no row go too."""
    count = 0
    for rows, model in zip(_over(now), (Photo, Evidence), strict=True):
        while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
            for key in keys:
                pictures.VAULT.drop(key)
            with transaction.atomic():
                model._default_manager.filter(pk__in=keys).update(erased_at=timezone.now())
                audit.record("inspection.expire", by=SYSTEM, on_kind="inspection", count=len(keys))
            count += len(keys)
    return count + _sweep(now)


def _sweep(now: datetime) -> int:
    count = 0
    for lying in pictures.VAULT.unclaimed(now):
        keys = vault.keys_of(lying)
        rows = [model._default_manager.filter(pk__in=keys, erased_at=None) for model in (Photo, Evidence)]
        known = [pk for each in rows for pk in each.values_list("pk", flat=True)]
        count += vault.swept(lying, known)
    return count


keeps(
    Keeping(
        code="inspections",
        channel=_("检查与神秘人"),
        holds=_("检查照片与申诉材料（加密）；照片存入时已去掉拍摄地点与时间"),
        days=lambda: gettext("检查后 %(days)s 天，问题未了结的留到了结") % {"days": DAYS},
        ground=_("用于核实问题与申诉；得分、条目与已脱敏的说明随检查记录保存"),
        stored=lambda: Photo.objects.filter(erased_at=None).count() + Evidence.objects.filter(erased_at=None).count(),
        due=due,
        clear=clear,
    )
)
