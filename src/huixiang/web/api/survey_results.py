"""What came out of a survey? As the result pages: within the caller's reach, small groups hidden."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Path, Query, Router, Schema
from pydantic import Field, StringConstraints

from huixiang.apps.feedback import facts
from huixiang.apps.surveys import analyses
from huixiang.apps.surveys.coverage import coverage
from huixiang.apps.surveys.result_cells import Asked, Choice, asked, readable
from huixiang.apps.surveys.results import Part, Result, results, tiers
from huixiang.domain.surveys.questionnaire import Kind
from huixiang.web.api.auth import Bearer, who
from huixiang.web.api.problems import Invalid
from huixiang.web.api.shapes import Given, Interval, Word, known, tidy

router = Router(tags=["surveys"])
SEE = Bearer("survey.see")
Slug = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,16}$")]
Month = Annotated[str, StringConstraints(pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$")]
QuestionKind = Literal["nps", "csat", "ces", "single", "multiple", "matrix", "rank", "text", "date"]


class ResultChoice(Given):
    """`version` 0: all, each question in the versions in which it is the same. Months, both inclusive.

    `handed`: only answers to links that colleagues handed over, which otherwise count in nothing.
    """

    version: Annotated[int, Field(ge=0, le=100_000)] = 0
    since: Month = ""
    until: Month = ""
    unit: Word = ""
    tier: Word = ""
    count_marked: bool = True
    handed: bool = False

    def choice(self) -> Choice:
        return Choice(self.version, self.since, self.until, self.unit, self.tier, self.count_marked, self.handed)


class AnswerPartOut(Schema):
    code: str
    name: str
    count: int
    share: Interval | None
    mean: float | None

    @classmethod
    def of(cls, part: Part) -> AnswerPartOut:
        return cls(code=part.code, name=part.name, count=part.n, share=Interval.of(part.share), mean=known(part.mean))


class ScoreMonthOut(Schema):
    """Null: fewer than ten people, hidden."""

    month: str
    count: int | None
    score: Interval | None


class AnswerMatrixRowOut(Schema):
    name: str
    mean: Interval | None
    parts: list[AnswerPartOut]


class SurveyQuestionResultOut(Schema):
    """`score`: of NPS -100 to 100, else the mean. `is_hidden`: fewer than ten answered, nothing is told."""

    code: str
    kind: QuestionKind
    title: str
    is_hidden: bool
    answered_count: int
    passed_over_count: int
    score: Interval | None
    good_share: Interval | None
    bad_share: Interval | None
    score_without_marked: Interval | None
    effective_count: float | None
    months: list[ScoreMonthOut]
    parts: list[AnswerPartOut]
    rows: list[AnswerMatrixRowOut]
    left_out_versions: list[int]

    @classmethod
    def of(cls, result: Result) -> SurveyQuestionResultOut:
        score = result.score
        return cls(
            code=result.question.code,
            kind=result.question.kind.value,
            title=result.title,
            is_hidden=result.is_hidden,
            answered_count=result.n,
            passed_over_count=result.passed_over,
            score=Interval.of(score.score) if score else None,
            good_share=Interval.of(score.good) if score else None,
            bad_share=Interval.of(score.bad) if score else None,
            score_without_marked=Interval.of(result.without_marked),
            effective_count=tidy(score.effective) if score else None,
            months=[ScoreMonthOut(month=s.month, count=s.n, score=Interval.of(s.score)) for s in result.steps],
            parts=[AnswerPartOut.of(part) for part in result.parts],
            rows=[
                AnswerMatrixRowOut(
                    name=row.name, mean=Interval.of(row.mean), parts=[AnswerPartOut.of(part) for part in row.parts]
                )
                for row in result.rows
            ],
            left_out_versions=list(result.left_out),
        )


class SurveyResultsOut(Schema):
    """`response_rate` is AAPOR's RR1; null where nobody knows how many were asked."""

    response_count: int
    marked_count: int
    effective_count: float
    asked_count: int
    delivered_count: int
    completed_count: int
    response_rate: Interval | None
    questions: list[SurveyQuestionResultOut]


class ComparedGroupOut(Schema):
    """One unit or tier. Null: hidden. `differs`: from all others, at a false discovery rate of 5 %.

    `response_rate`: of all that were asked, whatever group; the same in each line, null where nobody knows it.
    """

    code: str
    name: str
    count: int | None
    score: Interval | None
    shrunken: float | None
    standardised: float | None
    q: float | None
    differs: bool
    response_rate: Interval | None


class SurveyDriverOut(Schema):
    name: str
    share: Interval
    johnson_weight: float
    correlation: float
    mean: float
    best_rank: int
    worst_rank: int
    is_ahead: bool


class SurveyDriversOut(Schema):
    """Empty where too few answered. `is_ahead`: proven more important than the next. `response_rate`: as of results."""

    answered_count: int
    response_rate: Interval | None
    explained: Interval | None
    drivers: list[SurveyDriverOut]


@router.get(
    "/surveys/{slug}/results",
    auth=SEE,
    response=SurveyResultsOut,
    summary=gettext_noop("问卷结果：各题的加权数值、区间与应答率"),
)
def read_results(request: HttpRequest, slug: Path[Slug], choice: Query[ResultChoice]) -> SurveyResultsOut:
    found = results(facts.lake(), _asked(request, slug, choice))
    covered = found.coverage
    return SurveyResultsOut(
        response_count=found.responses,
        marked_count=found.marked,
        effective_count=tidy(found.effective),
        asked_count=covered.drawn,
        delivered_count=covered.delivered,
        completed_count=covered.completed,
        response_rate=Interval.of(covered.rr1),
        questions=[SurveyQuestionResultOut.of(result) for result in found.questions],
    )


class CompareChoice(ResultChoice):
    question: Word
    by: Literal["unit", "tier"] = "unit"


@router.get(
    "/surveys/{slug}/compare",
    auth=SEE,
    response=list[ComparedGroupOut],
    summary=gettext_noop("问卷结果：按机构或客户等级比较"),
)
def compare_groups(request: HttpRequest, slug: Path[Slug], choice: Query[CompareChoice]) -> list[ComparedGroupOut]:
    """Of a question with points."""
    it = _asked(request, slug, choice)
    try:
        lines = analyses.by_group(facts.lake(), it, choice.question, choice.by)
    except KeyError:
        raise Http404 from None
    rate = Interval.of(coverage(it).rr1)
    return [
        ComparedGroupOut(
            response_rate=rate,
            code=line.code,
            name=line.name,
            count=line.compared.n,
            score=Interval.of(line.compared.score),
            shrunken=known(line.compared.shrunken),
            standardised=known(line.compared.standardised),
            q=known(line.compared.q),
            differs=line.compared.differs,
        )
        for line in lines
    ]


class DriversChoice(ResultChoice):
    question: Word


@router.get(
    "/surveys/{slug}/drivers",
    auth=SEE,
    response=SurveyDriversOut,
    summary=gettext_noop("问卷结果：总体评价随哪些方面而变"),
)
def read_drivers(request: HttpRequest, slug: Path[Slug], choice: Query[DriversChoice]) -> SurveyDriversOut:
    it = _asked(request, slug, choice)
    try:
        if it.questionnaire.question(choice.question).kind not in (Kind.NPS, Kind.CSAT, Kind.CES):
            raise Http404
        found = analyses.key_drivers(facts.lake(), it, choice.question)
    except KeyError:
        raise Http404 from None
    rate = Interval.of(coverage(it).rr1)
    if found is None:
        return SurveyDriversOut(answered_count=0, response_rate=rate, explained=None, drivers=[])
    told = []
    for driver in found.drivers:
        share = Interval.of(driver.share)
        assert share is not None
        told.append(
            SurveyDriverOut(
                name=driver.name,
                share=share,
                johnson_weight=tidy(driver.weight),
                correlation=tidy(driver.correlation),
                mean=tidy(driver.mean),
                best_rank=driver.best,
                worst_rank=driver.worst,
                is_ahead=driver.is_ahead,
            )
        )
    explained = Interval.of(found.explained)
    return SurveyDriversOut(answered_count=found.n, response_rate=rate, explained=explained, drivers=told)


def _asked(request: HttpRequest, slug: str, choice: ResultChoice) -> Asked:
    survey = readable(who(request)).filter(slug=slug).first()
    if survey is None:
        raise Http404
    if choice.tier and choice.tier not in (known_tiers := tiers(facts.lake(), survey)):
        listed = "、".join(known_tiers) or "—"
        raise Invalid("query", "tier", _("没有这个客户等级的答卷；有：%(tiers)s") % {"tiers": listed})
    try:
        return asked(survey, choice.choice(), who(request))
    except LookupError:
        raise Http404 from None
