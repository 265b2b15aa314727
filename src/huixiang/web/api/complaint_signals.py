"""Where do like complaints gather, and what was made of it? As the pages of signals."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from ninja import Path, Router, Schema
from pydantic import Field

from huixiang.apps.complaints.actions.signalling import JUDGE, judge, look_at
from huixiang.apps.complaints.models import Signal
from huixiang.apps.complaints.models.cases import SEE as SEE_RIGHT
from huixiang.apps.complaints.signal_telling import cases_of, told
from huixiang.web.api.auth import Bearer, shown, source, who
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import NO_NUL, Given, Interval, Limit, Page, RowId, Word, tidy

router = Router(tags=["complaints"])
SEE = Bearer(SEE_RIGHT)
Dimension = Literal["all", "business", "cause", "matter", "product", "accused", "word"]
Judgement = Literal["new", "dismissed", "problem"]


class SignalOut(Schema):
    """One proven gathering. `unit` "" is the whole bank; the numbers are those of `on`: the newest day while it lasts,
    and the day of the alert once it has ended. `q` allows for all series looked at that night. `lead`: the signal of
    the same cases that stands for all of them. A colleague complained of is told with complaint.identity alone.
    """

    id: int
    dimension: Dimension
    value: str
    what: str
    unit: str
    since: date
    alerted_on: date
    ended_on: date | None
    ended: Literal["", "over", "usual"]
    verdict: str
    on: date
    window_days: int
    observed_count: int
    expected_count: float
    ratio: Interval | None
    q: float
    words: list[str]
    lead: int | None
    state: Judgement
    reason: str

    @classmethod
    def of(cls, signal: Signal, request: HttpRequest) -> SignalOut:
        (each,) = told([signal], who(request))
        names = ("dimension", "value", "unit", "since", "alerted_on", "ended_on", "ended", "words", "state", "reason")
        lead = Signal.objects.visible_to(who(request)).filter(also=signal).values_list("pk", flat=True).first()
        return cls(
            **{name: getattr(signal, name) for name in names},
            id=signal.pk,
            what=each.what,
            verdict=str(each.found.verdict),
            on=each.found.on,
            window_days=each.found.window,
            observed_count=each.found.observed,
            expected_count=tidy(each.found.expected),
            ratio=Interval.of(each.found.ratio),
            q=tidy(each.found.q),
            lead=lead,
        )


class WholeSignalOut(SignalOut):
    """With the numbers of its cases in sight, the newest first, and how many others there are."""

    cases: list[str]
    hidden_count: int


class JudgeIn(Given):
    """`reason` must be given for dismissed; it is masked before it is kept."""

    state: Judgement
    reason: Annotated[str, Field(max_length=400, pattern=NO_NUL)] = ""


@router.get(
    "/complaint-signals",
    auth=SEE,
    response=Page[SignalOut],
    summary=gettext_noop("得到证实的投诉聚集，最新在前"),
)
def list_signals(
    request: HttpRequest, state: Judgement | None = None, after: Word = "", limit: Limit = 50
) -> Page[SignalOut]:
    """`state` problem: those that wait for the ledger of problems."""
    seen = Signal.objects.visible_to(who(request))
    rows = seen.filter(state=state) if state else seen
    found, following = page(rows, ("-alerted_on", "-pk"), after, limit)
    return Page[SignalOut](items=[SignalOut.of(signal, request) for signal in found], next=following)


@router.get(
    "/complaint-signals/{signal_id}",
    auth=SEE,
    response=WholeSignalOut,
    summary=gettext_noop("一个聚集信号与它的投诉"),
)
def read_signal(request: HttpRequest, signal_id: Path[RowId]) -> WholeSignalOut:
    """That it was looked at is written down."""
    signal = get_object_or_404(Signal.objects.visible_to(who(request)), pk=signal_id)
    look_at(signal, by=who(request), source=source(request))
    numbers = list(cases_of(signal, who(request)).values_list("number", flat=True))
    plain = SignalOut.of(signal, request).dict()
    return WholeSignalOut(**plain, cases=numbers, hidden_count=len(signal.cases) - len(numbers))


@router.post(
    "/complaint-signals/{signal_id}/judgement",
    auth=Bearer(JUDGE),
    response=SignalOut | None,
    summary=gettext_noop("研判一个聚集信号"),
)
def judge_signal(request: HttpRequest, signal_id: Path[RowId], given: JudgeIn) -> SignalOut | None:
    signal = judge(signal_id, given.state, given.reason, by=who(request), source=source(request))
    return shown(request, SEE_RIGHT, SignalOut.of(signal, request))
