"""How well is the hotline reached, and what was said on the line? As the pages of the hotline and of one voice."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop
from ninja import Path, Query, Router, Schema
from pydantic import Field

from huixiang.apps.access import audit
from huixiang.apps.feedback import facts, hotline
from huixiang.apps.feedback.hotline import Line, Rules
from huixiang.domain.hotline import REPEAT_DAYS, SERVICE_SECONDS, SHORT_SECONDS
from huixiang.lake import questions
from huixiang.lake.questions import CallRow, CallSlice, SpokenTurn
from huixiang.lake.store import Lake
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.shapes import Day, Given, Interval, Limit, Page, VoiceId, Word, known
from huixiang.web.api.voices import cursor

router = Router(tags=["hotline"])
Seconds = Annotated[int, Field(ge=0, le=3600)]
SEE = Bearer("hotline.see")


class CallChoice(Given):
    """Local days, both inclusive; of all time where they are left out."""

    since: Day | None = None
    until: Day | None = None
    queue: Word | None = None

    def slice(self) -> CallSlice:
        return CallSlice(self.since, self.until, () if self.queue is None else (self.queue,))


class MeasureChoice(CallChoice):
    within_seconds: Seconds = SERVICE_SECONDS
    short_seconds: Seconds = SHORT_SECONDS
    repeat_days: Annotated[int, Field(ge=1, le=90)] = REPEAT_DAYS


class MeasuresLineOut(Schema):
    """`key`: "" for all, a queue, a day or an hour. Medians are null below ten stays. docs/methods/hotline.md."""

    key: str
    call_count: int
    stay_count: int
    unfinished_count: int
    offered_count: int
    answered_count: int
    in_time_count: int
    abandoned_count: int
    short_count: int
    timeout_count: int
    key_count: int
    empty_count: int
    lost_count: int
    consult_count: int
    untimed_count: int
    transferred_count: int
    abandoned_share: Interval | None
    in_time_share: Interval | None
    wait_p50_seconds: float | None
    wait_p90_seconds: float | None
    gave_up_p50_seconds: float | None
    talk_p50_seconds: float | None

    @classmethod
    def of(cls, line: Line) -> MeasuresLineOut:
        tally = line.tally
        return cls(
            key=tally.key.isoformat() if isinstance(tally.key, date) else str(tally.key),
            call_count=tally.calls,
            stay_count=tally.stays,
            unfinished_count=tally.unfinished,
            offered_count=line.offered,
            answered_count=tally.answered,
            in_time_count=tally.in_time,
            abandoned_count=line.abandoned,
            short_count=tally.short,
            timeout_count=tally.timeout,
            key_count=tally.key_pressed,
            empty_count=tally.empty,
            lost_count=tally.lost,
            consult_count=tally.consults,
            untimed_count=tally.untimed,
            transferred_count=tally.transferred,
            abandoned_share=Interval.of(line.abandoned_share),
            in_time_share=Interval.of(line.in_time_share),
            wait_p50_seconds=known(line.wait_p50),
            wait_p90_seconds=known(line.wait_p90),
            gave_up_p50_seconds=known(line.gave_up_p50),
            talk_p50_seconds=known(line.talk_p50),
        )


class MeasuresOut(Schema):
    """`repeat_share` is null where no call's past is known for long enough."""

    total: MeasuresLineOut
    repeat_call_count: int
    repeat_count: int
    repeat_share: Interval | None
    by_queue: list[MeasuresLineOut]
    by_day: list[MeasuresLineOut]
    by_hour: list[MeasuresLineOut]


class StayOut(Schema):
    """One stay of a call in a queue. `voice_id`: of the call's transcript, where `has_transcript`."""

    id: str
    call_id: str
    voice_id: str
    has_transcript: bool
    queue: str
    entered_at: datetime
    outcome: str
    wait_seconds: int | None
    talk_seconds: int | None
    hold_seconds: int | None
    transfer: Literal["", "blind", "attended"]
    transferred_to: str

    @classmethod
    def of(cls, stay: CallRow, *, has_transcript: bool) -> StayOut:
        names = set(cls.model_fields) - {"voice_id", "has_transcript"}
        kept = {name: getattr(stay, name) for name in names}
        return cls(**kept, voice_id=stay.voice, has_transcript=has_transcript)


class TurnOut(Schema):
    number: int
    side: Literal["customer", "agent", "system"]
    start_seconds: float | None
    end_seconds: float | None
    staff: str
    text: str

    @classmethod
    def of(cls, turn: SpokenTurn) -> TurnOut:
        kept = {name: getattr(turn, name) for name in ("number", "side", "staff", "text")}
        return cls(**kept, start_seconds=known(turn.start), end_seconds=known(turn.end))


class DialogueOut(Schema):
    """What was said, masked; and what became of the call."""

    turns: list[TurnOut]
    stays: list[StayOut]


@router.get("/hotline", auth=SEE, response=MeasuresOut, summary=gettext_noop("热线：等待、放弃、服务水平、重复来电"))
def read_hotline(request: HttpRequest, choice: Query[MeasureChoice]) -> MeasuresOut:
    """For who reaches the whole bank."""
    rules = Rules(choice.within_seconds, choice.short_seconds, choice.repeat_days)
    found = hotline.measures(_whole(request), choice.slice(), rules)
    return MeasuresOut(
        total=MeasuresLineOut.of(found.total),
        repeat_call_count=found.repeats.calls,
        repeat_count=found.repeats.repeated,
        repeat_share=Interval.of(found.repeats_share),
        by_queue=[*map(MeasuresLineOut.of, found.by_queue)],
        by_day=[*map(MeasuresLineOut.of, found.by_day)],
        by_hour=[*map(MeasuresLineOut.of, found.by_hour)],
    )


@router.get("/hotline/calls", auth=SEE, response=Page[StayOut], summary=gettext_noop("热线：逐次进队，最新在前"))
def list_calls(request: HttpRequest, choice: Query[CallChoice], after: Word = "", limit: Limit = 50) -> Page[StayOut]:
    """For who reaches the whole bank. Who called is not told."""
    found = questions.call_page(_whole(request), choice.slice(), cursor(after), limit)
    items = [StayOut.of(stay, has_transcript=stay.voice in found.transcribed) for stay in found.stays]
    return Page[StayOut](items=items, next=found.next.text() if found.next else None)


@router.get(
    "/voices/{voice_id}/dialogue",
    auth=Bearer("voice.see"),
    response=DialogueOut,
    summary=gettext_noop("热线声音的对话全文（已脱敏）与这通电话的记录"),
)
def read_dialogue(request: HttpRequest, voice_id: Path[VoiceId]) -> DialogueOut:
    """Empty where the voice came without a dialogue. Recorded in the audit, as reading the voice is."""
    lake, reach = facts.lake(), who(request).scope("voice.see")
    voice = questions.voice(lake, voice_id)
    if voice is None or (reach is not None and voice.branch not in reach):
        raise Http404
    audit.record("voice.read", by=who(request), on_kind="voice", on_id=voice_id, source=source(request))
    return DialogueOut(
        turns=[TurnOut.of(turn) for turn in questions.dialogue(lake, voice_id)],
        stays=[StayOut.of(stay, has_transcript=True) for stay in questions.stays_of(lake, voice_id)],
    )


def _whole(request: HttpRequest) -> Lake:
    if who(request).scope("hotline.see") is not None:
        raise PermissionDenied
    return facts.lake()
