"""A survey that is open, and customers who answer it, as tests tell it."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from html import unescape
from typing import Any

from django.test import Client
from django.utils import timezone

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.surveys import links
from huixiang.apps.surveys.models import Invitation, QuotaCount, Round, Survey, Version
from tests import make

HIDDEN = re.compile(r'<input type="hidden" name="(state|page)" value="([^"]*)"')
ASPECTS = [("wait", "等候"), ("manner", "态度"), ("skill", "专业"), ("place", "环境"), ("clear", "讲解")]
SCALE = [("5", "很满意"), ("4", "满意"), ("3", "一般"), ("2", "不满意"), ("1", "很不满意")]


def worded(zh: str, en: str = "") -> dict[str, str]:
    return {"zh": zh} | ({"en": en} if en else {})


def choices(pairs: list[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"code": code, "wording": worded(words)} for code, words in pairs]


VISIT = {
    "format": "huixiang-survey-1",
    "languages": ["zh", "en"],
    "title": worded("网点服务问卷", "Branch survey"),
    "welcome": worded("三分钟，说说这次的感受。", "Three minutes about your visit."),
    "sections": [
        {
            "code": "visit",
            "wording": worded("这次办理", "Your visit"),
            "questions": [
                {
                    "code": "nps",
                    "kind": "nps",
                    "wording": worded("您有多大可能向亲友推荐我们？", "Would you recommend us?"),
                    "is_required": True,
                },
                {
                    "code": "why",
                    "kind": "text",
                    "wording": worded("为什么给 {{nps}} 分？", "Why {{nps}}?"),
                    "shown_if": {"question": "nps", "is": "at_most", "value": 6},
                },
            ],
        },
        {
            "code": "rated",
            "wording": worded("各方面", "In detail"),
            "questions": [
                {
                    "code": "aspects",
                    "kind": "matrix",
                    "wording": worded("请给各方面打分", "Please rate"),
                    "rows": choices(ASPECTS),
                    "choices": choices(SCALE),
                }
            ],
        },
    ],
}


def survey(unit: Unit, questions: dict[str, Any] | None = None, **fields: Any) -> Version:
    """Open, with its first version; the quotas of its questionnaire are counted from nothing."""
    given = {"name": "网点服务问卷", "slug": secrets.token_hex(4), "state": "open", "is_public": True} | fields
    made = Survey.objects.create(unit=unit, **given)
    definition = questions or VISIT
    for quota in definition.get("quotas", ()):
        QuotaCount.objects.create(survey=made, code=quota["code"], limit=quota["limit"])
    return Version.objects.create(survey=made, number=1, definition=definition)


def invite(version: Version, count: int = 1, **fields: Any) -> list[str]:
    """So many customers are asked; the tokens of their links."""
    by = Staff.objects.filter(number="8001").first() or make.staff("8001")
    sending, _ = Round.objects.get_or_create(survey=version.survey, name="第一轮", defaults={"by": by})
    tokens = [secrets.token_urlsafe(16) for _ in range(count)]
    until = timezone.localdate() + timedelta(days=30)
    given = {"medium": "sms", "probability": 0.5, "keep_until": until, "unit": version.survey.unit} | fields
    rows = [Invitation(round=sending, token=links.hashed(t), customer=f"c-{t[:8]}", **given) for t in tokens]
    Invitation.objects.bulk_create(rows)
    return tokens


class Customer:
    """Has no account, no cookies and no scripts: a page that she opened, and its buttons."""

    def __init__(self, place: str, address: str = "10.1.1.1", agent: str = "Telephone 1") -> None:
        self.browser = Client(enforce_csrf_checks=True, REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
        self.place = place
        self.response = self.browser.get(place)
        self.hidden = self._hidden()

    @property
    def reads(self) -> str:
        return unescape(self.response.content.decode())

    def presses(self, go: str = "next", **answers: Any) -> Customer:
        """Fills in this page and presses its button: presses(nps="9") or presses("back")."""
        given = {f"q-{code.replace('__', '.')}": value for code, value in answers.items()}
        self.response = self.browser.post(self.place, self.hidden | {"go": go} | given)
        self.hidden = self._hidden() or self.hidden
        return self

    def answers(
        self, nps: int = 9, line: tuple[str, ...] = ("5", "4", "5", "5", "3"), why: str = "排队等了一个多小时。"
    ) -> Customer:
        """Goes through VISIT to its end."""
        self.presses(nps=str(nps))
        if "为什么给" in self.reads:
            self.presses(why=why)
        return self.presses(**{f"aspects__{code}": mark for (code, _), mark in zip(ASPECTS, line, strict=True)})

    @property
    def is_thanked(self) -> bool:
        return self.response.status_code == 200 and "谢谢，已经收到" in self.reads

    def _hidden(self) -> dict[str, str]:
        return dict(HIDDEN.findall(self.response.content.decode()))
