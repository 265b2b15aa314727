"""How well is the hotline reached? The measures as page, API, command and export tell them: docs/methods/hotline.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.domain.hotline import FEW, FEWEST, REPEAT_DAYS, SERVICE_SECONDS, SHORT_SECONDS
from huixiang.domain.statistics import Interval, share
from huixiang.lake import questions
from huixiang.lake.questions import CallSlice, Repeats, Tally
from huixiang.lake.store import Lake

MOST_DAYS = 400  # of the lines by day


@dataclass(frozen=True, slots=True)
class Rules:
    """By which limits is it measured? Seconds within which an answer is in time, and until which hanging up is short;
    days within which a call is a repeat.
    """

    within: int = SERVICE_SECONDS
    short: int = SHORT_SECONDS
    days: int = REPEAT_DAYS


@dataclass(frozen=True, slots=True)
class Line:
    """The measures of some stays: all, of a queue, a day or an hour."""

    tally: Tally

    @property
    def offered(self) -> int:
        """Stays that have ended, without those abandoned at once."""
        return self.tally.stays - self.tally.short

    @property
    def timed(self) -> int:
        """The offered of which is told how long they waited, as far as it matters."""
        return self.offered - self.tally.untimed

    @property
    def abandoned(self) -> int:
        return self.tally.abandoned - self.tally.short

    @property
    def abandoned_share(self) -> Interval | None:
        return share(self.abandoned, self.offered) if self.offered else None

    @property
    def in_time_share(self) -> Interval | None:
        """The service level. Whether an answer came in time nobody can say where the wait is not told."""
        return share(self.tally.in_time, self.timed) if self.timed else None

    @property
    def transferred_share(self) -> Interval | None:
        return share(self.tally.transferred, self.tally.answered) if self.tally.answered else None

    @property
    def others(self) -> int:
        """Ended neither by an answer nor by the caller's hanging up."""
        return self.tally.timeout + self.tally.key_pressed + self.tally.empty + self.tally.lost

    @property
    def wait_p50(self) -> float | None:
        return self.tally.wait_p50 if self.tally.waited >= FEWEST else None

    @property
    def wait_p90(self) -> float | None:
        return self.tally.wait_p90 if self.tally.waited >= FEWEST else None

    @property
    def gave_up_p50(self) -> float | None:
        return self.tally.gave_up_p50 if self.tally.gave_up >= FEWEST else None

    @property
    def talk_p50(self) -> float | None:
        return self.tally.talk_p50 if self.tally.talked >= FEWEST else None

    @property
    def is_few(self) -> bool:
        return self.offered < FEW


@dataclass(frozen=True, slots=True)
class Measures:
    """All that is told of a period and queue. `repeats_share` is None where no call's past is known for long enough."""

    slice: CallSlice
    rules: Rules
    total: Line
    repeats: Repeats
    by_queue: tuple[Line, ...]
    by_day: tuple[Line, ...]
    by_hour: tuple[Line, ...]

    @property
    def repeats_share(self) -> Interval | None:
        return share(self.repeats.repeated, self.repeats.calls) if self.repeats.calls else None


def measures(lake: Lake, slice_: CallSlice, rules: Rules) -> Measures:
    """Counted anew only when the calls have changed."""

    def lines(by: str = "") -> tuple[Line, ...]:
        return tuple(map(Line, questions.tally(lake, slice_, by, rules.within, rules.short)))

    return Measures(
        slice_,
        rules,
        lines()[0],
        questions.repeats(lake, slice_, rules.days),
        lines("queue"),
        lines("entered_on")[-MOST_DAYS:],
        lines("hour"),
    )


def count_anew(lake: Lake) -> int:
    """Count the months of calls that changed, so that nobody waits for the page. How many stays have ended?"""
    return measures(lake, CallSlice(), Rules()).total.tally.stays if lake.version("calls") >= 0 else 0


# Column → how a line gives it. The order of the export, and of the command's table.
COLUMNS: Sequence[tuple[Any, Callable[[Line], Any]]] = (
    (gettext_lazy("通话"), lambda line: line.tally.calls),
    (gettext_lazy("进队"), lambda line: line.tally.stays),
    (gettext_lazy("未了结"), lambda line: line.tally.unfinished),
    (gettext_lazy("接听"), lambda line: line.tally.answered),
    (gettext_lazy("放弃"), lambda line: line.abandoned),
    (gettext_lazy("短放弃"), lambda line: line.tally.short),
    (gettext_lazy("其他结束"), lambda line: line.others),
    (gettext_lazy("坐席咨询"), lambda line: line.tally.consults),
    (gettext_lazy("等待不明"), lambda line: line.tally.untimed),
    (gettext_lazy("放弃率"), lambda line: _part(line.abandoned_share)),
    (gettext_lazy("放弃率下限"), lambda line: _part(line.abandoned_share, "low")),
    (gettext_lazy("放弃率上限"), lambda line: _part(line.abandoned_share, "high")),
    (gettext_lazy("及时接听"), lambda line: line.tally.in_time),
    (gettext_lazy("服务水平"), lambda line: _part(line.in_time_share)),
    (gettext_lazy("等待中位数（秒）"), lambda line: line.wait_p50),
    (gettext_lazy("等待九成位数（秒）"), lambda line: line.wait_p90),
    (gettext_lazy("放弃前等待中位数（秒）"), lambda line: line.gave_up_p50),
    (gettext_lazy("通话中位数（秒）"), lambda line: line.talk_p50),
    (gettext_lazy("转接"), lambda line: line.tally.transferred),
)


def _part(found: Interval | None, name: str = "value") -> float | None:
    return None if found is None else round(getattr(found, name), 6)


def header() -> list[str]:
    return [_("分组"), _("值"), *(str(title) for title, _cell in COLUMNS)]


def rows(found: Measures) -> Iterator[list[Any]]:
    """All lines as cells for a spreadsheet."""
    groups = (
        (_("合计"), (found.total,)),
        (_("队列"), found.by_queue),
        (_("日"), found.by_day),
        (_("时"), found.by_hour),
    )
    for title, lines in groups:
        for line in lines:
            yield [title, _key(line.tally.key), *("" if (it := cell(line)) is None else it for _name, cell in COLUMNS)]
    repeated = [
        _("重复来电（%(days)s 天内）") % {"days": found.rules.days},
        f"{found.repeats.repeated}/{found.repeats.calls}",
    ]
    yield repeated + [""] * len(COLUMNS)


def _key(key: str | date | int) -> str:
    return key.isoformat() if isinstance(key, date) else str(key)
