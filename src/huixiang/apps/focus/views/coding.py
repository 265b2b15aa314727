"""What is each utterance about? Two people say so, blind to one another; a third settles where they differ."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.focus import actions, coded
from huixiang.apps.focus.actions.coding import CODE, MOST_CODES
from huixiang.apps.focus.actions.planning import MANAGE
from huixiang.apps.focus.forms import whole
from huixiang.apps.focus.models import Code, Coding, Session, Utterance
from huixiang.apps.focus.views.sessions import visible
from huixiang.channels.contract import Fault
from huixiang.domain.coding import Standing

NOTHING = "none"
SENT_AT_ONCE = 100  # utterances of a form, of up to eight codes each: Django takes 1,000 fields
Turn = tuple[Utterance, set[int] | None]  # with the reader's own codes, if she has said


@never_cache
@requires(CODE)
@require_http_methods(["GET", "HEAD", "POST"])
def coding(request: HttpRequest, pk: int) -> HttpResponse:
    """The talk as it ran. Without a script the whole page is sent at once; with one each answer goes by itself."""
    found, staff = visible(request, pk, CODE), who(request)
    if not found.coders.filter(pk=staff.pk).exists():
        raise Http404
    if request.method == "POST":
        return _saved(request, found)
    said = list(found.utterances.worded().select_related("participant"))
    given = Coding.objects.filter(utterance__session=found, by=staff, settles=False).prefetch_related("codes")
    mine = {each.utterance_id: {code.pk for code in each.codes.all()} for each in given}
    audit.record("focus.read", by=staff, on_kind="session", on_id=pk, source=audit.origin(request), count=len(said))
    context = {
        "session": found,
        "parts": _parts([(each, mine.get(each.pk)) for each in said]),
        "codes": found.study.codes.living(),
        "all": sum(each.participant_id is not None for each in said),
        "done": len(mine),
        "most": MOST_CODES,
        "is_open": found.state == Session.State.CODING,
    }
    return render(request, "focus/coding.html", context)


def _parts(said: list[Turn]) -> list[list[Turn]]:
    """In forms of their own: without a script a long talk in one would be more fields than Django takes at once."""
    parts: list[list[Turn]] = []
    count = 0
    for each in said:
        is_answered = each[0].participant_id is not None
        if not parts or (is_answered and count and count % SENT_AT_ONCE == 0):
            parts.append([])
        parts[-1].append(each)
        count += is_answered
    return parts


def _saved(request: HttpRequest, found: Session) -> HttpResponse:
    """Only what was answered: an utterance without any tick is not coded yet."""
    count = 0
    for name, given in request.POST.lists():
        place = whole(name.removeprefix("codes-")) if name.startswith("codes-") else None
        if place is not None:
            try:
                actions.code(place, _chosen(given), by=who(request), source=audit.origin(request))
                count += 1
            except Fault as fault:
                messages.error(request, told_fault(fault))
                break
            except (ObjectDoesNotExist, PermissionDenied):
                continue
    messages.success(request, _("已保存 %(count)s 句。") % {"count": count})
    place = whole(request.POST.get("part", "")) or 1
    return redirect(f"{reverse('focus_coding', args=[found.pk])}#part-{place}")


@requires(CODE)
@require_POST
def code_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer of the page's script; sent again, it is the same. 404: the words are gone, 422: not so."""
    given = request.POST.getlist("codes")
    chosen = None if "undo" in request.POST else _chosen(given)
    try:
        actions.code(pk, chosen, by=who(request), source=audit.origin(request))
    except (ObjectDoesNotExist, PermissionDenied):
        raise Http404 from None
    except Fault as fault:
        return JsonResponse({"fault": told_fault(fault)}, status=422)
    return HttpResponse(status=204)


def _chosen(given: list[str]) -> list[int]:
    numbers = [whole(each) for each in given if each != NOTHING]
    return [number for number in numbers if number is not None]


@requires(CODE)
@require_POST
def code_open(request: HttpRequest, pk: int) -> HttpResponse:
    """A word that the book lacks, found while coding. The script gets its number; without one the page comes again."""
    found = visible(request, pk, CODE)
    try:
        name = request.POST.get("name", "")
        made = actions.add_code(found.study_id, name, by=who(request), source=audit.origin(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    except Fault as fault:
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"fault": told_fault(fault)}, status=422)
        messages.error(request, told_fault(fault))
        return redirect("focus_coding", pk)
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"code": made.pk, "name": made.name})
    return redirect("focus_coding", pk)


@never_cache
@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def settling(request: HttpRequest, pk: int) -> HttpResponse:
    """What two see differently, with both answers: for a third."""
    found, staff = visible(request, pk, MANAGE), who(request)
    if found.coders.filter(pk=staff.pk).exists():
        messages.info(request, _("这场座谈由你编码，分歧请第三人裁定。"))
        return redirect("focus_session", pk)
    if request.method == "POST":
        return _settled(request, pk)
    every = coded.of_sessions([found])
    disputed = [each for each in every if each.standing is Standing.DISPUTED and each.utterance.text]
    names = {str(code.pk): code.name for code in Code.objects.filter(study=found.study)}
    numbers = {number for each in disputed for number in each.by}
    coders = dict(Staff.objects.filter(number__in=numbers).values_list("number", "name"))
    source = audit.origin(request)
    audit.record("focus.read", by=staff, on_kind="session", on_id=pk, source=source, count=len(disputed))
    shown = [
        {
            "utterance": each.utterance,
            "given": [
                (coders.get(by, by), sorted(names[key] for key in chosen)) for by, chosen in sorted(each.by.items())
            ],
            "shared": {int(key) for key in each.given[0] & each.given[1]},
            "offered": {int(key) for key in each.given[0] | each.given[1]},
        }
        for each in disputed
    ]
    context = {"session": found, "disputes": shown, "codes": found.study.codes.living(), "all": len(every)}
    return render(request, "focus/settling.html", context)


def _settled(request: HttpRequest, pk: int) -> HttpResponse:
    place = whole(request.POST.get("utterance", ""))
    try:
        if place is None:
            raise Http404
        chosen = _chosen(request.POST.getlist("codes"))
        actions.settle(place, chosen, by=who(request), source=audit.origin(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        messages.success(request, _("已裁定。"))
    return redirect("focus_settling", pk)
