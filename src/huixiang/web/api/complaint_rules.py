"""By which rules are complaints handled, and by when would one be due? Each limit with the clause that sets it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Path, Query, Router, Schema

from huixiang.apps.complaints import packs
from huixiang.apps.complaints.models import RulePack
from huixiang.domain.complaints.events import Event
from huixiang.domain.complaints.hours import moment
from huixiang.domain.complaints.rulebook import shipped_codes
from huixiang.web.api.auth import Bearer
from huixiang.web.api.complaint_shapes import ClockOut, Moment, TrustCode, UnitCode, compliance
from huixiang.web.api.shapes import Word

router = Router(tags=["complaints"])
SEE = Bearer("complaint.see")


class PackOut(Schema):
    """One version of a pack; `digest` is the SHA-256 of its text. `holds_today`: what comes in today is under it."""

    code: str
    version: str
    title: str
    english: str
    source: str
    effective_from: date
    digest: str
    holds_today: bool

    @classmethod
    def of(cls, row: RulePack) -> PackOut:
        pack = packs.pack_of(row)
        same = {name: getattr(row, name) for name in ("code", "version", "effective_from", "digest")}
        holds = packs.in_force(timezone.localdate(), row.code).pk == row.pk
        return cls(**same, title=pack.title, english=pack.english, source=pack.source, holds_today=holds)


class PackRuleOut(Schema):
    code: str
    title: str
    english: str


class LimitOut(Schema):
    """`limits` are amounts of `unit` by rule; `starts` and `stops` are events, `pauses` reasons to stand still."""

    code: str
    title: str
    english: str
    unit: UnitCode
    limits: dict[str, int]
    starts: list[str]
    stops: list[str]
    pauses: list[str]
    clause: str
    trust: TrustCode
    unsure: str


class LongerOut(Schema):
    """From which rule to which may a case be extended, and what does the clause ask for?"""

    old: str
    new: str
    needs: list[str]
    approvers: list[str]
    clause: str
    trust: TrustCode
    unsure: str


class RefusalOut(Schema):
    """Why a complaint may be refused, what else is offered, and whether the clause asks that he is told."""

    code: str
    title: str
    english: str
    tells: bool
    offers: str
    clause: str
    trust: TrustCode
    unsure: str


class WholePackOut(PackOut):
    rules: list[PackRuleOut]
    refusals: list[RefusalOut]
    clocks: list[LimitOut]
    extensions: list[LongerOut]
    compliance: str

    @classmethod
    def whole(cls, row: RulePack) -> WholePackOut:
        pack = packs.pack_of(row)
        plain: dict[str, Any] = PackOut.of(row).dict() | {
            name: [_told(each) for each in getattr(pack, name)]
            for name in ("rules", "clocks", "extensions", "refusals")
        }
        return cls(**plain, compliance=compliance())


class DueOut(Schema):
    """Every clock of a complaint received then, of which nothing else happened yet."""

    pack: str
    version: str
    rule: str
    clocks: list[ClockOut]
    compliance: str


@router.get("/complaint-rules", auth=SEE, response=list[PackOut], summary=gettext_noop("投诉规则包"))
def list_rule_packs(request: HttpRequest) -> list[PackOut]:
    for code in shipped_codes():
        packs.in_force(timezone.localdate(), code)  # those that come with the product become rows when first needed
    return [PackOut.of(row) for row in RulePack.objects.order_by("code", "-effective_from", "-pk")]


@router.get(
    "/complaint-rules/{pack}",
    auth=SEE,
    response=WholePackOut,
    summary=gettext_noop("一个规则包：规则、期限与条文"),
)
def read_rule_pack(request: HttpRequest, pack: Path[Word], version: Word = "") -> WholePackOut:
    """Without a version, the one that holds for what comes in today."""
    return WholePackOut.whole(_row(pack, timezone.localdate(), version))


@router.get(
    "/complaint-rules/{pack}/{rule}/due",
    auth=SEE,
    response=DueOut,
    summary=gettext_noop("某刻收到的投诉何时到期"),
)
def read_due(request: HttpRequest, pack: Path[Word], rule: Path[Word], received_at: Query[Moment]) -> DueOut:
    """By the version that holds on that day."""
    row = _row(pack, timezone.localdate(received_at), "")
    if packs.pack_of(row).rule(rule) is None:
        raise Http404
    at = moment(received_at)
    read = packs.clocks_of(row).read(rule, [Event(at, "received")], at)
    clocks = [ClockOut.of(each, row.version) for each in read]
    return DueOut(pack=row.code, version=row.version, rule=rule, clocks=clocks, compliance=compliance())


def _row(code: str, day: date, version: str) -> RulePack:
    if code not in shipped_codes() and not RulePack.objects.filter(code=code).exists():
        raise Http404
    row = packs.in_force(day, code) if not version else RulePack.objects.filter(code=code, version=version).first()
    if row is None:
        raise Http404
    return row


def _told(each: object) -> dict[str, object]:
    """A part of a pack; its sets in the order of words."""
    return {name: _plain(getattr(each, name)) for name in each.__slots__}  # type: ignore[attr-defined]


def _plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    return sorted(value) if isinstance(value, frozenset) else value
