"""Where does the complaint office work? The queue, and the page of one case with all that may be done now."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sentences import told
from huixiang.apps.complaints import (
    actions,
    classes_part,
    day_part,
    opening,
    own_targets,
    repeating,
    risking,
    speakers_part,
    timeline,
    warnings,
    working_part,
)
from huixiang.apps.complaints.actions.revealing import IDENTITY
from huixiang.apps.complaints.forms.assigning import AssignForm
from huixiang.apps.complaints.forms.intake import QueueForm
from huixiang.apps.complaints.forms.verbs import DoForm
from huixiang.apps.complaints.models import Case, CaseQuerySet, Mention
from huixiang.apps.complaints.models.cases import SEE
from huixiang.apps.complaints.offering import offered
from huixiang.apps.complaints.standings import WITH_PEOPLE, History, history
from huixiang.domain.complaints.letters import TITLES
from huixiang.domain.complaints.lifecycle import ASSIGN, Verb

PAGE, MOST_COUNTED = 25, 1_000
PLENTY = {"note", "contact", "grade", "accuse", "classify", "new_facts", "merge", "withdraw", "hand_over", "detach",
          "add_account", "tie", "untie", "suspect"}  # fmt: skip
APART = {"classify", "detach"}  # these stand beside what they are about


@never_cache
@requires(SEE)
@require_safe
def complaints(request: HttpRequest) -> HttpResponse:
    """The most urgent first; the next page begins after the last of this one, so that none is read in vain."""
    by, form = who(request), QueueForm(request.GET)
    seen = Case.objects.visible_to(by)
    rows = form.narrowed(seen, by)
    ended = form.asks_for_ended
    page = _after(rows, request.GET.get("after", ""), has_ended=ended).page(PAGE + 1, has_ended=ended)
    context = {
        "form": form,
        "cases": page[:PAGE],
        "next": f"{page[PAGE - 1].rank}.{page[PAGE - 1].pk}" if len(page) > PAGE else "",
        "count": rows.order_by()[: MOST_COUNTED + 1].count(),
        "most": MOST_COUNTED,
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
        "today": timezone.localdate(),
        "assigning": AssignForm(key=uuid.uuid4().hex) if ASSIGN in by.rights else None,
        "missing": opening.missing_year(timezone.localdate()),
    }
    context |= day_part.part(by, seen, page[:PAGE])
    return render(request, "complaints/queue.html", context)


@never_cache
@requires(SEE)
@require_safe
def complaints_waiting(request: HttpRequest) -> HttpResponse:
    """How much waits beside the list: the row above it again, with counts for which the list does not wait."""
    by = who(request)
    seen = Case.objects.visible_to(by)
    context = {
        "running_out": warnings.counts(seen, timezone.now(), MOST_COUNTED),
        "risks_waiting": risking.count(seen, MOST_COUNTED),
        "unseen": Mention.objects.of(by, seen).unseen().count(),
        "most": MOST_COUNTED,
    }
    return render(request, "complaints/queue_head.html", context)


def _after(rows: CaseQuerySet, after: str, *, has_ended: bool) -> CaseQuerySet:
    rank, _dot, pk = after.partition(".")
    if not (rank.removeprefix("-").isdecimal() and pk.isdecimal() and len(rank) < 9 and len(pk) < 19):
        return rows
    return rows.after(int(rank), int(pk), has_ended=has_ended)


@never_cache
@requires(SEE)
@require_safe
def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    case = visible(request, pk)
    audit.record(
        "complaint.read", by=who(request), on_kind="complaint", on_id=case.number, source=audit.origin(request)
    )
    return page(request, case)


@never_cache
@requires(IDENTITY)
@require_POST
def complaint_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who complains: asked for by a button of its own, and recorded."""
    case = visible(request, pk)
    try:
        people = actions.reveal(pk, by=who(request), source=audit.origin(request))
    except (ObjectDoesNotExist, PermissionDenied):
        raise Http404 from None
    return page(request, case, people=people)


def visible(request: HttpRequest, pk: int) -> Case:
    """Raises Http404 where it is not there, or not for this person."""
    rows = Case.objects.visible_to(who(request)).select_related("unit", "pack", "handler", "merged_into")
    return get_object_or_404(rows, pk=pk)


def page(
    request: HttpRequest, case: Case, forms: dict[str, DoForm] | None = None, status: int = 200, people: Any = None
) -> HttpResponse:
    """The case's page; of the verbs' forms those alone that were sent with faults: the others come when opened."""
    prefetch_related_objects([case], WITH_PEOPLE)  # what happened is asked for by every part of the page
    by, read, now = who(request), history(case), timezone.now()
    verbs, lines = list(_offered(by, case, read, forms or {})), timeline.latest_first(case)
    context: dict[str, Any] = {
        "case": case,
        "standing": read.standing(),
        "pack": read.pack,
        "clocks": read.clocks(now),
        "targets": own_targets.targets(case, read, now),
        "lines": [timeline.told(line) for line in lines[: timeline.SHOWN]],
        "earlier": lines[timeline.SHOWN - 1].seq if len(lines) > timeline.SHOWN else 0,
        "verbs": [each for each in verbs if each["code"] not in PLENTY],
        "more": [each for each in verbs if each["code"] in PLENTY - APART],
        "opened": any(code in PLENTY - APART for code in forms or {}),
        "voices": list(case.voices.values_list("voice_id", flat=True)),
        "merged": case.merged.all() if read.absorbed else (),
        "notices": case.notices.select_related("by"),
        "people": people,
        "may_reveal": IDENTITY in by.rights and case.parties.exists(),
        "may_read_words": may_read_words(by, case),
    }
    context |= working_part.part(case, read.standing(), by, lines, opens=context["may_read_words"])
    context |= speakers_part.part(case, read.standing(), by)
    context |= {"repeats": repeating.proposed(case, by), "merge_key": uuid.uuid4().hex}
    context |= classes_part.part(case, read, by, next((each for each in verbs if each["code"] == "classify"), None))
    return render(request, "complaints/case.html", context, status=status)


def may_read_words(by: Staff, case: Case) -> bool:
    """Words that may name people are for those alone who may know them, and never for whom the case is about."""
    return IDENTITY in by.rights and not case.accused.filter(staff=by).exists()


def _offered(by: Staff, case: Case, read: History, forms: dict[str, DoForm]) -> Iterator[dict[str, Any]]:
    """What stands in this person's way is told in place of the form."""
    for code, verb, found in offered(by, case, read):
        yield shown(code, verb, forms.get(code), told(found.message, found.params) if found else "")


def shown(code: str, verb: Verb, form: DoForm | None, why_not: str = "") -> dict[str, Any]:
    """A verb as the templates show it."""
    return {"code": code, "verb": verb, "form": form, "why_not": why_not, "has_letter": code in TITLES}
