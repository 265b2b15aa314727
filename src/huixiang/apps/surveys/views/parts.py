"""How are pages, skips, quotas, languages and words of a questionnaire set?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huixiang.apps.access.door import requires
from huixiang.apps.surveys.forms.asking import QuotaForm, SectionForm, said
from huixiang.apps.surveys.forms.conditions import ConditionForm
from huixiang.apps.surveys.forms.surveys import WordsForm
from huixiang.apps.surveys.names import language_name
from huixiang.apps.surveys.views.building import Change, earlier_questions, saved
from huixiang.apps.surveys.views.listing import MANAGE, managed, shared
from huixiang.domain.surveys import editing
from huixiang.domain.surveys.plain import from_plain
from huixiang.domain.surveys.questionnaire import END, Questionnaire, Quota, Section, Skip, worded
from huixiang.domain.surveys.wordings import with_words, words_of

MOST_SKIPS = 20
METHODS = ["GET", "HEAD", "POST"]


@requires(MANAGE)
@require_POST
def section_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = managed(request, pk)
    code = editing.new_code("s", editing.codes(from_plain(found.draft)))
    saved(request, found, lambda it: editing.with_section(it, Section(code, {}, ())), code)
    answer = redirect("survey_questions", pk)
    answer["Location"] += f"#section-{code}"
    return answer


@never_cache
@requires(MANAGE)
@require_http_methods(METHODS)
def survey_section(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Title, condition, order by chance, and where to go on from here."""
    found = managed(request, pk)
    questionnaire = from_plain(found.draft)
    section = _section(questionnaire, code)
    data = request.POST if request.method == "POST" else None
    form = SectionForm(data, section=section, language=questionnaire.languages[0])
    picker = ConditionForm(questionnaire, earlier_questions(questionnaire, code), section.shown_if, data)
    skips = _skip_pickers(questionnaire, section, data)
    status = 200
    if data is not None:
        made, leading = section, tuple(_skip(code, goal, each) for goal, each in skips)
        if form.is_valid():
            made = replace(form.made(), shown_if=picker.condition())
        kept = tuple(skip for skip in leading if skip)
        is_wrong = bool(form.errors or picker.faults or any(each.faults for _goal, each in skips))
        change: Change = lambda it: editing.with_changed_section(it, code, made, kept)  # noqa: E731
        if not is_wrong and saved(request, found, change, code):
            messages.success(request, _("已保存。"))
            return redirect("survey_questions", pk)
        status = 422 if is_wrong else 409
    later = questionnaire.sections[questionnaire.sections.index(section) + 1 :]
    goals = [(each.code, _page_name(questionnaire, each)) for each in later] + [(END, _("结束，致谢"))]
    context = {"form": form, "picker": picker, "skips": skips, "goals": goals, "section": section}
    return render(request, "surveys/section.html", {**shared(request, found, "questions"), **context}, status=status)


@requires(MANAGE)
@require_POST
def section_verb(request: HttpRequest, pk: int, code: str, verb: str) -> HttpResponse:
    found = managed(request, pk)
    section = _section(from_plain(found.draft), code)
    verbs: dict[str, Change] = {
        "up": lambda it: editing.moved_section(it, code, -1),
        "down": lambda it: editing.moved_section(it, code, 1),
        "remove": lambda it: editing.without_section(it, code),
    }
    if verb not in verbs:
        raise Http404
    if verb == "remove" and section.questions:
        messages.error(request, _("这一页还有题目：请先删去或移走它们。"))
    else:
        saved(request, found, verbs[verb], code)
    return redirect("survey_questions", pk)


@never_cache
@requires(MANAGE)
@require_http_methods(METHODS)
def survey_words(request: HttpRequest, pk: int) -> HttpResponse:
    """Title, welcome, thanks; which languages there are."""
    found = managed(request, pk)
    questionnaire = from_plain(found.draft)
    first, others = questionnaire.languages[0], questionnaire.languages[1:]
    initial: dict[str, Any] = {
        name: getattr(questionnaire, name).get(first, "") for name in ("title", "welcome", "thanks")
    }
    form = WordsForm(
        request.POST if request.method == "POST" else None,
        initial=initial | {"languages": list(others)},
        first=first,
        others=others,
    )
    if form.is_valid():
        given = form.cleaned_data

        def change(it: Questionnaire) -> Questionnaire:
            for gone in set(it.languages[1:]) - set(given["languages"]):
                it = with_words(it, gone, {words.key: "" for words in words_of(it)})
            return replace(
                it,
                languages=(first, *given["languages"]),
                title=said(it.title, first, given["title"]),
                welcome=said(it.welcome, first, given["welcome"]),
                thanks=said(it.thanks, first, given["thanks"]),
            )

        if saved(request, found, change, "words"):
            messages.success(request, _("已保存。"))
            return redirect("survey_questions", pk)
    context = {**shared(request, found, "questions"), "form": form}
    return render(request, "surveys/words.html", context, status=422 if form.errors else 200)


@never_cache
@requires(MANAGE)
@require_http_methods(METHODS)
def survey_translation(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Side by side: what it says, and how it is said in the other language; what is wanting stands out."""
    found = managed(request, pk)
    questionnaire = from_plain(found.draft)
    if language not in questionnaire.languages[1:]:
        raise Http404
    if request.method == "POST":
        given = {words.key: request.POST.get(words.key, "")[:4000] for words in words_of(questionnaire)}
        if saved(request, found, lambda it: with_words(it, language, given), f"language {language}"):
            messages.success(request, _("已保存。"))
            return redirect("survey_questions", pk)
        questionnaire = with_words(questionnaire, language, given)
    first = questionnaire.languages[0]
    rows = [
        {"key": words.key, "first": worded(words.wording, first), "other": words.wording.get(language, ""),
         "lacks": words.lacks(language), "is_long": len(worded(words.wording, first)) > 30}
        for words in words_of(questionnaire)
    ]  # fmt: skip
    context = {"rows": rows, "language": language, "first": first, "lacking": sum(1 for row in rows if row["lacks"])}
    context |= {"first_name": language_name(first), "other_name": language_name(language)}
    return render(request, "surveys/translation.html", {**shared(request, found, "questions"), **context})


@never_cache
@requires(MANAGE)
@require_http_methods(METHODS)
def survey_quota(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One quota; "new" begins one."""
    found = managed(request, pk)
    questionnaire = from_plain(found.draft)
    former = next((quota for quota in questionnaire.quotas if quota.code == code), None)
    if former is None and code != "new":
        raise Http404
    data = request.POST if request.method == "POST" else None
    if data is not None and former and "remove" in data:
        saved(request, found, lambda it: replace(it, quotas=tuple(q for q in it.quotas if q.code != code)), code)
        return redirect("survey_questions", pk)
    form = QuotaForm(data, initial={"name": former.name, "limit": former.limit} if former else {})
    picker = ConditionForm(questionnaire, list(questionnaire.questions()), former.when if former else None, data)
    if form.is_valid():
        when = picker.condition()
        known = {quota.code for quota in questionnaire.quotas}
        made = Quota(
            former.code if former else editing.new_code("quota", known),
            form.cleaned_data["name"],
            when,
            form.cleaned_data["limit"],
        )

        def change(it: Questionnaire) -> Questionnaire:
            others = tuple(made if quota.code == made.code else quota for quota in it.quotas)
            return replace(it, quotas=others if former else (*it.quotas, made))

        if not picker.faults and saved(request, found, change, made.code):
            messages.success(request, _("已保存。"))
            return redirect("survey_questions", pk)
    context = {**shared(request, found, "questions"), "form": form, "picker": picker, "quota": former}
    return render(request, "surveys/quota.html", context, status=422 if form.errors or picker.faults else 200)


def _section(questionnaire: Questionnaire, code: str) -> Section:
    for section in questionnaire.sections:
        if section.code == code:
            return section
    raise Http404


def _skip_pickers(questionnaire: Questionnaire, section: Section, data: Any) -> list[tuple[str, ConditionForm]]:
    """The skips behind this section, and an empty one to fill in."""
    behind = questionnaire.sections.index(section) + 1
    known = [question for each in questionnaire.sections[:behind] for question in each.questions]
    skips = [skip for skip in questionnaire.skips if skip.after == section.code][:MOST_SKIPS]
    pickers = []
    for number, skip in enumerate([*skips, None]):
        picker = ConditionForm(questionnaire, known, skip.when if skip else None, data, f"skip{number}")
        goal = (data or {}).get(f"skip{number}-to", skip.to if skip else END)
        pickers.append((goal, picker))
    return pickers


def _skip(after: str, goal: str, picker: ConditionForm) -> Skip | None:
    when = picker.condition()
    return Skip(after, when, goal) if when else None


def _page_name(questionnaire: Questionnaire, section: Section) -> str:
    place = questionnaire.sections.index(section) + 1
    words = worded(section.wording, questionnaire.languages[0])
    return _("第 %(place)s 页") % {"place": place} + (f" {words}" if words else "")
