"""What do customers speak of more than they used to, and is that proven? Watched every night, told once an episode."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol, cast

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
    known = [episode(rise) for rise in Rise.objects.all()]
    found = nights(counts, last.on if last else None, until, known)
    new = len({_key(each) for each in found} - {_key(each) for each in known})
    _keep(found, known, until, len(counts.keys), new)
    return new


def nights(
    counts: Panel,
    last: date | None,
    until: date,
    known: list[Episode],
    rule: Rule = RULE,
    back: timedelta = LOOKED_BACK,
) -> list[Episode]:
    """All episodes after looking at each day since `last`; None, or too long a pause: so many days are replayed."""
    # The days that the past leaves out lie before the first night that can be judged.
    first, found = counts.first + timedelta(days=rule.guard), known
    if not counts.keys:
        pass
    elif last is None or (until - last).days > MISSED:
        begin = max(first, until - back)
        found = replay(counts, begin, until, rule, known=known) if begin <= until else known
    else:
        begin = max(first, last + timedelta(days=1))
        for step in range((until - begin).days + 1):
            found = list(watch(counts, begin + timedelta(days=step), rule, found).episodes)
    return [_left(each, counts, until) for each in found]


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
            told = columns(each)
            topic, unit, on = _key(each)
            Rise.objects.update_or_create(topic=topic, unit=unit, alerted_on=on, defaults=told)
        Watch.objects.create(on=until, series=series, alerts=new)


def columns(episode: Episode) -> dict[str, Any]:
    """An episode as it is kept in a row."""
    told: dict[str, Any] = {
        "since": episode.alert.since,
        "last_on": episode.last.on,
        "ended_on": episode.ended_on,
        "ended": episode.ended,
    }
    return told | {"alert": _json(episode.alert), "last": _json(episode.last)}


class Kept(Protocol):
    """A row that keeps an episode."""

    alert: Any
    last: Any
    ended_on: Any
    ended: Any


def _json(finding: Finding) -> dict[str, Any]:
    told = asdict(finding)
    return told | {"on": finding.on.isoformat(), "since": finding.since.isoformat(), "verdict": str(finding.verdict)}


def finding(told: dict[str, Any]) -> Finding:
    """A finding as it was kept."""
    days = {name: date.fromisoformat(told[name]) for name in ("on", "since")}
    ratio = Interval(**told["ratio"]) if told["ratio"] else None
    return Finding(**told | days | {"ratio": ratio, "verdict": Verdict(told["verdict"])})


def episode(rise: Kept) -> Episode:
    """An episode as it was kept."""
    return Episode(
        finding(rise.alert), finding(rise.last), rise.ended_on, cast("Literal['', 'over', 'usual']", rise.ended)
    )
