"""How do answers that another program collected come in? A file, what its columns are, a look, and then all of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.surveys import answer_files, answer_uploads
from huixiang.apps.surveys.answer_uploads import Upload
from huixiang.apps.surveys.models import Survey, Version
from huixiang.apps.surveys.views.listing import MANAGE, managed, shared
from huixiang.channels import survey_answers
from huixiang.channels.contract import Fault
from huixiang.channels.export import csv_lines
from huixiang.channels.survey_answers import FIELDS, AnswerMapping
from huixiang.domain.surveys.piping import heading
from huixiang.domain.surveys.questionnaire import worded

NAMES = {
    "number": gettext_lazy("答卷编号（必需）"),
    "at": gettext_lazy("提交时间（必需；空的是没有交的）"),
    "unit": gettext_lazy("机构号"),
    "customer": gettext_lazy("客户号"),
    "tier": gettext_lazy("客户等级"),
    "stratum": gettext_lazy("抽样层"),
    "weight": gettext_lazy("权重"),
    "language": gettext_lazy("语言"),
    "seconds": gettext_lazy("用时（秒）"),
}


@never_cache
@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def survey_answer_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A file in; then column by column what it tells; then what became of it."""
    found = managed(request, pk)
    version = found.latest
    if version is None:
        messages.error(request, _("先发布问卷，再导入答案：答案属于发布过的一版。"))
        return redirect("survey", pk)
    waiting = _waiting(request, pk)
    if request.method == "POST":
        go = request.POST.get("go")
        if go == "upload":
            return _taken(request, found)
        if go == "drop" and waiting:
            answer_uploads.drop(waiting)
            request.session.pop(_key(pk), None)
            return redirect("survey_answer_file", pk)
        if go == "bring" and waiting:
            return _brought(request, found, version, waiting)
    context = {**shared(request, found, "results"), "version": version, "told": request.session.get(_told(pk))}
    if waiting and waiting.path.exists():
        context |= _looked(request, version, waiting)
    return render(request, "surveys/answer_file.html", context)


@requires(MANAGE)
@require_safe
def survey_answers_aside(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows that were left out, to be mended: for who brought them in."""
    found = managed(request, pk)
    told = request.session.get(_told(pk)) or {}
    try:
        lines = list(
            answer_uploads.left_out(Upload(told.get("key", ""), ""), found, who(request), audit.origin(request))
        )
    except LookupError:
        raise Http404 from None
    response = StreamingHttpResponse(csv_lines(lines[0], lines[1:]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="left-out-{found.slug}.csv"'
    return response


def _taken(request: HttpRequest, survey: Survey) -> HttpResponse:
    file: UploadedFile[bytes] | None = request.FILES.get("file")
    try:
        if file is None:
            raise Fault("请选择文件")
        kept = answer_uploads.keep(survey, str(file.name), file.chunks())
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        if former := _waiting(request, survey.pk):
            answer_uploads.drop(former)
        request.session[_key(survey.pk)] = [kept.key, kept.name]
    return redirect("survey_answer_file", survey.pk)


def _brought(request: HttpRequest, survey: Survey, version: Version, kept: Upload) -> HttpResponse:
    by = _mapping(request, version)
    try:
        account = answer_uploads.bring(kept, version, by, who(request))
    except LookupError:
        messages.error(request, _("这个文件已经导入，或放得太久，请重新上传。"))
    except Fault as fault:
        messages.error(request, told_fault(fault))
        context = {**shared(request, survey, "results"), "version": version, **_looked(request, version, kept)}
        return render(request, "surveys/answer_file.html", context, status=422)
    else:
        names = ("read", "new", "same", "erased", "unfinished", "refused")
        told = {name: getattr(account, name) for name in names}
        faults = [told_fault(fault) for fault in account.faults]
        request.session[_told(survey.pk)] = {**told, "faults": faults, "file": kept.name, "key": kept.key}
        # Mended rows come with the same columns: what was chosen is offered again.
        request.session[_chosen(survey.pk)] = {**by.fields, **by.questions}
    request.session.pop(_key(survey.pk), None)
    return redirect("survey_answer_file", survey.pk)


def _looked(request: HttpRequest, version: Version, kept: Upload) -> dict[str, Any]:
    """The columns, what each seems to be, and what would become of the first rows."""
    try:
        first = answer_uploads.head(kept)
    except Fault as fault:
        return {"fault": told_fault(fault), "upload": kept}
    columns = answer_files.columns_of(first)
    if request.method == "POST":
        by = _mapping(request, version)
    else:
        by = survey_answers.guessed(version.questionnaire, columns)
        before = request.session.get(_chosen(version.survey_id), {})
        again = {key: column for key, column in before.items() if column in columns}
        fields = {**by.fields, **{key: column for key, column in again.items() if key in FIELDS}}
        places = {**by.questions, **{key: column for key, column in again.items() if key not in FIELDS}}
        by = AnswerMapping(fields, places, is_whole=True)
    example = {name: next((row.fields[name] for row in first if row.fields.get(name)), "") for name in columns}
    context: dict[str, Any] = {"upload": kept, "columns": [(name, example[name][:24]) for name in columns]}
    context |= {"rows": _rows(version, by), "looked_at": len(first)}
    try:
        scope = who(request).scope(MANAGE)
        context["look"] = answer_files.looked(kept.path, version, by, None if scope is None else frozenset(scope))
        context["faults"] = [told_fault(fault) for fault in context["look"].faults]
    except Fault as fault:
        context["fault"] = told_fault(fault)
    return context


def _rows(version: Version, by: AnswerMapping) -> list[tuple[str, str, str]]:
    """Of each thing that a column can tell: its key, its words, and the column chosen."""
    found = [(name, str(words), by.fields.get(name, "")) for name, words in NAMES.items()]
    questionnaire = version.questionnaire
    for key, question, part in survey_answers.places(questionnaire):
        words = heading(question, questionnaire)
        told = f"{words} · {worded(part.wording, 'zh') or part.code}" if part else words
        found.append((key, told, by.questions.get(key, "")))
    return found


def _mapping(request: HttpRequest, version: Version) -> AnswerMapping:
    """What was chosen; "" for what the file does not tell."""
    keys = [key for key, _question, _part in survey_answers.places(version.questionnaire)]
    chosen = {key: request.POST.get(f"column {key}", "")[:400] for key in (*FIELDS, *keys)}
    fields = {key: chosen[key] for key in FIELDS if chosen[key]}
    return AnswerMapping(fields, {key: chosen[key] for key in keys if chosen[key]}, is_whole=True)


def _waiting(request: HttpRequest, pk: int) -> Upload | None:
    kept = request.session.get(_key(pk))
    return Upload(*kept) if kept else None


def _key(pk: int) -> str:
    return f"survey-answers-{pk}"


def _told(pk: int) -> str:
    return f"survey-answers-told-{pk}"


def _chosen(pk: int) -> str:
    return f"survey-answers-chosen-{pk}"


urlpatterns = [
    path("surveys/<int:pk>/answers/", survey_answer_file, name="survey_answer_file"),
    path("surveys/<int:pk>/answers/left-out.csv", survey_answers_aside, name="survey_answers_aside"),
]
