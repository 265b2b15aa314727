"""What stands in a return (监管统计报表)? Counts of a period beside the one before and the year before, and rates.

Everything as plain values that can be written down, hashed and read again: page, files and API tell the same numbers.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from huixiang.apps.access.models import Unit
from huixiang.apps.complaints import backdating, tallying
from huixiang.apps.complaints.models import CaseQuerySet, Denominator, Event
from huixiang.apps.complaints.packs import in_force
from huixiang.apps.complaints.return_packs import return_rules
from huixiang.apps.complaints.tallying import Places, Tally
from huixiang.apps.feedback import rulebooks
from huixiang.domain.complaints.periods import Period
from huixiang.domain.complaints.return_rules import BASES, PerRule, ReturnRules
from huixiang.domain.complaints.returns import SCALE, By, Count, rank_list, uncoded
from huixiang.domain.statistics.intervals import Interval, ratio
from huixiang.domain.statistics.rates import rate

# By what it is counted, and to which level of the codes.
DEPTHS = {By.BUSINESS: 1, By.CAUSE: 1, By.CHANNEL: 2, By.WAY: 0, By.SERIOUSNESS: 0, By.REGION: 0, By.UNIT: 0}
MOVES = ("register", "classify", "merge", "split", "refuse", "reopen", "hand_over", "grade")  # verbs that move a count
DIGITS = 6
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """Of which cases, for which period and unit? `is_part`: who asks does not see all of them."""

    rows: CaseQuerySet
    period: Period
    unit: Unit
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class _Three:
    """A period, the one before, and the same a year earlier."""

    now: Tally
    before: Tally
    year: Tally

    def each(self) -> dict[str, Tally]:
        return {"now": self.now, "before": self.before, "year": self.year}


def reckoned(asked: Question, at: datetime) -> Figures:
    """The whole return. Raises Fault where the bank's own rules cannot be read."""
    rules, where, period = return_rules(), tallying.places(), asked.period
    three = _Three(*(tallying.tally(asked.rows, each, where) for each in _periods(period)))
    told = _head(asked, rules, at) | {
        "totals": {when: _totals(found) for when, found in three.each().items()},
        "change": {
            "before": _change(period, three.now.raw, period.before(), three.before.raw),
            "year": _change(period, three.now.raw, period.year_before(), three.year.raw),
        },
        "tables": {by.value: _table(three, by, depth, period) for by, depth in DEPTHS.items()},
    }
    told |= _divided(asked, rules, three, where)
    told["checks"] = _checks(asked, three.now, told, at)
    return told


def written(figures: Figures) -> str:
    """The one way in which figures are written: the same figures, the same hash."""
    return json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(figures: Figures) -> str:
    return hashlib.sha256(written(figures).encode()).hexdigest()


def _periods(period: Period) -> tuple[Period, Period, Period]:
    return period, period.before(), period.year_before()


def _head(asked: Question, rules: ReturnRules, at: datetime) -> Figures:
    period, due = asked.period, rules.deadline(asked.period)
    return {
        "form": 1,
        "period": period.code,
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "compared": [period.before().code, period.year_before().code],
        "unit": {"code": asked.unit.code, "name": asked.unit.name},
        "is_part": asked.is_part,
        "drawn_at": timezone.localtime(at).isoformat(timespec="seconds"),
        "rules": {name: getattr(rules, name) for name in ("code", "version", "title", "english", "source")},
        "pack": str(in_force(period.until)),
        "book": rulebooks.book("taxonomy").version,
        "deadline": None if due is None else {
            "due_on": due[0].isoformat(), "clause": due[1].clause, "trust": str(due[1].trust), "unsure": due[1].unsure
        },
        "over": period.until < timezone.localdate(at),
    }  # fmt: skip


def _totals(found: Tally) -> dict[str, int]:
    counts = found.counts
    repeats = counts.total.raw - counts.total.merged
    return {"received": found.received, "refused": found.refused, "raw": found.raw,
            "unclassified": counts.unclassified_count, "classed": counts.total.raw,
            "merged": counts.total.merged, "repeats": repeats}  # fmt: skip


def _table(three: _Three, by: By, depth: int, period: Period) -> list[dict[str, Any]]:
    """The most frequent first; a line for each code that any of the three periods had."""
    now, before, year = (found.by(by, depth) for found in (three.now, three.before, three.year))
    none = Count()
    lines = [
        {
            "code": key,
            "raw": now.get(key, none).raw,
            "merged": now.get(key, none).merged,
            "before": before.get(key, none).raw,
            "year": year.get(key, none).raw,
            "change": _change(period, now.get(key, none).raw, period.before(), before.get(key, none).raw),
            "year_change": _change(period, now.get(key, none).raw, period.year_before(), year.get(key, none).raw),
        }
        for key in now.keys() | before.keys() | year.keys()
    ]
    return sorted(lines, key=lambda line: (-line["raw"], -line["before"], line["code"]))


def _change(period: Period, new: int, then: Period, old: int) -> list[float] | None:
    """The factor by which the count of a day grew, with its interval; periods are not equally long."""
    return plain(ratio((old, then.days), (new, period.days)))


def plain(found: Interval | None) -> list[float] | None:
    return None if found is None else [round(end, DIGITS) for end in (found.value, found.low, found.high)]


def _divided(asked: Question, rules: ReturnRules, three: _Three, where: Places) -> Figures:
    """Rates of the unit, and of each unit just below it, wherever there is a denominator of their own."""
    unit = asked.unit
    children = sorted((each for each in where.units.values() if each.parent_id == unit.pk), key=lambda u: u.path)
    names = {
        each.code: [each.name, each.path]
        for each in where.units.values()
        if each.path.startswith(unit.path) or unit.path.startswith(each.path)
    }
    bases = [
        Denominator.objects.holding([unit, *children], each.until, rules.denominator_days)
        for each in _periods(asked.period)
    ]
    below = _sums(three.now, children, where)
    return {
        "denominators": [_base(bases[0].get((unit.pk, kind)), kind) for kind in BASES],
        "rates": [_rate(each, unit, three, bases) for each in rules.rates],
        "ranks": [_ranks(each, children, below, bases[0]) for each in rules.rates] if children else [],
        "names": names,
    }


def _base(row: Denominator | None, kind: str) -> dict[str, Any]:
    if row is None:
        return {"kind": kind, "value": None, "on": None, "source": None}
    return {"kind": kind, "value": row.value, "on": row.on.isoformat(), "source": row.source}


def _rate(rule: PerRule, unit: Unit, three: _Three, bases: list[dict[tuple[int, str], Denominator]]) -> dict[str, Any]:
    told: dict[str, Any] = {"per": rule.per.value, "base": rule.base, "title": rule.title, "english": rule.english,
                            "clause": rule.clause, "trust": str(rule.trust)}  # fmt: skip
    for (when, found), held in zip(three.each().items(), bases, strict=True):
        base = held.get((unit.pk, rule.base))
        told[when] = plain(rate(found.raw, base.value, SCALE[rule.per])) if base else None
    return told


def _ranks(
    rule: PerRule, children: list[Unit], counts: dict[str, int], bases: dict[tuple[int, str], Denominator]
) -> dict[str, Any]:
    """The lowest rate first, each with the places it surely holds; who has no denominator has no place."""
    held = {each.code: bases.get((each.pk, rule.base)) for each in children}
    exposures = {code: float(base.value) if base else None for code, base in held.items()}
    found = rank_list(counts, exposures, rule.per)
    placed = [
        {"unit": each.who, "count": each.count, "base": int(each.exposure), "rate": plain(each.rate),
         "best": each.best, "worst": each.worst, "of": each.of}
        for each in found.placed
    ]  # fmt: skip
    return {"per": rule.per.value, "placed": placed, "no_base": sorted(found.no_data)}


def _sums(found: Tally, children: list[Unit], where: Places) -> dict[str, int]:
    """How many each of these has with all below it; unclassified cases are not in it, and the page says so."""
    paths = {unit.code: unit.path for unit in where.units.values()}
    sums = Counter({each.code: 0 for each in children})
    for code, count in found.by(By.UNIT).items():
        for each in children:
            if paths[code].startswith(each.path):
                sums[each.code] += count.raw
    return dict(sums)


def _checks(asked: Question, now: Tally, told: Figures, at: datetime) -> list[dict[str, Any]]:
    """What must be right before it may be submitted (`stops`), and what whoever reads it should know."""
    total = now.counts.total
    sums = [sum(line["raw"] for line in table) for table in told["tables"].values()]
    wrong = sum(each != total.raw for each in sums) + (total.raw + now.counts.unclassified_count != now.raw)
    after = late_from(told)
    late = classed_late(asked, after).count() if after else 0
    missing = sum(each["value"] is None for each in told["denominators"])
    book = rulebooks.book("taxonomy")
    return [
        _check("over", 0 if told["over"] else 1, stops=True),
        _check("unclassified", now.counts.unclassified_count, stops=True),
        _check("sums", wrong, stops=True),
        _check("merged", 1 if total.merged > total.raw else 0, stops=True),
        _check("classed_late", late),
        _check("no_base", missing),
        _check("uncoded", len(uncoded(book, now.counts))),
        _check("backdated", backdating.lines(_of(asked)).values("case").distinct().count()),
    ]


def _of(asked: Question) -> CaseQuerySet:
    return tallying.counting(tallying.of_period(asked.rows, asked.period))


def _check(code: str, count: int, *, stops: bool = False) -> dict[str, Any]:
    return {"code": code, "count": count, "stops": stops and count > 0}


def late_from(told: Figures) -> str | None:
    """From which day on was a class given too late for the report: the day after its deadline."""
    due = told["deadline"]
    if due is None:
        return None
    return (datetime.fromisoformat(due["due_on"]).date() + timedelta(days=1)).isoformat()


def classed_late(asked: Question, day: str) -> CaseQuerySet:
    """Cases of the period whose classes were written down, or changed, from this day on."""
    late = Event.objects.filter(verb="classify", entered_at__gte=tallying.begin(datetime.fromisoformat(day).date()))
    return tallying.counting(tallying.of_period(asked.rows, asked.period)).filter(pk__in=late.values("case"))


def moved_since(asked: Question, moment: datetime) -> Any:
    """The lines written since then that may move a count of this period, the latest first."""
    lines = Event.objects.filter(verb__in=MOVES, entered_at__gt=moment)
    cases = tallying.of_period(asked.rows, asked.period)
    return lines.filter(case__in=cases.order_by().values("pk")).order_by("-entered_at", "-pk")


def differences(old: Figures, new: Figures) -> list[dict[str, Any]]:
    """Which counts are not what they were? Totals first, then every line of every table."""
    found = [
        {"table": "totals", "code": name, "old": old["totals"]["now"][name], "new": count}
        for name, count in new["totals"]["now"].items()
    ]
    for table, lines in new["tables"].items():
        were = {line["code"]: line for line in old["tables"].get(table, [])}
        are = {line["code"]: line for line in lines}
        for code in sorted(were.keys() | are.keys()):
            for kind in ("raw", "merged"):
                was, is_ = (each.get(code, {}).get(kind, 0) for each in (were, are))
                found.append({"table": table, "code": code, "kind": kind, "old": was, "new": is_})
    for base, was in zip(new["denominators"], old["denominators"], strict=True):
        found.append({"table": "denominators", "code": base["kind"], "old": was["value"], "new": base["value"]})
    return [each for each in found if each["old"] != each["new"]]
