"""Where does the complaint office work? The queue, and the page of one case with all that may be done now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.apps.access.sentences import told, told_fault
from huixiang.apps.complaints import actions, classes_part, repeating
from huixiang.apps.complaints.actions.doing import act_of
from huixiang.apps.complaints.actions.revealing import IDENTITY
from huixiang.apps.complaints.forms.intake import QueueForm
from huixiang.apps.complaints.forms.verbs import DoForm
from huixiang.apps.complaints.models import Case, Event
from huixiang.apps.complaints.models.cases import SEE
from huixiang.apps.complaints.standings import History, history
from huixiang.channels.contract import Fault
from huixiang.domain.complaints import guards
from huixiang.domain.complaints.lifecycle import PAIRED, VERBS, open_verbs
from huixiang.domain.complaints.standing import Standing

PAGE, MOST_COUNTED = 25, 1_000
BY_PERSON = (guards.doer_is_free, guards.not_of_himself, guards.mine_or_free, guards.other_eyes,
             guards.approver_of_the_law, guards.new_eyes_from_above, guards.none_is_asked)  # fmt: skip
PLENTY = {"note", "contact", "grade", "accuse", "classify", "new_facts", "merge", "withdraw", "hand_over"}


@never_cache
@requires(SEE)
@require_safe
def complaints(request: HttpRequest) -> HttpResponse:
    """The most urgent first; the next page begins after the last of this one, so that none is read in vain."""
    by, form = who(request), QueueForm(request.GET)
    rows = form.narrowed(Case.objects.visible_to(by), by)
    page = list(_after(rows, request.GET.get("after", "")).by_urgency().select_related("unit", "handler")[: PAGE + 1])
    context = {
        "form": form,
        "cases": page[:PAGE],
        "next": f"{page[PAGE - 1].rank}.{page[PAGE - 1].pk}" if len(page) > PAGE else "",
        "count": rows.order_by()[: MOST_COUNTED + 1].count(),
        "most": MOST_COUNTED,
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
        "today": timezone.localdate(),
    }
    return render(request, "complaints/queue.html", context)


def _after(rows: Any, after: str) -> Any:
    rank, _dot, pk = after.partition(".")
    if not (rank.lstrip("-").isdecimal() and pk.isdecimal()):
        return rows
    return rows.filter(Q(rank__gt=int(rank)) | Q(rank=int(rank), pk__gt=int(pk)))


@never_cache
@requires(SEE)
@require_safe
def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    case = _visible(request, pk)
    audit.record(
        "complaint.read", by=who(request), on_kind="complaint", on_id=case.number, source=audit.origin(request)
    )
    return _page(request, case)


@never_cache
@requires(SEE)
@require_POST
def complaint_do(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Any verb of the table; its own right and all guards are asked by the action."""
    if verb not in VERBS or verb in PAIRED:
        raise Http404
    case = _visible(request, pk)
    form = DoForm(request.POST, verb=verb, case=case, standing=history(case).standing())
    if form.is_valid():
        try:
            actions.do(pk, verb, form.doing(), by=who(request), source=audit.origin(request))
        except (ObjectDoesNotExist, PermissionDenied):
            raise Http404 from None
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            messages.success(request, _("已记录。"))
            still = Case.objects.visible_to(who(request)).filter(pk=pk).exists()
            return redirect("complaint", pk) if still else redirect("complaints")
    return _page(request, case, {verb: form}, 422)


@never_cache
@requires(IDENTITY)
@require_POST
def complaint_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who complains: asked for by a button of its own, and recorded."""
    case = _visible(request, pk)
    try:
        people = actions.reveal(pk, by=who(request), source=audit.origin(request))
    except (ObjectDoesNotExist, PermissionDenied):
        raise Http404 from None
    return _page(request, case, people=people)


def _visible(request: HttpRequest, pk: int) -> Case:
    rows = Case.objects.visible_to(who(request)).select_related("unit", "pack", "handler", "merged_into")
    return get_object_or_404(rows, pk=pk)


def _page(
    request: HttpRequest, case: Case, forms: dict[str, DoForm] | None = None, status: int = 200, people: Any = None
) -> HttpResponse:
    by, read, now = who(request), history(case), timezone.now()
    verbs = list(_offered(by, case, read, forms or {}))
    context: dict[str, Any] = {
        "case": case,
        "standing": read.standing(),
        "pack": read.pack,
        "clocks": read.clocks(now),
        "lines": [(line, VERBS[line.verb], _words(line)) for line in case.events.select_related("by").order_by("-seq")],
        "verbs": [each for each in verbs if each["code"] not in PLENTY],
        "more": [each for each in verbs if each["code"] in PLENTY - {"classify"}],
        "opened": any(code in PLENTY - {"classify"} for code in forms or {}),
        "voices": list(case.voices.values_list("voice_id", flat=True)),
        "merged": case.merged.all(),
        "people": people,
        "may_reveal": IDENTITY in by.rights and case.parties.exists(),
        "may_read_words": IDENTITY in by.rights and not case.accused.filter(staff=by).exists(),
    }
    context |= {"repeats": repeating.proposed(case, by), "merge_key": uuid4().hex}
    context |= classes_part.part(case, read, by, next((each for each in verbs if each["code"] == "classify"), None))
    return render(request, "complaints/case.html", context, status=status)


def _offered(by: Staff, case: Case, read: History, forms: dict[str, DoForm]) -> Iterator[dict[str, Any]]:
    """The verbs that state and rights allow; what stands in this person's way is told in place of a form."""
    standing = read.standing()
    for code, verb in open_verbs(standing):
        if code in PAIRED or verb.right not in by.rights or not by.holds(verb.right, case.unit):
            continue
        if (code == "resume" and not standing.paused) or (guards.was_asked in verb.guards and not standing.extension):
            continue  # there is nothing to do it to
        yield {
            "code": code,
            "verb": verb,
            "form": forms.get(code) or DoForm(verb=code, case=case, standing=standing),
            "why_not": _why_not(by, case, read, standing, code),
        }


def _why_not(by: Staff, case: Case, read: History, standing: Standing, code: str) -> str:
    act = act_of(case, code, actions.Doing(), by, timezone.now())
    for guard in (guards.not_of_himself, *VERBS[code].guards):
        if guard in BY_PERSON and (found := guard(standing, act, read.pack)):
            return told(found.message, found.params)
    return ""


def _words(line: Event) -> str:
    """Raises nothing: the page must open even where a key was lost."""
    if line.sealed is None:
        return _("（内容已到期清除）") if line.words_digest else ""
    try:
        return str(unseal(line.sealed)["text"])
    except Unsealable as fault:
        return str(fault)
