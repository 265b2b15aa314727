"""How do two questions about one feature come into a questionnaire? At once, at the end of a page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huixiang.apps.access.door import requires
from huixiang.apps.surveys.forms.kano import FeatureForm
from huixiang.apps.surveys.views.building import saved
from huixiang.apps.surveys.views.listing import MANAGE, managed
from huixiang.domain.surveys import editing
from huixiang.domain.surveys.kano_pairs import twins
from huixiang.domain.surveys.plain import from_plain
from huixiang.domain.surveys.questionnaire import Questionnaire


@requires(MANAGE)
@require_POST
def kano_new(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """Both questions with their five answers, in Chinese and English; ready as they are."""
    found = managed(request, pk)
    questionnaire = from_plain(found.draft)
    if section not in {each.code for each in questionnaire.sections}:
        raise Http404
    form = FeatureForm(request.POST, languages=questionnaire.languages)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return _at(pk, f"section-{section}")
    one, other = editing.new_codes("q", editing.codes(questionnaire), 2)
    added = twins(form.named(), (one, other))

    def change(it: Questionnaire) -> Questionnaire:
        for question in added:
            it = editing.with_question(it, section, question)
        return it

    if saved(request, found, change, f"{one}, {other}"):
        messages.success(request, _("已加入一对 Kano 问题。发布后，可在需求页关联。"))
    return _at(pk, f"question-{one}")


def _at(pk: int, place: str) -> HttpResponse:
    answer = redirect("survey_questions", pk)
    answer["Location"] += f"#{place}"
    return answer
