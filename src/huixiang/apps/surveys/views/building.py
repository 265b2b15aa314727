"""How is a questionnaire built? Page by page, question by question; each saving is one change that can be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.surveys import actions, problems
from huixiang.apps.surveys.asking import Sheet
from huixiang.apps.surveys.forms.asking import QuestionForm
from huixiang.apps.surveys.forms.conditions import ConditionForm
from huixiang.apps.surveys.models import Survey
from huixiang.apps.surveys.names import KINDS, sentence
from huixiang.apps.surveys.views.listing import MANAGE, SEE, managed, posted_revision, seen, shared
from huixiang.channels.contract import Fault
from huixiang.domain.surveys import editing
from huixiang.domain.surveys.flow import Page, pages_of
from huixiang.domain.surveys.plain import from_plain
from huixiang.domain.surveys.questionnaire import Kind, Question, Questionnaire, Section, worded

Change = Callable[[Questionnaire], Questionnaire]
# What a new question of a kind begins with: a text one can leave as it is.
BEGINNINGS: dict[Kind, str] = {
    Kind.NPS: "您有多大可能把我们推荐给亲友？",
    Kind.CSAT: "您对这次服务满意吗？",
    Kind.CES: "“这次办理很省力。”您同意吗？",
}


@never_cache
@requires(SEE)
@require_safe
def survey_questions(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    questionnaire = from_plain(found.draft)
    context = {
        **shared(request, found, "questions"),
        "sections": _sections(questionnaire),
        "problems": problems.told(questionnaire),
        "kinds": [(str(kind), name) for kind, name in KINDS.items()],
        "quotas": [(quota, sentence(quota.when, questionnaire)) for quota in questionnaire.quotas],
        "languages": questionnaire.languages,
        "losses": request.session.get(f"survey-losses-{pk}", []),
    }
    return render(request, "surveys/questions.html", context)


@requires(MANAGE)
@require_POST
def question_new(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """A question of the chosen kind at the end of the page, opened at once to be filled in."""
    found = managed(request, pk)
    questionnaire = from_plain(found.draft)
    if section not in {each.code for each in questionnaire.sections} or request.POST.get("kind") not in set(Kind):
        raise Http404
    kind = Kind(request.POST["kind"])
    code = editing.new_code("q", editing.codes(questionnaire))
    wording = {questionnaire.languages[0]: BEGINNINGS[kind]} if kind in BEGINNINGS else {}
    question = Question(code, kind, wording)
    if not saved(request, found, lambda it: editing.with_question(it, section, question), code):
        return redirect("survey_questions", pk)
    return redirect("survey_question", pk, code)


@never_cache
@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def survey_question(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    found = managed(request, pk)
    questionnaire = from_plain(found.draft)
    form, picker = _question_form(request, questionnaire, code)
    status = 200
    if request.method == "POST" and form.is_valid():
        made = replace(form.made(), shown_if=picker.condition())
        status = 422 if picker.faults else 409
        if not picker.faults and saved(request, found, lambda it: editing.with_changed(it, code, made), code):
            messages.success(request, _("已保存。"))
            kept = made.kind is questionnaire.question(code).kind
            return redirect("survey_questions", pk) if kept else redirect("survey_question", pk, made.code)
    elif request.method == "POST":
        status = 422
    context = {
        **shared(request, found, "questions"),
        "form": form,
        "picker": picker,
        "code": code,
        "problems": _known_problems(questionnaire, code),
        "asked": _looked(questionnaire, questionnaire.question(code)),
    }
    return render(request, "surveys/question.html", context, status=status)


@requires(MANAGE)
@require_POST
def question_look(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """How the question would look as it is being written; nothing is saved."""
    questionnaire = from_plain(managed(request, pk).draft)
    form, _picker = _question_form(request, questionnaire, code)
    question = form.made() if form.is_valid() else questionnaire.question(code)
    return render(request, "surveys/questions/page.html", {"asked": _looked(questionnaire, question)})


@requires(MANAGE)
@require_POST
def question_verb(request: HttpRequest, pk: int, code: str, verb: str) -> HttpResponse:
    found = managed(request, pk)
    _known(from_plain(found.draft), code)
    verbs: dict[str, Change] = {
        "up": lambda it: editing.moved(it, code, -1),
        "down": lambda it: editing.moved(it, code, 1),
        "copy": lambda it: editing.doubled(it, code),
        "remove": lambda it: editing.without_question(it, code),
    }
    if verb not in verbs:
        raise Http404
    saved(request, found, verbs[verb], code)
    answer = redirect("survey_questions", pk)
    if verb != "remove":
        answer["Location"] += f"#question-{code}"
    return answer


def saved(request: HttpRequest, found: Survey, change: Change, what: str) -> bool:
    """Saved on top of what the page showed; else the person is told, and nothing is lost."""
    try:
        actions.edit_survey(
            found.pk, posted_revision(request), change, by=who(request), source=audit.origin(request), what=what
        )
    except Fault as fault:
        messages.error(request, told_fault(fault))
        return False
    return True


def earlier_questions(questionnaire: Questionnaire, code: str) -> list[Question]:
    """What is asked before this question, or before this section."""
    found: list[Question] = []
    for section in questionnaire.sections:
        if section.code == code:
            break
        for question in section.questions:
            if question.code == code:
                return found
            found.append(question)
    return found


def _known(questionnaire: Questionnaire, code: str) -> Question:
    try:
        return questionnaire.question(code)
    except KeyError:
        raise Http404 from None


def _question_form(request: HttpRequest, questionnaire: Questionnaire, code: str) -> tuple[QuestionForm, ConditionForm]:
    question = _known(questionnaire, code)
    data = request.POST if request.method == "POST" else None
    first, taken = questionnaire.languages[0], editing.codes(questionnaire)
    form = QuestionForm(data, question=question, language=first, taken=taken)
    return form, ConditionForm(questionnaire, earlier_questions(questionnaire, code), question.shown_if, data)


def _known_problems(questionnaire: Questionnaire, code: str) -> list[problems.Told]:
    """What is wrong with this question; of one that nobody has written yet there is nothing to say."""
    question = questionnaire.question(code)
    if not question.wording:
        return []
    return [each for each in problems.told(questionnaire) if (each.kind, each.place) == ("question", code)]


def _looked(questionnaire: Questionnaire, question: Question) -> list[Any]:
    """The question as a customer sees it, in the first language."""
    page = Page("look", Section("look", {}, (question,)), (question,))
    return Sheet(questionnaire, {}, questionnaire.languages[0]).asked(page)


def _sections(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    """The sections as the builder lists them, the questions with their number and what decides on them."""
    number = 0
    listed = []
    first = questionnaire.languages[0]
    parted = {page.questions[0].code for page in pages_of(questionnaire) if "." in page.key}
    for place, section in enumerate(questionnaire.sections, start=1):
        questions = []
        for question in section.questions:
            number += 1
            questions.append(
                {
                    "number": number,
                    "question": question,
                    "words": worded(question.wording, first),
                    "kind": KINDS[question.kind],
                    "condition": sentence(question.shown_if, questionnaire),
                    "choices": [worded(choice.wording, first) for choice in question.choices],
                    "is_parted": question.code in parted,
                }
            )
        skips = [skip for skip in questionnaire.skips if skip.after == section.code]
        listed.append(
            {
                "place": place,
                "section": section,
                "words": worded(section.wording, first),
                "condition": sentence(section.shown_if, questionnaire),
                "skips": [(sentence(skip.when, questionnaire), _goal(questionnaire, skip.to)) for skip in skips],
                "questions": questions,
            }
        )
    return listed


def _goal(questionnaire: Questionnaire, to: str) -> str:
    places = {section.code: place for place, section in enumerate(questionnaire.sections, start=1)}
    return _("第 %(place)s 页") % {"place": places[to]} if to in places else _("结束")
