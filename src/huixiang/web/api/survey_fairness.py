"""Were only the pleased asked? As the page: reasons to look, within the caller's reach, small groups hidden."""

from __future__ import annotations

from typing import Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Path, Router, Schema

from huixiang.apps.feedback import facts
from huixiang.apps.surveys import pleased
from huixiang.apps.surveys.handed_scores import HandedScore, handed_scores
from huixiang.apps.surveys.models import Survey
from huixiang.apps.surveys.pleased import Look
from huixiang.domain.surveys.fairness import Side
from huixiang.web.api.auth import Bearer, who
from huixiang.web.api.shapes import Interval, tidy
from huixiang.web.api.survey_results import Slug

router = Router(tags=["surveys"])
SEE = Bearer("survey.see")


class FairLookOut(Schema):
    """Of one unit or colleague. `times`: how many times as often the displeased were asked as the others."""

    code: str
    name: str
    displeased_asked_count: int
    displeased_count: int
    others_asked_count: int
    others_count: int
    left_out_count: int
    times: Interval | None
    verdict: Literal["uneven", "not_proven", "too_few"]

    @classmethod
    def of(cls, look: Look) -> FairLookOut:
        a = look.asked
        return cls(
            code=look.code,
            name=look.name,
            displeased_asked_count=a.displeased_asked,
            displeased_count=a.displeased,
            others_asked_count=a.others_asked,
            others_count=a.others,
            left_out_count=look.left_out,
            times=Interval.of(look.verdict.times),
            verdict=look.verdict.verdict.value,
        )


class HandedScoreOut(Schema):
    """Of one unit; `code` "" is all of them. Null: hidden, fewer than ten. `less`: handed less drawn."""

    code: str
    name: str
    handed_count: int | None
    handed_score: float | None
    drawn_count: int | None
    drawn_score: float | None
    less: Interval | None
    verdict: Literal["higher", "not_proven", "too_few"]

    @classmethod
    def of(cls, line: HandedScore) -> HandedScoreOut:
        def told(side: Side | None) -> tuple[int | None, float | None]:
            return (None, None) if side is None else (side.n, tidy(side.mean))

        handed, drawn = told(line.handed), told(line.drawn)
        return cls(
            code=line.code,
            name=line.name,
            handed_count=handed[0],
            handed_score=handed[1],
            drawn_count=drawn[0],
            drawn_score=drawn[1],
            less=Interval.of(line.gap.less),
            verdict=line.gap.verdict.value,
        )


class SurveyFairnessOut(Schema):
    """`question`: whose scores are compared; null where no link was handed over and answered."""

    by_unit: list[FairLookOut]
    by_staff: list[FairLookOut]
    question: str | None
    handed_scores: list[HandedScoreOut]


@router.get(
    "/surveys/{slug}/fairness",
    auth=SEE,
    response=SurveyFairnessOut,
    summary=gettext_noop("是否只问了满意的：谁问了谁，当面邀请与抽样的得分差"),
)
def read_fairness(request: HttpRequest, slug: Path[Slug]) -> SurveyFairnessOut:
    survey = Survey.objects.visible_to(who(request)).filter(slug=slug).first()
    if survey is None:
        raise Http404
    looks = pleased.looks(survey, timezone.localdate(), who(request))
    scores = handed_scores(facts.lake(), survey, who(request))
    return SurveyFairnessOut(
        by_unit=[FairLookOut.of(each) for each in looks.by_unit],
        by_staff=[FairLookOut.of(each) for each in looks.by_staff],
        question=scores.code if scores else None,
        handed_scores=[HandedScoreOut.of(line) for line in scores.lines] if scores else [],
    )
