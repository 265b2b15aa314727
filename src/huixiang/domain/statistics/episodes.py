"""Is this rise the one we know of already? One alert an episode, from the day it is proven to the day it is over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np

from huixiang.domain.statistics.expectation import Past, learn
from huixiang.domain.statistics.panel import Floats, Panel
from huixiang.domain.statistics.surveillance import Finding, Look, Rule, judged
from huixiang.domain.statistics.tails import at_least

OVER = 0.05  # the last seven days, by themselves, are no longer above what was expected
CALM = 7
USUAL = 91  # days after which a rise that stays is the new level


@dataclass(frozen=True, slots=True)
class Episode:
    """One rise of one topic in one unit: `alert` is the finding that opened it, `last` the newest of it.

    `ended`: "over" where the counts came down again, "usual" where they stayed up so long that they are the new level.
    """

    alert: Finding
    last: Finding
    ended_on: date | None = None
    ended: Literal["", "over", "usual"] = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.alert.topic, self.alert.where

    @property
    def is_open(self) -> bool:
        return self.ended_on is None


@dataclass(frozen=True)
class Night:
    """What one night found: `alerts` are new today, `episodes` all that are known, open or ended."""

    look: Look
    alerts: tuple[Episode, ...]
    episodes: tuple[Episode, ...]


def watch(panel: Panel, on: date, rule: Rule, known: Sequence[Episode] = (), past: Past | None = None) -> Night:
    """What is newly proven to rise today, and what becomes of the episodes known so far?

    The same day asked twice gives the same answer: nothing is kept between nights but the episodes. `past` is what was
    learned on an earlier night, where that shall do.
    """
    index = panel.index(on)
    past = past or learned(panel, on, rule, known)
    fresh = [_days_since(ended, on) for ended in _last_end(panel, known)]
    opened = {episode.key for episode in known if episode.is_open}
    rows = [row for row, key in enumerate(panel.keys) if key in opened]
    return _turned(judged(past, index, rule, fresh, rows), on, known)


def learned(panel: Panel, on: date, rule: Rule, known: Sequence[Episode] = ()) -> Past:
    """What is usual, by the days before the guard of day `on`, known episodes left out?"""
    return learn(panel, panel.index(on) - rule.guard + 1, rule.windows, weights(panel, known, on))


def weights(panel: Panel, known: Iterable[Episode], on: date) -> Floats:
    """What does each day count for the past? Not at all in an episode, nor before one that became usual."""
    found = np.ones_like(panel.counts)
    rows = {key: row for row, key in enumerate(panel.keys)}
    for episode in known:
        if episode.key not in rows:
            continue
        begin = max(0, panel.index(episode.alert.since))
        if episode.ended == "usual":  # the way up belongs to neither level
            found[rows[episode.key], : max(0, panel.index(episode.alert.on) + CALM)] = 0.0
        else:
            found[rows[episode.key], begin : max(begin, panel.index(episode.ended_on or on) + 1)] = 0.0
    return found


def _last_end(panel: Panel, known: Iterable[Episode]) -> list[date | None]:
    last: dict[tuple[str, str], date] = {}
    for episode in known:
        if episode.ended_on:
            last[episode.key] = max(last.get(episode.key, episode.ended_on), episode.ended_on)
    return [last.get(key) for key in panel.keys]


def _days_since(ended: date | None, on: date) -> int:
    return (on - ended).days if ended else 10_000


def _turned(seen: Look, on: date, known: Sequence[Episode]) -> Night:
    rows = {key: row for row, key in enumerate(seen.panel.keys)}
    went_on = [_continued(episode, seen, rows, on) for episode in known]
    already = {episode.key for episode in known if episode.is_open}
    proven = np.flatnonzero(seen.q <= seen.rule.level)
    found = [seen.finding(int(row)) for row in proven[np.argsort(seen.p[proven], kind="stable")]]
    alerts = tuple(Episode(each, each) for each in found if each.is_proven and (each.topic, each.where) not in already)
    return Night(seen, alerts, (*went_on, *alerts))


def _continued(episode: Episode, seen: Look, rows: dict[tuple[str, str], int], on: date) -> Episode:
    if not episode.is_open or episode.key not in rows or on <= episode.last.on:
        return episode
    row = rows[episode.key]
    episode = replace(episode, last=replace(seen.finding(row), since=episode.alert.since))
    if on - episode.alert.since >= timedelta(days=USUAL):
        return replace(episode, ended_on=on, ended="usual")
    if on - episode.alert.on >= timedelta(days=CALM - 1) and _is_calm(seen, row):
        return replace(episode, ended_on=on, ended="over")
    return episode


def _is_calm(seen: Look, row: int) -> bool:
    nearest = int(np.argmin(np.abs(np.array(seen.rule.windows) - CALM)))
    mean, variance = seen.expected.mean[row, nearest], seen.expected.variance[row, nearest]
    return bool(at_least(seen.observed[row, nearest], mean, variance) > OVER)


def replay(
    panel: Panel, since: date, until: date, rule: Rule, every: int = 7, known: Sequence[Episode] = ()
) -> list[Episode]:
    """Which alerts would have come, had the bank watched from one day to another? Night by night, as they would come.

    Learned anew only `every` so many nights, which makes the guard so much longer now and then, and where a rise has
    become usual. `known`: the episodes of before.
    """
    past, learned_at, usual = None, 0, 0
    for step in range((until - since).days + 1):
        on = since + timedelta(days=step)
        grown = sum(episode.ended == "usual" for episode in known)
        if past is None or step - learned_at >= every or grown > usual:
            past, learned_at, usual = learned(panel, on, rule, known), step, grown
        known = watch(panel, on, rule, known, past).episodes
    return list(known)
