"""Do the screens work: how far do people come, what fails, what was out of order, and did customers say so?

For those who see the whole bank: an outage is nobody's branch. docs/methods/digital.md defines each measure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from huixiang.apps.feedback.models import Import
from huixiang.domain.digital import DEVICE, SYSTEM, Availability, Clock, Spell, of_each, together
from huixiang.domain.digital.faults import ErrorLine, Peak, Suspect, error_lines, peaks, suspects
from huixiang.domain.digital.funnels import StepLine, UseLine, Uses, funnel, use_line
from huixiang.domain.statistics import Interval, difference, ratio
from huixiang.lake import questions
from huixiang.lake.questions import Slice, screen_use
from huixiang.lake.questions.screen_use import DowntimeRow, HourCount
from huixiang.lake.store import Lake

# What customers say when a system fails: 可靠性/系统稳定 of SERVQUAL.
TOPICS = ("D.reliability.system",)
AROUND = timedelta(days=28)  # before and after an outage that tell what is usual
FEWEST_DAYS = 14
NIGHT = frozenset({*range(8), 22, 23})


@dataclass(frozen=True, slots=True)
class Used:
    """A month on the screens. `chosen`: the errand of the funnel."""

    total: UseLine
    services: list[UseLine]
    channels: list[UseLine]
    chosen: str
    funnel: list[StepLine]
    errors: list[ErrorLine]
    suspects: list[Suspect]
    peaks: list[Peak]


def used(lake: Lake, first: date, last: date, service: str = "") -> Used:
    """How far did people come in these days, and what failed?"""
    lines = {by: use_lines(lake, first, last, by) for by in ("", "service", "channel")}
    steps, faults = screen_use.steps(lake, first, last), screen_use.faults(lake, first, last)
    services = sorted(lines["service"], key=lambda line: -line.uses.sessions)
    chosen = service if service in steps else next((line.key for line in services if line.key in steps), "")
    return Used(
        lines[""][0] if lines[""] else use_line("", []),
        services,
        lines["channel"],
        chosen,
        funnel(steps.get(chosen, [])),
        error_lines(faults),
        suspects(faults),
        peaks(screen_use.daily_tries(lake, first, last)),
    )


def use_lines(lake: Lake, first: date, last: date, by: str) -> list[UseLine]:
    """The measures by a column, each from its days."""
    found: dict[str, list[Uses]] = {}
    for (key, _day), use in screen_use.uses(lake, first, last, by).items():
        found.setdefault(key, []).append(use)
    return [use_line(key, days) for key, days in sorted(found.items())]


@dataclass(frozen=True, slots=True)
class Outage:
    """One incident of a system, with what it did: errors against the same hours of other days, voices against usual."""

    row: DowntimeRow
    minutes: int
    errors: Interval | None  # by how much a greater share of tries failed
    voices: int
    usual: float | None  # voices a day about failing systems
    times: Interval | None  # of the usual

    @property
    def is_felt(self) -> bool:
        """Did tries surely fail more often?"""
        return self.errors is not None and self.errors.low > 0

    @property
    def is_heard(self) -> bool:
        """Did customers surely speak of it more than usual?"""
        return self.times is not None and self.times.low > 1


@dataclass(frozen=True, slots=True)
class HourLine:
    """One hour of the day, of all days: `level` 0 to 4 of the highest share of errors."""

    hour: int
    tries: int
    errors: float | None
    level: int = 0


@dataclass(frozen=True, slots=True)
class Working:
    """A month of the systems. `hours` of working days and of weekends; `at_night`: the share of tries there."""

    total: Availability | None
    day: Availability | None
    night: Availability | None
    systems: list[Availability]
    outages: list[Outage]
    hours: list[tuple[str, list[HourLine]]]
    at_night: float | None


def working(lake: Lake, first: date, last: date) -> Working:
    """What was out of order in these days?"""
    rows = screen_use.downtimes(lake, SYSTEM)
    every, day, night = (availability(rows, first, last, hours) for hours in ("", "day", "night"))
    counted = screen_use.hours(lake, first, last)
    tries = sum(each.tries for each in counted)
    return Working(
        together("", every) if every else None,
        together("", day) if day else None,
        together("", night) if night else None,
        sorted(every, key=lambda each: -each.down),
        outages(lake, rows, first, last),
        _hours(counted),
        sum(each.tries for each in counted if each.hour in NIGHT) / tries if tries else None,
    )


def known_until() -> datetime | None:
    """Until when do the lists of incidents tell? The last one came in then: what broke down since, nobody told."""
    found = Import.objects.filter(format="downtimes").exclude(finished_at=None).order_by("-created_at").first()
    return found.created_at if found else None


def availability(rows: Sequence[DowntimeRow], first: date, last: date, hours: str = "") -> list[Availability]:
    """Of each system, or machine, that ever had an incident; of others nothing is known, not even that they exist.

    From the first incident of all on, and up to the last list that came in.
    """
    until = known_until()
    if not rows or until is None:
        return []
    begin = max(_midnight(first), _local(min(row.began_at for row in rows)).replace(hour=0, minute=0, second=0))
    clock = Clock(begin, min(_midnight(last + timedelta(days=1)), _local(until).replace(second=0, microsecond=0)))
    if not clock.minutes:
        return []
    spells = [Spell(_called(each), _local(each.began_at), _ended(each), each.planned) for each in rows]
    return of_each(spells, sorted({each.name for each in spells}), clock, hours)


def _called(row: DowntimeRow) -> str:
    """Machines of several outlets may bear one number: with the outlet's code each is its own."""
    return f"{row.name} · {row.branch}" if row.kind == DEVICE and row.branch else row.name


def devices(lake: Lake, first: date, last: date, branches: frozenset[str] | None) -> list[Availability]:
    """Kiosks and cash machines of these units, those first that stood still longest."""
    rows = [row for row in screen_use.downtimes(lake, DEVICE) if branches is None or row.branch in branches]
    return sorted(availability(rows, first, last), key=lambda each: (-each.down, each.name))


def outages(lake: Lake, rows: Iterable[DowntimeRow], first: date, last: date) -> list[Outage]:
    listed = [row for row in rows if first <= _local(row.began_at).date() <= last]
    unplanned = [row for row in rows if not row.planned]
    # Of one that nobody ended its first day alone: a forgotten line would else leave no day to compare with.
    troubled = {
        day for row in unplanned for day, _hour in _hours_of(_local(row.began_at), _ended(row) or _local(row.began_at))
    }
    return [_outage(lake, row, troubled) for row in listed]


def _outage(lake: Lake, row: DowntimeRow, troubled: set[date]) -> Outage:
    began, ended = _local(row.began_at), _ended(row) or _local(timezone.now())
    day, since, until = began.date(), began.date() - AROUND, began.date() + AROUND
    touched = _hours_of(began, ended)
    clock = {hour for _day, hour in touched}
    counted = [each for each in screen_use.hours(lake, since, max(until, ended.date())) if each.hour in clock]
    own = _sum(each for each in counted if (each.day, each.hour) in touched)
    others = _sum(
        each
        for each in counted
        if each.day not in troubled and each.day <= until and (each.day, each.hour) not in touched
    )
    spoken = _voices(lake, since, until)
    quiet = [count for on, count in spoken.items() if on not in troubled]
    usual, times = None, None
    if len(quiet) >= FEWEST_DAYS:
        usual = sum(quiet) / len(quiet)
        times = ratio((sum(quiet), len(quiet)), (spoken.get(day, 0), 1))
    minutes = int((ended - began) / timedelta(minutes=1))
    return Outage(row, minutes, difference(others, own), spoken.get(day, 0), usual, times)


def _hours_of(began: datetime, ended: datetime) -> set[tuple[date, int]]:
    """The hours that it touched, each with its day: one before midnight is not that of the next evening."""
    first, last = began.replace(minute=0, second=0, microsecond=0), max(began, ended - timedelta(microseconds=1))
    moments = (first + timedelta(hours=n) for n in range((last - first) // timedelta(hours=1) + 1))
    return {(at.date(), at.hour) for at in moments}


def _voices(lake: Lake, since: date, until: date) -> dict[date, int]:
    """Of each day: how many voices speak of failing systems; only days on which anything was said at all."""
    every, about = Slice(since=since, until=until, dated=True), Slice(None, (), since, until, dated=True, topics=TOPICS)
    told = {day: 0 for day, _count in _by_day(lake, every)}
    return told | dict(_by_day(lake, about))


def _by_day(lake: Lake, slice_: Slice) -> list[tuple[date, int]]:
    return [(each.key, each.total) for each in questions.volume(lake, slice_, "day") if isinstance(each.key, date)]


def _sum(counted: Iterable[HourCount]) -> tuple[int, int]:
    listed = list(counted)
    return sum(each.failed for each in listed), sum(each.tries for each in listed)


def _hours(counted: Iterable[HourCount]) -> list[tuple[str, list[HourLine]]]:
    """Working days and weekends by hour, each coloured by its share of errors."""
    sums: dict[str, tuple[Counter[int], Counter[int]]] = {key: (Counter(), Counter()) for key in ("week", "weekend")}
    for each in counted:
        tries, failed = sums["weekend" if each.day.weekday() >= 5 else "week"]
        tries[each.hour] += each.tries
        failed[each.hour] += each.failed
    shares = {
        (key, hour): failed[hour] / tries[hour]
        for key, (tries, failed) in sums.items()
        for hour in tries
        if tries[hour] >= 30
    }
    most = max(shares.values(), default=0.0)
    return [
        (
            key,
            [
                HourLine(hour, tries[hour], found, min(4, int(5 * found / most)) if found and most else 0)
                for hour in range(24)
                for found in [shares.get((key, hour))]
            ],
        )
        for key, (tries, _failed) in sums.items()
    ]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001  # as the bank's clock shows it


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None)


def _ended(row: DowntimeRow) -> datetime | None:
    return _local(row.ended_at) if row.ended_at else None
