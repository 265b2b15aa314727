"""Who must know of a risk word, and who next where nobody has said so in time? By dated rules of the house."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files

from huixiang.domain.complaints.events import BadCase
from huixiang.domain.complaints.tables import Table, sections, tables_of
from huixiang.domain.complaints.warning import Level
from huixiang.domain.understanding.contract import LEVELS as RISK_LEVELS

LADDER = (Level.UNIT, Level.SUPERIOR, Level.HEAD_OFFICE)
MOST_HOURS = 720


@dataclass(frozen=True, slots=True)
class Escalation:
    """Of a risk level, and of these codes alone if any: the first that must know, and after how many hours the next."""

    level: str
    since: date
    first: Level
    hours: int
    source: str
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Duty:
    """Which level must know of a risk at a moment; `next_at`: then it goes one up. None: it is at the top."""

    level: Level
    next_at: datetime | None
    rule: Escalation


@cache
def shipped_escalations() -> tuple[Escalation, ...]:
    return read_escalations((files("huixiang.domain.complaints") / "data" / "escalation.toml").read_text("utf-8"))


def read_escalations(text: str) -> tuple[Escalation, ...]:
    """The rules of a TOML text, which have to know every risk level. Raises BadCase that says what to write."""
    table = tables_of(text)
    Table(table, "风险上报规则", {"rule"}).done(None)
    found = tuple(_rule(each, f"[[rule]] {n}") for n, each in enumerate(sections(table, "rule"), 1))
    for level in RISK_LEVELS:
        if not any(each.level == level and not each.codes for each in found):
            raise BadCase("风险上报规则缺少等级“%(level)s”的通则（不写 codes 的一条）", level=level)
    return found


def _rule(found: object, place: str) -> Escalation:
    codes = isinstance(found, Mapping) and "codes" in found
    table = Table(found, place)
    rule = Escalation(
        table.known("level", set(RISK_LEVELS)),
        table.day("since"),
        Level(table.known("first", {each.value for each in LADDER})),
        table.amount("hours", MOST_HOURS),
        table.text("source"),
        table.words("codes", None) if codes else frozenset(),
    )
    return table.done(rule)


def duty(code: str, level: str, found_at: datetime, now: datetime, rules: Iterable[Escalation]) -> Duty:
    """Who must know by now? By the rule in force on the day the word was found; one that names the code goes before."""
    rule = _of(code, level, found_at.date(), tuple(rules))
    step = timedelta(hours=rule.hours)
    place = LADDER.index(rule.first) + max(0, int((now - found_at) / step))
    if place >= len(LADDER) - 1:
        return Duty(Level.HEAD_OFFICE, None, rule)
    steps = place - LADDER.index(rule.first) + 1
    return Duty(LADDER[place], found_at + steps * step, rule)


def _of(code: str, level: str, day: date, rules: tuple[Escalation, ...]) -> Escalation:
    """A level nobody knows is taken for the most urgent one; before the first rule, the first holds."""
    level = level if level in RISK_LEVELS else RISK_LEVELS[0]
    fitting = [each for each in rules if each.level == level and (not each.codes or code in each.codes)]
    begun = [each for each in fitting if each.since <= day] or [min(fitting, key=lambda each: each.since)]
    return max(begun, key=lambda each: (bool(each.codes), each.since))


def is_high_enough(reached: Iterable[Level], must_know: Level) -> bool:
    """Does one of these levels stand there, or above?"""
    return any(each in LADDER and LADDER.index(each) >= LADDER.index(must_know) for each in reached)
