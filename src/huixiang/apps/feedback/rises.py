"""What do customers speak of more than they used to, and is that proven? Watched every night, told once an episode."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, cast

import numpy as np
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access.models import Unit
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.models import Rise, Watch
from huixiang.domain.calendar import mainland
from huixiang.domain.statistics import Interval
from huixiang.domain.statistics.episodes import Episode, replay, watch
from huixiang.domain.statistics.panel import Floats, Panel
from huixiang.domain.statistics.surveillance import Finding, Rule, Verdict
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake

RULE = Rule()
LONGEST = timedelta(days=3 * 366)  # of the past that is learned from
LOOKED_BACK = timedelta(days=182)  # on the first night: what would have been told in the half year before
MISSED = 31  # nights; after a longer pause the half year is replayed


def watch_topics(now: datetime) -> int:
    """The nightly round's part: look at each day up to yesterday that was not looked at. How many rises are new?

    Yesterday is the last whole day. Asked twice in a day it finds nothing to do.
    """
    the_lake, until = lake(), timezone.localdate(now) - timedelta(days=1)
    span = questions.span(the_lake, Slice(dated=True))
    last = Watch.objects.order_by("-on").first()
    if span is None or span[0] > until or (last and last.on >= until):
        return 0
    counts = panel(the_lake, max(span[0], until - LONGEST), until)
    known = [_episode(rise) for rise in Rise.objects.all()]
    # The days that the past leaves out lie before the first night that can be judged.
    first = counts.first + timedelta(days=RULE.guard)
    found = known
    if not counts.keys:
        pass
    elif last is None or (until - last.on).days > MISSED:
        begin = max(first, until - LOOKED_BACK)
        found = replay(counts, begin, until, RULE, known=known) if begin <= until else known
    else:
        begin = max(first, last.on + timedelta(days=1))
        for step in range((until - begin).days + 1):
            found = list(watch(counts, begin + timedelta(days=step), RULE, found).episodes)
    found = [_left(each, counts, until) for each in found]
    new = len({_key(each) for each in found} - {_key(each) for each in known})
    _keep(found, known, until, len(counts.keys), new)
    return new


def _left(episode: Episode, counts: Panel, until: date) -> Episode:
    """A rise of what is no longer counted (a unit moved, a topic renamed) is over: nobody could see its end."""
    if not episode.is_open or episode.key in counts.keys:
        return episode
    return replace(episode, ended_on=until, ended="over")


def panel(the_lake: Lake, since: date, until: date) -> Panel:
    """Each topic's days in the whole bank ("") and in each unit with all below it, as far as it is spoken of at all."""
    days = (until - since).days + 1
    above = {unit.code: _above(unit) for unit in Unit.objects.all()}
    volumes: dict[str, Floats] = {}
    counts: dict[tuple[str, str], Floats] = {}
    for each in questions.topic_days(the_lake, since, until):
        for unit in ("", *above.get(each.branch, ())):
            row = (
                counts.setdefault((each.topic, unit), np.zeros(days))
                if each.topic
                else volumes.setdefault(unit, np.zeros(days))
            )
            row[(each.day - since).days] += each.voices
    keys = sorted(key for key, row in counts.items() if row.sum() >= RULE.fewest)
    calendar = mainland()
    return Panel(
        tuple(keys),
        since,
        np.array([counts[key] for key in keys]).reshape(len(keys), days),
        np.array([volumes[unit] for _topic, unit in keys]).reshape(len(keys), days),
        frozenset(calendar.holidays),
        calendar.make_up,
    )


def _above(unit: Unit) -> tuple[str, ...]:
    """A unit and all above it, but for the root, which is the whole bank."""
    return tuple(unit.path.strip("/").split("/")[1:])


def _key(episode: Episode) -> tuple[str, str, date]:
    return (*episode.key, episode.alert.on)


def _keep(found: list[Episode], known: list[Episode], until: date, series: int, new: int) -> None:
    with transaction.atomic():
        for each in found:
            if each in known:
                continue
            told: dict[str, Any] = {
                "since": each.alert.since,
                "last_on": each.last.on,
                "ended_on": each.ended_on,
                "ended": each.ended,
            }
            told |= {"alert": _json(each.alert), "last": _json(each.last)}
            topic, unit, on = _key(each)
            Rise.objects.update_or_create(topic=topic, unit=unit, alerted_on=on, defaults=told)
        Watch.objects.create(on=until, series=series, alerts=new)


def _json(finding: Finding) -> dict[str, Any]:
    told = asdict(finding)
    return told | {"on": finding.on.isoformat(), "since": finding.since.isoformat(), "verdict": str(finding.verdict)}


def finding(told: dict[str, Any]) -> Finding:
    """A finding as it was kept."""
    days = {name: date.fromisoformat(told[name]) for name in ("on", "since")}
    ratio = Interval(**told["ratio"]) if told["ratio"] else None
    return Finding(**told | days | {"ratio": ratio, "verdict": Verdict(told["verdict"])})


def _episode(rise: Rise) -> Episode:
    return Episode(
        finding(rise.alert), finding(rise.last), rise.ended_on, cast("Literal['', 'over', 'usual']", rise.ended)
    )
