"""By which rules do voices become complaints, and which wait for a person? As the pages of rules and 待转投诉."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Path, Router, Schema
from pydantic import Field

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints import voicing
from huixiang.apps.complaints.actions import ruling
from huixiang.apps.complaints.models import Case, VoiceRuleBook, VoiceTaking
from huixiang.apps.complaints.voice_rulebook import checked
from huixiang.domain.complaints.lifecycle import REGISTER
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import NO_NUL, Code, Day, Given, Limit, Page, RowId, Word

router = Router(tags=["complaints"])
RULE = Bearer(ruling.RULE)
Toml = Annotated[str, Field(max_length=20_000, pattern=NO_NUL)]
Reason = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]


class VoiceRulesOut(Schema):
    """One version; without `approved_by` it does nothing. `in_force`: what comes in today is taken by it."""

    id: int
    effective_from: date
    text: str
    note: str
    by: str
    written_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    in_force: bool

    @classmethod
    def of(cls, book: VoiceRuleBook) -> VoiceRulesOut:
        current = VoiceRuleBook.objects.in_force(timezone.localdate())
        same = {name: getattr(book, name) for name in ("effective_from", "text", "note", "written_at", "approved_at")}
        approved = book.approved_by.number if book.approved_by else None
        return cls(**same, id=book.pk, by=book.by.number, approved_by=approved, in_force=current == book)


class VoiceRulesIn(Given):
    """All rules as TOML; see the guide. Empty: none."""

    text: Toml
    effective_from: Day
    note: Reason


class TryIn(Given):
    text: Toml


class TriedOut(Schema):
    """By rule, how many voices of the last 30 days would have been registered, proposed, or proposed to join a case.

    `is_cut`: more came in than were read.
    """

    since: date
    read: int
    is_cut: bool
    rules: dict[str, dict[str, int]]


class VoiceTakenOut(Schema):
    """What a rule made of a voice; `why` says by what."""

    id: int
    voice_id: str
    rule: str
    why: dict[str, Any]
    unit: str | None
    state: Literal["registered", "proposed", "join", "done", "declined"]
    case: str | None
    taken_at: datetime
    reason: str

    @classmethod
    def of(cls, row: VoiceTaking, by: Staff) -> VoiceTakenOut:
        same = {name: getattr(row, name) for name in ("voice_id", "rule", "why", "state", "taken_at", "reason")}
        case = row.case if row.case and Case.objects.visible_to(by).filter(pk=row.case.pk).exists() else None
        return cls(**same, id=row.pk, unit=row.unit.code if row.unit else None, case=case.number if case else None)


class TakeIn(Given):
    """`unit` is asked for a voice of no unit alone."""

    unit: Code | None = None


class DeclineIn(Given):
    reason: Reason


class TakenAsOut(Schema):
    """The complaint that the voice became, or joined."""

    number: str


@router.get(
    "/complaint-voice-rules", auth=RULE, response=Page[VoiceRulesOut], summary=gettext_noop("声音转投诉的规则，各版")
)
def list_voice_rules(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[VoiceRulesOut]:
    ruling.demand(who(request))
    rows: Any = VoiceRuleBook.objects.select_related("by", "approved_by")
    found, following = page(rows, ("-effective_from", "-pk"), after, limit)
    return Page[VoiceRulesOut](items=[VoiceRulesOut.of(book) for book in found], next=following)


@router.post(
    "/complaint-voice-rules",
    auth=RULE,
    response={201: VoiceRulesOut},
    summary=gettext_noop("起草一版声音转投诉的规则"),
)
def write_voice_rules(request: HttpRequest, given: VoiceRulesIn) -> VoiceRulesOut:
    book = ruling.write_rules(**given.dict(), by=who(request), source=source(request))
    return VoiceRulesOut.of(book)


@router.post(
    "/complaint-voice-rules/preview",
    auth=RULE,
    response=TriedOut,
    summary=gettext_noop("这样的规则会怎样处理最近 30 天的声音"),
)
def try_voice_rules(request: HttpRequest, given: TryIn) -> TriedOut:
    """Nothing is changed."""
    ruling.demand(who(request))
    checked(given.text)
    found = voicing.preview(given.text, timezone.now())
    audit.record("complaint.voice_preview", by=who(request), on_kind="complaint_voice_rule", source=source(request),
                 read=found.read)  # fmt: skip
    rules = {code: {str(state): count for state, count in counts.items()} for code, counts in found.rules.items()}
    return TriedOut(since=found.since, read=found.read, is_cut=found.is_cut, rules=rules)


@router.post(
    "/complaint-voice-rules/{book_id}/approval",
    auth=RULE,
    response=VoiceRulesOut,
    summary=gettext_noop("批准一版规则（不是起草的人）"),
)
def approve_voice_rules(request: HttpRequest, book_id: Path[RowId]) -> VoiceRulesOut:
    ruling.demand(who(request))
    get_object_or_404(VoiceRuleBook, pk=book_id)
    return VoiceRulesOut.of(ruling.approve_rules(book_id, by=who(request), source=source(request)))


@router.get(
    "/complaint-voices",
    auth=Bearer(REGISTER),
    response=Page[VoiceTakenOut],
    summary=gettext_noop("规则处理过的声音，待决定的与已处理的"),
)
def list_voices_taken(
    request: HttpRequest, after: Word = "", limit: Limit = 50, waiting: bool = True
) -> Page[VoiceTakenOut]:
    """Without their words: those are read at /voices, with that right. `waiting` false tells all."""
    rows: Any = VoiceTaking.objects.visible_to(who(request)).select_related("unit", "case")
    found, following = page(rows.waiting() if waiting else rows, ("-taken_at", "-pk"), after, limit)
    return Page[VoiceTakenOut](items=[VoiceTakenOut.of(row, who(request)) for row in found], next=following)


@router.post(
    "/complaint-voices/{taking_id}/take",
    auth=Bearer(REGISTER),
    response=TakenAsOut,
    summary=gettext_noop("把待决定的声音转为投诉或并入"),
)
def take_voice(request: HttpRequest, taking_id: Path[RowId], given: TakeIn) -> TakenAsOut:
    _waiting(request, taking_id)
    unit = Unit.objects.filter(closed_on=None, code=given.unit).first() if given.unit else None
    case = ruling.take(taking_id, unit=unit, by=who(request), source=source(request))
    return TakenAsOut(number=case.number)


@router.post(
    "/complaint-voices/{taking_id}/decline",
    auth=Bearer(REGISTER),
    response=VoiceTakenOut,
    summary=gettext_noop("待决定的声音不转投诉"),
)
def decline_voice(request: HttpRequest, taking_id: Path[RowId], given: DeclineIn) -> VoiceTakenOut:
    _waiting(request, taking_id)
    row = ruling.decline(taking_id, given.reason, by=who(request), source=source(request))
    return VoiceTakenOut.of(row, who(request))


def _waiting(request: HttpRequest, pk: int) -> None:
    if not VoiceTaking.objects.visible_to(who(request)).waiting().filter(pk=pk).exists():
        raise Http404
