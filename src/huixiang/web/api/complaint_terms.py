"""What does head office set for all complaints? Warnings, opening hours and holidays, and agents with many cases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Path, Schema
from pydantic import Field

from huixiang.apps.access.models import Unit
from huixiang.apps.complaints import actions, agents, opening, opening_history, terms_part
from huixiang.apps.complaints.actions.proposing import RULES
from huixiang.apps.complaints.models import HolidayYear
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.events import BadCase
from huixiang.domain.complaints.hours import OFFICE, Opening, Span
from huixiang.domain.complaints.lifecycle import HANDLE
from huixiang.domain.complaints.openings import opening_of, spans_of, told_spans
from huixiang.domain.complaints.warning import Level
from huixiang.web.api import complaint_packs  # noqa: F401  # its addresses are on the same router
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.complaint_rules import router
from huixiang.web.api.shapes import NO_NUL, Code, Given

SEE, CHANGE = Bearer("complaint.see"), Bearer(RULES)
Percent = Annotated[int, Field(ge=1, le=300)] | None
Why = Annotated[str, Field(max_length=200, pattern=NO_NUL)]
Spans = Annotated[str, Field(max_length=80, pattern=NO_NUL)]


class WarningTermOut(Schema):
    """Of one pack, "" all others: per cent of a limit at which each level is told; one that is missing is not."""

    pack: str
    levels: dict[str, int]


class WarningTermIn(Given):
    pack: Annotated[str, Field(max_length=40, pattern=NO_NUL)] = ""
    effective_from: date
    handler: Percent = None
    unit: Percent = None
    superior: Percent = None
    head_office: Percent = None


class HoursOut(Schema):
    """What holds today. `of` is the unit whose hours they are, null: the product's office hours."""

    unit: str
    of: str | None
    week: list[str]
    holiday: str
    make_up: str | None
    special: dict[str, str]


class HoursIn(Given):
    """Spans as `9:00-12:00, 13:30-17:00`, "" for shut; `week` from Monday on. `week` null: as the unit above again."""

    effective_from: date
    week: Annotated[list[Spans], Field(min_length=7, max_length=7)] | None
    holiday: Spans = ""
    make_up: Spans | None = None
    special: Annotated[dict[date, Spans], Field(max_length=400)] = {}
    why: Why = ""

    def hours(self) -> Opening | None:
        if self.week is None:
            return None
        return Opening(
            week=tuple(map(_spans, self.week)),
            holiday=_spans(self.holiday),
            make_up=None if self.make_up is None else _spans(self.make_up),
            special={day: _spans(each) for day, each in self.special.items()},
        )


class HolidayYearOut(Schema):
    """`own`: written in by the bank; else it came with the product."""

    year: int
    own: bool
    source: str
    holidays: dict[str, str]
    make_up: list[date]


class HolidayYearIn(Given):
    """`text`: one day a line, `2027-01-01 元旦`; a worked weekend day as `2027-02-06 上班`."""

    source: Annotated[str, Field(min_length=1, max_length=120, pattern=NO_NUL)]
    text: Annotated[str, Field(max_length=20_000, pattern=NO_NUL)]
    why: Why = ""


class YearsIn(Given):
    """How long a case keeps its people and words after its end; at least three years."""

    years: Annotated[int, Field(ge=1, le=100)]
    sure: bool = False


class YearsOut(Schema):
    years: int
    from_on: date


class ManyOut(Schema):
    """An agent with many cases in sight, by the same telephone or paper. No name: it stands, audited, on each case."""

    by: str
    customers: int
    cases: list[str]


@router.get("/complaint-warning-terms", auth=SEE, response=list[WarningTermOut], summary=gettext_noop("期限提醒的比例"))
def list_warning_terms(request: HttpRequest) -> list[WarningTermOut]:
    found = terms_part.told(timezone.localdate())
    return [WarningTermOut(pack=each["pack"], levels={str(k): v for k, v in each["levels"]}) for each in found]


@router.post(
    "/complaint-warning-terms",
    auth=CHANGE,
    response={201: list[WarningTermOut]},
    summary=gettext_noop("设定期限提醒的比例"),
)
def set_warning_terms(request: HttpRequest, given: WarningTermIn) -> tuple[int, list[WarningTermOut]]:
    percents = {level: getattr(given, level.value) for level in Level}
    actions.set_warnings(
        percents, pack=given.pack, effective_from=given.effective_from, by=who(request), source=source(request)
    )
    return 201, list_warning_terms(request)


@router.get("/complaint-hours/{unit}", auth=SEE, response=HoursOut, summary=gettext_noop("一个机构的营业时间"))
def read_hours(request: HttpRequest, unit: Path[Code]) -> HoursOut:
    found = _unit(unit)
    whose, row = opening.on(found, timezone.localdate())
    hours = opening_of(row.hours) if row and row.hours else OFFICE
    return HoursOut(
        unit=found.code,
        of=whose.code if whose else None,
        week=[told_spans(each) for each in hours.week],
        holiday=told_spans(hours.holiday),
        make_up=None if hours.make_up is None else told_spans(hours.make_up),
        special={f"{day}": told_spans(each) for day, each in hours.special.items()},
    )


@router.post(
    "/complaint-hours/{unit}", auth=CHANGE, response={201: HoursOut}, summary=gettext_noop("设定一个机构的营业时间")
)
def set_unit_hours(request: HttpRequest, unit: Path[Code], given: HoursIn) -> tuple[int, HoursOut]:
    """From a day on, which may not be over; units below without their own have them too."""
    day = given.effective_from
    actions.set_hours(_unit(unit), given.hours(), effective_from=day, why=given.why, by=who(request),
                      source=source(request))  # fmt: skip
    return 201, read_hours(request, unit)


@router.get("/complaint-holidays", auth=SEE, response=list[HolidayYearOut], summary=gettext_noop("节假日与调休，按年"))
def list_holidays(request: HttpRequest) -> list[HolidayYearOut]:
    own = {row.year: row.source for row in HolidayYear.objects.order_by("pk")}
    calendar = opening.calendar()
    return [
        HolidayYearOut(
            year=year,
            own=year in own,
            source=own.get(year, "chinesecalendar"),
            holidays={f"{day}": name for day, name in calendar.holidays.items() if day.year == year},
            make_up=sorted(day for day in calendar.make_up if day.year == year),
        )
        for year in sorted(calendar.years, reverse=True)
    ]


class TermChangeOut(Schema):
    """Who changed it, when and why; `differences` from what held before, in sentences. `of`: unit, or year."""

    of: str
    effective_from: date | None
    by: str
    written_at: datetime
    why: str
    differences: list[str]


@router.get("/complaint-hours", auth=CHANGE, response=list[TermChangeOut], summary=gettext_noop("营业时间改动的经过"))
def list_hours_changes(request: HttpRequest) -> list[TermChangeOut]:
    """The latest first, at most a hundred."""
    return [_change(each, each.row.unit.code, each.row.effective_from) for each in opening_history.of_hours()]


@router.get(
    "/complaint-holiday-changes", auth=CHANGE, response=list[TermChangeOut], summary=gettext_noop("节假日改动的经过")
)
def list_holiday_changes(request: HttpRequest) -> list[TermChangeOut]:
    """The latest first, at most a hundred."""
    return [_change(each, f"{each.row.year}", None) for each in opening_history.of_holidays()]


def _change(change: Any, of: str, since: date | None) -> TermChangeOut:
    row = change.row
    return TermChangeOut(of=of, effective_from=since, by=row.by.number, written_at=row.written_at, why=row.why,
                         differences=change.differences)  # fmt: skip


@router.post(
    "/complaint-holidays/{year}",
    auth=CHANGE,
    response={201: list[HolidayYearOut]},
    summary=gettext_noop("写入一年的放假通知"),
)
def write_holidays(
    request: HttpRequest, year: Annotated[int, Path(ge=2000, le=2059)], given: HolidayYearIn
) -> tuple[int, list[HolidayYearOut]]:
    """A mistake is told by its line."""
    actions.set_holidays(year, given.text, notice=given.source, why=given.why, by=who(request),
                         source=source(request))  # fmt: skip
    return 201, list_holidays(request)


@router.post(
    "/complaint-retention",
    auth=Bearer("retention.manage"),
    response={201: YearsOut},
    summary=gettext_noop("设定投诉保存几年"),
)
def set_complaint_years(request: HttpRequest, given: YearsIn) -> tuple[int, YearsOut]:
    """A longer term holds at once, a shorter one in a week; what it would take is refused until `sure`."""
    row = actions.set_years(given.years, sure=given.sure, by=who(request), source=source(request))
    return 201, YearsOut(years=row.years, from_on=row.from_on)


@router.post(
    "/complaint-retention/take-back",
    auth=Bearer("retention.manage"),
    response={204: None},
    summary=gettext_noop("收回尚未生效的投诉保存期限"),
)
def take_back_complaint_years(request: HttpRequest) -> tuple[int, None]:
    actions.take_back(by=who(request), source=source(request))
    return 204, None


@router.get("/complaint-agents", auth=Bearer(HANDLE), response=list[ManyOut], summary=gettext_noop("投诉较多的代理人"))
def list_agents(request: HttpRequest) -> list[ManyOut]:
    """Shown, never refused by itself."""
    found = agents.many(who(request), timezone.now())
    return [
        ManyOut(by=each.kind, customers=each.customers, cases=[case.number for case in each.cases]) for each in found
    ]


def _spans(text: str) -> tuple[Span, ...]:
    try:
        return spans_of(text)
    except BadCase as bad:
        raise Fault(bad.message, column=None, **bad.params) from None


def _unit(code: str) -> Unit:
    found = Unit.objects.filter(code=code, closed_on=None).first()
    if found is None:
        raise Http404
    return found
