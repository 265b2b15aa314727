"""How is a channel answered, and how long is a contact kept? What changes holds for what comes from now on."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.intake.models import LONGEST_DAYS, SHORTEST_DAYS, Way
from huixiang.apps.intake.reaching import ANSWERED
from huixiang.channels.contract import Fault

RIGHT = "retention.manage"


@dataclass(frozen=True, slots=True)
class Manner:
    """What can be set of a channel."""

    retention_days: int
    keeps: bool = True
    acknowledges: bool = False
    consent: str = ""


def settle_way(channel: str, manner: Manner, *, by: Staff | str, source: str = "") -> Way:
    """Whole-bank staff alone: a promise to customers is the bank's. Days that were promised before are kept."""
    if not isinstance(by, str) and (RIGHT not in by.rights or by.scope(RIGHT) is not None):
        raise PermissionDenied
    if channel not in ANSWERED:
        raise Fault("渠道“%(channel)s”不保存联系方式：公开发言与问卷不由此答复", channel=channel[:24])
    if not SHORTEST_DAYS <= manner.retention_days <= LONGEST_DAYS:
        raise Fault("保存天数应在 %(least)s 到 %(most)s 之间", least=SHORTEST_DAYS, most=LONGEST_DAYS)
    with transaction.atomic():
        way = Way.objects.select_for_update().filter(channel=channel).first() or Way(channel=channel)
        way.keeps, way.acknowledges, way.retention_days = manner.keeps, manner.acknowledges, manner.retention_days
        way.consent = manner.consent.strip()[:400]
        way.save()
        told = {"days": way.retention_days, "keeps": way.keeps, "acknowledges": way.acknowledges}
        detail = told | {"notice": way.version, "terms": way.terms}
        audit.record_many([audit.Deed("way.change", "channel", channel, detail)], by=by, source=source)
    return way
