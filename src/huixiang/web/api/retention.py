"""What is kept of customers and how long, and how is a channel's term set? As on the page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Path, Router, Schema
from pydantic import Field

from huixiang.apps.feedback import keeping
from huixiang.apps.intake import actions
from huixiang.apps.intake.actions.ways import RIGHT, Manner
from huixiang.apps.intake.models import LONGEST_DAYS, SHORTEST_DAYS
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.shapes import NO_NUL, Given, Word

router = Router(tags=["retention"])
MANAGE = Bearer(RIGHT)


class KeepingOut(Schema):
    """`due`: how many would go if the nightly round turned now; null: kept without a limit of its own."""

    code: str
    channel: str
    holds: str
    ground: str
    days: str
    stored: int
    due: int | None
    terms: str
    terms_version: str
    cleared_at: datetime | None
    removed: int | None

    @classmethod
    def of(cls, one: keeping.Told) -> KeepingOut:
        kept, last = one.keeping, one.last
        return cls(
            code=kept.code,
            channel=str(kept.channel),
            holds=str(kept.holds),
            ground=str(kept.ground),
            days=one.days,
            stored=one.stored,
            due=one.due,
            terms=str(one.terms.words),
            terms_version=one.terms.version,
            cleared_at=last.at if last else None,
            removed=last.removed if last else None,
        )


class WayIn(Given):
    """What holds for what comes from now on: days that were promised before stay as they were."""

    retention_days: Annotated[int, Field(ge=SHORTEST_DAYS, le=LONGEST_DAYS)]
    keeps: bool = True
    acknowledges: bool = False
    consent: Annotated[str, Field(max_length=400, pattern=NO_NUL)] = ""


class WayOut(Schema):
    channel: str
    retention_days: int
    keeps: bool
    acknowledges: bool
    terms: str
    terms_version: str


@router.get("/retention", auth=MANAGE, response=list[KeepingOut], summary=gettext_noop("个人信息的保存期限"))
def list_retention(request: HttpRequest) -> list[KeepingOut]:
    """Nothing is removed by asking."""
    if who(request).scope(RIGHT) is not None:
        raise PermissionDenied
    return [KeepingOut.of(one) for one in keeping.told(timezone.now())]


@router.put(
    "/retention/{channel}", auth=MANAGE, response=WayOut, summary=gettext_noop("设定一个渠道的保存期限与答复方式")
)
def settle_retention(request: HttpRequest, channel: Path[Word], wanted: WayIn) -> WayOut:
    """hotline, website or suggestion_box: post boxes and surveys have terms of their own."""
    manner = Manner(wanted.retention_days, wanted.keeps, wanted.acknowledges, wanted.consent)
    way = actions.settle_way(channel, manner, by=who(request), source=source(request))
    told = {name: getattr(way, name) for name in ("channel", "retention_days", "keeps", "acknowledges", "terms")}
    return WayOut(**told, terms_version=way.version)
