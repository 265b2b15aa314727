"""What came out of a survey? The result pages, each for one reader's reach; no page names a customer."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.feedback import facts, findings
from huixiang.apps.surveys import analyses, coverage, joint, result_exports
from huixiang.apps.surveys.forms.results import ResultFilter
from huixiang.apps.surveys.models import Survey
from huixiang.apps.surveys.names import reading
from huixiang.apps.surveys.portioning import shown_cells
from huixiang.apps.surveys.releasing import whole
from huixiang.apps.surveys.result_cells import Asked, asked, readable
from huixiang.apps.surveys.results import Result, results
from huixiang.channels import export
from huixiang.channels.export import MOST_SHEET_ROWS
from huixiang.domain.surveys.piping import heading
from huixiang.domain.surveys.questionnaire import Kind, worded
from huixiang.domain.surveys.scores import FEWEST
from huixiang.lake import questions

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SPSS = "application/x-spss-sav"
SHOWN = 50  # texts on one page


@dataclass(frozen=True, slots=True)
class _Page:
    survey: Survey
    it: Asked | None  # None: never published
    form: ResultFilter | None
    is_own: bool = False  # of a unit of hers: she sees its other pages too

    @property
    def context(self) -> dict[str, Any]:
        told = {"survey": self.survey, "form": self.form, "it": self.it, "fewest": FEWEST, "is_own": self.is_own}
        return told | {"covered": coverage.coverage(self.it) if self.it else None}


@requires("survey.see")
@require_safe
def survey_results(request: HttpRequest, pk: int) -> HttpResponse:
    page = _page(request, pk)
    if page.it is None:
        return render(request, "surveys/results.html", page.context)
    found = results(facts.lake(), page.it)
    charts = {f"steps-{result.question.code}": _chart(result) for result in found.questions if len(result.steps) > 1}
    told = [(result, charts.get(f"steps-{result.question.code}")) for result in found.questions]
    context = {"found": found, "told": told, "waiting": coverage.waiting(page.it), "tab": "results"}
    context["covered"] = None  # the tiles tell it, at length
    return render(request, "surveys/results.html", page.context | context, status=_status(page))


@requires("survey.see")
@require_safe
def survey_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Branches or tiers side by side."""
    page = _page(request, pk)
    scored = analyses.scored_questions(page.it.questionnaire) if page.it else []
    context: dict[str, Any] = {
        "tab": "compare",
        "scored": _titled(page.it, scored),
        "by": request.GET.get("by", "unit"),
    }
    if page.it and scored:
        code = request.GET.get("question") or scored[0].code
        context |= {"code": code, "is_nps": any(q.code == code and q.kind is Kind.NPS for q in scored)}
        context["lines"] = _or_404(analyses.by_group, facts.lake(), page.it, code, _by(request))
        context["is_standardised"] = any(line.compared.standardised is not None for line in context["lines"])
    return render(request, "surveys/results_compare.html", page.context | context, status=_status(page))


@requires("survey.see")
@require_safe
def survey_drivers(request: HttpRequest, pk: int) -> HttpResponse:
    """With which aspects does the verdict go?"""
    page = _page(request, pk)
    scored = analyses.scored_questions(page.it.questionnaire) if page.it else []
    context: dict[str, Any] = {"tab": "drivers", "scored": _titled(page.it, scored)}
    if page.it and scored:
        code = request.GET.get("question") or scored[0].code
        context |= {"code": code, "aspects": analyses.aspects_of(page.it, code)}
        context["is_enough"] = len(context["aspects"]) >= analyses.FEWEST_ASPECTS
        context["found"] = _or_404(analyses.key_drivers, facts.lake(), page.it, code)
    return render(request, "surveys/results_drivers.html", page.context | context, status=_status(page))


@requires("survey.see")
@require_safe
def survey_crossed(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers to one question by those to another."""
    page = _page(request, pk)
    options = analyses.crossable(page.it.questionnaire) if page.it else []
    one, other = request.GET.get("one", ""), request.GET.get("other", "")
    groups = [(joint.TIER, _("客户等级")), (joint.UNIT, _("机构"))]
    context: dict[str, Any] = {"tab": "crossed", "options": options, "others": groups + options}
    context |= {"one": one, "other": other}
    if page.it and one and other and one != other:
        context["found"] = _or_404(analyses.crossed, facts.lake(), page.it, one, other)
        context["is_asked"] = True
    return render(request, "surveys/results_crossed.html", page.context | context, status=_status(page))


@requires("survey.see")
@require_safe
def survey_written(request: HttpRequest, pk: int) -> HttpResponse:
    """What was written: counted for all, and linked to the voices for who may read them."""
    page = _page(request, pk)
    context: dict[str, Any] = {"tab": "words"}
    if page.it:
        said = [each for each in joint.said(facts.lake(), page.it) if each.n >= FEWEST]
        code = request.GET.get("question", "")
        enough = not page.survey.is_anonymous or code in {each.question for each in said}
        context["said"] = [(_title(page.it, each.question), each, _matters(each)) for each in said]
        context |= {"code": code, "shown": SHOWN}
        if code and enough and "voice.see" in who(request).rights:
            context["listed"] = _listed(request, page.it, code)
    return render(request, "surveys/results_words.html", page.context | context, status=_status(page))


@requires("survey.see")
@require_safe
def survey_figures(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The figures of the page as a table."""
    page = _page(request, pk)
    if page.it is None or kind not in ("csv", "xlsx"):
        raise Http404
    if _status(page) != 200:  # the page says why; a file of something else would not
        return redirect(f"{reverse('survey_results', args=[pk])}?{request.GET.urlencode()}")
    found = results(facts.lake(), page.it)
    audit.record("survey.figures", by=who(request), on_kind="survey", on_id=page.survey.slug, format=kind)
    name = f"huixiang-survey-{page.survey.slug}-{timezone.localdate():%Y%m%d}.{kind}"
    header, lines = result_exports.figures_header(), list(result_exports.figures(found))
    if kind == "csv":
        return _csv(export.csv_lines(header, lines), name)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / name
        export.write_sheet(place, _("结果"), header, lines, {0: 40, 2: 24, 8: 30})
        return FileResponse(place.open("rb"), as_attachment=True, filename=name, content_type=WORKBOOK)


@requires("survey.export")
@require_safe
def survey_answers(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The answers, one row a response: words only for who may export voices, masked as they always are."""
    page = _page(request, pk, "survey.export")
    if page.it is None or kind not in ("csv", "xlsx", "sav"):
        raise Http404
    lake, back = facts.lake(), redirect(f"{reverse('survey_results', args=[pk])}?{request.GET.urlencode()}")
    sheet = result_exports.sheet(page.it, with_words="voice.export" in who(request).rights)
    try:
        leaving = result_exports.leaving(lake, page.it, sheet)
    except result_exports.TooFew:
        messages.warning(request, _("匿名答卷少于 %(n)s 份，不能逐份导出，以免认出答卷人。") % {"n": FEWEST})
        return back
    count, rows = leaving.count, leaving.rows
    if kind != "csv" and count > MOST_SHEET_ROWS:
        messages.warning(request, _("一个工作表最多容纳 1,048,575 行，请缩小范围，或改用 CSV 文件。"))
        return back
    audit.record("survey.export", by=who(request), on_kind="survey", on_id=page.survey.slug, format=kind, count=count)
    name = f"huixiang-answers-{page.survey.slug}-{timezone.localdate():%Y%m%d}.{kind}"
    if kind == "csv":
        lines = (result_exports.in_words(sheet, row) for row in rows)
        return _csv(export.csv_lines([column.label for column in sheet.columns], lines), name)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / name
        result_exports.write(place, kind, page.it, sheet, rows)
        media = WORKBOOK if kind == "xlsx" else SPSS
        return FileResponse(place.open("rb"), as_attachment=True, filename=name, content_type=media)


def _page(request: HttpRequest, pk: int, right: str = "survey.see") -> _Page:
    by = who(request)
    survey = get_object_or_404(readable(by, right), pk=pk)
    is_own = Survey.objects.visible_to(by).filter(pk=pk).exists()
    numbers = list(survey.versions.values_list("number", flat=True))
    if not numbers:
        return _Page(survey, None, None, is_own)
    reach = by.scope(right)
    cells = shown_cells(facts.lake(), survey)
    tiers = tuple(tier for tier in cells.names["tier"] if tier)
    form = ResultFilter(request.GET, versions=numbers, tiers=tiers, reach=None if reach is None else frozenset(reach))
    try:
        return _Page(survey, asked(survey, form.choice(), by, right), form, is_own)
    except LookupError:
        raise Http404 from None


def _status(page: _Page) -> int:
    return 200 if page.form is None or page.form.is_valid() else 422


def _or_404(question: Any, *given: Any) -> Any:
    try:
        return question(*given)
    except KeyError:
        raise Http404 from None


def _by(request: HttpRequest) -> str:
    return "tier" if request.GET.get("by") == "tier" else "unit"


def _titled(it: Asked | None, scored: list[Any]) -> list[tuple[str, str]]:
    return [(question.code, heading(question, it.questionnaire, reading())) for question in scored] if it else []


def _title(it: Asked, key: str) -> str:
    code, _colon, choice = key.partition(":")
    try:
        question = it.questionnaire.question(code)
    except KeyError:
        return key  # of a former version
    names = {each.code: worded(each.wording, reading()) for each in question.choices}
    title = heading(question, it.questionnaire, reading())
    return f"{title} · {names.get(choice, choice)}" if choice else title


def _matters(said: questions.SaidSo) -> list[tuple[str, questions.Matter]]:
    return [(findings.path(each.code), each) for each in said.matters if each.n >= FEWEST]


def _listed(request: HttpRequest, it: Asked, code: str) -> list[Any]:
    """The newest texts that the reader may read as voices; the words themselves stand on the voices' pages."""
    reach = who(request).scope("voice.see")
    slice_ = whole(it).slice() if it.survey.is_anonymous else it.slice()  # there the choice is of what is told
    worded_ = questions.worded(facts.lake(), slice_, code)
    if it.survey.is_anonymous:
        tellable = set(joint.told_voices(facts.lake(), it).get(code, ()))
        worded_ = [each for each in worded_ if each.voice in tellable]
    own = [each for each in worded_ if reach is None or each.unit in reach][:SHOWN]
    found = {row["id"]: row for row in facts.lake().rows("voices", [each.voice for each in own]).to_pylist()}
    return [(each, found[each.voice]) for each in own if each.voice in found]


def _csv(lines: Any, name: str) -> HttpResponseBase:
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _chart(result: Result) -> dict[str, list[Any]]:
    """The score by month with its interval; what is hidden is a gap."""

    def each(end: str) -> list[float | None]:
        return [round(getattr(step.score, end), 2) if step.score else None for step in result.steps]

    return {
        "labels": [step.month for step in result.steps],
        "value": each("value"),
        "low": each("low"),
        "high": each("high"),
        "n": [step.n for step in result.steps],
    }


urlpatterns: list[URLPattern] = [
    path("surveys/<int:pk>/results/", survey_results, name="survey_results"),
    path("surveys/<int:pk>/results/compare/", survey_compare, name="survey_compare"),
    path("surveys/<int:pk>/results/drivers/", survey_drivers, name="survey_drivers"),
    path("surveys/<int:pk>/results/crossed/", survey_crossed, name="survey_crossed"),
    path("surveys/<int:pk>/results/words/", survey_written, name="survey_written"),
    path("surveys/<int:pk>/results/figures.<slug:kind>", survey_figures, name="survey_figures"),
    path("surveys/<int:pk>/results/answers.<slug:kind>", survey_answers, name="survey_answers"),
]
