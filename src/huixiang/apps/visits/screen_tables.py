"""The measures of the digital channels as lines of a table: for CSV and the command."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from huixiang.apps.access.models import Unit
from huixiang.apps.visits import screen_people, screen_working
from huixiang.apps.visits.measures import of_month
from huixiang.apps.visits.screen_people import Group, Seen
from huixiang.apps.visits.screen_working import Outage
from huixiang.domain.digital import Availability
from huixiang.domain.digital.funnels import UseLine, funnel
from huixiang.domain.digital.substitution import Served
from huixiang.domain.statistics import Interval
from huixiang.lake.questions import screen_use
from huixiang.lake.store import Lake

Table = tuple[list[str], list[list[Any]]]
PARTS = ("people", "use", "outages")


def lines(lake: Lake, part: str, unit: Unit, month: str) -> Table | None:
    """Header and rows; None where there is nothing of it."""
    if part == "people":
        days = screen_people.days_of(lake, month)
        return people(screen_people.seen(lake, unit, days)) if days else None
    if part == "use":
        return use(lake, month)
    return outages(lake, month) if part == "outages" else None


def people(found: Seen) -> Table:
    """Who still comes to the counter. Of hidden groups the numbers are left out."""
    parts = (
        (_("合计（不含老年客户）"), [found.total]),
        (_("业务种类"), found.services),
        (_("年龄段"), found.bands),
        (_("客户等级"), found.tiers),
        (_("机构"), found.units),
        (_("老年客户"), found.elderly),
    )
    header = [_("分组"), _("值"), *screen_people.group_cells(Group("", "", Served("", "")))]
    rows = [
        [title, group.key, *map(_cell, screen_people.group_cells(group).values())]
        for title, groups in parts
        for group in groups
    ]
    return header, rows


def use(lake: Lake, month: str) -> Table:
    """How far people come: errands, then each errand's steps."""
    days = of_month(month)
    found = screen_working.used(lake, *days)
    listed: list[dict[str, Any]] = [{"service": line.key, "step": ""} | use_cells(line) for line in found.services]
    for service, steps in screen_use.steps(lake, *days).items():
        for step in funnel(steps):
            told = {"service": service, "step": step.step, "sessions": step.reached}
            listed.append(told | interval_cells("stopped", step.stopped) | interval_cells("error_share", step.errors))
    names = list(dict.fromkeys(name for line in listed for name in line))
    return names, [[_cell(line.get(name)) for name in names] for line in listed]


def outages(lake: Lake, month: str) -> Table:
    """Each system's availability, then each incident; cells that one of both does not have are empty."""
    found = screen_working.working(lake, *of_month(month))
    systems = [{"name": line.name} | availability_cells(line) for line in found.systems]
    incidents = [{"name": each.row.name} | outage_cells(each) for each in found.outages]
    names = list(dict.fromkeys(name for line in (*systems, *incidents) for name in line))
    listed = [(_("系统"), line) for line in systems] + [(_("故障"), line) for line in incidents]
    return [_("分组"), *names], [[title, *(_cell(line.get(name)) for name in names)] for title, line in listed]


def use_cells(line: UseLine) -> dict[str, Any]:
    """Of an errand: sessions, completion, errors, effort; shares from 0 to 1."""
    told: dict[str, Any] = {"sessions": line.uses.sessions, "open": line.uses.open, "done": line.uses.done}
    told |= interval_cells("completion", line.completion) | interval_cells("error_share", line.errors)
    return told | interval_cells("tries_each", line.tries) | interval_cells("seconds_each", line.seconds)


def availability_cells(line: Availability) -> dict[str, Any]:
    told = {"promised_minutes": line.promised, "down_minutes": line.down, "planned_minutes": line.planned}
    return told | {"incidents": line.incidents} | interval_cells("availability", line.up)


def outage_cells(each: Outage) -> dict[str, Any]:
    """Of one incident: when, how long, how many more tries failed, and how much more was said than usual."""
    told: dict[str, Any] = {"began_at": timezone.localtime(each.row.began_at).isoformat(), "minutes": each.minutes}
    told |= {"is_planned": each.row.planned, "voices": each.voices, "usual_voices": _rounded(each.usual)}
    return told | interval_cells("more_errors", each.errors) | interval_cells("times_usual", each.times)


def interval_cells(name: str, found: Interval | None) -> dict[str, float | None]:
    ends = (("", "value"), ("_low", "low"), ("_high", "high"))
    return {f"{name}{end}": _rounded(getattr(found, what)) if found else None for end, what in ends}


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 6)


def _cell(value: Any) -> Any:
    return "" if value is None else value
