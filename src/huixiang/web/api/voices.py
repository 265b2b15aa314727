"""What exactly did customers say? Voices within the owner's reach; each look at a single one is recorded."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Path, Query, Router, Schema
from pydantic import Field

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import actions, exports, facts, findings, looks, tiers
from huixiang.apps.feedback.findings import Found
from huixiang.apps.feedback.forms.filters import LONGEST_QUERY, Reach
from huixiang.apps.feedback.models import LONGEST_VALUE, Correction
from huixiang.domain.feedback import Channel
from huixiang.domain.understanding.normal import normalise
from huixiang.lake import questions
from huixiang.lake.questions import Cursor, Glimpse, Slice, Voice
from huixiang.web.api.auth import Bearer, shown, source, who
from huixiang.web.api.files import CSV, csv_response
from huixiang.web.api.paging import bad_cursor
from huixiang.web.api.problems import Invalid
from huixiang.web.api.shapes import Day, Given, Kind, Limit, Note, Page, Sentiment, VoiceId, Word, known, one_of

router = Router(tags=["voices"])
LISTS = ("attachments", "words", "phrases", "topics", "risks")
SEE, EXPORT, CORRECT = Bearer("voice.see"), Bearer("voice.export"), Bearer("voice.correct")


class Choice(Schema):
    """Which voices? `branch` and `topic` are a unit or topic with all below it; `once` leaves out what another voice
    said before. By `tier` (a code of /tiers): only voices of units where enough customers of that class spoke.

    A period leaves out voices of unknown date; with `dated` false it chooses among them by the day of receipt.
    """

    q: Annotated[Word, Field(max_length=LONGEST_QUERY)] = ""
    since: Day | None = None
    until: Day | None = None
    branch: Word = ""
    channel: list[Channel] = []
    product: list[Word] = []
    version: list[Word] = []
    tier: Word = ""
    sentiment: list[Sentiment] = []
    kind: list[Kind] = []
    topic: list[Word] = []
    risk: list[Word] = []
    once: bool = False
    dated: bool | None = None
    import_id: UUID | None = None

    def slice(self, reach: Reach) -> Slice:
        """What to ask the lake, never beyond the reach. Raises Invalid."""
        if self.branch and self.branch not in reach.by_code:
            raise Invalid("query", "branch", _("机构不存在，或不在权限范围内"))
        if self.since and self.until and self.since > self.until:
            raise Invalid("query", "since", _("起始日期晚于截止日期，请调整后再看。"))
        if self.tier and self.tier not in tiers.in_force().codes:
            raise Invalid("query", "tier", _("名单里没有这个客户等级"))
        found = Slice(
            branches=reach.below(self.branch),
            channels=tuple(channel.value for channel in self.channel),
            since=self.since,
            until=self.until,
            sentiments=tuple(self.sentiment),
            products=tuple(self.product),
            versions=tuple(self.version),
            kinds=tuple(self.kind),
            topics=tuple(each for code in self.topic for each in _codes("taxonomy", "topic", code)),
            risks=tuple(each for code in self.risk for each in _codes("risks", "risk", code)),
            query=normalise(self.q),
            copies=not self.once,
            dated=True if self.dated is None and (self.since or self.until) else self.dated,
            import_id=str(self.import_id) if self.import_id else "",
        )
        return tiers.shown(facts.lake(), found, self.tier) if self.tier else found


def _codes(book: str, field: str, code: str) -> tuple[str, ...]:
    if found := findings.below(book, code):
        return found
    raise Invalid("query", field, _("分类里没有这个编码"))


class GlimpseOut(Schema):
    """What a list shows of a voice, masked; all that is known of it is at /voices/{id}.

    `said_at` counts only where `said_precision` is "time", `said_on` unless it is "unknown".
    """

    id: str
    channel: str
    said_at: datetime
    said_on: date
    said_precision: str
    received_at: datetime
    branch: str | None
    product: str
    product_version: str
    rating: float | None
    title: str
    text: str
    sentiment: str
    understood_by: str
    duplicate_of: str | None
    kind: str | None
    topics: list[str]
    risks: list[str]

    @classmethod
    def of(cls, glimpse: Glimpse) -> GlimpseOut:
        told = {"rating": known(glimpse.rating), "topics": list(glimpse.topics), "risks": list(glimpse.risks)}
        return cls(**{name: getattr(glimpse, name) for name in cls.model_fields} | told)


class FoundOut(Schema):
    """One thing found in a voice. `probability` is null and `why` empty where a person corrected it."""

    code: str
    name: str
    probability: float | None
    why: list[str]
    level: str = ""

    @classmethod
    def of(cls, found: Found) -> FoundOut:
        return cls(**{name: getattr(found, name) for name in cls.model_fields} | {"why": list(found.why)})


class SaidOut(Schema):
    """One opinion; "" where nobody names the product or the aspect."""

    product: str
    aspect: str
    opinion: str
    polarity: Sentiment


class FindingsOut(Schema):
    """What was found, with the words that decided; `unknown` says why no topic was told. `by` names the models that
    told "kind" or "topics"; where none is named the rules did, or a person.
    """

    kind: FoundOut | None
    topics: list[FoundOut]
    risks: list[FoundOut]
    unknown: str
    opinions: list[SaidOut]
    by: dict[str, str]

    @classmethod
    def of(cls, voice: Voice) -> FindingsOut:
        found = findings.of(voice)
        return cls(
            kind=FoundOut.of(found.kind) if found.kind else None,
            topics=[FoundOut.of(each) for each in found.topics],
            risks=[FoundOut.of(each) for each in found.risks],
            unknown=str(found.unknown or ""),
            by=dict(found.by),
            opinions=[
                SaidOut(**{name: getattr(each, name) for name in SaidOut.model_fields}) for each in found.opinions
            ],
        )


class VoiceOut(GlimpseOut):
    """A voice with all that is known of it, masked."""

    version: int
    source_id: str
    reply: str
    attachments: list[str]
    extra: dict[str, str]
    negative_probability: float
    neutral_probability: float
    positive_probability: float
    words: list[str]
    phrases: list[str]
    findings: FindingsOut
    import_id: str
    import_row: int

    @classmethod
    def whole(cls, voice: Voice) -> VoiceOut:
        counted = ("negative", "neutral", "positive")
        fields = {name: getattr(voice, name) for name in cls.model_fields if hasattr(voice, name)}
        fields |= {f"{name}_probability": known(getattr(voice, name)) for name in counted}
        extra = {str(name): str(value) for name, value in json.loads(voice.extra or "{}").items()}
        lists = {name: list(getattr(voice, name)) for name in LISTS}
        told = {"rating": known(voice.rating), "extra": extra, "findings": FindingsOut.of(voice)}
        return cls(**fields | lists | told)


class CorrectionIn(Given):
    """What is right instead: a sentiment, a unit's code ("" for none), a product, a kind, or topics' codes ("a,b")."""

    field: Annotated[Correction.Field, one_of(Correction.Field)]
    value: Annotated[Word, Field(max_length=LONGEST_VALUE)]
    note: Note = ""


class CorrectionOut(Schema):
    voice_id: str
    voice_version: int
    field: str
    before: str
    after: str
    note: str
    at: datetime


@router.get("/voices", auth=SEE, response=Page[GlimpseOut], summary=gettext_noop("客户之声列表，最新在前"))
def list_voices(request: HttpRequest, choice: Query[Choice], after: Word = "", limit: Limit = 50) -> Page[GlimpseOut]:
    slice_ = choice.slice(Reach(who(request), "voice.see"))
    found = questions.page(facts.lake(), slice_, before=cursor(after), size=limit)
    where, searched = source(request), bool(slice_.query)
    looks.record(found.voices, by=who(request), source=where, place="list", after=after, searched=searched)
    items = [GlimpseOut.of(voice) for voice in found.voices]
    return Page[GlimpseOut](items=items, next=found.next.text() if found.next else None)


@router.get("/voices/worst", auth=SEE, response=Page[GlimpseOut], summary=gettext_noop("最不满的声音，最肯定的在前"))
def list_worst(request: HttpRequest, choice: Query[Choice], limit: Limit = 10) -> Page[GlimpseOut]:
    """One of each family of voices that say the same; what a person judged comes before what a model did."""
    slice_ = choice.slice(Reach(who(request), "voice.see"))
    found = questions.worst(facts.lake(), slice_, limit=limit)
    looks.record(found, by=who(request), source=source(request), place="worst", searched=bool(slice_.query))
    return Page[GlimpseOut](items=[GlimpseOut.of(voice) for voice in found], next=None)


@router.get("/voices/export", auth=EXPORT, openapi_extra=CSV, summary=gettext_noop("导出客户之声（CSV）"))
def export_voices(request: HttpRequest, choice: Query[Choice]) -> StreamingHttpResponse:
    """All voices chosen, masked, in the columns of the page's export."""
    lake, slice_ = facts.lake(), choice.slice(Reach(who(request), "voice.export"))
    # The words searched for stay out of the record: they might name a person.
    asked = {name: str(value) for name, value in choice.dict(exclude={"q"}, exclude_defaults=True).items()}
    audit.record(
        "voice.export",
        by=who(request),
        on_kind="voice",
        source=source(request),
        format="csv",
        count=questions.count(lake, slice_),
        searched=bool(choice.q),
        asked=asked,
    )
    return csv_response(exports.csv_lines(questions.stream(lake, slice_)), "huixiang-voices.csv")


@router.get("/voices/{voice_id}", auth=SEE, response=VoiceOut, summary=gettext_noop("一条客户之声"))
def read_voice(request: HttpRequest, voice_id: Path[VoiceId]) -> VoiceOut:
    return VoiceOut.whole(_looked_at(request, voice_id))


@router.get(
    "/voices/{voice_id}/versions",
    auth=SEE,
    response=Page[VoiceOut],
    summary=gettext_noop("此前的版本，最新在前"),
)
def list_versions(request: HttpRequest, voice_id: Path[VoiceId]) -> Page[VoiceOut]:
    _looked_at(request, voice_id)
    past = questions.history(facts.lake(), voice_id, who(request).scope("voice.see"))
    return Page[VoiceOut](items=[VoiceOut.whole(voice) for voice in past], next=None)


@router.get(
    "/voices/{voice_id}/similar",
    auth=SEE,
    response=Page[GlimpseOut],
    summary=gettext_noop("说同一件事的其他声音"),
)
def list_similar(request: HttpRequest, voice_id: Path[VoiceId], limit: Limit = 10) -> Page[GlimpseOut]:
    like = _looked_at(request, voice_id)
    reach = Slice(branches=who(request).scope("voice.see"))
    found = questions.similar(facts.lake(), like, reach, limit=limit)
    looks.record(found, by=who(request), source=source(request), place="similar")
    return Page[GlimpseOut](items=[GlimpseOut.of(voice) for voice in found], next=None)


@router.post(
    "/voices/{voice_id}/corrections",
    auth=CORRECT,
    response={201: CorrectionOut | None},
    summary=gettext_noop("更正系统对一条声音的理解"),
)
def correct_voice(request: HttpRequest, voice_id: Path[VoiceId], correction: CorrectionIn) -> Correction | None:
    """What stood there before is told only to who may read the voice."""
    wanted = (correction.field.value, correction.value, correction.note)
    kept = actions.correct_voice(voice_id, *wanted, by=who(request), source=source(request))
    return shown(request, "voice.see", kept)


def _looked_at(request: HttpRequest, voice_id: str) -> Voice:
    """The voice, if it lies within reach; that it was read stands in the audit."""
    found = questions.voice(facts.lake(), voice_id)
    if found is None or not _within(found, who(request)):
        raise Http404
    audit.record("voice.read", by=who(request), on_kind="voice", on_id=voice_id, source=source(request))
    return found


def _within(voice: Voice, staff: Staff) -> bool:
    codes = staff.scope("voice.see")
    return codes is None or voice.branch in codes


def cursor(text: str) -> Cursor | None:
    try:
        return Cursor.parse(text) if text else None
    except ValueError:
        raise bad_cursor() from None
