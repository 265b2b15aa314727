"""What do new opening hours, or a new notice of holidays, say otherwise than those before? Told in sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from huixiang.domain.complaints.hours import Opening, Span
from huixiang.domain.complaints.openings import told_spans
from huixiang.domain.complaints.running import Warned

MOST_DAYS = 40  # named one by one
DAY_NAMES = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def hours_changes(old: Opening | None, new: Opening | None) -> list[Warned]:
    """None: as the unit above. In the order of the week; empty where nothing changed."""
    if old is None or new is None:
        if old is new:
            return []
        return [
            Warned("不再随上级机构，改用自己的营业时间", "own_hours")
            if new
            else Warned("不再用自己的营业时间，改为随上级机构", "hours_from_above")
        ]
    return [*_week(old, new), *_special(old.special, new.special)]


def _week(old: Opening, new: Opening) -> Iterator[Warned]:
    for name, had, has in zip(DAY_NAMES, old.week, new.week, strict=True):
        yield from _day(name, had, has)
    yield from _day("法定节假日", old.holiday, new.holiday)
    yield from _day("调休上班日", _worked(old), _worked(new))


def _worked(hours: Opening) -> tuple[Span, ...]:
    """Without their own, make-up days are like a Monday."""
    return hours.week[0] if hours.make_up is None else hours.make_up


def _day(name: str, had: tuple[Span, ...], has: tuple[Span, ...]) -> Iterator[Warned]:
    if had != has:
        yield Warned("%(day)s：由 %(old)s 改为 %(new)s", "hours",
                     {"day": name, "old": told_spans(had), "new": told_spans(has)})  # fmt: skip


def _special(old: Mapping[date, tuple[Span, ...]], new: Mapping[date, tuple[Span, ...]]) -> Iterator[Warned]:
    for day in sorted({*old, *new})[:MOST_DAYS]:
        if day not in new:
            yield Warned("%(day)s 不再另有安排", "special_gone", {"day": f"{day}"})
        elif old.get(day) != new[day]:
            hours = told_spans(new[day])
            yield Warned("%(day)s 另行安排：%(new)s", "special", {"day": f"{day}", "new": hours})


def holiday_changes(
    old: tuple[Mapping[str, str], Collection[str]], new: tuple[Mapping[str, str], Collection[str]]
) -> list[Warned]:
    """Days as ISO text with their names, and the weekend days worked."""
    (off, worked), (off_now, worked_now) = old, new
    return [
        *_days("新增放假：%(days)s", [f"{day} {name}" for day, name in off_now.items() if day not in off]),
        *_days("不再放假：%(days)s", [f"{day} {name}" for day, name in off.items() if day not in off_now]),
        *_days("新增调休上班：%(days)s", [day for day in worked_now if day not in worked]),
        *_days("不再调休上班：%(days)s", [day for day in worked if day not in worked_now]),
    ]


def _days(message: str, days: list[str]) -> list[Warned]:
    return [Warned(message, "holidays", {"days": "、".join(sorted(days)[:MOST_DAYS])})] if days else []
