"""Which survey can a visitor of the demonstration answer? One that is open, with posters, and some have answered it."""

from __future__ import annotations

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5
from zlib import crc32

from django.utils import timezone

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.surveys import actions, links, taking
from huixiang.apps.surveys.actions import Terms
from huixiang.apps.surveys.models import Response, Survey, Version
from huixiang.apps.surveys.starting import started
from huixiang.apps.surveys.submitting import Entry, submit
from huixiang.domain.surveys import editing
from huixiang.domain.surveys.conditions import Answers
from huixiang.domain.surveys.kano_pairs import twins
from huixiang.domain.surveys.questionnaire import Questionnaire
from huixiang.web.demo import BRANCH, QUALITY_MANAGER

NAME, ANSWERED, WITH_WORDS = "扫码说说这次服务", 120, 36  # enough to tell which aspects go with the verdict
FEATURE = {"zh": "网上取号、到点再来", "en": "taking a ticket online and coming when it is my turn"}
WITH, WITHOUT = "ticket_with", "ticket_without"
# Of ten customers: most take it as a matter of course that nobody has to wait for an hour.
KANO = (*[("expect", "dislike")] * 5, *[("like", "tolerate")] * 2, ("like", "dislike"), *[("neutral", "neutral")] * 2)
ASPECTS = ("wait", "manner", "skill", "clear", "place")
WORDS = (
    "中午多开一个窗口，等了快一个小时。",
    "大堂经理很耐心，一步一步教我用手机银行。",
    "要带哪些材料，希望第一次就说全。",
    "自助机旁边放一副老花镜吧。",
)


def open_one() -> None:
    """Once; also where it was broken off: each answer is known again."""
    manager, top = Staff.objects.get(number=QUALITY_MANAGER), Unit.objects.get(parent=None)
    found = Survey.objects.filter(name=NAME).first() or actions.create_survey(
        top, Terms(NAME, is_public=True), _asked(), by=manager, source="cli", start="visit"
    )
    version = found.latest or actions.publish_survey(found.pk, found.revision, by=manager, source="cli")
    if _answer(version):
        taking.take_in()
        print(f"问卷：{NAME} 已开放，在 {links.public(found)} 作答 / an open survey")  # noqa: T201


def _asked() -> Questionnaire:
    """The template, and two questions that tell the Kano class of a need (needs.py links them)."""
    asked = started("visit")
    for question in twins(FEATURE, (WITH, WITHOUT)):
        asked = editing.with_question(asked, asked.sections[1].code, question)
    return asked


def _answer(version: Version) -> int:
    """Customers at four outlets over the last weeks; every third came by the public link. How many are new?"""
    own = Unit.objects.filter(code=BRANCH)
    others = Unit.objects.filter(kind=Unit.Kind.OUTLET, closed_on=None).exclude(code=BRANCH).order_by("code")
    units, now = [*own, *others[:3]], timezone.now()
    new = 0
    for number in range(ANSWERED):
        by_link = number % 3 == 2
        answers = _answers(number)
        shown = [q.code for q in version.questionnaire.questions() if q.code != "why_not" or answers["done"] != "yes"]
        entry = Entry(
            version,
            links.once(str(uuid5(NAMESPACE_URL, f"demonstration {number}"))),
            {code: given for code, given in answers.items() if code in shown},  # an older demonstration asked less
            shown,
            "zh",
            Response.Via.LINK if by_link else Response.Via.QR,
            None if by_link else units[number % len(units)],
            seconds=50 + number * 7 % 120,
        )
        new += submit(entry, now - timedelta(days=number % 20, hours=number % 7))
    return new


def _answers(number: int) -> Answers:
    """Mostly content, as at a counter; who waited long says so, and recommends less."""
    csat = (5, 4, 5, 3, 4, 2, 5, 4, 1)[number % 9]
    told: Answers = {
        "done": "yes" if csat > 2 else "part",
        "csat": csat,
        "parts": {row: str(_point(number, row, csat)) for row in ASPECTS},
        "nps": min(10, csat * 2 + number % 2),
        **dict(zip((WITH, WITHOUT), KANO[crc32(f"{number} ticket".encode()) % len(KANO)], strict=True)),
    }
    if csat <= 2:
        told = {**told, "why_not": ["wait"]}
    return {**told, "better": WORDS[number % len(WORDS)]} if number % 2 == 0 and number < WITH_WORDS else told


def _point(number: int, row: str, csat: int) -> int:
    """The wait and the manner go with the mark; all else goes its own way."""
    lot = crc32(f"{number} {row}".encode())
    return max(1, min(5, csat + lot % 3 - 1)) if row in ("wait", "manner") else 3 + lot % 3
