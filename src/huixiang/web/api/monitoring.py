"""Which of the bank's daily figures have moved, and is that proven? As the page of monitoring."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop
from ninja import Path, Router, Schema

from huixiang.apps.standards import charting
from huixiang.apps.standards.models import SEE, Shift
from huixiang.domain.statistics.control import Kind
from huixiang.web.api.auth import Bearer, who
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import Interval, Limit, Page, Word, tidy

router = Router(tags=["monitoring"])
READ = Bearer(SEE)
ShiftId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class ShiftOut(Schema):
    """One proven shift. `unit` "" is the whole bank; `size` is a factor of what was usual when it was told, of levels
    the difference; `excess`: so many more than usual since then; `led_by`: the shift with which it is one, null where
    it stands for itself.
    """

    id: int
    figure: str
    title: str
    unit: str
    is_up: bool
    raised_on: date
    since: date
    since_earliest: date
    since_latest: date
    window_days: int
    p: float
    is_factor: bool
    size: Interval
    excess: float | None
    ended_on: date | None
    is_new_level: bool
    led_by: int | None

    @classmethod
    def told(cls, shift: Shift, leaders: Collection[int]) -> dict[str, Any]:
        """`leaders`: those that may be seen."""
        known = charting.figure(shift.figure)
        size = Interval(value=tidy(shift.size), low=tidy(shift.size_low), high=tidy(shift.size_high))
        return {name: getattr(shift, name) for name in _SAME} | {
            "title": str(known.title) if known else shift.figure,
            "is_factor": known is None or known.kind is not Kind.LEVELS,
            "size": size,
            "led_by": shift.led_by_id if shift.led_by_id in leaders else None,
        }


_SAME: tuple[str, ...] = (
    "id",
    "figure",
    "unit",
    "is_up",
    "raised_on",
    "since",
    "since_earliest",
    "since_latest",
    "window_days",
    "p",
    "excess",
    "ended_on",
    "is_new_level",
)


class ShiftLinesOut(Schema):
    """Day by day from `first`: the value, and what was usual with its limits; null where there is none."""

    first: date
    value: list[float | None]
    low: list[float | None]
    centre: list[float | None]
    high: list[float | None]


class ShiftChartOut(ShiftOut):
    """With the last days of its chart; shares in per cent, rates for so many as the figure's title tells."""

    lines: ShiftLinesOut


@router.get("/monitoring", auth=READ, response=Page[ShiftOut], summary=gettext_noop("得到证实的指标变动，最新在前"))
def list_shifts(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[ShiftOut]:
    rows = Shift.objects.visible_to(who(request)).defer("lines")
    found, following = page(rows, ("-raised_on", "-pk"), after, limit)
    leaders = _leaders(request, found)
    return Page[ShiftOut](items=[ShiftOut(**ShiftOut.told(shift, leaders)) for shift in found], next=following)


@router.get(
    "/monitoring/{shift_id}", auth=READ, response=ShiftChartOut, summary=gettext_noop("一次指标变动与它的控制图")
)
def read_shift(request: HttpRequest, shift_id: ShiftId) -> ShiftChartOut:
    shift = Shift.objects.visible_to(who(request)).filter(pk=shift_id).first()
    if shift is None:
        raise Http404
    return ShiftChartOut(**ShiftOut.told(shift, _leaders(request, [shift])), lines=shift.lines)


def _leaders(request: HttpRequest, shifts: Iterable[Shift]) -> set[int]:
    sought = {shift.led_by_id for shift in shifts if shift.led_by_id}
    return set(Shift.objects.visible_to(who(request)).filter(pk__in=sought).values_list("pk", flat=True))
