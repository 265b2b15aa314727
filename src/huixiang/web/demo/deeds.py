"""What does the branch manager tell her customers? Two things that her branch did about needs that were decided."""

from __future__ import annotations

from datetime import date, timedelta

from huixiang.apps.access.models import Staff
from huixiang.apps.needs import actions
from huixiang.apps.needs.actions import Ruling, Telling
from huixiang.apps.needs.models import Deed, Need
from huixiang.web.demo import BRANCH, BRANCH_MANAGER
from huixiang.web.demo.needs import PRICE, RAISED

LOWER_DESK = Ruling("process", "填单台旁加一张矮桌，门口坡道加扶手。", "演示〔示例〕2 号")
DESK = ("门口坡道陡，填单台太高，坐轮椅的人够不着", "坡道装了扶手，填单台旁添了一张矮桌，坐着也能写。", 21)
FEES = ("收费调整事先不知道，扣了才发现", "收费有调整，提前三十天发短信；大堂公示栏同日贴出新旧对照。", 40)


def tell(today: date) -> None:
    """Once: what people publish or withdraw from now on is theirs."""
    if Deed.objects.exists():
        return
    manager = Staff.objects.get(number=BRANCH_MANAGER)
    raised = Need.objects.filter(name=RAISED.name, unit__code=BRANCH, state="proposed").first()
    if raised:
        actions.confirm(raised.pk, "演示：到门口看过，确实如此。", by=manager, source="cli")
        actions.decide(raised.pk, LOWER_DESK, by=manager, source="cli")
    decided = Need.objects.filter(state__in=("decided", "met"))
    for need, (said, did, days) in (
        (decided.filter(name=RAISED.name, unit__code=BRANCH).first(), DESK),
        (decided.filter(key=PRICE).first(), FEES),
    ):
        if need:
            telling = Telling(said, did, today - timedelta(days=days), BRANCH)
            made = actions.draft(need.pk, telling, by=manager, source="cli")
            actions.publish(made.pk, by=manager, source="cli")
