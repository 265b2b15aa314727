"""Which rule sets which limit, from which clause? The parts of a rule pack, as dated data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from huixiang.domain.complaints.contacts import COUNTED


class Unit(StrEnum):
    """In what is a limit counted? A day counts from the one after the start (Civil Code art. 201)."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"  # make-up workdays count, public holidays do not
    BUSINESS_HOURS = "business_hours"  # only while the unit that has the case is open


class Trust(StrEnum):
    """How sure is the wording of a clause?"""

    READ = "read"  # in a public copy of the text
    CHECK = "check"  # not read: the bank's compliance office must look
    OWN = "own"  # the bank's own standard, no law


class Reopening(StrEnum):
    """What becomes of a clock that had been met when its case is opened again?"""

    RESTARTS = "restarts"  # the whole limit again, from the day of opening
    CONTINUES = "continues"  # what was left of it; the time between does not count
    STAYS = "stays"  # met is met


@dataclass(frozen=True, slots=True)
class Rule:
    """A class of cases, as `simple`."""

    code: str
    title: str
    english: str


@dataclass(frozen=True, slots=True)
class Approver:
    """Who may approve an extension, as `superior_unit`: a level the bank gives to people, not a person."""

    code: str
    title: str
    english: str


@dataclass(frozen=True, slots=True)
class Extension:
    """May a case go from one rule to another? `needs` holds "approval" (by one of `approvers`) and "notice".

    `unsure` says what nobody has read in the text and compliance must look up.
    """

    old: str
    new: str
    needs: frozenset[str]
    approvers: frozenset[str]
    clause: str
    trust: Trust
    unsure: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """One clock. `limits` are amounts of `unit` by rule; a clock runs only under the rules named there.

    It starts anew with each event of `starts`, and is met once every event of `stops` has come. `pauses` are the
    reasons for which it stands still, and only when the complainant was told; `contacts`, of contacts.WAYS, those that
    count where it is met by a contact. `unsure` as of an extension.
    """

    code: str
    title: str
    english: str
    unit: Unit
    limits: dict[str, int]
    starts: frozenset[str]
    stops: frozenset[str]
    pauses: frozenset[str]
    reopened: Reopening
    clause: str
    trust: Trust
    unsure: str = ""
    contacts: frozenset[str] = COUNTED


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a complaint may be refused. `offers` is what else the complainant can do; `tells`: must he be told of it?"""

    code: str
    title: str
    english: str
    tells: bool
    offers: str
    clause: str
    trust: Trust
    unsure: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """All clocks of one version of the rules; a case keeps the version that held when it was received."""

    code: str
    title: str
    english: str
    version: str
    effective_from: date
    source: str
    rolls_past_holidays: bool
    roll_clause: str
    roll_trust: Trust
    rules: tuple[Rule, ...]
    extensions: tuple[Extension, ...]
    clocks: tuple[Limit, ...]
    approvers: tuple[Approver, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    backdate_days: int | None = None  # how far back something may be written down; None: as the bank's setting says

    def rule(self, code: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.code == code), None)

    def approver(self, code: str) -> Approver | None:
        """None where the pack gives the level no name."""
        return next((each for each in self.approvers if each.code == code), None)

    def refusal(self, code: str) -> Refusal | None:
        return next((each for each in self.refusals if each.code == code), None)

    def extension(self, old: str, new: str) -> Extension | None:
        return next((each for each in self.extensions if (each.old, each.new) == (old, new)), None)
