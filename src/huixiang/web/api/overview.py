"""How are we heard? Volume over time, the month against the month before, comparisons and telling words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router, Schema

from huixiang.apps.feedback import facts, findings, timeline, wording
from huixiang.apps.feedback.comparison import comparison, under
from huixiang.apps.feedback.forms.filters import Reach, countable
from huixiang.apps.feedback.names import CHANNELS, KINDS
from huixiang.apps.feedback.standing import Months, Standing, known_until, months, standing
from huixiang.lake import questions
from huixiang.lake.questions import Count, Slice
from huixiang.lake.store import Lake
from huixiang.web.api.auth import Bearer, who
from huixiang.web.api.shapes import Interval, known
from huixiang.web.api.voices import Choice

router = Router(tags=["overview"])
MOST_LINES = 1000


class StepOut(Schema):
    """One day, week or month from `first_on`; `negative_share` is null where nobody spoke."""

    first_on: date
    negative_count: int
    neutral_count: int
    positive_count: int
    total_count: int
    negative_share: Interval | None


class LineOut(Schema):
    """One value of a comparison; "" stands for voices without one."""

    key: str
    name: str
    negative_count: int
    total_count: int
    negative_share: Interval


class TellingOut(Schema):
    """A word typical of one side, in how many of its voices it stands, and how its share moved."""

    word: str
    voice_count: int
    share: Interval | None
    share_change: Interval | None
    trend: Literal["new", "rising", "falling", "unproven", "unknown"]


class MonthOut(Schema):
    """The month of the last voice against as many days of the month before; a null is "no data", never 0."""

    since: date
    until: date
    before_since: date
    before_until: date
    voice_count: int
    growth_ratio: Interval | None
    negative_share: Interval | None
    negative_share_change: Interval | None
    rating_count: int
    rating_mean: float | None
    rating_interval: Interval | None


class OverviewOut(Schema):
    """`rival_count`: voices that speak of other banks alone, which no number here counts."""

    voice_count: int
    rival_count: int
    undated_count: int
    first_on: date | None
    last_on: date | None
    by: Literal["day", "week", "month"]
    volume: list[StepOut]
    month: MonthOut | None
    by_channel: list[LineOut]
    by_branch: list[LineOut]
    by_version: list[LineOut]
    by_kind: list[LineOut]
    by_topic: list[LineOut]  # a voice may speak of several
    by_risk: list[LineOut]
    by_aspect: list[LineOut]  # by what is said of the aspect itself
    negative_words: list[TellingOut]
    positive_words: list[TellingOut]


@router.get("/overview", auth=Bearer("overview.see"), response=OverviewOut, summary=gettext_noop("总览"))
def read_overview(
    request: HttpRequest, choice: Query[Choice], by: Literal["auto", "day", "week", "month"] = "auto"
) -> OverviewOut:
    """Without a period: of all time. Steps without a voice are given too, with 0."""
    lake, reach = facts.lake(), Reach(who(request), "overview.see")
    slice_ = countable(choice.slice(reach), who(request))
    dated, undated = replace(slice_, dated=True), replace(slice_, dated=False)
    span = questions.span(lake, dated) if slice_.dated is not False else None
    step: timeline.By = (timeline.fitting(*span) if span else "month") if by == "auto" else by
    month = months(span[1], known_until(lake, slice_), slice_.since) if span else None
    before, now = month.slices(slice_) if month else (None, slice_)
    dated_count = questions.count(lake, dated) if span else 0
    undated_count = questions.count(lake, undated) if slice_.dated is not True else 0
    return OverviewOut(
        voice_count=dated_count + undated_count,
        rival_count=questions.on_rivals(lake, slice_),
        undated_count=undated_count,
        first_on=span[0] if span else None,
        last_on=span[1] if span else None,
        by=step,
        volume=_volume(lake, dated, step) if span else [],
        month=_month(standing(lake, slice_, month)) if month else None,
        **_comparisons(lake, slice_, reach, choice.branch),
        negative_words=_words(lake, before, now, "negative"),
        positive_words=_words(lake, before, now, "positive"),
    )


def _volume(lake: Lake, dated: Slice, by: timeline.By) -> list[StepOut]:
    return [
        StepOut(
            first_on=step.first,
            negative_count=step.count.negative,
            neutral_count=step.count.neutral,
            positive_count=step.count.positive,
            total_count=step.count.total,
            negative_share=Interval.of(step.share),
        )
        for step in timeline.steps(questions.volume(lake, dated, by=by), by, timezone.localdate())
    ]


def _month(found: Standing) -> MonthOut:
    span: Months = found.months
    return MonthOut(
        since=span.now[0],
        until=span.now[1],
        before_since=span.before[0],
        before_until=span.before[1],
        voice_count=found.voices,
        growth_ratio=Interval.of(found.growth),
        negative_share=Interval.of(found.negative),
        negative_share_change=Interval.of(found.negative_change),
        rating_count=found.ratings.of,
        rating_mean=known(found.ratings.mean),
        rating_interval=Interval.of(found.ratings.interval),
    )


def _comparisons(lake: Lake, slice_: Slice, reach: Reach, branch: str) -> dict[str, list[LineOut]]:
    by_branch = under(questions.shares(lake, slice_, "branch"), reach.units, reach.by_code.get(branch))
    names = {code: unit.name for code, unit in reach.by_code.items()}
    return {
        "by_channel": _lines(questions.shares(lake, slice_, "channel"), lambda key: str(CHANNELS.get(key, key))),
        "by_branch": _lines(by_branch, lambda key: names.get(key, _("未归属到机构"))),
        "by_version": _lines(questions.shares(lake, slice_, "product_version"), lambda key: key or _("未注明版本")),
        "by_kind": _lines(questions.shares(lake, slice_, "kind"), lambda key: str(KINDS.get(key, _("未判断")))),
        "by_topic": _lines(questions.mentions(lake, slice_, "topics"), findings.path),
        "by_aspect": _lines(questions.aspects(lake, slice_), str),
        "by_risk": _lines(questions.mentions(lake, slice_, "risks"), lambda key: findings.name("risks", key)),
    }


def _lines(counts: Iterable[Count], name: Callable[[str], str]) -> list[LineOut]:
    found = []
    for line in comparison(counts, name, most=MOST_LINES).lines:
        share = Interval.of(line.share)
        assert share is not None  # a line has voices
        counted = {"negative_count": line.negative, "total_count": line.total}
        found.append(LineOut(key=line.key, name=line.name, negative_share=share, **counted))
    return found


def _words(lake: Lake, before: Slice | None, now: Slice, side: str) -> list[TellingOut]:
    return [
        TellingOut(
            word=found.word,
            voice_count=found.count,
            share=Interval.of(found.share),
            share_change=Interval.of(found.change),
            trend=found.trend,
        )
        for found in wording.telling(lake, before, now, side, limit=20)
    ]
