"""Do more reviews come in than the app's own past lets expect? Watched every night, told once an episode."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from huixiang.apps.feedback import rises
from huixiang.apps.feedback.facts import lake
from huixiang.apps.reputation.models import Burst, ReviewWatch
from huixiang.domain.calendar import mainland
from huixiang.domain.reputation import reviews
from huixiang.domain.reputation.reviews import Cause
from huixiang.domain.statistics.episodes import Episode
from huixiang.domain.statistics.panel import Panel
from huixiang.domain.statistics.surveillance import Finding, Rule
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake

# All kinds in all stores together: at most one false alarm in two years, where nothing happens.
RULE = Rule(false_alarms_a_year=0.5, fewest=5)
LOOKED_BACK = timedelta(days=365)  # on the first night; there are few series, so a whole year is soon replayed


def watch_reviews(now: datetime) -> int:
    """The nightly round's part: look at each day up to yesterday that was not looked at. How many bursts are new?

    Asked twice in a day it finds nothing to do.
    """
    the_lake, until = lake(), timezone.localdate(now) - timedelta(days=1)
    span = questions.span(the_lake, Slice(channels=("app_review",), dated=True))
    last = ReviewWatch.objects.order_by("-on").first()
    if span is None or span[0] > until or (last and last.on >= until):
        return 0
    counts = panel(the_lake, max(span[0], until - rises.LONGEST), until)
    known = [rises.episode(burst) for burst in Burst.objects.all()]
    found = rises.nights(counts, last.on if last else None, until, known, RULE, LOOKED_BACK)
    new = len({_key(each) for each in found} - {_key(each) for each in known})
    with transaction.atomic():
        for each in found:
            if each not in known:
                kind, platform, on = _key(each)
                Burst.objects.update_or_create(
                    kind=kind, platform=platform, alerted_on=on, defaults=rises.columns(each)
                )
        ReviewWatch.objects.create(on=until, series=len(counts.keys), alerts=new)
    return new


def panel(the_lake: Lake, since: date, until: date) -> Panel:
    """Each store's days, and those of all stores together."""
    days = questions.review_days(the_lake, since, until)
    calendar = mainland()
    told = ((each.platform, each.day, {kind: getattr(each, kind) for kind in reviews.KINDS}) for each in days)
    return reviews.panel(told, since, until, RULE.fewest, frozenset(calendar.holidays), calendar.make_up)


def _key(episode: Episode) -> tuple[str, str, date]:
    return (*episode.key, episode.alert.on)


@dataclass(frozen=True, slots=True)
class Told:
    """One burst as the page tells it: the newest numbers while it lasts, those of its alert afterwards."""

    burst: Burst
    found: Finding
    cause: Cause | None


def told(burst: Burst) -> Told:
    """With the release that may explain it, looked up anew: a version may be told of later."""
    found = rises.finding(burst.alert if burst.ended_on else burst.last)
    return Told(burst, found, _cause(lake(), burst))


def _cause(the_lake: Lake, burst: Burst) -> Cause | None:
    until = burst.ended_on or burst.last_on
    slice_ = Slice(channels=("app_review",), platforms=(burst.platform,) if burst.platform else ())
    within = Slice(slice_.branches, slice_.channels, burst.since, until, platforms=slice_.platforms, dated=True)
    first = questions.first_days(the_lake, Slice(channels=("app_review",), dated=True))
    inside: dict[str, int] = {}
    others: dict[str, int] = {}
    for each in questions.stars(the_lake, within, "product_version"):
        low, high = each.one + each.two, each.four + each.five
        mine = {"low": low, "high": high, "copied": each.copied}.get(burst.kind, each.of)
        inside[str(each.key)] = mine
        others[str(each.key)] = each.of - mine
    return reviews.cause(burst.since, first, inside, others)
