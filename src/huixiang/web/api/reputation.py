"""What is said in app stores and social media? The numbers of their pages, and the names by which banks are counted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Query, Router, Schema
from pydantic import Field

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import facts
from huixiang.apps.reputation import actions, app_reviews, bursts, names, social
from huixiang.apps.reputation.models import Burst, NameBook
from huixiang.domain.reputation.book import LONGEST
from huixiang.lake.questions import Chain, PostSlice, Slice, Spread
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import NO_NUL, Day, Given, Interval, Limit, Note, Page, Word, known, tidy

router = Router(tags=["reputation"])
SEE, MANAGE = Bearer("overview.see"), Bearer("names.manage")


class PeriodChoice(Given):
    """Local days, both inclusive; of all time where they are left out. `platform`: an app store, or a website."""

    since: Day | None = None
    until: Day | None = None
    platform: Word | None = None

    @property
    def platforms(self) -> tuple[str, ...]:
        return () if self.platform is None else (self.platform,)


class ReviewChoice(PeriodChoice):
    """`copies` false leaves out reviews that copy an earlier one."""

    copies: bool = True


class StarsOut(Schema):
    """`key`: "" for all, a week's Monday, a version or a store. `mean` is null below ten ratings."""

    key: str
    review_count: int
    rated_count: int
    star_counts: Annotated[list[int], Field(min_length=5, max_length=5)]
    mean: Interval | None
    low_share: Interval | None
    high_blaming_count: int
    low_praising_count: int
    copied_count: int

    @classmethod
    def of(cls, line: app_reviews.Line) -> StarsOut:
        told = line.stars
        return cls(
            key=told.key.isoformat() if isinstance(told.key, date) else told.key,
            review_count=told.of,
            rated_count=told.rated,
            star_counts=[getattr(told, name) for name in app_reviews.STARS],
            mean=Interval.of(line.mean),
            low_share=Interval.of(line.low_share),
            high_blaming_count=told.blamed,
            low_praising_count=told.praised,
            copied_count=told.copied,
        )


class RepliesOut(Schema):
    """What was answered of the reviews with so many stars (0: without). Hours are null below five timed replies."""

    stars: int
    review_count: int
    answered_count: int
    answered_share: Interval | None
    timed_count: int
    in_a_day_count: int
    p50_hours: float | None
    p90_hours: float | None

    @classmethod
    def of(cls, line: app_reviews.AnswerLine) -> RepliesOut:
        told = line.answers
        return cls(
            stars=told.stars,
            review_count=told.of,
            answered_count=told.answered,
            answered_share=Interval.of(line.answered_share),
            timed_count=told.timed,
            in_a_day_count=told.in_a_day,
            p50_hours=known(line.hours_p50),
            p90_hours=known(line.hours_p90),
        )


class CopiedOut(Schema):
    """Reviews that copy an earlier one: the first's voice, and how many follow."""

    voice_id: str
    copy_count: int
    first_on: date
    last_on: date
    store_count: int


class ReleaseOut(Schema):
    """A version, and the day of its second review."""

    version: str
    first_on: date


class ReviewsOut(Schema):
    total: StarsOut | None
    by_week: list[StarsOut]
    by_version: list[StarsOut]
    by_store: list[StarsOut]
    answers: list[RepliesOut]
    copied: list[CopiedOut]
    releases: list[ReleaseOut]


class BurstOut(Schema):
    """One proven burst; `platform` "" is all stores. `cause_*`: the release near to it; proven where its version is
    clearly more frequent in the burst than among the other reviews of those days.
    """

    kind: Literal["all", "low", "high", "copied"]
    platform: str
    since: date
    alerted_on: date
    ended_on: date | None
    ended: Literal["", "over", "usual"]
    on: date
    window_days: int
    observed_count: int
    expected_count: float
    ratio: Interval | None
    p: float
    q: float
    cause_version: str | None
    cause_is_proven: bool

    @classmethod
    def of(cls, burst: Burst) -> BurstOut:
        told = bursts.told(burst)
        kept = {name: getattr(burst, name) for name in ("kind", "platform", "since", "alerted_on", "ended_on", "ended")}
        return cls(
            **kept,
            on=told.found.on,
            window_days=told.found.window,
            observed_count=told.found.observed,
            expected_count=tidy(told.found.expected),
            ratio=Interval.of(told.found.ratio),
            p=tidy(told.found.p),
            q=tidy(told.found.q),
            cause_version=told.cause.version if told.cause else None,
            cause_is_proven=bool(told.cause and told.cause.is_proven),
        )


class SpreadOut(Schema):
    """Posts under one key: "" for all, a month's first or a platform. Passed on without a word is no voice."""

    key: str
    original_count: int
    commented_count: int
    passed_on_count: int
    author_count: int
    told_repost_count: int
    told_comment_count: int
    told_like_count: int

    @classmethod
    def of(cls, told: Spread) -> SpreadOut:
        return cls(
            key=told.key.isoformat() if isinstance(told.key, date) else told.key,
            original_count=told.originals,
            commented_count=told.commented,
            passed_on_count=told.passed_on,
            author_count=told.authors,
            told_repost_count=told.told_reposts,
            told_comment_count=told.told_comments,
            told_like_count=told.told_likes,
        )


class ChainOut(Schema):
    """An original and how far it went. `follower_upper_bound` adds up all who spread it: never an audience."""

    voice_id: str
    is_known: bool
    platform: str
    said_on: date | None
    repost_count: int
    commented_count: int
    depth: int
    author_count: int
    follower_upper_bound: int | None

    @classmethod
    def of(cls, chain: Chain) -> ChainOut:
        reach = chain.reach
        return cls(
            voice_id=chain.id,
            is_known=chain.is_known,
            platform=chain.platform,
            said_on=chain.said_on,
            repost_count=reach.reposts,
            commented_count=reach.own_words,
            depth=reach.depth,
            author_count=reach.authors,
            follower_upper_bound=reach.followers,
        )


class BankOut(Schema):
    """`share`: of the voices that name any bank. `negative_share`: of those that name this bank alone."""

    code: str
    title: str
    is_own: bool
    voice_count: int
    share: Interval | None
    alone_count: int
    negative_share: Interval | None

    @classmethod
    def of(cls, line: social.BankLine) -> BankOut:
        return cls(
            code=line.code,
            title=line.title,
            is_own=line.is_own,
            voice_count=line.voices,
            share=Interval.of(line.share),
            alone_count=line.alone,
            negative_share=Interval.of(line.negative_share),
        )


class SocialOut(Schema):
    """`rival_count`: voices on other banks alone, which no measure of this bank counts."""

    total: SpreadOut
    by_platform: list[SpreadOut]
    by_month: list[SpreadOut]
    chains: list[ChainOut]
    banks: list[BankOut]
    naming_count: int
    own_count: int
    rival_count: int
    negative_share: Interval | None


class NamesOut(Schema):
    """The dictionary in force, as TOML; `written_at` null: the one that comes with the product."""

    text: str
    written_at: datetime | None


class NamesIn(Given):
    text: Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=NO_NUL)]
    note: Note = ""


@router.get("/reviews", auth=SEE, response=ReviewsOut, summary=gettext_noop("APP评价：星级、版本、回复、雷同"))
def read_reviews(request: HttpRequest, choice: Query[ReviewChoice]) -> ReviewsOut:
    """What customers wrote is not told here; `copied` names the voices."""
    reach = who(request).scope("overview.see")
    slice_ = Slice(reach, ("app_review",), choice.since, choice.until, platforms=choice.platforms)
    found = app_reviews.measures(facts.lake(), slice_, copied=choice.copies)
    return ReviewsOut(
        total=StarsOut.of(found.total) if found.total else None,
        by_week=[*map(StarsOut.of, found.by_week)],
        by_version=[*map(StarsOut.of, found.by_version)],
        by_store=[*map(StarsOut.of, found.by_store)],
        answers=[*map(RepliesOut.of, found.answers)],
        copied=[
            CopiedOut(
                voice_id=each.id,
                copy_count=each.copies,
                first_on=each.first_on,
                last_on=each.last_on,
                store_count=each.stores,
            )
            for each in found.copies
        ],
        releases=[ReleaseOut(version=version, first_on=day) for version, day in found.releases],
    )


@router.get("/reviews/bursts", auth=SEE, response=Page[BurstOut], summary=gettext_noop("APP评价：得到证实的集中涌现"))
def list_bursts(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[BurstOut]:
    """Newest first; empty for who does not see the whole bank."""
    found, following = page(Burst.objects.visible_to(who(request)), ("-alerted_on", "-pk"), after, limit)
    return Page[BurstOut](items=[BurstOut.of(burst) for burst in found], next=following)


@router.get("/social", auth=SEE, response=SocialOut, summary=gettext_noop("社交媒体：传播、转发链、声量占比"))
def read_social(request: HttpRequest, choice: Query[PeriodChoice]) -> SocialOut:
    """What was written is not told here; `chains` names the voices."""
    slice_ = PostSlice(who(request).scope("overview.see"), choice.since, choice.until, choice.platforms)
    found = social.measures(facts.lake(), names.in_force(), slice_)
    return SocialOut(
        total=SpreadOut.of(found.total),
        by_platform=[*map(SpreadOut.of, found.by_platform)],
        by_month=[*map(SpreadOut.of, found.by_month)],
        chains=[*map(ChainOut.of, found.chains)],
        banks=[*map(BankOut.of, found.banks)],
        naming_count=found.named,
        own_count=found.own,
        rival_count=found.rivals,
        negative_share=Interval.of(found.negative),
    )


@router.get("/social/names", auth=MANAGE, response=NamesOut, summary=gettext_noop("银行名称词典"))
def read_names(request: HttpRequest) -> NamesOut:
    """The edition in force."""
    _whole(request)
    newest = NameBook.objects.order_by("-at", "-pk").first()
    return NamesOut(text=names.text_in_force(), written_at=newest.at if newest else None)


@router.put("/social/names", auth=MANAGE, response=NamesOut, summary=gettext_noop("启用新的银行名称词典"))
def write_names(request: HttpRequest, given: NamesIn) -> NamesOut:
    """The same text changes nothing. What is there is looked through again by a job."""
    made = actions.write_names(given.text, given.note, by=_whole(request), source=source(request))
    return NamesOut(text=made.text, written_at=made.at)


def _whole(request: HttpRequest) -> Staff:
    if who(request).scope("names.manage") is not None:
        raise PermissionDenied
    return who(request)
