"""How are the digital channels measured against their standards? docs/methods/digital.md defines each measure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from huixiang.apps.feedback import facts
from huixiang.apps.standards.charting import above
from huixiang.apps.standards.measuring import measures, measures_by_unit
from huixiang.apps.visits import screen_people, screen_working
from huixiang.domain.digital import DEVICE, SYSTEM, together
from huixiang.domain.digital.funnels import Uses, use_line
from huixiang.domain.digital.substitution import Served, on_both
from huixiang.domain.standards.conformance import Measured
from huixiang.domain.standards.values import Standard
from huixiang.domain.statistics import Interval
from huixiang.domain.waiting import printed
from huixiang.lake.questions import screen_people as people
from huixiang.lake.questions import screen_use
from huixiang.lake.questions.screen_people import Asked

RIGHT = "digital.see"


@measures("digital.availability", "device.availability", right=RIGHT)
def availability(standard: Standard, since: date, until: date) -> list[Measured]:
    """Of the whole period and each month; n is the number of minutes promised."""
    assert standard.aim is not None
    lake, found = facts.lake(), []
    if lake.version("downtimes") < 0:
        return []
    rows = screen_use.downtimes(lake, DEVICE if standard.aim.measure.startswith("device.") else SYSTEM)
    for period, first, last in _periods(since, until):
        if listed := screen_working.availability(rows, first, last):
            total = together("", listed)
            found += _measured(total.promised, total.up, period)
    return found


@measures("digital.funnel", "digital.errors", right=RIGHT)
def use(standard: Standard, since: date, until: date) -> list[Measured]:
    """Of the services of the scope: how many sessions were done, how many tries failed."""
    assert standard.aim is not None
    lake, found = facts.lake(), []
    if lake.version("clicks") < 0:
        return []
    wanted = printed(standard.scope.services)
    for period, first, last in _periods(since, until):
        uses = screen_use.uses(lake, first, last, "service")
        days: dict[date, Uses] = {}
        for (service, day), each in uses.items():
            if not wanted or service in wanted:
                days[day] = days.get(day, Uses()) + each
        line = use_line("", days.values())
        is_errors = standard.aim.measure == "digital.errors"
        number, told = (line.uses.tries, line.errors) if is_errors else (line.uses.closed, line.completion)
        found += _measured(number, told, period)
    return found


@measures("digital.substitution", right=RIGHT)
def substitution(standard: Standard, since: date, until: date) -> list[Measured]:
    """Of customers who are not old, and errands that are done on both sides; n counts what was done on either."""
    lake, found = facts.lake(), []
    if min(lake.version("clicks"), lake.version("tickets")) < 0:
        return []
    for period, first, last in _periods(since, until):
        for each in _served(standard, first, last):
            found += _measured(round(each.screen) + each.counter, each.rate, period)
    return found


@measures_by_unit("digital.substitution")
def substitution_by_unit(standard: Standard, since: date, until: date) -> list[Measured]:
    """Counters by where people came, screens by where they belong; units of too few people are left out."""
    lake, tree = facts.lake(), above()
    if min(lake.version("clicks"), lake.version("tickets")) < 0:
        return []
    sums: dict[str, Served] = {}
    for each in _served(standard, since, until, "branch"):
        for unit in {each.key, *tree.get(each.key, ())} - {""}:
            sums[unit] = screen_people.added(sums.get(unit, Served("", unit)), each)
    return [
        replace(told, unit=unit)
        for unit, each in sorted(sums.items())
        if not each.is_small
        for told in _measured(round(each.screen) + each.counter, each.rate, "")
    ]


def _served(standard: Standard, first: date, last: date, by: str = "") -> tuple[Served, ...]:
    lake, wanted = facts.lake(), printed(standard.scope.services)
    if not (days := screen_people.common_days(lake, first, last)):
        return ()
    asked = Asked(*days, bands=screen_people.OTHERS)
    both = {each.service for each in on_both(people.served(lake, asked))}
    chosen = frozenset(both & wanted if wanted else both)
    return people.served(lake, replace(asked, services=chosen), by) if chosen else ()


@measures("digital.page_p95", right=RIGHT)
def page_time(standard: Standard, since: date, until: date) -> list[Measured]:
    """Seconds until the screen answered a try that succeeded, in steps of four per cent."""
    lake, found = facts.lake(), []
    if lake.version("clicks") < 0:
        return []
    for period, first, last in _periods(since, until):
        told = screen_use.answer_times(lake, first, last).quantile(0.95)
        if told and told.low is not None and told.high is not None:
            value, low, high = (number / 1_000 for number in (told.value, told.low, told.high))
            found.append(Measured(told.of, value, low, high, period=period))
    return found


def _periods(since: date, until: date) -> Iterable[tuple[str, date, date]]:
    """The whole, and each month of it."""
    yield "", since, until
    first = since
    while first <= until:
        after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield f"{first:%Y-%m}", first, min(until, after - timedelta(days=1))
        first = after


def _measured(number: int, told: Interval | None, period: str) -> list[Measured]:
    """In per cent; nothing where nothing was to be counted."""
    if told is None or not number:
        return []
    return [Measured(number, 100 * told.value, 100 * told.low, 100 * told.high, period=period)]
