"""How is a pack of rules written down? TOML with clause, version and source, each mistake told by its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from huixiang.domain.complaints.contacts import COUNTED, WAYS
from huixiang.domain.complaints.events import KINDS
from huixiang.domain.complaints.rules import Approver, Extension, Limit, Pack, Refusal, Reopening, Rule, Trust, Unit
from huixiang.domain.complaints.tables import CODE as _CODE
from huixiang.domain.complaints.tables import Table, once, sections, tables_of

_LARGEST = {Unit.CALENDAR_DAYS: 3_650, Unit.WORKING_DAYS: 2_500, Unit.BUSINESS_HOURS: 10_000}
_NEEDS = {"approval", "notice"}
LONGEST_BACK = 365  # days


@cache
def shipped(code: str) -> Pack | None:
    """A pack of the product by its folder's name; None where there is none."""
    text = shipped_text(code)
    return None if text is None else read_pack(text)


def shipped_text(code: str) -> str | None:
    """Its TOML text as it comes with the product."""
    if not _CODE.fullmatch(code):
        return None
    place = files("huixiang.domain.complaints") / "packs" / code / "rules.toml"
    return place.read_text("utf-8") if place.is_file() else None


def shipped_codes() -> list[str]:
    """The packs that come with the product."""
    return sorted(each.name for each in (files("huixiang.domain.complaints") / "packs").iterdir() if each.is_dir())


def read_pack(text: str) -> Pack:
    """The pack of a TOML text. Raises BadCase that says which part is wrong and what to write."""
    table = tables_of(text)
    head = Table(table, "规则包", {"rule", "approver", "extension", "clock", "refusal"})
    rules = tuple(_rule(Table(each, f"[[rule]] {n}")) for n, each in enumerate(sections(table, "rule"), 1))
    known = {rule.code for rule in rules}
    levels = tuple(_approver(Table(each, f"[[approver]] {n}")) for n, each in _any(table, "approver"))
    named = {each.code for each in levels} or None
    pack = Pack(
        code=head.code("code"),
        title=head.text("title"),
        english=head.text("english"),
        version=head.text("version"),
        effective_from=head.day("effective_from"),
        source=head.text("source"),
        rolls_past_holidays=head.yes("rolls_past_holidays"),
        roll_clause=head.text("roll_clause"),
        roll_trust=head.one_of("roll_trust", Trust),
        rules=rules,
        extensions=tuple(
            _extension(Table(each, f"[[extension]] {n}"), known, named) for n, each in _any(table, "extension")
        ),
        clocks=tuple(
            _clock(Table(each, f"[[clock]] {n}"), known) for n, each in enumerate(sections(table, "clock"), 1)
        ),
        approvers=levels,
        refusals=tuple(_refusal(Table(each, f"[[refusal]] {n}")) for n, each in _any(table, "refusal")),
        backdate_days=head.amount("backdate_days", LONGEST_BACK) if "backdate_days" in table else None,
    )
    head.done(pack)
    once("rule", [rule.code for rule in pack.rules])
    once("approver", [each.code for each in levels])
    once("extension", [f"{each.old} → {each.new}" for each in pack.extensions])
    once("refusal", [each.code for each in pack.refusals])
    once("clock", [clock.code for clock in pack.clocks])
    return pack


def _rule(table: Table) -> Rule:
    return table.done(Rule(table.code("code"), table.text("title"), table.text("english")))


def _any(table: Mapping[str, Any], key: str) -> Iterable[tuple[int, Any]]:
    return enumerate(sections(table, key, needed=False), 1)


def _approver(table: Table) -> Approver:
    return table.done(Approver(table.code("code"), table.text("title"), table.text("english")))


def _extension(table: Table, rules: set[str], levels: set[str] | None) -> Extension:
    needs = table.words("needs", _NEEDS, least=0)
    return table.done(
        Extension(
            old=table.known("from", rules),
            new=table.known("to", rules),
            needs=needs,
            approvers=table.words("approvers", levels) if "approval" in needs else frozenset(),
            clause=table.text("clause"),
            trust=table.one_of("trust", Trust),
            unsure=table.text_if_any("unsure"),
        )
    )


def _refusal(table: Table) -> Refusal:
    return table.done(
        Refusal(
            code=table.code("code"),
            title=table.text("title"),
            english=table.text("english"),
            tells=table.yes("tells"),
            offers=table.text("offers"),
            clause=table.text("clause"),
            trust=table.one_of("trust", Trust),
            unsure=table.text_if_any("unsure"),
        )
    )


def _clock(table: Table, rules: set[str]) -> Limit:
    unit = table.one_of("unit", Unit)
    return table.done(
        Limit(
            code=table.code("code"),
            title=table.text("title"),
            english=table.text("english"),
            unit=unit,
            limits=table.amounts("limits", rules, _LARGEST[unit]),
            starts=table.words("starts", set(KINDS)),
            stops=table.words("stops", set(KINDS)),
            pauses=table.words("pauses", None, least=0),
            contacts=table.words("contacts", set(WAYS), least=0) or COUNTED,
            reopened=table.one_of("reopened", Reopening),
            clause=table.text("clause"),
            trust=table.one_of("trust", Trust),
            unsure=table.text_if_any("unsure"),
        )
    )
