"""Which surveys are there, how does one begin, and how does it stand?"""

from __future__ import annotations

import json

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.feedback import facts
from huixiang.apps.surveys import actions, problems
from huixiang.apps.surveys.actions.settling import titled
from huixiang.apps.surveys.coverage import coarse
from huixiang.apps.surveys.forms.surveys import NewSurveyForm, SurveyForm
from huixiang.apps.surveys.models import Survey, Version
from huixiang.apps.surveys.result_cells import readable
from huixiang.apps.surveys.starting import STARTS, started
from huixiang.apps.surveys.telling import told_changes
from huixiang.channels.contract import Fault
from huixiang.channels.surveys import Reading, read, written
from huixiang.domain.surveys.changes import changes
from huixiang.domain.surveys.plain import from_plain, to_plain
from huixiang.domain.surveys.questionnaire import Questionnaire
from huixiang.lake import questions

SEE, MANAGE = "survey.see", "survey.manage"
PAGE = 50


@requires(SEE)
@require_safe
def surveys(request: HttpRequest) -> HttpResponse:
    """Her units' own, and those of units above, of which she sees her units' part of the results."""
    by = who(request)
    rows = readable(by).select_related("unit").order_by("-created_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    own = set(Survey.objects.visible_to(by).values_list("pk", flat=True))
    waits = Count("versions__responses", filter=Q(versions__responses__landed_as=""))
    landed = questions.responses_by_survey(facts.lake(), [each.slug for each in page], by.scope(SEE))
    # Anonymous answers count once they have company: a number that grows by one would tell who has just answered.
    named = Survey.objects.filter(pk__in=own, is_anonymous=False)
    waiting = dict(named.annotate(waiting=waits).values_list("pk", "waiting"))
    came = {each: landed.get(each.slug, 0) + waiting.get(each.pk, 0) for each in page}
    lines = [(each, each.pk in own, coarse(count) if each.is_anonymous else count) for each, count in came.items()]
    return render(request, "surveys/surveys.html", {"page": page, "lines": lines, "may": MANAGE in by.rights})


@never_cache
@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def survey_new(request: HttpRequest) -> HttpResponse:
    """From a template, empty, or from a file; what of the file could not be taken over is told on the next page."""
    form = NewSurveyForm(request.POST or None, request.FILES or None, by=who(request))
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            reading = _reading(chosen.get("file"), chosen["start"])
            made = actions.create_survey(
                chosen["unit"],
                form.terms(),
                titled(reading.questionnaire, chosen["name"]),
                by=who(request),
                source=audit.origin(request),
                start=reading.format or chosen["start"],
            )
        except PermissionDenied:
            raise Http404 from None
        except Fault as fault:
            form.add_error("file" if chosen.get("file") else None, told_fault(fault))
        else:
            request.session[f"survey-losses-{made.pk}"] = [told_fault(loss) for loss in reading.losses[:200]]
            return redirect("survey_questions", made.pk)
    context = {"form": form, "starts": STARTS}
    return render(request, "surveys/new.html", context, status=422 if form.errors else 200)


@never_cache
@requires(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """How it stands; its settings, for those who may change them."""
    found = seen(request, pk)
    form = SurveyForm(request.POST or None, instance=found)
    if request.method == "POST":
        managed(request, pk)
        if form.is_valid():
            try:
                actions.change_survey(pk, form.terms(), by=who(request), source=audit.origin(request))
            except Fault as fault:
                form.add_error(None, told_fault(fault))
            else:
                messages.success(request, _("已保存。"))
                return redirect("survey", pk)
        found = seen(request, pk)
    questionnaire = from_plain(found.draft)
    latest = found.latest
    context = {
        **shared(request, found, "overview"),
        "form": form,
        "latest": latest,
        "versions": _versions(found),
        "is_changed": latest is None or latest.definition != found.draft,
        "problems": problems.told(questionnaire),
        "questions": sum(1 for _each in questionnaire.questions()),
        "counts": _counts(found),
    }
    return render(request, "surveys/survey.html", context, status=422 if form.errors else 200)


def _versions(survey: Survey) -> list[tuple[Version, int]]:
    """Each with the answers in the lake and those that are on their way."""
    landed = questions.responses_by_version(facts.lake(), survey.slug)
    coming = Count("responses", filter=Q(responses__batch=None))
    rows = survey.versions.select_related("by").annotate(coming=coming)
    counts = [(each, landed.get(each.number, 0) + each.coming) for each in rows]
    return [(each, coarse(count) if survey.is_anonymous else count) for each, count in counts]


@requires(MANAGE)
@require_POST
def survey_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    managed(request, pk)
    by, source = who(request), audit.origin(request)
    try:
        if verb == "publish":
            version = actions.publish_survey(pk, posted_revision(request), by=by, source=source)
            messages.success(request, _("已发布第 %(number)s 版，客户现在可以作答。") % {"number": version.number})
        elif verb == "duplicate":
            made = actions.duplicate_survey(pk, by=by, source=source)
            messages.success(request, _("已复制为新的草稿。"))
            return redirect("survey", made.pk)
        elif verb == "delete":
            actions.delete_survey(pk, by=by, source=source)
            messages.success(request, _("草稿已删除。"))
            return redirect("surveys")
        else:
            _turned(request, pk, verb)
    except Fault as fault:
        messages.error(request, told_fault(fault))
    except ObjectDoesNotExist:
        raise Http404 from None
    return redirect("survey", pk)


@never_cache
@requires(SEE)
@require_safe
def survey_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What changed from the version before; "0" compares the draft with the latest version."""
    found = seen(request, pk)
    versions = {each.number: each for each in found.versions.select_related("by")}
    if number and number not in versions:
        raise Http404
    after = from_plain(versions[number].definition if number else found.draft)
    earlier = number - 1 if number else max(versions, default=0)
    before = from_plain(versions[earlier].definition) if earlier in versions else Questionnaire({}, ())
    context = {
        **shared(request, found, "overview"),
        "version": versions.get(number),
        "earlier": versions.get(earlier),
        "changes": told_changes(changes(before, after), before, after),
    }
    return render(request, "surveys/version.html", context)


@requires(SEE)
@require_safe
def survey_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft, or with ?version= one that was published, as JSON: read again it is exactly the same."""
    found = seen(request, pk)
    questionnaire, number = _asked_for(request, found)
    text = json.dumps(to_plain(questionnaire), ensure_ascii=False, indent=2) + "\n"
    return _file(text, "application/json; charset=utf-8", f"survey-{found.slug}{number}.json")


@requires(SEE)
@require_safe
def survey_limesurvey(request: HttpRequest, pk: int) -> HttpResponse:
    """What of the survey does LimeSurvey not do? Told before its file is taken."""
    found = seen(request, pk)
    questionnaire, number = _asked_for(request, found)
    writing = written(questionnaire, is_anonymous=found.is_anonymous)
    told = [told_fault(loss) for loss in writing.losses]
    context = {**shared(request, found, "overview"), "losses": told, "version": number.removeprefix("-v")}
    return render(request, "surveys/limesurvey.html", context)


@requires(SEE)
@require_safe
def survey_lss(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft, or with ?version= one that was published, as LimeSurvey's .lss."""
    found = seen(request, pk)
    questionnaire, number = _asked_for(request, found)
    writing = written(questionnaire, is_anonymous=found.is_anonymous)
    return _file(writing.data, "application/xml; charset=utf-8", f"survey-{found.slug}{number}.lss")


def _asked_for(request: HttpRequest, found: Survey) -> tuple[Questionnaire, str]:
    """The draft, or the version that the address names, and how it is called in a file's name."""
    number = request.GET.get("version", "")
    if not number:
        return from_plain(found.draft), ""
    version = get_object_or_404(found.versions, number=int(number) if number.isdecimal() and len(number) < 9 else -1)
    return from_plain(version.definition), f"-v{version.number}"


def _file(content: str | bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def seen(request: HttpRequest, pk: int) -> Survey:
    return get_object_or_404(Survey.objects.visible_to(who(request)).select_related("unit"), pk=pk)


def managed(request: HttpRequest, pk: int) -> Survey:
    return get_object_or_404(Survey.objects.visible_to(who(request), MANAGE).select_related("unit"), pk=pk)


def shared(request: HttpRequest, found: Survey, tab: str) -> dict[str, object]:
    """What every page on one survey shows: its head, its tabs.

    A page shown again after a save that failed keeps the revision that the person saw: saving once more must not
    undo what somebody else did meanwhile.
    """
    may = MANAGE in who(request).rights and Survey.objects.visible_to(who(request), MANAGE).filter(pk=found.pk).exists()
    seen_at = posted_revision(request) if "revision" in request.POST else found.revision
    is_stale, found.revision = seen_at != found.revision, seen_at
    return {"survey": found, "tab": tab, "may": may, "is_stale": is_stale}


def posted_revision(request: HttpRequest) -> int:
    """Which state of the draft did the page show? -1: it does not say."""
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 9 else -1


def _turned(request: HttpRequest, pk: int, verb: str) -> None:
    verbs = {
        "pause": (actions.pause_survey, _("已暂停：客户打开会看到“暂停”。")),
        "reopen": (actions.reopen_survey, _("已重新开放。")),
        "close": (actions.close_survey, _("已结束，不再收答案；结果仍可查看。")),
    }
    if verb not in verbs:
        raise Http404
    do, done = verbs[verb]
    do(pk, by=who(request), source=audit.origin(request))
    messages.success(request, done)


def _reading(file: UploadedFile[bytes] | None, start: str) -> Reading:
    if file is None:
        return Reading(started(start), (), "")
    return read(file.read(), str(file.name))


def _counts(found: Survey) -> list[tuple[str, int, int]]:
    """Of each quota: its name, how many it took, how many it takes."""
    latest = found.latest
    names = {quota.code: quota.name for quota in latest.questionnaire.quotas} if latest else {}
    return [(names.get(each.code, each.code), each.taken, each.limit) for each in found.quota_counts.order_by("code")]
