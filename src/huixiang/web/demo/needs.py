"""What came of the needs that voices suggest? People confirmed, decided, split, merged, refused, and raised one."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import facts
from huixiang.apps.needs import actions, evidence, weighing
from huixiang.apps.needs.actions import Pairing, Ruling, Wording
from huixiang.apps.needs.evidence import group, rule
from huixiang.apps.needs.lifecycle import OPEN
from huixiang.apps.needs.models import KINDS, Need
from huixiang.apps.surveys.models import Survey
from huixiang.domain.surveys.kano_pairs import first_twins
from huixiang.web.demo import BRANCH, BRANCH_MANAGER, QUALITY_MANAGER, open_survey

MOST = 2  # confirmed
CHECKED = "演示：与业务部门核对过。"
PRICE, SYSTEM, WAITING = "topic:D.beyond.price", "topic:D.reliability.system", "topic:D.responsiveness.waiting"
COUNTERS = "opinion:窗口"
COURTESIES = (
    "谢谢您",
    "打扰",
    "随手写写",
    "盼望",
)  # how people write, not what they need
RULING = Ruling("process", "调整收费前三十天以短信告知客户，网点同日公示。", "演示〔示例〕1 号")
RAISED = Wording("轮椅进得来、够得着", "expectation", "坡道太陡，填单台太高，坐轮椅的人要能自己办。")
LOGIN = Wording("登录不上手机银行", "pain_point", "新版本装好以后登录不上。")


def tend(today: date) -> None:
    """What a year of voices suggests, proposed once; and what people did with it, each deed once."""
    if not Need.objects.exclude(key=None).exists():
        count = actions.propose_from(today - timedelta(days=365), today, by="cli:demo")
        print(f"需求库：提出 {count} 个 / needs: {count} proposed")  # noqa: T201
    manager = Staff.objects.get(number=QUALITY_MANAGER)
    if Need.objects.filter(key=None, unit__code=BRANCH).exists():
        return  # the last deed was done: what people do with needs from now on is theirs
    for deed in (_confirm, _decide, _split, _merge, _reject, _link):
        with transaction.atomic():
            deed(manager)
    _raise(Staff.objects.get(number=BRANCH_MANAGER))


def _confirm(manager: Staff) -> None:
    """The two that weigh most, with somebody to look after them."""
    if Need.objects.filter(steps__verb="confirm").exists():
        return
    every = list(Need.objects.filter(state="proposed").prefetch_related("pins"))
    for row in weighing.weighed(facts.lake(), evidence.reach(manager), every)[:MOST]:
        actions.confirm(row.need.pk, CHECKED, by=manager, source="cli")
        actions.assign(row.need.pk, manager.number, by=manager, source="cli")


def _decide(manager: Staff) -> None:
    if (need := _untouched(PRICE, "decide")) and need.state in OPEN:
        if need.state == "proposed":
            actions.confirm(need.pk, CHECKED, by=manager, source="cli")
        actions.decide(need.pk, RULING, by=manager, source="cli")


def _split(manager: Staff) -> None:
    """Who cannot log in needs something else than who finds the system slow."""
    if need := _untouched(SYSTEM, "split"):
        actions.split(need.pk, group(terms=["登录"]), LOGIN, by=manager, source="cli")


def _merge(manager: Staff) -> None:
    need, into = _untouched(COUNTERS, "merge"), Need.objects.filter(key=WAITING, state__in=OPEN).first()
    if need and into:
        actions.merge(need.pk, into.pk, "演示：对窗口的不满多是嫌开得少、等得久。", by=manager, source="cli")


def _reject(manager: Staff) -> None:
    if Need.objects.filter(steps__verb="reject").exists():
        return
    found = Need.objects.filter(key__startswith="found:", state="proposed").order_by("pk")
    hollow = [need for need in found if any(word in (need.key or "") for word in COURTESIES)]
    for need in hollow[-1:]:
        actions.reject(need.pk, "演示：只是常用的客套话，不是需求。", by=manager, source="cli")


def _link(manager: Staff) -> None:
    """The open survey asks how customers would feel with a ticket taken online, and without."""
    need, survey = _untouched(WAITING, "link_kano"), Survey.objects.filter(name=open_survey.NAME).first()
    if need and survey and survey.latest and first_twins(survey.latest.questionnaire):
        pairing = Pairing(survey.pk, open_survey.WITH, open_survey.WITHOUT)
        actions.link_kano(need.pk, pairing, by=manager, source="cli")


def _raise(manager: Staff) -> None:
    """What the branch manager reads in her visitors' book: a need of her own branch."""
    actions.propose(RAISED, [rule(group(terms=["轮椅"]), kinds=KINDS)], BRANCH, by=manager, source="cli")


def _untouched(key: str, verb: str) -> Need | None:
    """The open need of this key with which this was not done yet."""
    return Need.objects.filter(key=key, state__in=OPEN).exclude(steps__verb=verb).first()
