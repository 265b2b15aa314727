"""Do like complaints gather? Counts of what cases have in common, day by day, each held against its own past.

The rule that judges a day, and what is one alert, are those of the voices' trends (`domain.statistics`); this module
says what is counted, against what, and which alerts are of one cluster.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from huixiang.domain.complaints.repeats import FORMULAS, WINDOW_DAYS
from huixiang.domain.statistics.panel import Floats, Panel
from huixiang.domain.statistics.surveillance import Rule
from huixiang.domain.understanding.topics.contrast import contrast

# In a bank where nothing gathers: at most one false alarm in two years, which is in at most 4.1 % of the months.
RULE = Rule(false_alarms_a_year=0.5, fewest=3)
WHOLE = ""  # the bank as a unit
ALL = "all"  # every complaint, whatever it is about
ACCUSED, WORD = "accused", "word"
AXES = {"B": "business", "C": "cause", "D": "matter"}  # top of the taxonomy → what it is called here
BANK_ONLY = {ACCUSED, WORD}  # of each unit apart there would be more series than cases
MOST_WORDS = 8_000  # the most frequent, of which the bank's past is counted
SAME_CASES = 0.5  # of the smaller alert's cases also belong to the greater: one cluster
TYPICAL = 6  # words told of a cluster


@dataclass(frozen=True, slots=True)
class Seen:
    """One case as far as it is counted. `units` are codes from below the root down to its own; `customer` a pseudonym.

    `marks` are (dimension, value); words are apart, since they are counted in the whole bank alone.
    """

    case: int
    on: date
    units: tuple[str, ...]
    customer: str = ""
    marks: frozenset[tuple[str, str]] = frozenset()
    words: frozenset[str] = field(default=frozenset())


Key = tuple[str, str]  # "dimension:value", unit


def key_of(dimension: str, value: str = "", unit: str = WHOLE) -> Key:
    return f"{dimension}:{value}", unit


def dimension_of(topic: str) -> tuple[str, str]:
    """The dimension and the value of a series."""
    dimension, _, value = topic.partition(":")
    return dimension, value


def keys_of(seen: Seen) -> set[Key]:
    """Of which series is this case? Each mark in the bank and in every unit above the case; words in the bank."""
    places = (WHOLE, *seen.units)
    found = {key_of(ALL, unit=unit) for unit in places}
    for dimension, value in seen.marks:
        found |= {key_of(dimension, value, unit) for unit in ([WHOLE] if dimension in BANK_ONLY else places)}
    return found | {key_of(WORD, word) for word in seen.words - FORMULAS}


def once_a_customer(cases: Iterable[Seen]) -> dict[Key, list[Seen]]:
    """The cases of each series, by day. One customer who complains again within 30 days of the same is one."""
    found: dict[Key, list[Seen]] = {}
    last: dict[tuple[Key, str], date] = {}
    for seen in sorted(cases, key=lambda each: (each.on, each.case)):
        for key in keys_of(seen):
            before = last.get((key, seen.customer)) if seen.customer else None
            if before is not None and (seen.on - before).days <= WINDOW_DAYS:
                continue
            last[key, seen.customer] = seen.on
            found.setdefault(key, []).append(seen)
    return found


def panel(
    series: Mapping[Key, Sequence[Seen]],
    since: date,
    until: date,
    holidays: frozenset[date] = frozenset(),
    make_up: frozenset[date] = frozenset(),
) -> Panel:
    """Daily counts. Everything is a share of the bank's complaints of that day; those, of nothing but the day."""
    days = (until - since).days + 1
    kept = _kept(series)
    counts = np.zeros((len(kept), days))
    for row, key in enumerate(kept):
        np.add.at(counts[row], [(seen.on - since).days for seen in series[key]], 1.0)
    ones, whole = np.ones(days), key_of(ALL)
    bank: Floats = counts[kept.index(whole)] if whole in kept else ones
    volumes = np.array([ones if key == whole else bank for key in kept]).reshape(len(kept), days)
    return Panel(tuple(kept), since, counts, volumes, holidays, make_up)


def _kept(series: Mapping[Key, Sequence[Seen]]) -> list[Key]:
    """What has come up often enough to be judged at all; of words the most frequent."""
    often = [key for key, cases in series.items() if len(cases) >= RULE.fewest]
    words = [key for key in often if key[0].startswith(f"{WORD}:")]
    words = sorted(words, key=lambda key: (-len(series[key]), key))[:MOST_WORDS]
    return sorted({key for key in often if not key[0].startswith(f"{WORD}:")} | set(words))


def clusters(alerts: Sequence[tuple[Key, Collection[int]]]) -> list[int]:
    """For each alert (the surest first, with its cases) the place of the one that leads its cluster.

    Nobody who is complained of leads one: whoever may not know the name shall see the rest.
    """
    order = sorted(range(len(alerts)), key=lambda n: dimension_of(alerts[n][0][0])[0] == ACCUSED)
    leads: list[int] = []
    found = list(range(len(alerts)))
    for n in order:
        mine = set(alerts[n][1])
        lead = next((each for each in leads if _is_same(mine, set(alerts[each][1]))), n)
        found[n] = lead
        if lead == n:
            leads.append(n)
    return found


def _is_same(one: set[int], other: set[int]) -> bool:
    fewer = min(len(one), len(other))
    return fewer > 0 and len(one & other) >= SAME_CASES * fewer


def typical(cases: Sequence[Seen], others: Sequence[Seen]) -> list[str]:
    """Words that these cases hold oftener than the others, each in three of them or more."""
    here, there = (Counter(word for seen in side for word in seen.words - FORMULAS) for side in (cases, others))
    return [each.word for each in contrast(here, len(cases), there, len(others))[:TYPICAL]]
