"""Which years are simulated, and from which day on could anybody be sure? Counts whose truth is known."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.statistics.panel import Panel
from huixiang.domain.statistics.surveillance import Rule
from huixiang.domain.statistics.tails import at_least
from huixiang.simulation.holidays import mainland

FIRST, DAYS, WATCHED = date(2023, 1, 1), 1095, 365
# Variance over mean of a day's count; how much a topic's noise of one day stays to the next, and its size.
KINDS = {
    "Poisson": (1.0, 0.0, 0.0),
    "variance twice the mean": (2.0, 0.0, 0.0),
    "and days that hang together": (1.5, 0.6, 0.15),
}
RISEN = 0.15  # of the series have a rise planted
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Bank:
    """A panel, the means it would have had without any rise, variance over mean, and the day each rise began."""

    panel: Panel
    mean: Floats
    dispersion: float
    rises: dict[int, int]


def bank(kind: str, series: int, seed: int, *, quiet: bool) -> Bank:
    """Three years of a bank: weekdays, season, holidays, growing volume, topics of very unlike size.

    A rise is three times the usual for two weeks, twice for four, or grows to two and a half times in four weeks.
    """
    dice = np.random.default_rng([seed, list(KINDS).index(kind), quiet])
    dispersion, memory, noise = KINDS[kind]
    panel, mean = _usual(dice, series)
    if noise:
        mean = mean * np.exp(_remembering(dice, mean.shape, memory, noise))
    factor, rises = np.ones_like(mean), {}
    chosen = [] if quiet else dice.permutation(series)[: int(series * RISEN)]
    for n, row in enumerate(chosen):
        begun = int(DAYS - WATCHED + 30 + dice.integers(WATCHED - 75))
        rises[int(row)] = begun
        if n % 3 == 0:
            factor[row, begun : begun + 14] = 3.0
        elif n % 3 == 1:
            factor[row, begun : begun + 28] = 2.0
        else:
            factor[row, begun : begun + 28] = np.linspace(1.0, 2.5, 28)
    counts = _drawn(dice, mean * factor, dispersion)
    panel = Panel(panel.keys, FIRST, counts, panel.volumes, panel.holidays, panel.make_up)
    return Bank(panel, mean, dispersion, rises)


def _usual(dice: np.random.Generator, series: int) -> tuple[Panel, Floats]:
    days = [date.fromordinal(FIRST.toordinal() + t) for t in range(DAYS)]
    known = mainland()
    week = np.array([day.weekday() for day in days])
    off = np.array([day in known.holidays for day in days])
    t = np.arange(DAYS)
    worked = np.where(off, 0.35, np.where(week < 5, 1.15, 0.6)) * (1.0 + 0.25 * t / 365)
    volumes = dice.poisson(np.exp(dice.normal(4.0, 0.8, series))[:, None] * worked).astype(float)
    share = np.minimum(np.exp(dice.normal(-3.5, 1.0, series)), 0.3)[:, None]
    weekly = dice.normal(0, 0.2, (series, 7))[:, week]
    angle = 2 * np.pi * t / 365.25
    season = dice.normal(0, 0.15, (series, 1)) * np.sin(angle) + dice.normal(0, 0.15, (series, 1)) * np.cos(angle)
    resting = dice.normal(0, 0.3, (series, 1)) * off
    quarters = np.cumsum(dice.normal(0, 0.05, (series, DAYS // 91 + 2)), axis=1)
    drift = np.stack([np.interp(t / 91, np.arange(quarters.shape[1]), each) for each in quarters])
    mean = volumes * np.minimum(share * np.exp(weekly + season + resting + drift), 0.9)
    keys = tuple((f"topic {n % 40}", f"unit {n // 40}") for n in range(series))
    return Panel(keys, FIRST, volumes * 0, volumes, frozenset(known.holidays), known.make_up), mean


def _remembering(dice: np.random.Generator, shape: tuple[int, ...], memory: float, noise: float) -> Floats:
    found = dice.normal(0, noise, shape)
    for t in range(1, shape[1]):
        found[:, t] = memory * found[:, t - 1] + np.sqrt(1 - memory**2) * found[:, t]
    return found


def _drawn(dice: np.random.Generator, mean: Floats, dispersion: float) -> Floats:
    if dispersion == 1.0:
        return dice.poisson(mean).astype(float)
    return dice.poisson(dice.gamma(np.maximum(mean, 1e-9) / (dispersion - 1.0), dispersion - 1.0)).astype(float)


def provable(one: Bank, row: int, rule: Rule, until: int) -> int | None:
    """On which day would a test that knows the true mean and variance first be sure, at the same level and windows?"""
    level = rule.level / len(one.panel.keys) / len(rule.windows)
    for day in range(one.rises[row], min(until, DAYS)):
        for window in rule.windows:
            days = slice(day - window + 1, day + 1)
            seen, mean = one.panel.counts[row, days].sum(), one.mean[row, days].sum()
            if seen >= rule.fewest and at_least(seen, mean, one.dispersion * mean) <= level:
                return day
    return None


def made_up(folder: Path) -> tuple[Panel, list[str]]:
    """The made-up bank's voices by true topic over the whole bank, and what was planted that customers speak of."""
    told = json.loads((folder / "truth.json").read_text("utf-8"))
    first, last = date.fromisoformat(told["from"]), date.fromisoformat(told["to"])
    days = _days_of_voices(folder)
    length = (last - first).days + 1
    volumes, topics = np.zeros(length), {}
    for line in (folder / "truth-voices.jsonl").read_text("utf-8").splitlines():
        voice = json.loads(line)
        day = days.get((voice["file"], voice["id"]))
        if day is None or day < first:
            continue
        place = (day - first).days
        volumes[place] += 1
        for topic in set(voice["topics"]):
            topics.setdefault(topic, np.zeros(length))[place] += 1
    known = mainland()
    keys = tuple((topic, told["bank"]) for topic in sorted(topics))
    counts = np.stack([topics[topic] for topic, _ in keys])
    planted = [f"{one['name']} {one['start']}..{one['end']}" for one in told["planted"] if one["kind"] in SPOKEN_OF]
    return Panel(
        keys, first, counts, np.tile(volumes, (len(keys), 1)), frozenset(known.holidays), known.make_up
    ), planted


SPOKEN_OF = {"broken_release", "fee_change", "understaffed"}


def _days_of_voices(folder: Path) -> dict[tuple[str, str], date]:
    """When was each voice said? Of all exports but recordings, mails and groups."""
    found: dict[tuple[str, str], date] = {}
    for name, key, moment, encoding in TABLES:
        with (folder / name).open(encoding=encoding, newline="") as lines:
            found |= {(name, row[key] or ""): _day(row[moment]) for row in csv.DictReader(lines) if row[moment]}
    for entry in json.loads((folder / "reviews/app-store.json").read_text("utf-8"))["feed"]["entry"]:
        found["reviews/app-store.json", entry["id"]["label"]] = _day(entry["updated"]["label"])
    for row in json.loads((folder / "website/messages.json").read_text("utf-8")):
        found["website/messages.json", row["id"]] = _day(row["submitted_at"])
    for name, key, moment in LINES:
        for line in (folder / name).read_text("utf-8").splitlines():
            row = json.loads(line)
            if not row.get("repost_of"):
                found[name, row[key]] = _day(row[moment])
    return found


TABLES = (
    ("surveys/答卷.csv", "答卷编号", "提交时间", "utf-8-sig"),
    ("complaints/投诉登记簿.csv", "投诉编号", "登记时间", "utf-8-sig"),
    ("reviews/应用市场评论.csv", "评论ID", "评论时间", "gb18030"),
)
LINES = (("social/posts.jsonl", "id", "posted_at"), ("suggestions/slips.jsonl", "slip", "date"))


def _day(text: str) -> date:
    plain = text[:11].replace("年", "-").replace("月", "-").replace("日", "")[:10]
    try:
        return date.fromisoformat(plain)
    except ValueError:  # the rows that no export is free of
        return date.min
