"""What must a return hold, by when, and per how many of what? Dated data beside the other rules (统计口径)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from huixiang.domain.complaints.periods import Period
from huixiang.domain.complaints.returns import Per
from huixiang.domain.complaints.rules import Trust
from huixiang.domain.complaints.tables import CODE, Table, once, sections, tables_of

LONGEST = 3_660  # days
# What is counted once a while, and by whose number complaints are divided. Chinese first, English second.
BASES = {
    "customers": ("客户数", "customers"),
    "personal_customers": ("个人客户数", "personal customers"),
    "accounts": ("账户数", "accounts"),
    "cards": ("卡数", "cards"),
    "branches": ("营业网点数", "outlets"),
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when must the return of a quarter or a year be there: so many days after its last day."""

    kind: str
    due_days: int
    clause: str
    trust: Trust
    unsure: str


@dataclass(frozen=True, slots=True)
class PerRule:
    """A rate, and which denominator it needs."""

    per: Per
    base: str
    title: str
    english: str
    clause: str
    trust: Trust


@dataclass(frozen=True, slots=True)
class ReturnRules:
    """One version of them."""

    code: str
    title: str
    english: str
    version: str
    effective_from: date
    source: str
    denominator_days: int
    fewest: int
    deadlines: tuple[Deadline, ...]
    rates: tuple[PerRule, ...]

    def deadline(self, period: Period) -> tuple[date, Deadline] | None:
        """The day, and the rule that sets it; None where the rules name none."""
        found = next((each for each in self.deadlines if each.kind == period.kind), None)
        return (period.until + timedelta(days=found.due_days), found) if found else None


@cache
def shipped_return_rules(code: str) -> ReturnRules | None:
    """Those of a pack of the product; None where it has none."""
    if not CODE.fullmatch(code):
        return None
    place = files("huixiang.domain.complaints") / "packs" / code / "returns.toml"
    return read_return_rules(place.read_text("utf-8")) if place.is_file() else None


def read_return_rules(text: str) -> ReturnRules:
    """The rules of a TOML text. Raises BadCase that says which part is wrong and what to write."""
    table = tables_of(text)
    head = Table(table, "报表口径", {"deadline", "rate"})
    deadlines = [_deadline(Table(each, f"[[deadline]] {n}")) for n, each in enumerate(sections(table, "deadline"), 1)]
    rates = [_rate(Table(each, f"[[rate]] {n}")) for n, each in enumerate(sections(table, "rate"), 1)]
    once("deadline", [each.kind for each in deadlines])
    once("rate", [each.per for each in rates])
    return head.done(
        ReturnRules(
            code=head.code("code"),
            title=head.text("title"),
            english=head.text("english"),
            version=head.text("version"),
            effective_from=head.day("effective_from"),
            source=head.text("source"),
            denominator_days=head.amount("denominator_days", LONGEST),
            fewest=head.amount("fewest", 1_000),
            deadlines=tuple(deadlines),
            rates=tuple(rates),
        )
    )


def _deadline(table: Table) -> Deadline:
    return table.done(
        Deadline(
            kind=table.known("kind", {"quarter", "year"}),
            due_days=table.amount("due_days", LONGEST),
            clause=table.text("clause"),
            trust=table.one_of("trust", Trust),
            unsure=table.text_if_any("unsure"),
        )
    )


def _rate(table: Table) -> PerRule:
    return table.done(
        PerRule(
            per=table.one_of("per", Per),
            base=table.known("base", set(BASES)),
            title=table.text("title"),
            english=table.text("english"),
            clause=table.text("clause"),
            trust=table.one_of("trust", Trust),
        )
    )
