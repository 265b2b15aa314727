"""How do answers that another program collected come in? A file, what its columns are, a look, and then all of it.

Below the form stand the files that came before: how far each is, what became of its rows, and those left out, which
wait in quarantine for any colleague who may mend them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.feedback import actions as feedback
from huixiang.apps.feedback import mapping_text, spreadsheet
from huixiang.apps.feedback.faults import calling, told, told_masked
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.apps.surveys import actions, answer_files
from huixiang.apps.surveys.actions.answers import SMALL, waiting
from huixiang.apps.surveys.answer_guest import ANSWERS, counts
from huixiang.apps.surveys.models import Survey, Version
from huixiang.apps.surveys.views.listing import MANAGE, managed, shared
from huixiang.channels import survey_answers
from huixiang.channels.contract import Fault
from huixiang.channels.survey_answers import FIELDS, AnswerMapping
from huixiang.domain.surveys.piping import heading
from huixiang.domain.surveys.questionnaire import worded

PAGE = 20
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
    draft = waiting(found, who(request)).first()
    go = request.POST.get("go") if request.method == "POST" else ""
    if go == "upload":
        return _taken(request, version)
    if go == "drop" and draft:
        feedback.drop_upload(draft, by=who(request), source=audit.origin(request))
        return redirect("survey_answer_file", pk)
    if go == "bring":
        return _brought(request, found, version, draft)
    return _page(request, found, version, draft)


@requires(MANAGE)
@require_safe
def survey_answer_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes while a file is read."""
    return render(
        request, "surveys/answer_files.html", {"survey": (found := managed(request, pk)), **_files(request, found)}
    )


def _page(
    request: HttpRequest, survey: Survey, version: Version, draft: Import | None, *, trouble: str = ""
) -> HttpResponse:
    context = {
        **shared(request, survey, "results"),
        "version": version,
        "small": SMALL >> 20,
        **_files(request, survey),
    }
    if draft and Path(draft.path).exists():
        context |= _looked(request, version, draft)
    if trouble:
        context["fault"] = trouble
    return render(request, "surveys/answer_file.html", context, status=422 if trouble else 200)


def _files(request: HttpRequest, survey: Survey) -> dict[str, Any]:
    """Of each file how it stands, and how many rows wait that she may open."""
    by = who(request)
    rows = Import.objects.filter(ANSWERS.visible_to(by), answers__version__survey=survey).started()
    page = Paginator(rows.select_related("by", "job").order_by("-started_at"), PAGE).get_page(request.GET.get("page"))
    opened = Import.objects.mendable_by(by).filter(pk__in=[each.pk for each in page])
    rows_left = Quarantined.objects.filter(of__in=opened, state=Quarantined.State.OPEN).order_by()
    waits = dict(rows_left.values_list("of").annotate(Count("pk")))
    lines = [(each, counts(each), waits.get(each.pk, 0)) for each in page]
    told = {"is_running": any(each.state == "running" for each in page)}
    return {"page": page, "lines": lines, "some_erased": any(count["erased"] for _, count, _ in lines)} | told


def _taken(request: HttpRequest, version: Version) -> HttpResponse:
    file: UploadedFile[bytes] | None = request.FILES.get("file")
    by, source = who(request), audit.origin(request)
    try:
        if file is None:
            raise Fault("请选择文件")
        draft = actions.receive_answers(version, str(file.name), file.chunks(), by=by, source=source)
        if spreadsheet.is_ours(Path(draft.path)):
            return _mended(request, version.survey, draft)
    except Fault as fault:
        messages.error(request, told_masked(fault))
    return redirect("survey_answer_file", version.survey_id)


def _mended(request: HttpRequest, survey: Survey, draft: Import) -> HttpResponse:
    """A table of quarantined rows that was mended goes to the file that it came from."""
    by, source = who(request), audit.origin(request)
    try:
        with calling(draft):
            outcome, _imports = feedback.mend_file(Path(draft.path), by=by, source=source)
    finally:
        feedback.drop_upload(draft, by=by, source=source)
    messages.success(request, outcome.told())
    return redirect("survey_answer_file", survey.pk)


def _brought(request: HttpRequest, survey: Survey, version: Version, draft: Import | None) -> HttpResponse:
    if draft is None:
        messages.error(request, _("这个文件已经导入，或放得太久，请重新上传。"))
        return redirect("survey_answer_file", survey.pk)
    source = audit.origin(request)
    try:
        job = actions.begin_answers(draft, version, _mapping(request, version), by=who(request), source=source)
    except Fault as fault:
        still = waiting(survey, who(request)).filter(pk=draft.pk).first()
        return _page(request, survey, version, still, trouble=told_masked(fault))
    if job:
        messages.info(request, _("文件较大，正在后台读入；可以离开这一页，进度在下面。"))
    else:
        messages.success(request, told(*ANSWERS.closing(draft)))
    return redirect("survey_answer_file", survey.pk)


def _looked(request: HttpRequest, version: Version, draft: Import) -> dict[str, Any]:
    """The columns, what each seems to be, and what would become of the first rows."""
    try:
        first = answer_files.head(Path(draft.path))
    except Fault as fault:
        return {"fault": told_fault(fault), "upload": draft}
    columns = answer_files.columns_of(first)
    by = _mapping(request, version) if "column number" in request.POST else _guessed(version, columns)
    example = {name: next((row.fields[name] for row in first if row.fields.get(name)), "") for name in columns}
    context: dict[str, Any] = {"upload": draft, "columns": [(name, example[name][:24]) for name in columns]}
    context |= {"rows": _rows(version, by), "is_large": draft.bytes > SMALL}
    try:
        text = mapping_text.written(survey_answers.plain(by))
        answer_files.settled(Path(draft.path), version, by)
        context["look"] = answer_files.looked(Path(draft.path), version, text, who(request).scope(MANAGE))
        context["faults"] = [told_fault(fault) for fault in context["look"].faults]
    except Fault as fault:
        context["fault"] = told_fault(fault)
    return context


def _guessed(version: Version, columns: list[str]) -> AnswerMapping:
    """By the headings, and by what was chosen for the last file of this survey: exports come again and again."""
    by = survey_answers.guessed(version.questionnaire, columns)
    last = Import.objects.filter(answers__version__survey=version.survey_id).started().order_by("-started_at").first()
    before = survey_answers.mapping(last.mapping) if last else AnswerMapping()
    again = {key: column for key, column in before.questions.items() if column in columns}
    fields = {**by.fields, **{key: column for key, column in before.fields.items() if column in columns}}
    return AnswerMapping(fields, {**by.questions, **again}, is_whole=True)


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


urlpatterns = [
    path("surveys/<int:pk>/answers/", survey_answer_file, name="survey_answer_file"),
    path("surveys/<int:pk>/answers/files/", survey_answer_list, name="survey_answer_list"),
]
