"""Which targets has the bank set itself for a case, beside the law's limits? By its standards of the day of receipt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone

from huixiang.apps.complaints import opening, packs
from huixiang.apps.complaints.models import Case
from huixiang.apps.complaints.packs import MAIN, pack_of
from huixiang.apps.complaints.standings import History
from huixiang.apps.standards.limits import objects
from huixiang.apps.standards.models import approved
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.clocks import Clocks, Reading
from huixiang.domain.complaints.history import clock_events
from huixiang.domain.complaints.hours import moment
from huixiang.domain.complaints.rules import Limit, Pack, Trust, Unit
from huixiang.domain.standards.scopes import Place, in_force
from huixiang.domain.standards.values import Clock, ClockUnit, Standard


@dataclass(frozen=True, slots=True)
class Target:
    """One of the bank's own clocks of a case, with the standard that sets it."""

    standard: Standard
    reading: Reading


def targets(case: Case, read: History, now: datetime) -> list[Target]:
    """Each of the bank's own clocks of a case at a moment; none where no standard held when it was received."""
    held = approved()
    kept = [each for each in held if each.clock]
    day, place = timezone.localdate(case.received_at), Place(branch_kind=case.unit.kind)
    chosen = [in_force([each for each in kept if each.clock and each.clock.of == of], day, place)
              for of in dict.fromkeys(each.clock.of for each in kept if each.clock)]  # fmt: skip
    read_ = ((each, reading_of(each, read, now)) for each in chosen if each)
    return [Target(standard, reading) for standard, reading in read_ if reading]


def reading_of(standard: Standard, read: History, now: datetime) -> Reading | None:
    """Where does this standard's clock of a case stand? None where the case's pack has no such clock for its rule."""
    clocks = own_clocks(read.case.pack.text, standard, opening.version())
    if clocks is None or not any(read.case.rule in clock.limits for clock in clocks.pack.clocks):
        return None
    found = clocks.read(read.case.rule, clock_events(read.entries, read.absorbed), moment(now))
    return found[0]


@lru_cache(maxsize=64)
def own_clocks(text: str, standard: Standard, version: tuple[int, ...]) -> Clocks | None:
    """The pack's clock with the bank's amount in place of the law's: it starts, stops and rests by the same events."""
    pack, clock = packs.read_text(text), standard.clock
    limit = next((each for each in pack.clocks if clock and each.code == clock.of), None)
    if limit is None or clock is None:
        return None
    own = replace(limit, unit=Unit(clock.unit), limits=dict.fromkeys(limit.limits, clock.amount), trust=Trust.OWN,
                  title=standard.title, english=standard.english, clause=standard.source, unsure="")  # fmt: skip
    calendar = opening.calendar()
    hours = opening.Hours(calendar) if version[0] else None
    return Clocks(replace(pack, clocks=(own,)), calendar, hours=hours)


@objects
def not_later_than_the_law(standard: Standard) -> Iterator[Fault]:
    """The bank's own target lies within the law's limit of every rule, on each day from which it holds."""
    if standard.clock is None:
        return
    for limit in _legal(standard.effective_from, standard.clock.of):
        strictest = min(limit.limits.values())
        said = {"own": standard.clock.amount, "legal": strictest, "clause": limit.clause}
        if not _comparable(standard.clock, limit):
            yield Fault("本行目标与法定期限的单位不同，无法保证不晚于法定：请用法定期限的单位（%(unit)s）",
                        unit=limit.unit.value)  # fmt: skip
        elif standard.clock.amount > strictest:
            yield Fault("本行目标 %(own)s 晚于法定期限 %(legal)s（%(clause)s）", **said)  # type: ignore[arg-type]


def _legal(day: date, code: str) -> Sequence[Limit]:
    """The clock as law sets it, of the packs in force then; what is the bank's own anyway is no law."""
    pack: Pack = pack_of(packs.in_force(day, MAIN))
    return [each for each in pack.clocks if each.code == code and each.trust is not Trust.OWN]


def _comparable(clock: Clock, limit: Limit) -> bool:
    """Of the same unit; calendar days also beside working days, which never end sooner."""
    return clock.unit == limit.unit.value or (clock.unit is ClockUnit.CALENDAR_DAYS and limit.unit is Unit.WORKING_DAYS)
