"""Which complaints must be told up the tree? As the page 需上报; they are known by the verb `acknowledge`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Router, Schema

from huixiang.apps.complaints import risking
from huixiang.apps.complaints.models import RiskMark
from huixiang.apps.complaints.models.cases import SEE as SEE_RIGHT
from huixiang.apps.complaints.risking import Waiting
from huixiang.web.api.auth import Bearer, who
from huixiang.web.api.shapes import Limit

router = Router(tags=["complaints"])
MustKnow = Literal["unit", "superior", "head_office"]


class RiskMarkOut(Schema):
    """`words` decided it; none where a joined voice brought it, whose id then tells."""

    code: str
    name: str
    level: str
    words: list[str]
    voice_id: str
    found_at: datetime

    @classmethod
    def of(cls, mark: RiskMark) -> RiskMarkOut:
        same = {name: getattr(mark, name) for name in ("code", "level", "words", "voice_id", "found_at")}
        return cls(**same, name=risking.name(mark.code))


class RiskWaitingOut(Schema):
    """A case nobody of the level that must know has acknowledged. `next_at`: then it goes one level up."""

    number: str
    unit: str
    risks: list[RiskMarkOut]
    must_know: MustKnow
    since: datetime
    next_at: datetime | None
    is_for_you: bool
    source: str

    @classmethod
    def of(cls, each: Waiting) -> RiskWaitingOut:
        return cls(
            number=each.case.number,
            unit=each.case.unit.code,
            risks=[RiskMarkOut.of(mark) for mark in each.marks],
            must_know=cast("MustKnow", each.duty.level.value),
            since=each.since,
            next_at=each.duty.next_at,
            is_for_you=each.is_for_me,
            source=each.duty.rule.source,
        )


@router.get(
    "/complaint-risks",
    auth=Bearer(SEE_RIGHT),
    response=list[RiskWaitingOut],
    summary=gettext_noop("须上报而尚未知悉的投诉"),
)
def list_risks_waiting(request: HttpRequest, limit: Limit = 100) -> list[RiskWaitingOut]:
    """Of the newest so many; those that wait for the token's owner first."""
    return [RiskWaitingOut.of(each) for each in risking.waiting(who(request), timezone.now(), limit)]
