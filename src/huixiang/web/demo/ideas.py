"""What would the made-up bank's people do better? A handful filed, answered, supported; one of them unsigned."""

from __future__ import annotations

from huixiang.apps.access.models import Staff
from huixiang.apps.ideas import actions
from huixiang.apps.ideas.actions import Wanted
from huixiang.apps.ideas.models import Idea
from huixiang.web.demo import ANALYST, BRANCH_MANAGER, HANDLER, QUALITY_MANAGER

FILED = (
    (
        HANDLER,
        Wanted("投诉回访话术写进系统", "每次回访都翻纸质手册。建议把话术放进办理页面，一点就能看到。", about="system"),
    ),
    (HANDLER, Wanted("叫号机早上常卡纸", "九点前后每天卡两三次，客户重新取号。", "problem", "system")),
    (ANALYST, Wanted("填单台加老花镜和放大镜", "老年客户看不清单子，柜员替填又不合规。", about="place")),
    (HANDLER, Wanted("周末排班总是同几个人", "请按季度轮换，并提前两周公布。", "problem", "work", is_signed=False)),
)
ANSWERED = (
    (0, "adopt", "下个版本上线，先放投诉类。"),
    (1, "adopt", "已报修并申请换热敏机。"),
    (1, "finish", "三家网点已换热敏机，卡纸报修停止。"),
    (2, "consider", "与行政核对采购，两周内答复。"),
)


def tend() -> None:
    """Filed once, by the forms' keys; answered and supported with that, so a second run adds nothing."""
    if Idea.objects.exists():
        return
    people = {
        number: Staff.objects.get(number=number) for number in (HANDLER, ANALYST, BRANCH_MANAGER, QUALITY_MANAGER)
    }
    filed = [
        actions.file_idea(wanted, f"demo-{place}", by=people[number], source="cli")
        for place, (number, wanted) in enumerate(FILED)
    ]
    actions.support_idea(filed[1].pk, by=people[ANALYST])
    for place, verb, note in ANSWERED:
        actions.turn_idea(filed[place].pk, verb, note, by=people[QUALITY_MANAGER], source="cli")
