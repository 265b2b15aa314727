"""Where does an employee say what would be better, and see what came of it?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.ideas import actions, recognition
from huixiang.apps.ideas.forms import IdeaFilter, IdeaForm, PeriodForm, TurnForm
from huixiang.apps.ideas.lifecycle import TURNS, open_turns
from huixiang.apps.ideas.models import ANSWER, FILE, Idea
from huixiang.channels import export
from huixiang.channels.contract import Fault
from huixiang.domain.surveys.scores import FEWEST

PAGE = 25


@requires(FILE)
@require_safe
def ideas(request: HttpRequest) -> HttpResponse:
    by = who(request)
    form = IdeaFilter(request.GET)
    rows = form.narrowed(Idea.objects.visible_to(by), by).select_related("unit", "by")
    rows = rows.annotate(supported=Count("supports", distinct=True)).order_by("-filed_on", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "unread": Idea.objects.filter(by=by, is_unread=True).count()}
    context["is_narrowed"] = any(request.GET.get(name) for name in form.fields)
    return render(request, "ideas/ideas.html", context)


@never_cache
@requires(FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def idea_new(request: HttpRequest) -> HttpResponse:
    form = IdeaForm(request.POST or None)
    if form.is_valid():
        try:
            made = actions.file_idea(
                form.wanted(), form.cleaned_data["key"], by=who(request), source=audit.origin(request)
            )
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            messages.success(request, _thanks(made))
            # Unsigned, its page is not opened: an address visited at once would tell whose it is.
            return redirect("idea", made.pk) if made.by_id else redirect("ideas")
    return render(request, "ideas/new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@requires(FILE)
@require_safe
def idea(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    actions.seen(found, who(request))
    return _page(request, found)


@requires(FILE)
@require_POST
def idea_support(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        actions.support_idea(pk, by=who(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    except Fault as fault:
        messages.error(request, told_fault(fault))
    return redirect("idea", pk)


@requires(ANSWER)
@require_POST
def idea_turn(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    if verb not in TURNS:
        raise Http404
    form = TurnForm(request.POST, asks=str(TURNS[verb].asks), auto_id=f"{verb}_%s")
    if not form.is_valid():
        return _page(request, _visible(request, pk), {verb: form}, 422)
    try:
        actions.turn_idea(pk, verb, form.cleaned_data["note"], by=who(request), source=audit.origin(request))
    except (ObjectDoesNotExist, PermissionDenied):
        raise Http404 from None
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        messages.success(request, _("已答复，提出的人和同事都看得到。"))
    return redirect("idea", pk)


@requires(ANSWER)
@require_safe
def idea_recognition(request: HttpRequest) -> HttpResponse:
    form = PeriodForm(request.GET)
    since, until = form.days()
    context: dict[str, Any] = {"form": form, "since": since, "until": until, "fewest": FEWEST}
    context["people"] = recognition.people(who(request), since, until)
    context["branches"] = recognition.branches(who(request), since, until)
    context["figures"] = sum(each.figures for each in context["branches"])
    return render(request, "ideas/recognition.html", context)


@requires(ANSWER)
@require_safe
def idea_recognition_export(request: HttpRequest) -> StreamingHttpResponse:
    since, until = PeriodForm(request.GET).days()
    rows = recognition.people(who(request), since, until)
    audit.record(
        "idea.export", by=who(request), on_kind="idea", source=audit.origin(request), count=len(rows), since=str(since)
    )
    header = [_("工号"), _("姓名"), _("提出条数"), _("采纳条数"), _("其中已落实"), _("同事支持")]
    cells = ([each.staff.number, each.staff.name, each.filed, each.taken_up, each.done, each.supports] for each in rows)
    response = StreamingHttpResponse(export.csv_lines(header, cells), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="huixiang-ideas-{since:%Y%m%d}-{until:%Y%m%d}.csv"'
    return response


def _thanks(made: Idea) -> str:
    """No more is promised than its author will see."""
    if not made.is_confidential:
        return _("谢谢您！每一条都会有答复，结果大家都看得到。")
    if made.by_id:
        return _("谢谢您！只有总行和您看得到，答复也只给您。")
    return _("谢谢您！只有总行看得到；没有署名，答复无法给到您。")


def _visible(request: HttpRequest, pk: int) -> Idea:
    rows = Idea.objects.visible_to(who(request)).select_related("unit", "by")
    return get_object_or_404(rows.distinct(), pk=pk)


def _page(
    request: HttpRequest, found: Idea, forms: dict[str, TurnForm] | None = None, status: int = 200
) -> HttpResponse:
    by, turns = who(request), []
    if found.by_id != by.pk and ANSWER in by.rights and Idea.objects.answerable_by(by).filter(pk=found.pk).exists():
        for verb, turn in open_turns(found.state).items():
            blank = TurnForm(asks=str(turn.asks), auto_id=f"{verb}_%s")
            turns.append({"verb": verb, "turn": turn, "form": (forms or {}).get(verb, blank)})
    context: dict[str, Any] = {
        "idea": found,
        "steps": found.steps.select_related("by"),
        "turns": turns,
        "supported": found.supports.count(),
        "is_supporting": found.supports.filter(by=by).exists(),
        "is_mine": found.by_id == by.pk,
    }
    return render(request, "ideas/idea.html", context, status=status)
