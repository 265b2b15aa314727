"""How would a customer go through the draft? Page by page with the same rules, and nothing is kept."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huixiang.apps.access.door import requires
from huixiang.apps.surveys.asking import Sheet
from huixiang.apps.surveys.names import language_name
from huixiang.apps.surveys.views.listing import SEE, seen
from huixiang.domain.surveys.answering import accepted
from huixiang.domain.surveys.conditions import Value
from huixiang.domain.surveys.fields import answers_in
from huixiang.domain.surveys.flow import page_after, page_before, pages_of, progress, way_through
from huixiang.domain.surveys.plain import from_plain
from huixiang.domain.surveys.questionnaire import Questionnaire, worded

LARGEST = 200_000  # characters of answers carried from page to page


@never_cache
@requires(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def survey_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The answers travel in the page itself: no row, no draft, no trace."""
    found = seen(request, pk)
    questionnaire = from_plain(found.draft)
    given = request.POST if request.method == "POST" else request.GET
    language = given.get("language", "")
    language = language if language in questionnaire.languages else questionnaire.languages[0]
    answers = accepted(questionnaire, _carried(given.get("answers", ""))).answers
    key, is_forward = given.get("page", ""), "back" not in given
    here = next((page for page in pages_of(questionnaire) if page.key == key), None)
    refused = []
    if here and request.method == "POST":
        answers = {code: value for code, value in answers.items() if code.split(":")[0] not in _codes(here.questions)}
        answers |= answers_in(here.questions, request.POST.getlist)
        if is_forward:
            shown = way_through(questionnaire, answers).page(key)
            wrong = accepted(questionnaire, answers).refused
            refused = [each for each in wrong if shown and each.question in _codes(shown.questions)]
    if here and refused:
        page = way_through(questionnaire, answers).page(key)
    elif here and not is_forward:
        page = page_before(questionnaire, answers, key)
    else:
        page = page_after(questionnaire, answers, key if here else "") if request.method == "POST" or here else None
        page = page or (None if here else page_after(questionnaire, answers, ""))
    context = {
        "survey": found,
        "language": language,
        "languages": [(code, language_name(code)) for code in questionnaire.languages],
        "title": worded(questionnaire.title, language),
        "welcome": worded(questionnaire.welcome, language) if not here else "",
        "thanks": worded(questionnaire.thanks, language),
        "page": page,
        "is_first": page is not None and page_before(questionnaire, answers, page.key) is None,
        "answers": json.dumps(answers, ensure_ascii=False),
        "done": round(100 * progress(questionnaire, page.key)) if page else 100,
        "asked": [],
        "words": "",
    }
    if page:
        sheet = Sheet(questionnaire, answers, language)
        context |= {"asked": sheet.asked(page, refused, _number(questionnaire, answers, page.key))}
        context["words"] = sheet.words(page.section.wording)
    return render(request, "surveys/preview.html", context, status=422 if refused else 200)


def _codes(questions: object) -> set[str]:
    return {question.code for question in questions}  # type: ignore[attr-defined]


def _carried(text: str) -> dict[str, Value]:
    """Answers of the pages before, as they stood in the page; what is no answer is none."""
    try:
        found = json.loads(text) if text and len(text) <= LARGEST else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _number(questionnaire: Questionnaire, answers: dict[str, Value], key: str) -> int:
    """How many questions stood on the pages before, and one."""
    number = 1
    for page in way_through(questionnaire, answers).pages:
        if page.key == key:
            return number
        number += len(page.questions)
    return number
