"""What does "resolved at the first go" mean, by which version? The definition, as dated data beside the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from huixiang.domain.complaints.rules import Trust
from huixiang.domain.complaints.tables import CODE, Table, once, sections, tables_of

LONGEST_WINDOW = 730


class Sign(StrEnum):
    """What may show that a case was not resolved, or that it was?"""

    REOPENED = "reopened"
    REPEATED = "repeated"  # the same customer came again on the same matter
    REGULATOR = "regulator"  # and to the supervisor
    REVIEW_APPLIED = "review_applied"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"  # the only one that speaks for it


class Since(StrEnum):
    """From when on does a sign count?"""

    RECEIVED = "received"
    CLOSED = "closed"


AGAINST = set(Sign) - {Sign.CONFIRMED}
MATTERS = {"business", "product", "cause"}


@dataclass(frozen=True, slots=True)
class Against:
    """One sign that speaks against it, from `since` until the window is over."""

    sign: Sign
    since: Since
    title: str
    english: str
    clause: str
    trust: Trust


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of it. `same_matter` must all agree for two contacts to be on one matter."""

    code: str
    title: str
    english: str
    version: str
    effective_from: date
    source: str
    window_days: int
    same_matter: frozenset[str]
    silence_counts: bool
    against: tuple[Against, ...]

    def counts(self, sign: Sign) -> Against | None:
        return next((each for each in self.against if each.sign is sign), None)


@cache
def shipped_definition(code: str) -> Definition | None:
    """The definition in a pack of the product; None where the pack has none."""
    if not CODE.fullmatch(code):
        return None
    place = files("huixiang.domain.complaints") / "packs" / code / "resolution.toml"
    return read_definition(place.read_text("utf-8")) if place.is_file() else None


def read_definition(text: str) -> Definition:
    """The definition of a TOML text. Raises BadCase that says which part is wrong and what to write."""
    table = tables_of(text)
    head = Table(table, "一次性解决的定义", {"against"})
    found = [_against(Table(each, f"[[against]] {n}")) for n, each in enumerate(sections(table, "against"), 1)]
    once("against", [each.sign for each in found])
    return head.done(
        Definition(
            code=head.code("code"),
            title=head.text("title"),
            english=head.text("english"),
            version=head.text("version"),
            effective_from=head.day("effective_from"),
            source=head.text("source"),
            window_days=head.amount("window_days", LONGEST_WINDOW),
            same_matter=head.words("same_matter", MATTERS),
            silence_counts=head.yes("silence_counts"),
            against=tuple(found),
        )
    )


def _against(table: Table) -> Against:
    return table.done(
        Against(
            sign=Sign(table.known("sign", {each.value for each in AGAINST})),
            since=table.one_of("since", Since),
            title=table.text("title"),
            english=table.text("english"),
            clause=table.text("clause"),
            trust=table.one_of("trust", Trust),
        )
    )
