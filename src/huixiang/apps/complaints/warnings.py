"""Which complaints must this person know of, since a clock runs out? Up the tree the more, the more of it has run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.models import Case, CaseQuerySet, WarningTerm
from huixiang.apps.complaints.models.cases import SEE
from huixiang.apps.complaints.projecting import owed
from huixiang.apps.complaints.standings import histories
from huixiang.domain.complaints.clocks import Reading
from huixiang.domain.complaints.warning import Level, Thresholds, percent, reached

PAGE, LONGEST_DAYS = 25, 100  # what has longer than this left is at no threshold that anybody would choose
MOST_READ = 100  # cases whose clocks one page reckons, where few of them have come so far


@dataclass(frozen=True, slots=True)
class Warning:
    """The clock of a case of which most has run, and how far up it has come."""

    case: Case
    reading: Reading
    percent: int
    level: Level
    thresholds: Thresholds


def warned(by: Staff, now: datetime, after: tuple[int, int] | None = None) -> tuple[list[Warning], str]:
    """What runs out first comes first; and from where the next page goes on, "" at the end.

    `after` is the day and the number of the last case that was read.
    """
    rows = _soon(Case.objects.visible_to(by), now)
    if after:
        day = datetime.fromordinal(after[0]).date()
        rows = rows.filter(Q(next_due_on__gte=day), Q(next_due_on__gt=day) | Q(pk__gt=after[1]))
    found, read = list[Warning](), None
    cases = list(rows.select_related("pack", "unit", "handler").order_by("next_due_on", "pk")[: MOST_READ + 1])
    for read in _reckoned(cases[:MOST_READ], now):
        if read[1] and _is_for(by, read[1]):
            found.append(read[1])
        if len(found) == PAGE:
            break
    is_over = read is None or read[0].pk == cases[-1].pk
    return found, "" if is_over or read is None else _place(read[0])


def _soon(rows: CaseQuerySet, now: datetime) -> CaseQuerySet:
    return rows.open().filter(next_due_on__lte=timezone.localdate(now) + timedelta(days=LONGEST_DAYS))


def _place(case: Case) -> str:
    assert case.next_due_on
    return f"{case.next_due_on.toordinal()}.{case.pk}"


def _reckoned(cases: Sequence[Case], now: datetime) -> Iterator[tuple[Case, Warning | None]]:
    terms = thresholds(timezone.localdate(now))
    for told in histories(cases):
        used = [(percent(each), each) for each in owed(told, told.standing(), now)]
        most, reading = max(used, key=lambda each: each[0], default=(0, None))
        own = terms.get(told.case.pack.code, terms[""])
        level = reached(most, own)
        yield told.case, Warning(told.case, reading, most, level, own) if reading and level else None


def thresholds(day: date) -> dict[str, Thresholds]:
    """By pack, "" for all others; the setting where head office wrote none."""
    rows = WarningTerm.objects.in_force(day)
    return {"": settings.COMPLAINT_WARNINGS} | {pack: told_of(row) for pack, row in rows.items()}


def told_of(row: WarningTerm) -> Thresholds:
    found = {level: getattr(row, level.value) for level in Level}
    return {level: percent for level, percent in found.items() if percent is not None}


def _is_for(by: Staff, warning: Warning) -> bool:
    own = warning.thresholds
    return any(level in own and warning.percent >= own[level] for level in levels(by, warning.case))


def levels(by: Staff, case: Case) -> set[Level]:
    """As what does he see this case? By each of his posts from which he may see it, and as who has it."""
    found = {Level.HANDLER} if case.handler_id == by.pk else set()
    for post in by.posts_with(SEE):
        if post.unit_id == case.unit_id:
            found.add(Level.UNIT)
        elif post.unit.parent_id is None:
            found.add(Level.HEAD_OFFICE)
        elif case.unit.path.startswith(post.unit.path):
            found.add(Level.SUPERIOR)
    return found


def counts(seen: CaseQuerySet, now: datetime, most: int) -> dict[str, int]:
    """How many of these are late, how many due within three days? No further than `most`, since nobody counts more."""
    day, rows = timezone.localdate(now), seen.open().order_by()
    late = rows.filter(next_due_on__lt=day)
    soon = rows.filter(next_due_on__gte=day, next_due_on__lte=day + timedelta(days=3))
    return {"late": late[: most + 1].count(), "soon": soon[: most + 1].count()}


def running_out(now: datetime, portion: int = 500) -> Iterator[Warning]:
    """Of the whole bank, each open case of which so much has run that somebody must know; for the daily mails."""
    last = 0
    rows = _soon(Case.objects.filter(is_held=False), now).select_related("pack", "unit", "handler").order_by("pk")
    while cases := list(rows.filter(pk__gt=last).prefetch_related("accused")[:portion]):
        last = cases[-1].pk
        yield from (warning for _case, warning in _reckoned(cases, now) if warning)
