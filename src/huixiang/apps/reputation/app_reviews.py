"""How is the app judged? Stars by week and version with their intervals, releases beside them, answers, copies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.domain.statistics import Interval, mean, share
from huixiang.lake import questions
from huixiang.lake.questions import Answers, Copied, Slice, Stars
from huixiang.lake.store import Lake

MOST_VERSIONS = 12
FEWEST = 10  # ratings below which no mean is drawn
STARS = ("one", "two", "three", "four", "five")
FEWEST_ANSWERS = 5  # below which no median is told


@dataclass(frozen=True, slots=True)
class Line:
    """One line of stars, with what can be said of it."""

    stars: Stars

    @property
    def mean(self) -> Interval | None:
        """The mean's 95 % interval, within the scale; None below ten ratings or where all are alike."""
        if self.stars.mean is None or not self.stars.deviation:
            return None
        found = mean(self.stars.mean, self.stars.deviation, self.stars.rated)
        return found and Interval(found.value, max(1.0, found.low), min(5.0, found.high))

    @property
    def low(self) -> int:
        return self.stars.one + self.stars.two

    @property
    def low_share(self) -> Interval | None:
        return share(self.low, self.stars.rated)

    @property
    def at_odds(self) -> int:
        """Stars and words that disagree."""
        return self.stars.blamed + self.stars.praised

    @property
    def at_odds_share(self) -> Interval | None:
        return share(self.at_odds, self.stars.rated)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What was answered of the reviews with so many stars."""

    answers: Answers

    @property
    def answered_share(self) -> Interval | None:
        return share(self.answers.answered, self.answers.of)

    @property
    def in_a_day_share(self) -> Interval | None:
        return share(self.answers.in_a_day, self.answers.timed)

    @property
    def is_few(self) -> bool:
        return self.answers.timed < FEWEST_ANSWERS

    @property
    def hours_p50(self) -> float | None:
        return None if self.is_few else self.answers.hours_p50

    @property
    def hours_p90(self) -> float | None:
        return None if self.is_few else self.answers.hours_p90


@dataclass(frozen=True, slots=True)
class Measures:
    """All that the page tells, but for the bursts."""

    total: Line | None
    by_week: list[Line]
    by_version: list[Line]
    by_store: list[Line]
    answers: list[AnswerLine]
    answered: AnswerLine | None
    copies: tuple[Copied, ...]
    releases: tuple[tuple[str, date], ...]
    older_versions: int


def measures(lake: Lake, slice_: Slice, *, copied: bool = True) -> Measures:
    """Of the reviews of a slice, whose days are known; `copied` False leaves out what copies an earlier one."""
    slice_ = replace(slice_, dated=True)

    def lines(by: str) -> list[Line]:
        return [Line(each) for each in questions.stars(lake, slice_, by, copied)]

    total, versions = lines(""), lines("product_version")
    told = {str(each.stars.key): each for each in versions}
    order = [each for each in reversed(questions.spelled([key for key in told if key]))]
    answers = [AnswerLine(each) for each in questions.answers(lake, slice_, copied)]
    first = questions.first_days(lake, Slice(channels=slice_.channels, dated=True))
    return Measures(
        total[0] if total else None,
        lines("week"),
        [told[key] for key in order[:MOST_VERSIONS]],
        sorted(lines("platform"), key=lambda line: -line.stars.of),
        answers,
        AnswerLine(_summed(answers)) if answers else None,
        questions.copied_reviews(lake, slice_),
        tuple(each for each in first if _is_in(each[1], slice_)),
        max(0, len(order) - MOST_VERSIONS),
    )


def _is_in(day: date, slice_: Slice) -> bool:
    return (slice_.since or date.min) <= day <= (slice_.until or date.max)


def _summed(lines: Sequence[AnswerLine]) -> Answers:
    """Of all stars together: counts alone, medians cannot be added up."""
    names = ("of", "answered", "timed", "before", "in_a_day", "in_three_days")
    return Answers(stars=-1, **{name: sum(getattr(each.answers, name) for each in lines) for name in names},
                   hours_p50=None, hours_p90=None)  # fmt: skip


def chart(found: Measures) -> dict[str, Any]:
    """What reputation.js draws: counts of stars by week, the mean with its interval, releases as marks."""
    if not found.by_week:
        return {}
    by_day: dict[Any, Line] = {line.stars.key: line for line in found.by_week}
    days, day = [], min(by_day)
    while day <= max(by_day):
        days.append(day)
        day += timedelta(days=7)
    lines = [by_day.get(each) for each in days]
    marks = [(_week(day), version) for version, day in found.releases]
    return {
        "labels": [date_format(each, "Y-m-d") for each in days],
        "stars": [
            [getattr(line.stars, name) if line else 0 for line in lines]
            for name in ("one", "two", "three", "four", "five")
        ],
        **{end: [_rounded(line, end) for line in lines] for end in ("value", "low", "high")},
        "releases": [{"at": days.index(week), "version": version} for week, version in marks if week in days],
    }


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _rounded(line: Line | None, end: str) -> float | None:
    found = line.mean if line else None
    return None if found is None else round(float(getattr(found, end)), 2)


COLUMNS: Sequence[tuple[Any, Callable[[Line], Any]]] = (
    (gettext_lazy("评论"), lambda line: line.stars.of),
    (gettext_lazy("有评分"), lambda line: line.stars.rated),
    (gettext_lazy("一星"), lambda line: line.stars.one),
    (gettext_lazy("二星"), lambda line: line.stars.two),
    (gettext_lazy("三星"), lambda line: line.stars.three),
    (gettext_lazy("四星"), lambda line: line.stars.four),
    (gettext_lazy("五星"), lambda line: line.stars.five),
    (gettext_lazy("平均星级"), lambda line: None if line.stars.mean is None else round(line.stars.mean, 4)),
    (gettext_lazy("区间下限"), lambda line: line.mean and round(line.mean.low, 4)),
    (gettext_lazy("区间上限"), lambda line: line.mean and round(line.mean.high, 4)),
    (gettext_lazy("高星而文字负面"), lambda line: line.stars.blamed),
    (gettext_lazy("低星而文字正面"), lambda line: line.stars.praised),
    (gettext_lazy("雷同"), lambda line: line.stars.copied),
)


def header() -> list[str]:
    return [_("分组"), _("值"), *(str(title) for title, _cell in COLUMNS)]


def rows(found: Measures) -> Iterator[list[Any]]:
    """All lines as cells for a spreadsheet; answers and copies in the same columns' order after them."""
    groups = ((_("合计"), [found.total] if found.total else []), (_("周（自）"), found.by_week),
              (_("版本"), found.by_version), (_("商店"), found.by_store))  # fmt: skip
    for title, lines in groups:
        for line in lines:
            key = line.stars.key.isoformat() if isinstance(line.stars.key, date) else line.stars.key
            yield [title, key, *("" if (it := cell(line)) is None else it for _name, cell in COLUMNS)]
    for each in found.answers:
        told = each.answers
        key = _("%(stars)s 星：评论、已回复、24 小时内、中位小时") % {"stars": told.stars or "—"}
        cells = [told.of, told.answered, told.in_a_day, "" if each.hours_p50 is None else round(each.hours_p50, 1)]
        yield [_("回复"), key, *cells, *[""] * (len(COLUMNS) - len(cells))]
