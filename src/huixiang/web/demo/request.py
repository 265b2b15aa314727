"""What if one of the made-up customers wants his words erased? One did: they are gone, and the erasure is on record."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import actions
from huixiang.apps.feedback.models import Erasure
from huixiang.web.demo import QUALITY_MANAGER
from huixiang.web.demo.working import work_off

REASON = "演示：客户到网点书面要求删除本人的全部留言，已核对身份。"


def erase_a_customer(exports: Path) -> None:
    """Once: the first who wrote to the website twice (else once). Before labels and needs, which never hear of him."""
    asked = Erasure.objects.exclude(by=None).order_by("at").first()
    if asked is None:
        manager = Staff.objects.get(number=QUALITY_MANAGER)
        customer = _who_wrote_often(exports)
        if customer is None:
            return
        asked = actions.erase_customer(actions.known_as(customer), REASON, by=manager, source="cli")
        told = f"应客户要求删除：{asked.voices} 条声音、{asked.calls} 条通话记录"
        print(f"{told} / erased at a customer's request: {asked.voices} voices, {asked.calls} calls")  # noqa: T201
    if asked.reason == REASON and asked.finished_at is None:
        work_off(asked.job)


def _who_wrote_often(exports: Path) -> str | None:
    messages = json.loads((exports / "website" / "messages.json").read_text("utf-8"))
    written = Counter(each["customer_no"] for each in messages if each.get("customer_no"))
    often = (customer for customer, count in written.items() if count > 1)
    return next(often, next(iter(written), None))
