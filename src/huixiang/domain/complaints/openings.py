"""How are opening hours and a year's holidays written down? Short lines, each mistake told by its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from huixiang.domain.calendar import SATURDAY
from huixiang.domain.complaints.events import BadCase
from huixiang.domain.complaints.hours import Opening, Span

_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~至到]\s*(\d{1,2})[:：](\d{2})")
_APART = re.compile(r"[\s,，、;；]+")
SHUT, WORKED = "休", "上班"
FEASTS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
MOST_LINES = 400


def spans_of(text: str) -> tuple[Span, ...]:
    """The open spans of one day; empty where it is shut. Raises BadCase.

    >>> spans_of("9:00-12:00, 13:30-17:00")
    ((32400, 43200), (48600, 61200))
    """
    said = text.strip()
    if said in {"", SHUT}:
        return ()
    found = _SPAN.findall(said)
    if not found or _APART.sub("", _SPAN.sub("", said)):
        raise BadCase("“%(text)s”要写成 9:00-12:00, 13:30-17:00；不营业写“休”或留空", text=said[:40])
    spans = tuple((_second(a, b), _second(c, d)) for a, b, c, d in found)
    edges = [edge for span in spans for edge in span]
    if edges != sorted(set(edges)) or edges[-1] > 86_400:
        raise BadCase("“%(text)s”的时段要先后相接，不重叠，不过午夜", text=said[:40])
    return spans


def _second(hour: str, minute: str) -> int:
    if int(minute) > 59:
        raise BadCase("“%(text)s”不是时刻", text=f"{hour}:{minute}")
    return int(hour) * 3600 + int(minute) * 60


def told_spans(spans: Iterable[Sequence[int]]) -> str:
    """The other way."""
    return ", ".join(f"{_clock(opened)}-{_clock(closed)}" for opened, closed in spans) or SHUT


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second % 3600 // 60:02}"


def special_of(text: str) -> dict[date, tuple[Span, ...]]:
    """Days of their own, one a line: `2027-02-17 10:00-15:00`, `2027-02-18 休`. Raises BadCase with the line."""
    found = dict[date, tuple[Span, ...]]()
    for number, day, rest in _lines(text):
        if day in found:
            raise BadCase("第 %(line)s 行：%(day)s 写了两次", line=number, day=f"{day}")
        found[day] = spans_of(rest)
    return found


def opening_of(plain: Mapping[str, Any]) -> Opening:
    """As it is kept in a row. Raises BadCase where it is never open."""
    return Opening(
        week=tuple(_spans(each) for each in plain["week"]),
        holiday=_spans(plain["holiday"]),
        make_up=None if plain["make_up"] is None else _spans(plain["make_up"]),
        special={date.fromisoformat(day): _spans(each) for day, each in plain["special"].items()},
    )


def plain_of(opening: Opening) -> dict[str, Any]:
    """The other way. Raises BadCase where no day of the week is open: a limit of hours would never end."""
    if not any(opening.week):
        raise BadCase("一周里至少有一天要营业")
    return {
        "week": [list(map(list, each)) for each in opening.week],
        "holiday": list(map(list, opening.holiday)),
        "make_up": None if opening.make_up is None else list(map(list, opening.make_up)),
        "special": {f"{day}": list(map(list, each)) for day, each in sorted(opening.special.items())},
    }


def _spans(plain: Iterable[Sequence[int]]) -> tuple[Span, ...]:
    return tuple((int(opened), int(closed)) for opened, closed in plain)


def holidays_of(text: str, year: int) -> tuple[dict[date, str], frozenset[date]]:
    """A year's days off with their names, and the weekend days that are worked: `2027-01-01 元旦`, `2027-02-06 上班`.

    Raises BadCase with the line; or that names the feasts that are missing, since half a notice counts days wrong.
    """
    off, worked = dict[date, str](), set[date]()
    for number, day, rest in _lines(text):
        if day.year != year:
            raise BadCase("第 %(line)s 行：%(day)s 不在 %(year)s 年", line=number, day=f"{day}", year=f"{year}")
        if day in off or day in worked:
            raise BadCase("第 %(line)s 行：%(day)s 写了两次", line=number, day=f"{day}")
        if rest == WORKED:
            if day.weekday() < SATURDAY:
                raise BadCase("第 %(line)s 行：%(day)s 不是周末，本来就上班", line=number, day=f"{day}")
            worked.add(day)
        elif not rest:
            raise BadCase("第 %(line)s 行要写“日期 节日名称”，调休写“日期 上班”", line=number)
        else:
            off[day] = rest[:20]
    names = "".join(off.values())
    if missing := [feast for feast in FEASTS if feast not in names]:
        raise BadCase("没有写 %(names)s 的放假日；请照国务院办公厅的通知写全", names="、".join(missing))
    return off, frozenset(worked)


def _lines(text: str) -> Iterable[tuple[int, date, str]]:
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise BadCase("最多 %(most)s 行", most=MOST_LINES)
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        day, *rest = re.split(r"[\s,，]+", line.strip(), maxsplit=1)
        try:
            yield number, date.fromisoformat(day), rest[0].strip() if rest else ""
        except ValueError:
            raise BadCase("第 %(line)s 行：“%(day)s”不是日期，请写成 2027-01-01", line=number, day=day[:20]) from None
