"""What is kept of customers and how long, and how is a channel's term set? As on the page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Path, Query, Router, Schema
from pydantic import Field

from huixiang.apps.feedback import actions as terms_of
from huixiang.apps.feedback import keeping, terms
from huixiang.apps.feedback.actions import Wanted
from huixiang.apps.feedback.terms import LEAST_DAYS, LEAST_MONTHS, MOST_DAYS, MOST_MONTHS
from huixiang.apps.intake import actions
from huixiang.apps.intake.actions.ways import RIGHT, Manner
from huixiang.apps.intake.models import LONGEST_DAYS, SHORTEST_DAYS
from huixiang.apps.surveys.expiring import CODE as ANSWERS
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.shapes import NO_NUL, Given, Word

router = Router(tags=["retention"])
SEE, MANAGE = Bearer("retention.see"), Bearer(RIGHT)


class KeepingOut(Schema):
    """`stored`: null where nobody can tell how much is of the reader's units.

    `due`: how many would go if the nightly round turned now; null: kept without a limit of its own, or not hers to see.
    """

    code: str
    channel: str
    holds: str
    ground: str
    days: str
    stored: int | None
    due: int | None
    terms: str
    terms_version: str
    cleared_at: datetime | None
    removed: int | None

    @classmethod
    def of(cls, one: keeping.Told) -> KeepingOut:
        kept, last = one.keeping, one.last
        return cls(
            code=kept.code,
            channel=str(kept.channel),
            holds=str(kept.holds),
            ground=str(kept.ground),
            days=one.days,
            stored=one.stored,
            due=one.due,
            terms=str(one.terms.words),
            terms_version=one.terms.version,
            cleared_at=last.at if last else None,
            removed=last.removed if last else None,
        )


class WayIn(Given):
    """What holds for what comes from now on: days that were promised before stay as they were."""

    retention_days: Annotated[int, Field(ge=SHORTEST_DAYS, le=LONGEST_DAYS)]
    keeps: bool = True
    acknowledges: bool = False
    consent: Annotated[str, Field(max_length=400, pattern=NO_NUL)] = ""


class WayOut(Schema):
    channel: str
    retention_days: int
    keeps: bool
    acknowledges: bool
    terms: str
    terms_version: str


class TermIn(Given):
    """null: without a limit. `manner`: what comes then, figures (only what is counted stays) or delete.

    `sure`: somebody has seen what would go (`GET` with the same values) and wants it.
    """

    months: Annotated[int, Field(ge=LEAST_MONTHS, le=MOST_MONTHS)] | None = None
    manner: Literal["figures", "delete"] = "figures"
    row_days: Annotated[int, Field(ge=LEAST_DAYS, le=MOST_DAYS)] | None = None
    sure: bool = False

    def wanted(self) -> Wanted:
        return Wanted(self.months, self.manner, self.row_days)


class TermOut(Schema):
    """`from_on`: before that day no voice goes by it; `rows_from_on`: no quarantined row. `voices` are with words."""

    channel: str
    months: int | None
    manner: str
    from_on: date | None
    row_days: int | None
    rows_from_on: date | None
    voices: int
    figures: int


class AnswersTermIn(Given):
    """As of voices, without quarantined rows."""

    months: Annotated[int, Field(ge=LEAST_MONTHS, le=MOST_MONTHS)] | None = None
    manner: Literal["figures", "delete"] = "figures"
    sure: bool = False

    def wanted(self) -> Wanted:
        return Wanted(self.months, self.manner)


class AnswersTermOut(Schema):
    """`answers`: responses to named surveys as they were given; `figures`: those of which only choices are left."""

    months: int | None
    manner: str
    from_on: date | None
    answers: int
    figures: int


class AnswersEffectOut(Schema):
    """What a term would take, did it hold today."""

    kept_from: str
    answers: int
    words: int  # that were written, and become figures with them
    from_on: date | None


Kind = Literal["answers", "ideas", "utterances"]


class KindTermOut(Schema):
    """`count`: as they were given or said; `figures`: those of which only what is counted is left."""

    kind: str
    months: int | None
    manner: str
    from_on: date | None
    count: int
    figures: int


class KindEffectOut(Schema):
    """What a term would take, did it hold today; `words`: voices of surveys that become figures with their answers."""

    kept_from: str
    count: int
    words: int
    from_on: date | None


class EffectOut(Schema):
    """What a term would take, did it hold today; at most: what a customer was promised longer stays for now."""

    kept_from: str
    voices: int
    calls: int
    posts: int
    rows: int
    from_on: date | None
    rows_from_on: date | None


@router.get("/retention", auth=SEE, response=list[KeepingOut], summary=gettext_noop("个人信息的保存期限"))
def list_retention(request: HttpRequest) -> list[KeepingOut]:
    """Nothing is removed by asking. Staff of some units hear what is kept and how long, and how much of their own."""
    return [KeepingOut.of(one) for one in keeping.told(timezone.now(), who(request).scope("retention.see"))]


@router.get("/retention/{channel}/voices", auth=MANAGE, response=TermOut, summary=gettext_noop("一个渠道声音的期限"))
def show_term(request: HttpRequest, channel: Path[Word]) -> TermOut:
    """By any channel: app_review, social, survey … too."""
    terms_of.effect(channel, Wanted(), by=who(request))  # raises for whom it is not, and for no channel
    return _term_out(channel)


@router.get(
    "/retention/{channel}/voices/effect",
    auth=MANAGE,
    response=EffectOut,
    summary=gettext_noop("一个期限会清理多少；不清理"),
)
def show_effect(request: HttpRequest, channel: Path[Word], wanted: Query[TermIn]) -> EffectOut:
    """Nothing is set or removed by asking."""
    found = terms_of.effect(channel, wanted.wanted(), by=who(request))
    return EffectOut(
        kept_from=found.before,
        voices=found.voices.voices,
        calls=found.voices.calls,
        posts=found.voices.posts,
        rows=found.rows,
        from_on=found.from_on,
        rows_from_on=found.rows_from_on,
    )


@router.put(
    "/retention/{channel}/voices", auth=MANAGE, response=TermOut, summary=gettext_noop("设定一个渠道声音的期限")
)
def settle_voices_term(request: HttpRequest, channel: Path[Word], wanted: TermIn) -> TermOut:
    """What takes more than before holds a week later; until then it can be taken back. 422 where nobody is sure."""
    terms_of.settle_term(channel, wanted.wanted(), sure=wanted.sure, by=who(request), source=source(request))
    return _term_out(channel)


@router.get("/retention/surveys/answers", auth=MANAGE, response=AnswersTermOut, summary=gettext_noop("问卷答卷的期限"))
def show_answers_term(request: HttpRequest) -> AnswersTermOut:
    """Of surveys with a name; anonymous answers are nobody's, and what was written are voices of the channel survey."""
    terms_of.effect(ANSWERS, Wanted(), by=who(request))
    return _answers_term()


@router.get(
    "/retention/surveys/answers/effect",
    auth=MANAGE,
    response=AnswersEffectOut,
    summary=gettext_noop("一个期限会清理多少答卷；不清理"),
)
def show_answers_effect(request: HttpRequest, wanted: Query[AnswersTermIn]) -> AnswersEffectOut:
    """Nothing is set or removed by asking."""
    found = terms_of.effect(ANSWERS, wanted.wanted(), by=who(request))
    answers = found.voices.voices
    return AnswersEffectOut(kept_from=found.before, answers=answers, words=found.words, from_on=found.from_on)


@router.put(
    "/retention/surveys/answers", auth=MANAGE, response=AnswersTermOut, summary=gettext_noop("设定问卷答卷的期限")
)
def settle_answers_term(request: HttpRequest, wanted: AnswersTermIn) -> AnswersTermOut:
    """What takes more than before holds a week later; until then it can be taken back. 422 where nobody is sure."""
    terms_of.settle_term(ANSWERS, wanted.wanted(), sure=wanted.sure, by=who(request), source=source(request))
    return _answers_term()


def _answers_term() -> AnswersTermOut:
    term, found = terms.of(ANSWERS), terms.stored(ANSWERS)
    return AnswersTermOut(
        months=term.months,
        manner=str(term.manner),
        from_on=term.from_on,
        answers=found.voices,
        figures=found.figures,
    )


def _term_out(channel: str) -> TermOut:
    term, found = terms.of(channel), terms.stored(channel)
    return TermOut(
        channel=channel,
        months=term.months,
        manner=str(term.manner),
        from_on=term.from_on,
        row_days=term.row_days,
        rows_from_on=term.rows_from_on,
        voices=found.voices,
        figures=found.figures,
    )


@router.get("/retention/{kind}/term", auth=MANAGE, response=KindTermOut, summary=gettext_noop("一类内容的期限"))
def show_kind_term(request: HttpRequest, kind: Path[Kind]) -> KindTermOut:
    """Of what is no channel's voice: answers to named surveys, signed ideas of staff, utterances that are no voices."""
    terms_of.effect(kind, Wanted(), by=who(request))
    return _kind_term(kind)


@router.get(
    "/retention/{kind}/term/effect",
    auth=MANAGE,
    response=KindEffectOut,
    summary=gettext_noop("一类内容的期限会清理多少；不清理"),
)
def show_kind_effect(request: HttpRequest, kind: Path[Kind], wanted: Query[AnswersTermIn]) -> KindEffectOut:
    """Nothing is set or removed by asking."""
    found = terms_of.effect(kind, wanted.wanted(), by=who(request))
    return KindEffectOut(kept_from=found.before, count=found.voices.voices, words=found.words, from_on=found.from_on)


@router.put("/retention/{kind}/term", auth=MANAGE, response=KindTermOut, summary=gettext_noop("设定一类内容的期限"))
def settle_kind_term(request: HttpRequest, kind: Path[Kind], wanted: AnswersTermIn) -> KindTermOut:
    """What takes more than before holds a week later; until then it can be taken back. 422 where nobody is sure."""
    terms_of.settle_term(kind, wanted.wanted(), sure=wanted.sure, by=who(request), source=source(request))
    return _kind_term(kind)


def _kind_term(kind: str) -> KindTermOut:
    term, found = terms.of(kind), terms.stored(kind)
    return KindTermOut(
        kind=kind,
        months=term.months,
        manner=str(term.manner),
        from_on=term.from_on,
        count=found.voices,
        figures=found.figures,
    )


@router.put(
    "/retention/{channel}", auth=MANAGE, response=WayOut, summary=gettext_noop("设定一个渠道的保存期限与答复方式")
)
def settle_retention(request: HttpRequest, channel: Path[Word], wanted: WayIn) -> WayOut:
    """hotline, website or suggestion_box: post boxes and surveys have terms of their own."""
    manner = Manner(wanted.retention_days, wanted.keeps, wanted.acknowledges, wanted.consent)
    way = actions.settle_way(channel, manner, by=who(request), source=source(request))
    told = {name: getattr(way, name) for name in ("channel", "retention_days", "keeps", "acknowledges", "terms")}
    return WayOut(**told, terms_version=way.version)
