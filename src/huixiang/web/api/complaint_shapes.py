"""How is a complaint told to other systems? Its columns, its clocks with their clauses, its timeline, what may be done.

Nothing here names a customer: words that may are told only to who may know who complains.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AwareDatetime, Field, StringConstraints, WithJsonSchema

from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.apps.access.sentences import told
from huixiang.apps.complaints import backdating
from huixiang.apps.complaints.actions.revealing import IDENTITY
from huixiang.apps.complaints.models import Case, Event, Party
from huixiang.apps.complaints.offering import Offer, offered
from huixiang.apps.complaints.standings import history
from huixiang.domain.complaints.clocks import Reading
from huixiang.domain.complaints.clocks import State as ClockState
from huixiang.domain.complaints.lifecycle import PAIRED, VERBS
from huixiang.domain.complaints.rules import Trust, Unit
from huixiang.domain.complaints.running import Warned
from huixiang.domain.complaints.states import State
from huixiang.web.api.shapes import one_of, tidy

Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{6,11}$")]
# The years that the clocks count.
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 2, tzinfo=UTC), le=datetime(2059, 12, 30, tzinfo=UTC))]
Way = Annotated[Case.Way, one_of(Case.Way)]
Complainant = Annotated[Case.Kind, one_of(Case.Kind)]
Seriousness = Annotated[Case.Seriousness, one_of(Case.Seriousness)]
Role = Annotated[Party.Role, one_of(Party.Role)]
Due = date | datetime  # of a limit of hours a moment
DoableVerb = StrEnum("DoableVerb", {code: code for code in VERBS if code not in PAIRED})  # type: ignore[misc]
VerbCode = Annotated[DoableVerb, WithJsonSchema({"type": "string", "enum": [each.value for each in DoableVerb]})]


def _among(codes: type[StrEnum]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": [code.value for code in codes]})


StateCode = Annotated[str, _among(State)]
ClockStateCode = Annotated[str, _among(ClockState)]
UnitCode = Annotated[str, _among(Unit)]
TrustCode = Annotated[str, _among(Trust)]


def compliance() -> str:
    """What stands beside everything that leans on law."""
    return _("按公开文本设计，待贵行合规核验；产品不声称合规。")


class WarningOut(Schema):
    """`code` is for machines, `detail` for people."""

    code: str
    detail: str

    @classmethod
    def of(cls, found: Warned) -> WarningOut:
        return cls(code=found.code, detail=told(found.message, found.params))


class ClockOut(Schema):
    """One clock now. `due` is not moved, `legal_latest` is moved past holidays where the pack says so.

    `elapsed` and `paused` are in `unit`; `trust` is how sure the clause's wording is: `check` is not read in the text
    and needs the compliance office. `unsure` says what. `is_official` false: a year's holidays are not announced yet.
    `met_entered_at`: what met it at `met_at` was written down later, at this moment; null where it was at once.
    """

    clock: str
    title: str
    english: str
    state: ClockStateCode
    limit: int
    unit: UnitCode
    started_at: datetime | None
    met_at: datetime | None
    due: Due | None
    legal_latest: Due | None
    is_legally_late: bool
    elapsed: float
    paused: float
    due_if_resumed: Due | None
    of_case: str
    clause: str
    version: str
    trust: TrustCode
    unsure: str
    is_official: bool
    met_entered_at: datetime | None
    warnings: list[WarningOut]

    @classmethod
    def of(cls, read: Reading, version: str, events: Iterable[Event] = ()) -> ClockOut:
        same = ("started_at", "met_at", "due", "legal_latest", "due_if_resumed")
        limit = read.limit
        return cls(
            **{name: getattr(read, name) for name in same},
            clock=limit.code,
            title=limit.title,
            english=limit.english,
            state=read.state.value,
            limit=read.amount,
            unit=limit.unit.value,
            is_legally_late=read.legally_late,
            elapsed=tidy(read.elapsed),
            paused=tidy(read.paused),
            of_case=read.case,
            clause=limit.clause,
            version=version,
            trust=limit.trust.value,
            unsure=limit.unsure,
            is_official=read.official,
            met_entered_at=line.entered_at if (line := backdating.used(read, events)) else None,
            warnings=[WarningOut.of(each) for each in read.warned],
        )


class CaseLineOut(Schema):
    """One line of the history. `told` holds no personal data; `words` is null without complaint.identity, or where
    there are none or they can no longer be opened. `hash` is the line's in the chain.
    """

    seq: int
    verb: str
    at: datetime
    entered_at: datetime
    by: str | None
    unit: str
    told: dict[str, Any]
    has_words: bool
    words: str | None
    hash: str

    @classmethod
    def of(cls, event: Event, *, opens: bool) -> CaseLineOut:
        same = {name: getattr(event, name) for name in ("seq", "verb", "at", "entered_at", "told", "hash")}
        by, words = event.by.number if event.by else None, _words(event) if opens else None
        return cls(**same, by=by, unit=event.unit_code, has_words=bool(event.words_digest), words=words)


def _words(event: Event) -> str | None:
    try:
        return str(unseal(event.sealed)["text"]) if event.sealed else None
    except Unsealable:
        return None


class OfferOut(Schema):
    """A verb that state and rights allow. `asks` are the parts of its body; `why_not` stands in this caller's way."""

    verb: str
    title: str
    english: str
    asks: list[str]
    why_not: WarningOut | None

    @classmethod
    def of(cls, offer: Offer) -> OfferOut:
        found = WarningOut.of(offer.why_not) if offer.why_not else None
        names = {"title": offer.verb.title, "english": offer.verb.english}
        return cls(verb=offer.code, **names, asks=list(offer.verb.asks), why_not=found)


class GlanceOut(Schema):
    """One complaint in the queue. `next_due_on` is of what is still owed, null where nothing is; `call_back_at` was
    agreed with the complainant and is still owed.
    """

    number: str
    received_at: datetime
    way: Way
    title: str
    state: StateCode
    unit: str
    handler: str | None
    seriousness: Seriousness
    risks: list[str]
    next_due_on: date | None
    call_back_at: datetime | None
    legal_latest_on: date | None
    is_late: bool
    is_legally_late: bool
    ended_at: datetime | None

    @classmethod
    def told(cls, case: Case) -> dict[str, Any]:
        same = set(GlanceOut.model_fields) - {"unit", "handler"}
        handler = case.handler.number if case.handler else None
        return {name: getattr(case, name) for name in same} | {"unit": case.unit.code, "handler": handler}

    @classmethod
    def of(cls, case: Case) -> GlanceOut:
        return cls(**cls.told(case))


class PackRefOut(Schema):
    code: str
    version: str


class CaseOut(GlanceOut):
    """The whole case: text and demand are masked; `voices` are those it was made of; `pack` the rules it is under."""

    text: str
    demand: str
    complainant: Complainant
    heads: int
    channel_code: str
    business_code: str
    cause_code: str
    pack: PackRefOut
    rule: str
    is_held: bool
    merged_into: str | None
    merged: list[str]
    voices: list[str]
    clocks: list[ClockOut]
    timeline: list[CaseLineOut]
    verbs: list[OfferOut]
    compliance: str

    @classmethod
    def whole(cls, case: Case, by: Staff) -> CaseOut:
        read, opens = history(case), opens_words(case, by)
        names = ("text", "demand", "complainant", "heads", "channel_code", "business_code", "cause_code", "is_held")
        lines = list(case.events.select_related("by").order_by("seq"))
        return cls(
            **cls.told(case),
            **{name: getattr(case, name) for name in names},
            pack=PackRefOut(code=case.pack.code, version=case.pack.version),
            rule=read.standing().rule,
            merged_into=case.merged_into.number if case.merged_into else None,
            merged=[each.number for each in case.merged.order_by("number")],
            voices=list(case.voices.order_by("voice_id").values_list("voice_id", flat=True)),
            clocks=[ClockOut.of(each, case.pack.version, lines) for each in read.clocks(timezone.now())],
            timeline=[CaseLineOut.of(line, opens=opens) for line in lines],
            verbs=[OfferOut.of(each) for each in offered(by, case, read)],
            compliance=compliance(),
        )


def opens_words(case: Case, by: Staff) -> bool:
    """May she read what people wrote, names and all?"""
    return (
        Case.objects.visible_to(by, IDENTITY).filter(pk=case.pk).exists() and not case.accused.filter(staff=by).exists()
    )


class ReceiptOut(Schema):
    """What the complainant is told: number, day, by when she is answered, and by which clause."""

    number: str
    received_at: datetime
    unit: str
    pack: PackRefOut
    rule: str
    reply: ClockOut | None
    compliance: str

    @classmethod
    def of(cls, case: Case) -> ReceiptOut:
        reply = history(case).clock("reply", timezone.now())
        return cls(
            number=case.number,
            received_at=case.received_at,
            unit=case.unit.code,
            pack=PackRefOut(code=case.pack.code, version=case.pack.version),
            rule=case.rule,
            reply=ClockOut.of(reply, case.pack.version) if reply else None,
            compliance=compliance(),
        )
