"""What does a day of the demonstration's complaint office hold beside the way of a case? Files, calls, colleagues."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone
from PIL import Image, ImageDraw

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import actions
from huixiang.apps.complaints.actions import Doing
from huixiang.apps.complaints.models import Absence, Case
from huixiang.web.demo import DEPUTY, HANDLER, QUALITY_MANAGER, SUB_BRANCH

NOTE = f"@{QUALITY_MANAGER} 客户要求分行书面说明，请看一下口径是否一致。"
HOUR = timedelta(hours=1)
EMAIL = "日期：上周五\n主题：回单\n\n您好，附上当日回单的照片。柜台说明与回单不一致，请核实。\n"


def tend(now: datetime) -> None:
    """Once: what people do from now on is theirs."""
    if Absence.objects.exists():
        return
    manager, handler = (Staff.objects.get(number=number) for number in (QUALITY_MANAGER, HANDLER))
    mine = list(Case.objects.filter(handler=manager, state__in=("investigating", "handling")).order_by("pk")[:3])
    for case in mine[:1]:
        _called(case, now, manager)
        actions.attach(case.pk, _slip(), "回单照片.png", by=manager, key="demo-file-1", source="cli")
        actions.attach(case.pk, EMAIL.encode(), "客户来信.txt", by=manager, key="demo-file-2", source="cli")
    for place, case in enumerate(_of(handler)):
        actions.do(case.pk, "assign", Doing(to=handler, key=f"demo-assign-{place}"), by=manager, source="cli")
        if place == 0:
            actions.do(case.pk, "note", Doing(words=NOTE, key="demo-mention"), by=handler, source="cli")
    _stood_in_for(handler)


def _of(handler: Staff) -> list[Case]:
    """Not decided yet, where she handles; of whom nobody waits for a call."""
    rows = Case.objects.visible_to(handler).filter(
        state__in=("accepted", "investigating"), call_back_at=None, unit__code__startswith=SUB_BRANCH[:4]
    )
    return list(rows.order_by("pk")[:3])


def _called(case: Case, now: datetime, by: Staff) -> None:
    """In vain, then on the line: the customer is to be called again."""
    calls = (
        Doing(outcome="no_answer", at=now - 5 * HOUR, medium="phone", direction="out", key="demo-call-1"),
        Doing(outcome="call_back", at=now - 3 * HOUR, medium="phone", direction="out", key="demo-call-2",
              call_back_at=now + HOUR, words="客户在开会，约定今天再打。"),
    )  # fmt: skip
    for call in calls:
        actions.do(case.pk, "contact", replace(call, is_simulated=True), by=by, source="cli")


def _stood_in_for(handler: Staff) -> None:
    today = timezone.localdate()
    deputy = Staff.objects.get(number=DEPUTY)
    actions.name_deputy(handler, deputy, today, today + timedelta(days=4), by=handler, source="cli")


def _slip() -> bytes:
    picture = Image.new("RGB", (480, 300), "white")
    pen = ImageDraw.Draw(picture)
    for line, words in enumerate(("HAICHUAN BANK  RECEIPT", "SERVICE FEE    200.00", "TOTAL          200.00")):
        pen.text((40, 60 + 50 * line), words, fill="black", font_size=24)
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()
