"""Which two questions ask about a need? First a survey is chosen, then two of its questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff
from huixiang.apps.needs.actions import Pairing
from huixiang.apps.needs.forms import Styled
from huixiang.apps.surveys.models import Version
from huixiang.apps.surveys.result_cells import readable
from huixiang.domain.surveys.kano_pairs import first_twins, fitting
from huixiang.domain.surveys.piping import heading
from huixiang.domain.surveys.questionnaire import Question, Questionnaire, worded

FEWEST_QUESTIONS = 2
LONGEST_TITLE = 60


class SurveyForm(Styled):
    """Surveys whose results she may see, that have two questions which fit."""

    survey = forms.TypedChoiceField(label=_("问卷"), coerce=int)

    def __init__(self, data: Any, *, staff: Staff, **options: Any) -> None:
        super().__init__(data, **options)
        newest = Version.objects.filter(survey__in=readable(staff)).annotate(last=Max("survey__versions__number"))
        rows = newest.filter(number=F("last")).select_related("survey").order_by("-published_at", "-pk")
        self.versions = {
            version.survey_id: version for version in rows if len(fitting(version.questionnaire)) >= FEWEST_QUESTIONS
        }
        self.offer("survey", [(str(pk), version.survey.name) for pk, version in self.versions.items()])

    @property
    def chosen(self) -> Version | None:
        return self.versions[self.cleaned_data["survey"]] if self.is_valid() else None


class PairForm(Styled):
    """Two questions of one survey; those that the builder made together are chosen already."""

    functional = forms.ChoiceField(label=_("“如果有”的题"))
    dysfunctional = forms.ChoiceField(label=_("“如果没有”的题"))

    def __init__(self, data: Any, *, version: Version, **options: Any) -> None:
        asked = version.questionnaire
        if found := first_twins(asked):
            usual = {"functional": found.functional.code, "dysfunctional": found.dysfunctional.code}
            options["initial"] = usual | options.get("initial", {})
        super().__init__(data, **options)
        self.survey = version.survey_id
        for name in ("functional", "dysfunctional"):
            self.offer(name, [(each.code, _titled(each, asked)) for each in fitting(asked)])

    def given(self) -> dict[str, Any]:
        both = (self.cleaned_data[name] for name in ("functional", "dysfunctional"))
        return {"pairing": Pairing(self.survey, *both)}


def _titled(question: Question, asked: Questionnaire) -> str:
    """With its first and last choice: in which direction does it go?"""
    ends = [worded(choice.wording, "zh") for choice in (question.choices[0], question.choices[-1])]
    return f"{heading(question, asked)[:LONGEST_TITLE]}（{' … '.join(ends)}）"
