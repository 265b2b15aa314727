"""Do like complaints gather? Read, counted and judged every night; each episode is kept as a row and told once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from huixiang.apps.access.models import Unit
from huixiang.apps.complaints.classing import read, reader
from huixiang.apps.complaints.models import Accused, Case, CaseReading, Event, Signal, SignalWatch
from huixiang.apps.feedback import rises
from huixiang.domain.calendar import mainland
from huixiang.domain.complaints.signals import (
    ACCUSED,
    AXES,
    RULE,
    Key,
    Seen,
    clusters,
    dimension_of,
    key_of,
    once_a_customer,
    panel,
    typical,
)
from huixiang.domain.statistics.episodes import Episode

LONGEST = timedelta(days=2 * 366)  # of the past that is learned from
LOOKED_BACK = timedelta(days=60)  # on the first night: what would have been told in the two months before
PORTION = 500  # cases read at once
LONGEST_WORD, LONGEST_VALUE = 20, 80


def watch_cases(now: datetime) -> int:
    """The nightly round's part: look at each day up to yesterday that was not looked at. How many signals are new?

    Asked twice in a day it finds nothing to do; killed half-way, the next night does all of it.
    """
    until = timezone.localdate(now) - timedelta(days=1)
    read_anew(until - LONGEST)
    first = _counted().order_by("received_at").values_list("received_at", flat=True).first()
    last = SignalWatch.objects.order_by("-on").first()
    if first is None or timezone.localdate(first) > until or (last and last.on >= until):
        return 0
    since = max(timezone.localdate(first), until - LONGEST)
    series = once_a_customer(seen(since, until))
    calendar = mainland()
    counts = panel(series, since, until, frozenset(calendar.holidays), calendar.make_up)
    known = [rises.episode(signal) for signal in Signal.objects.all()]
    found = rises.nights(counts, last.on if last else None, until, known, RULE, LOOKED_BACK)
    return _keep([each for each in found if each not in known], series, until, len(counts.keys))


def read_anew(since: date) -> int:
    """Read the words of each case since then that this reader has not read; how many? A new reader reads all again.

    What is kept for storage only is not read.
    """
    by, count = reader()[:120], 0
    rows = Case.objects.filter(received_at__gte=_midnight(since), is_held=False)
    rows = rows.exclude(reading__reader=by).order_by("pk")
    last = 0
    while portion := list(rows.filter(pk__gt=last).values_list("pk", "title", "text")[:PORTION]):
        last = portion[-1][0]
        told = read([f"{title}\n{text}" for _pk, title, text in portion])
        made = [_reading(pk, by, each) for (pk, _title, _text), each in zip(portion, told, strict=True)]
        CaseReading.objects.bulk_create(
            made, update_conflicts=True, unique_fields=["case"], update_fields=["reader", "topics", "words"]
        )
        count += len(made)
    return count


def _reading(pk: int, by: str, told: Any) -> CaseReading:
    words = sorted({word for word in (*told.words, *told.phrases) if 1 < len(word) <= LONGEST_WORD})
    return CaseReading(case_id=pk, reader=by, topics=[topic.code for topic in told.topics], words=words)


def _counted() -> Any:
    """What was merged is one complaint with the other, and what is kept for storage only is not used."""
    return Case.objects.filter(merged_into=None, is_held=False)


def seen(since: date, until: date) -> Iterator[Seen]:
    """Each case of these days with what it may have in common with others."""
    above = {unit.pk: _above(unit) for unit in Unit.objects.all()}
    rows = _counted().filter(received_at__gte=_midnight(since), received_at__lt=_midnight(until + timedelta(days=1)))
    accused: dict[int, list[str]] = {}
    for pk, number in Accused.objects.filter(case__in=rows).values_list("case_id", "staff__number"):
        accused.setdefault(pk, []).append(number)
    products = _products(rows)
    chosen = rows.values_list("pk", "received_at", "unit_id", "customer", "reading__topics", "reading__words")
    for pk, at, unit, customer, topics, words in chosen.iterator(chunk_size=2_000):
        marks = {(AXES[code[0]], code) for code in topics or () if code[0] in AXES}
        marks |= {(ACCUSED, number) for number in accused.get(pk, ())}
        marks |= {("product", products[pk])} if products.get(pk) else set()
        marks = {(name, value[:LONGEST_VALUE]) for name, value in marks}
        yield Seen(pk, timezone.localdate(at), above[unit], customer, frozenset(marks), frozenset(words or ()))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _products(rows: Any) -> dict[int, str]:
    """As people classed them: the last word of each case."""
    lines = Event.objects.filter(case__in=rows, verb="classify").order_by("case", "seq").values_list("case_id", "told")
    told = ((pk, line.get("classes", {})) for pk, line in lines)
    return {pk: str(classes["product"]) for pk, classes in told if "product" in classes}


def _above(unit: Unit) -> tuple[str, ...]:
    """A unit and all above it, but for the root, which is the whole bank."""
    return tuple(unit.path.strip("/").split("/")[1:])


def _key(episode: Episode) -> dict[str, Any]:
    dimension, value = dimension_of(episode.alert.topic)
    return {"dimension": dimension, "value": value, "unit": episode.alert.where, "alerted_on": episode.alert.on}


def _keep(changed: Sequence[Episode], series: dict[Key, list[Seen]], until: date, width: int) -> int:
    """Write them, and which lead: among those of one day, the surest whose cases are mostly the same."""
    mine = [_cases_of(each, series) for each in changed]
    with transaction.atomic():
        kept, new = [], 0
        for each, cases in zip(changed, mine, strict=True):
            told = rises.columns(each) | {"cases": [case.case for case in cases], "words": _words(each, cases, series)}
            signal, made = Signal.objects.update_or_create(**_key(each), defaults=told)
            kept.append(signal)
            new += made
        _lead(kept, changed)
        SignalWatch.objects.create(on=until, series=width, alerts=new)
    return new


def _cases_of(episode: Episode, series: dict[Key, list[Seen]]) -> list[Seen]:
    end = episode.ended_on or episode.last.on
    return [case for case in series.get(episode.key, []) if episode.alert.since <= case.on <= end]


def _words(episode: Episode, cases: list[Seen], series: dict[Key, list[Seen]]) -> list[str]:
    mine = {case.case for case in cases}
    others = [case for case in series.get(key_of("all"), []) if case.case not in mine]
    return typical(cases, others) if cases and others else []


def _lead(kept: list[Signal], changed: Sequence[Episode]) -> None:
    by_day: dict[date, list[int]] = {}
    for n, signal in enumerate(kept):
        by_day.setdefault(signal.alerted_on, []).append(n)
    for places in by_day.values():
        places.sort(key=lambda n: (changed[n].alert.q, changed[n].alert.p))
        alike = [(changed[n].key, kept[n].cases) for n in places]
        for n, lead in zip(places, clusters(alike), strict=True):
            leader = kept[places[lead]]
            Signal.objects.filter(pk=kept[n].pk).update(lead=None if leader == kept[n] else leader)
