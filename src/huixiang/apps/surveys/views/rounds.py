"""Whom does a survey go to, and what became of it? The tab 发送: the list, the draws, and each round's account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Unit, bank_name
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.feedback import facts
from huixiang.apps.intake.posters import public_address
from huixiang.apps.surveys import drawing, pleased, rates, sending
from huixiang.apps.surveys.actions import rounds as actions
from huixiang.apps.surveys.actions import withdrawing
from huixiang.apps.surveys.forms.rounds import FrameForm, LeaveOutForm, RoundForm, WordingForm
from huixiang.apps.surveys.handed_scores import handed_scores
from huixiang.apps.surveys.models import Invitation, Round, Survey
from huixiang.apps.surveys.views.listing import SEE, seen, shared
from huixiang.channels.contract import Fault
from huixiang.domain.surveys.invitations import filled, length, parts
from huixiang.domain.surveys.sampling import Why, account
from huixiang.domain.surveys.scores import FEWEST

SEND = "survey.send"
PAGE = 20
REASONS = {
    Why.REPEATED: gettext_lazy("同一客户的其他到访"),
    Why.OPTED_OUT: gettext_lazy("不愿接受调查"),
    Why.OVER_ASKED: gettext_lazy("近期问过"),
    Why.NO_CONTACT: gettext_lazy("没有联系方式"),
    Why.BY_HAND: gettext_lazy("人工剔除"),
}


def sendable(request: HttpRequest, pk: int) -> Survey:
    return get_object_or_404(Survey.objects.visible_to(who(request), SEND).select_related("unit"), pk=pk)


def context_of(request: HttpRequest, survey: Survey) -> dict[str, object]:
    may = Survey.objects.visible_to(who(request), SEND).filter(pk=survey.pk).exists()
    return {**shared(request, survey, "rounds"), "may_send": may and SEND in who(request).rights}


@never_cache
@requires(SEE)
@require_safe
def survey_rounds(request: HttpRequest, pk: int) -> HttpResponse:
    survey = seen(request, pk)
    page = Paginator(survey.rounds.select_related("by"), PAGE).get_page(request.GET.get("page"))
    frame = survey.frame.all()
    context = {
        **context_of(request, survey),
        "page": page,
        "sendings": [(each, rates.total(rates.of_round(each))) for each in page],
        "total": rates.total(rates.of_survey(survey)),
        "framed": frame.count(),
        "customers": frame.values("customer").distinct().count(),
        "left_out": frame.exclude(left_out_for="").select_related("unit", "left_out_by")[:100],
        "frame_form": FrameForm(),
        "leave_form": LeaveOutForm(),
        "told": request.session.pop(f"survey-frame-{pk}", None),
        "rest": drawing.rest(),
    }
    return render(request, "surveys/rounds.html", context)


@never_cache
@requires(SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def round_new(request: HttpRequest, pk: int) -> HttpResponse:
    """First the account of what the rule would do, then the draw."""
    survey, today = sendable(request, pk), timezone.localdate()
    form = RoundForm(request.POST or None, today=today)
    context: dict[str, Any] = {**context_of(request, survey), "form": form, "rest": drawing.rest()}
    if form.is_valid():
        frame = drawing.frame_of(survey, form.whole(), today, who(request))
        eligible = sum(each.eligible for each in drawing.drawn(frame, form.whole().rule, today, 0).strata)
        plan = form.plan(eligible)
        if request.POST.get("go") == "draw":
            try:
                made = actions.draw_round(
                    survey, form.cleaned_data["name"], plan, by=who(request), source=audit.origin(request)
                )
            except Fault as fault:
                form.add_error(None, told_fault(fault))
            else:
                return redirect("survey_round", pk, made.pk)
        context |= _previewed(account(drawing.drawn(frame, plan.rule, today, 0)))
    return render(request, "surveys/round_new.html", context, status=422 if form.errors else 200)


@never_cache
@requires(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def survey_round(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One round: its account, its words, and what became of its messages."""
    survey = seen(request, pk)
    round_ = get_object_or_404(Round.objects.select_related("by", "survey", "links_taken_by"), pk=number, survey=survey)
    form = WordingForm(request.POST or None, round_=round_)
    if request.method == "POST":
        sendable(request, pk)
        if form.is_valid():
            try:
                actions.word_round(round_, form.wording(), by=who(request), source=audit.origin(request))
            except Fault as fault:
                form.add_error(None, told_fault(fault))
            else:
                messages.success(request, _("文字已保存。"))
                return redirect("survey_round", pk, number)
    strata = rates.of_round(round_)
    context = {
        **context_of(request, survey),
        **_previewed(round_.account),
        "round": round_,
        "form": form,
        "strata": strata,
        "total": rates.total(strata),
        "failures": rates.failures(round_),
        "looks": _looks(round_, request),
        "withdrawn": withdrawing.withdrawn(round_),
        "is_link": round_.medium == Round.By.LINK,
    }
    return render(request, "surveys/round.html", context, status=422 if form.errors else 200)


@requires(SEND)
@require_POST
def round_verb(request: HttpRequest, pk: int, number: int, verb: str) -> HttpResponse:
    survey = sendable(request, pk)
    round_ = get_object_or_404(Round.objects.select_related("survey__unit"), pk=number, survey=survey)
    by, source = who(request), audit.origin(request)
    try:
        if verb == "begin":
            actions.begin_round(round_, by=by, source=source)
            is_link = round_.medium == Round.By.LINK
            messages.success(
                request,
                _("已恢复，链接可以继续作答。")
                if is_link
                else _("开始发送。每天 8:00 至 21:00（客户所在机构的当地时间）送出。"),
            )
        elif verb == "stop":
            actions.stop_round(round_, by=by, source=source)
            messages.success(request, _("已停止：不再送出，也不再提醒；没有用过的链接不能再作答。"))
        elif verb == "pause":
            actions.pause_round(round_, by=by, source=source)
            messages.success(request, _("已暂停：不再送出，也不再提醒；已送出的链接照常作答。"))
        elif verb == "withdraw":
            messages.success(request, _withdrawn(request, round_))
        elif verb == "reissue":
            count = withdrawing.reissue_links(round_, by=by, source=source)
            messages.success(request, _reissued(round_, count))
        elif verb == "again":
            count = actions.send_unsure_again(round_, by=by, source=source)
            messages.success(request, _("%(count)s 条会再发一次。") % {"count": count})
        elif verb == "redraw":
            _told_redrawn(request, round_)
    except Fault as fault:
        messages.error(request, told_fault(fault))
    return redirect("survey_round", pk, number)


@never_cache
@requires(SEE)
@require_safe
def survey_fairness(request: HttpRequest, pk: int) -> HttpResponse:
    """Were only the pleased asked?"""
    survey = seen(request, pk)
    looks = pleased.looks(survey, timezone.localdate(), who(request))
    tables = [(_("按机构"), looks.by_unit), (_("按经办人"), looks.by_staff)]
    context = {**context_of(request, survey), "tables": tables, "days": pleased.DAYS}
    context |= {"scores": handed_scores(facts.lake(), survey, who(request)), "fewest": FEWEST}
    return render(request, "surveys/fairness.html", context)


def _previewed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The account as a table: strata, and a column for each reason that occurs."""
    why = [each for each in Why if any(row["left_out"].get(each) for row in rows)]
    lines = []
    for row in rows:
        customers = row["framed"] - row["left_out"].get(Why.REPEATED, 0)
        coverage = row["eligible"] / customers if customers else 0.0
        lines.append(
            {**row, "reasons": [(REASONS[each], row["left_out"].get(each, 0)) for each in why], "coverage": coverage}
        )
    sums = {name: sum(row[name] for row in rows) for name in ("framed", "eligible", "drawn")}
    repeated = sum(row["left_out"].get(Why.REPEATED, 0) for row in rows)
    sums["customers"] = sums["framed"] - repeated
    sums["coverage"] = sums["eligible"] / sums["customers"] if sums["customers"] else 0.0
    return {"account": lines, "reasons": [REASONS[each] for each in why], "sums": sums}


def _looks(round_: Round, request: HttpRequest) -> dict[str, Any]:
    """The words as the first customer would read them; the link is not hers."""
    one = round_.invitations.select_related("unit").order_by("place").first() or Invitation(round=round_)
    bank, origin = bank_name(), public_address("", request.build_absolute_uri("/").rstrip("/"))
    link = f"{origin}/s/i/{'x' * 22}/"
    values = sending.values_for(one, bank, origin) | {"link": link, "stop": f"{link}stop/"}
    sms, mail = (filled(round_.texts.get(name, ""), values) for name in ("sms", "mail"))
    return {"sms": sms, "mail": mail, "length": length(sms), "parts": parts(sms)}


def _withdrawn(request: HttpRequest, round_: Round) -> str:
    unit, code = None, request.POST.get("unit", "").strip()
    if code and (unit := Unit.objects.visible_to(who(request), SEND).filter(code=code).first()) is None:
        raise Fault("没有机构“%(code)s”，或不在您的权限范围内", code=code)
    which, reason = withdrawing.Which(request.POST.get("one", ""), unit), request.POST.get("reason", "")
    count = withdrawing.withdraw_links(round_, reason, which, by=who(request), source=audit.origin(request))
    if round_.survey.is_anonymous:
        return _("已撤回 %(count)s 个链接，用过的也在内；已交的答案不受影响。") % {"count": count}
    return _("已撤回 %(count)s 个没有用过的链接。") % {"count": count}


def _reissued(round_: Round, count: int) -> str:
    if round_.medium == Round.By.LINK:
        return _("已换发 %(count)s 个链接，请重新下载链接名单；旧链接打不开问卷。") % {"count": count}
    if round_.survey.is_anonymous:
        return _("已换发 %(count)s 个链接，会重新送出；已作答的客户也会收到，打开会看到答案已经收到。") % {
            "count": count
        }
    return _("已换发 %(count)s 个链接，会重新送出；旧链接打不开问卷。") % {"count": count}


def _told_redrawn(request: HttpRequest, round_: Round) -> None:
    found = drawing.redraw(round_)
    values = {"count": found.drawn, "seed": str(found.seed)}
    if found.is_same:
        messages.success(request, _("重抽 %(count)s 人，与邀请完全一致（种子 %(seed)s）。") % values)
    else:
        messages.error(request, _("重抽的结果与邀请不一致：名单或邀请在抽样之后被改动过。种子 %(seed)s。") % values)


urlpatterns = [
    path("surveys/<int:pk>/rounds/", survey_rounds, name="survey_rounds"),
    path("surveys/<int:pk>/rounds/new/", round_new, name="round_new"),
    path("surveys/<int:pk>/rounds/<int:number>/", survey_round, name="survey_round"),
    path("surveys/<int:pk>/rounds/<int:number>/<slug:verb>/", round_verb, name="round_verb"),
    path("surveys/<int:pk>/fairness/", survey_fairness, name="survey_fairness"),
]
