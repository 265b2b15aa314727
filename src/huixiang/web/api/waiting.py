"""How long do people wait at the branches? As the page of waiting."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from huixiang.apps.access.models import Unit
from huixiang.apps.feedback import facts
from huixiang.apps.visits import measures
from huixiang.apps.visits.measures import Line
from huixiang.web.api.auth import Bearer, who
from huixiang.web.api.shapes import Code, Given

router = Router(tags=["waiting"])
SEE = Bearer("waiting.see")
Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]


class WaitingChoice(Given):
    """Without a month: the newest that has tickets."""

    unit: Code
    month: Month | None = None
    limit_minutes: Literal["10", "20", "30"] = "20"


class WaitingLineOut(Schema):
    """`key`: a unit's code or a day. Minutes; shares from 0 to 1; null where nothing can be told."""

    key: str
    ticket_count: int
    called_count: int
    left_count: int
    wait_p50_minutes: float | None
    wait_p50_low: float | None
    wait_p50_high: float | None
    wait_p90_minutes: float | None
    wait_p90_low: float | None
    wait_p90_high: float | None
    wait_p95_minutes: float | None
    wait_p95_low: float | None
    wait_p95_high: float | None
    wait_p90_with_left_minutes: float | None
    share_over: float | None
    share_over_low: float | None
    share_over_high: float | None
    share_left: float | None
    share_left_low: float | None
    share_left_high: float | None

    @classmethod
    def of(cls, key: str, line: Line) -> WaitingLineOut:
        return cls(key=key, **measures.line_cells(line))


class WaitingOut(Schema):
    """A unit's month: all, the units right below, the longest waits first, and each day."""

    month: str
    total: WaitingLineOut
    units: list[WaitingLineOut]
    days: list[WaitingLineOut]


@router.get("/waiting", auth=SEE, response=WaitingOut, summary=gettext_noop("等候：时长、久等与弃号"))
def read_waiting(request: HttpRequest, choice: Query[WaitingChoice]) -> WaitingOut:
    """Of a unit within reach and all below it."""
    unit = Unit.objects.visible_to(who(request), "waiting.see").filter(code=choice.unit).first()
    lake = facts.lake()
    known = measures.months(lake)
    month = choice.month or (known[0] if known else "")
    if unit is None or month not in known:
        raise Http404
    first, last = measures.of_month(month)
    found = measures.seen(lake, unit, first, last, 60 * int(choice.limit_minutes))
    return WaitingOut(
        month=month,
        total=WaitingLineOut.of(unit.code, found.total),
        units=[WaitingLineOut.of(below.code, line) for below, line in found.units],
        days=[WaitingLineOut.of(line.key.isoformat(), line) for line in found.days],
    )
