"""What do customers need, and how is that borne out? The library as the owner of the token sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Path, Query, Router, Schema
from pydantic import Field

from huixiang.apps.access import audit
from huixiang.apps.feedback import facts, findings, looks
from huixiang.apps.needs import evidence, exports, kano, weighing
from huixiang.apps.needs.models import Decision, Need, NeedQuerySet
from huixiang.apps.needs.tiers import TierLine
from huixiang.apps.needs.weighing import Weighed
from huixiang.domain.needs import importance
from huixiang.domain.understanding.normal import normalise
from huixiang.lake import questions
from huixiang.web.api import voices
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.files import CSV, csv_response
from huixiang.web.api.need_kano import KanoOut, KanoPairOut
from huixiang.web.api.paging import page
from huixiang.web.api.problems import Invalid
from huixiang.web.api.shapes import Interval, Limit, Page, RowId, Sentiment, Word, one_of, tidy

router = Router(tags=["needs"])
SEE, EXPORT = Bearer("need.see"), Bearer("need.export")
NeedKind = Literal["demand", "expectation", "pain_point"]
State = Literal["proposed", "confirmed", "decided", "met", "rejected", "merged"]
DecisionKind = Annotated[Decision.Kind, one_of(Decision.Kind)]


class Wanted(Schema):
    """Which needs? `q` searches name, the customers' wording and the rules' words; `topic` stands for all below it."""

    q: Annotated[Word, Field(max_length=100)] = ""
    state: list[State] = []
    kind: list[NeedKind] = []
    topic: Word = ""
    owner: Word = ""

    def needs(self, request: HttpRequest) -> NeedQuerySet:
        found = Need.objects.visible_to(who(request)).about(normalise(self.q).split())
        found = found.filter(state__in=self.state) if self.state else found
        found = found.filter(kind__in=self.kind) if self.kind else found
        found = found.filter(owner__number=self.owner) if self.owner else found
        return found.on_topics(self._codes()) if self.topic else found

    def _codes(self) -> tuple[str, ...]:
        if found := findings.below("taxonomy", self.topic):
            return found
        raise Invalid("query", "topic", _("分类里没有这个编码"))


class DecisionOut(Schema):
    kind: DecisionKind
    title: str
    reference: str
    url: str
    decided_on: date

    @classmethod
    def of(cls, made: Decision) -> DecisionOut:
        fields = {name: getattr(made, name) for name in ("title", "reference", "url", "decided_on")}
        return cls(kind=Decision.Kind(made.kind), **fields)


class AspectOut(Schema):
    """What is spoken of, in the customers' word, and how."""

    aspect: str
    polarity: Sentiment


class GroupOut(Schema):
    topics: list[str]
    terms: list[str]
    aspects: list[AspectOut]

    @classmethod
    def of(cls, kept: evidence.Group) -> GroupOut:
        parts = [each.partition("\t") for each in kept.get("aspects", ())]
        aspects: Any = [{"aspect": word, "polarity": feeling} for word, _tab, feeling in parts]
        return cls(topics=kept["topics"], terms=kept["terms"], aspects=aspects)


class RuleOut(Schema):
    """A voice is evidence where each group of `every` holds one of its topics, terms or aspects, and no group of `none`
    does.
    """

    every: list[GroupOut]
    none: list[GroupOut]
    kinds: list[NeedKind]

    @classmethod
    def of(cls, kept: evidence.Kept) -> RuleOut:
        every, none = ([GroupOut.of(each) for each in kept[part]] for part in ("every", "none"))
        return cls(every=every, none=none, kinds=kept["kinds"])


class NeedOut(Schema):
    """A need as people wrote it; `unit` null is the whole bank."""

    id: int
    name: str
    kind: NeedKind
    statement: str
    state: State
    unit: str | None
    owner: str | None
    rules: list[RuleOut]
    decisions: list[DecisionOut]
    merged_into: int | None
    kano_pair: KanoPairOut | None
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, need: Need) -> NeedOut:
        return cls(**cls.told(need))

    @classmethod
    def told(cls, need: Need) -> dict[str, Any]:
        same = ("name", "kind", "statement", "state", "created_at", "changed_at")
        return {name: getattr(need, name) for name in same} | {
            "id": need.pk,
            "unit": need.unit.code if need.unit else None,
            "owner": need.owner.number if need.owner else None,
            "rules": [RuleOut.of(kept) for kept in need.rules],
            "decisions": [DecisionOut.of(made) for made in need.decisions.all()],
            "merged_into": need.merged_into_id,
            "kano_pair": KanoPairOut.of(need.pair),
        }


class ImportanceOut(Schema):
    """`points` = 1000 x frequency x severity x value; severity = 1 + negative + urgent. `value`: the mean weight of the
    customers (/tiers); `value_coverage`: for which share of these voices their class is known, and they are enough to
    be told. `points_without_value`: with a value of 1.
    """

    points: Interval
    frequency: Interval
    negative: Interval
    urgent: Interval
    severity: float
    value: float
    value_interval: Interval
    value_coverage: Interval
    points_without_value: Interval

    @classmethod
    def of(cls, found: importance.Importance | None) -> ImportanceOut | None:
        if found is None:
            return None
        names = ("points", "frequency", "negative", "urgent")
        shares: dict[str, Any] = {name: Interval.of(getattr(found, name)) for name in names}
        told = {"interval": found.value.mean, "coverage": found.value.coverage}
        shares |= {f"value_{name}": Interval.of(each) for name, each in told.items()}
        shares["points_without_value"] = Interval.of(found.plain)
        return cls(**shares, severity=tidy(found.severity), value=tidy(found.value.mean.value))


class TierLineOut(Schema):
    """Voices of customers of one class; "" is unknown. null: so few that somebody could be recognised, or it would
    follow from the others.
    """

    tier: str
    name: str
    voices_count: int | None
    of_count: int | None
    share: Interval | None

    @classmethod
    def of(cls, line: TierLine) -> TierLineOut:
        counts: dict[str, Any] = {"voices_count": line.count, "of_count": line.of}
        return cls(tier=line.code, name=line.name, share=Interval.of(line.share), **counts)


class WeighedOut(NeedOut):
    """With the voices of the last 90 days that are within reach; null where the token may not read voices.

    `kano`: null where no survey is linked, its results are out of reach, or too few answered to tell.
    """

    voices_count: int | None
    of_count: int | None
    importance: ImportanceOut | None
    tiers: list[TierLineOut] | None
    kano: KanoOut | None

    @classmethod
    def weighed(cls, row: Weighed, *, sees: bool) -> WeighedOut:
        count, of = (row.count, row.of) if sees else (None, None)
        lines = [TierLineOut.of(line) for line in row.tiers.lines] if row.tiers else None
        told: dict[str, Any] = cls.told(row.need) | {"voices_count": count, "of_count": of, "tiers": lines}
        return cls(**told, importance=ImportanceOut.of(row.importance), kano=KanoOut.of(row.kano))


@router.get("/needs", auth=SEE, response=Page[WeighedOut], summary=gettext_noop("需求库，最近提出的在前"))
def list_needs(request: HttpRequest, wanted: Query[Wanted], after: Word = "", limit: Limit = 50) -> Page[WeighedOut]:
    found, following = page(wanted.needs(request).whole(), ("-created_at", "-pk"), after, limit)
    reach = evidence.reach(who(request))
    rows = {row.need.pk: row for row in _classed(request, weighing.weighed(facts.lake(), reach, found))}
    items = [WeighedOut.weighed(rows[need.pk], sees=reach is not None) for need in found]
    return Page[WeighedOut](items=items, next=following)


@router.get("/needs/export", auth=EXPORT, openapi_extra=CSV, summary=gettext_noop("导出需求库（CSV）"))
def export_needs(request: HttpRequest, wanted: Query[Wanted]) -> StreamingHttpResponse:
    """In the columns of the page's export."""
    rows = weighing.weighed(facts.lake(), evidence.reach(who(request)), list(wanted.needs(request).whole()))
    rows = _classed(request, rows)
    asked = {name: str(value) for name, value in wanted.dict(exclude={"q"}, exclude_defaults=True).items()}
    audit.record(
        "need.export",
        by=who(request),
        on_kind="need",
        source=source(request),
        format="csv",
        count=len(rows),
        searched=bool(wanted.q),
        asked=asked,
    )
    return csv_response(exports.csv_lines(rows), "huixiang-needs.csv")


@router.get("/needs/{need_id}", auth=SEE, response=WeighedOut, summary=gettext_noop("一个需求"))
def read_need(request: HttpRequest, need_id: Path[RowId]) -> WeighedOut:
    need, reach = seen(request, need_id), evidence.reach(who(request))
    (row,) = _classed(request, weighing.weighed(facts.lake(), reach, [need]))
    return WeighedOut.weighed(row, sees=reach is not None)


@router.get(
    "/needs/{need_id}/voices",
    auth=Bearer("voice.see"),
    response=Page[voices.GlimpseOut],
    summary=gettext_noop("一个需求的证据，最新在前"),
)
def list_evidence(
    request: HttpRequest, need_id: Path[RowId], after: Word = "", limit: Limit = 50
) -> Page[voices.GlimpseOut]:
    """The voices within reach that speak for it; needs the right need.see as well."""
    need, reach = seen(request, need_id), evidence.reach(who(request))
    assert reach is not None, "the door asked for voice.see"
    slice_ = replace(evidence.heard(reach, need), dated=None)
    found = questions.page(facts.lake(), slice_, before=voices.cursor(after), size=limit)
    looks.record(found.voices, by=who(request), source=source(request), place="need", after=after)
    items = [voices.GlimpseOut.of(voice) for voice in found.voices]
    return Page[voices.GlimpseOut](items=items, next=found.next.text() if found.next else None)


def _classed(request: HttpRequest, rows: list[Weighed]) -> list[Weighed]:
    return kano.with_classes(facts.lake(), rows, who(request))


def seen(request: HttpRequest, need_id: int) -> Need:
    found: Need = get_object_or_404(Need.objects.visible_to(who(request)).whole(), pk=need_id)
    return found
