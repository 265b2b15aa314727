"""What is a standard? What it governs, for whom, what is measured, what is aimed at, who answers for it, since when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Governs(StrEnum):
    """Which part of service is it about?"""

    LOOKS = "looks"  # 仪容仪表
    WORDS = "words"  # 服务用语
    ENVIRONMENT = "environment"  # 服务环境
    HANDLING = "handling"  # 办理时限
    WAITING = "waiting"  # 等候时长
    COMPLAINTS = "complaint_response"  # 投诉响应
    HOTLINE = "hotline"  # 电话接通
    DIGITAL = "availability"  # 渠道可用
    VERDICT = "satisfaction"  # 客户评价


class Trust(StrEnum):
    """How sure is the source?"""

    KNOWN = "known"  # what banks usually do, from no document: [K]
    SEARCHED = "searched"  # found in public, the text itself not read: [S]
    READ = "read"  # the text was read
    OWN = "own"  # the bank's own decision


class ClockUnit(StrEnum):
    """In what is a clock counted? As of the clocks of complaints."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    BUSINESS_HOURS = "business_hours"


Span = tuple[int, int]  # minutes after midnight, from inclusive, to exclusive


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom does it hold? Codes of each kind, and hours of the day; empty means all."""

    branch_kinds: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    hours: tuple[Span, ...] = ()  # in order, apart from each other


@dataclass(frozen=True, slots=True)
class Aim:
    """What is measured, and what is aimed at? Numbers are in the measure's unit, shares in per cent.

    `tolerance` is how far beyond the target still counts as near it.
    """

    measure: str  # of catalogue.MEASURES, or one that nobody here can measure
    target: float
    tolerance: float = 0.0
    parameters: tuple[tuple[str, float], ...] = ()  # by name

    def parameter(self, name: str) -> float | None:
        return dict(self.parameters).get(name)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an inspection form."""

    text: str
    english: str
    points: int
    photo: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    """The form by which it is inspected; its items' points add up to `points`."""

    points: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """The bank's own target beside a clock of complaints, as 7 calendar days for `reply`."""

    of: str
    amount: int
    unit: ClockUnit


@dataclass(frozen=True, slots=True)
class Appraisal:
    """In which line of an appraisal does it count, with which weight (per cent)?"""

    line: str
    weight: float


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for it: a role, a unit, or a role in a unit; as coded in the organisation."""

    unit: str = ""
    post: str = ""


@dataclass(frozen=True, slots=True)
class Standard:
    """One version of one standard: the whole of its file."""

    code: str
    title: str
    english: str
    governs: Governs
    effective_from: date
    owner: Owner
    source: str
    trust: Trust
    effective_until: date | None = None  # inclusive; None: until another version follows
    weight: float = 0.0  # per cent of the set
    note: str = ""
    scope: Scope = field(default_factory=Scope)
    aim: Aim | None = None
    checklist: Checklist | None = None
    clock: Clock | None = None
    appraisal: Appraisal | None = None
    taught_by: tuple[str, ...] = ()  # codes of courses

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_until is None or day <= self.effective_until)
