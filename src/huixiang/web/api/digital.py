"""Who still comes to the counter, how far people come on screens, what was out of order? As the pages tell it."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from huixiang.apps.access.models import Unit
from huixiang.apps.feedback import facts
from huixiang.apps.visits import screen_people, screen_tables, screen_working
from huixiang.apps.visits.measures import of_month
from huixiang.apps.visits.screen_people import Group
from huixiang.domain.digital.funnels import UseLine
from huixiang.lake.store import Lake
from huixiang.web.api.auth import Bearer, who
from huixiang.web.api.shapes import Code, Given, Word

router = Router(tags=["digital"])
SEE = Bearer("digital.see")
Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]


class DigitalChoice(Given):
    """Without a month: the newest that has facts."""

    unit: Code
    month: Month | None = None


class DigitalUseChoice(Given):
    """`service`: the errand whose steps are told; without one that which is done most."""

    month: Month | None = None
    service: Word = ""


class DigitalOutagesChoice(Given):
    """Without a month: the newest with an incident."""

    month: Month | None = None


class DigitalGroupOut(Schema):
    """Shares from 0 to 1. `is_hidden`: of so few people that nothing is told."""

    key: str
    is_hidden: bool
    screen_done: int | None
    counter_done: int | None
    counter_customers: int | None
    share_on_screen: float | None
    share_on_screen_low: float | None
    share_on_screen_high: float | None
    counter_minutes_each: float | None

    @classmethod
    def of(cls, group: Group) -> DigitalGroupOut:
        return cls(key=group.key, is_hidden=group.is_hidden, **screen_people.group_cells(group))


class DigitalFreedOut(Schema):
    """What so many per cent fewer errands at the counter free on an average day; null where too few days can say."""

    percent: int
    errands_a_day: float | None
    minutes_a_day: float | None
    minutes_a_day_low: float | None
    minutes_a_day_high: float | None


class DigitalOut(Schema):
    """All groups but `elderly` leave customers of sixty and over out; nothing is asked of those."""

    month: str
    total: DigitalGroupOut
    services: list[DigitalGroupOut]
    bands: list[DigitalGroupOut]
    tiers: list[DigitalGroupOut]
    units: list[DigitalGroupOut]
    elderly: list[DigitalGroupOut]
    freed: list[DigitalFreedOut]


class DigitalLineOut(Schema):
    """`open` sessions may go on yet, and count neither as done nor as given up."""

    key: str
    sessions: int
    open: int
    done: int
    completion: float | None
    completion_low: float | None
    completion_high: float | None
    error_share: float | None
    error_share_low: float | None
    error_share_high: float | None
    tries_each: float | None
    tries_each_low: float | None
    tries_each_high: float | None
    seconds_each: float | None
    seconds_each_low: float | None
    seconds_each_high: float | None

    @classmethod
    def of(cls, line: UseLine) -> DigitalLineOut:
        return cls(key=line.key, **screen_tables.use_cells(line))


class DigitalStepOut(Schema):
    """A step of the funnel: sessions that came to it, and the share that stopped there."""

    step: str
    reached: int
    is_worst: bool
    stopped: float | None
    stopped_low: float | None
    stopped_high: float | None


class DigitalSuspectOut(Schema):
    """A version that surely fails at a step with a code more often than all others."""

    version: str
    step: str
    code: str
    meaning: str
    failed: int
    tries: int
    others_share: float


class DigitalUseOut(Schema):
    """A month on the screens."""

    month: str
    service: str
    total: DigitalLineOut
    services: list[DigitalLineOut]
    funnel: list[DigitalStepOut]
    suspects: list[DigitalSuspectOut]


class DigitalSystemOut(Schema):
    """Minutes, and availability from 0 to 1 with its interval."""

    name: str
    promised_minutes: int
    down_minutes: int
    planned_minutes: int
    incidents: int
    availability: float | None
    availability_low: float | None
    availability_high: float | None


class DigitalOutageOut(Schema):
    """One incident: how much greater a share of tries failed, and how much more was said than on a usual day."""

    name: str
    began_at: str
    minutes: int
    is_planned: bool
    voices: int
    usual_voices: float | None
    more_errors: float | None
    more_errors_low: float | None
    more_errors_high: float | None
    times_usual: float | None
    times_usual_low: float | None
    times_usual_high: float | None


class DigitalOutagesOut(Schema):
    """A month of the systems that ever had an incident."""

    month: str
    systems: list[DigitalSystemOut]
    outages: list[DigitalOutageOut]


@router.get("/digital", auth=SEE, response=DigitalOut, summary=gettext_noop("电子渠道：谁还来柜面"))
def read_digital(request: HttpRequest, choice: Query[DigitalChoice]) -> DigitalOut:
    """Of a unit within reach and all below it."""
    unit = Unit.objects.visible_to(who(request), "digital.see").filter(code=choice.unit).first()
    lake = facts.lake()
    month = _month(lake, choice.month)
    days = screen_people.days_of(lake, month)
    if unit is None or days is None:
        raise Http404
    found = screen_people.seen(lake, unit, days)
    named = ("services", "bands", "tiers", "units", "elderly")
    groups: dict[str, Any] = {name: [DigitalGroupOut.of(each) for each in getattr(found, name)] for name in named}
    return DigitalOut(
        month=month,
        total=DigitalGroupOut.of(found.total),
        freed=[
            DigitalFreedOut(
                percent=each.percent,
                errands_a_day=each.errands.value if each.errands else None,
                minutes_a_day=each.minutes.value if each.minutes else None,
                minutes_a_day_low=each.minutes.low if each.minutes else None,
                minutes_a_day_high=each.minutes.high if each.minutes else None,
            )
            for each in found.freed
        ],
        **groups,
    )


@router.get("/digital/use", auth=SEE, response=DigitalUseOut, summary=gettext_noop("电子渠道：办到哪一步，何处出错"))
def read_digital_use(request: HttpRequest, choice: Query[DigitalUseChoice]) -> DigitalUseOut:
    """For those who see the whole bank."""
    lake = _whole(request)
    month = _month(lake, choice.month)
    found = screen_working.used(lake, *of_month(month), choice.service)
    steps = [
        DigitalStepOut(
            step=line.step,
            reached=line.reached,
            is_worst=line.is_worst,
            **screen_tables.interval_cells("stopped", line.stopped),
        )
        for line in found.funnel
    ]
    suspects = [
        DigitalSuspectOut(
            version=each.version,
            step=each.step,
            code=each.code,
            meaning=each.meaning,
            failed=each.failed,
            tries=each.tries,
            others_share=each.others.value,
        )
        for each in found.suspects
    ]
    return DigitalUseOut(
        month=month,
        service=found.chosen,
        total=DigitalLineOut.of(found.total),
        services=[DigitalLineOut.of(line) for line in found.services],
        funnel=steps,
        suspects=suspects,
    )


@router.get("/digital/outages", auth=SEE, response=DigitalOutagesOut, summary=gettext_noop("电子渠道：故障与可用率"))
def read_digital_outages(request: HttpRequest, choice: Query[DigitalOutagesChoice]) -> DigitalOutagesOut:
    """For those who see the whole bank."""
    lake = _whole(request)
    known = sorted(lake.months("downtimes"), reverse=True) if lake.version("downtimes") >= 0 else []
    wanted = choice.month or (known[0] if known else _this_month())
    found = screen_working.working(lake, *of_month(wanted))
    return DigitalOutagesOut(
        month=wanted,
        systems=[DigitalSystemOut(name=each.name, **screen_tables.availability_cells(each)) for each in found.systems],
        outages=[DigitalOutageOut(name=each.row.name, **screen_tables.outage_cells(each)) for each in found.outages],
    )


def _whole(request: HttpRequest) -> Lake:
    if who(request).scope("digital.see") is not None:
        raise Http404
    return facts.lake()


def _month(lake: Lake, wanted: str | None) -> str:
    """The one asked for, else the newest; where there are no facts at all, this one. Raises Http404 for others."""
    known = screen_people.months(lake) or [_this_month()]
    if wanted and wanted not in known:
        raise Http404
    return wanted or known[0]


def _this_month() -> str:
    return f"{timezone.localdate():%Y-%m}"
