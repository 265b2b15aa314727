"""What is spoken of more than its own past lets expect, and is that proven? As the page of trends."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Router, Schema

from huixiang.apps.feedback import rises
from huixiang.apps.feedback.models import Rise
from huixiang.web.api.auth import Bearer, who
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import Interval, Limit, Page, Word, tidy

router = Router(tags=["trends"])


class RiseOut(Schema):
    """One proven rise. `unit` "" is the whole bank; the numbers are those of `on`: the newest day while it lasts, and
    the day of the alert once it has ended. `q` allows for all topics and units looked at that night.
    """

    topic: str
    unit: str
    since: date
    alerted_on: date
    ended_on: date | None
    ended: Literal["", "over", "usual"]
    verdict: str
    on: date
    window_days: int
    observed_count: int
    expected_count: float
    ratio: Interval | None
    p: float
    q: float

    @classmethod
    def of(cls, rise: Rise) -> RiseOut:
        found = rises.finding(rise.alert if rise.ended_on else rise.last)
        kept = {name: getattr(rise, name) for name in ("topic", "unit", "since", "alerted_on", "ended_on", "ended")}
        return cls(
            **kept,
            verdict=str(found.verdict),
            on=found.on,
            window_days=found.window,
            observed_count=found.observed,
            expected_count=tidy(found.expected),
            ratio=Interval.of(found.ratio),
            p=tidy(found.p),
            q=tidy(found.q),
        )


@router.get(
    "/trends",
    auth=Bearer("overview.see"),
    response=Page[RiseOut],
    summary=gettext_noop("得到证实的事项上涨，最新在前"),
)
def list_rises(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[RiseOut]:
    found, following = page(Rise.objects.visible_to(who(request)), ("-alerted_on", "-pk"), after, limit)
    return Page[RiseOut](items=[RiseOut.of(rise) for rise in found], next=following)
