"""What exactly did customers say? The list of voices with search, and one voice with all that is known of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback import actions, facts, faults, findings, looks, panels
from huixiang.apps.feedback.forms.corrections import CorrectionForm
from huixiang.apps.feedback.forms.filters import Filter, Reach, periods
from huixiang.apps.feedback.models import Attachment, Correction
from huixiang.apps.feedback.names import KINDS, OUTCOMES, SENTIMENTS
from huixiang.channels.contract import Fault
from huixiang.domain.surveys.scores import FEWEST
from huixiang.domain.understanding.contract import LABELS
from huixiang.domain.understanding.masking import MARK
from huixiang.lake import questions
from huixiang.lake.questions import Cursor, Glimpse, Slice, Voice
from huixiang.lake.schema import FIGURE
from huixiang.lake.store import Lake

PAGE = 50
MOST_CHOICES = 200  # of a list to choose from
MOST_WORDS = 40


def reading_filter(request: HttpRequest, lake: Lake, right: str = "voice.see") -> Filter:
    reach = Reach(who(request), right)
    whole = Slice(branches=reach.codes)
    return Filter(
        request.GET,
        lake=lake,
        reach=reach,
        products=questions.distinct(lake, "product", whole)[:MOST_CHOICES],
        versions=questions.distinct(lake, "product_version", whole)[:MOST_CHOICES],
    )


@never_cache
@requires("voice.see")
@require_safe
def voices(request: HttpRequest) -> HttpResponse:
    lake = facts.lake()
    form = reading_filter(request, lake)
    found = questions.page(lake, form.slice(), before=_cursor(request), size=PAGE)
    query, after = form.cleaned_data.get("q", ""), request.GET.get("before", "")
    looks.record(
        found.voices,
        by=who(request),
        source=audit.origin(request),
        place="list",
        after=after,
        searched=bool(query),
    )
    context = {
        "form": form,
        "periods": periods(),
        "found": found,
        "next": found.next.text() if found.next else "",
        "query": query,
        "fewest": FEWEST,
        "units": unit_names(found.voices),
    }
    return render(request, "feedback/voices.html", context)


@requires("voice.see")
@require_safe
def voices_count(request: HttpRequest) -> HttpResponse:
    """How many are there? Asked after the page, because counting reads all of them and the page only its own."""
    lake = facts.lake()
    form = reading_filter(request, lake)
    left_out = form.left_out()
    context = {"number": questions.count(lake, form.slice())}
    context["on_rivals"] = 0 if form.slice().import_id else questions.on_rivals(lake, form.slice())
    context["left_out"] = questions.count(lake, left_out) if left_out else 0
    return render(request, "feedback/voices_count.html", context)


@never_cache
@requires("voice.see")
@require_safe
def voice(request: HttpRequest, voice_id: str) -> HttpResponse:
    found = _visible(voice_id, who(request), "voice.see")
    audit.record("voice.read", by=who(request), on_kind="voice", on_id=voice_id, source=audit.origin(request))
    return render(request, "feedback/voice.html", _told(request, found))


@requires("voice.correct")
@require_POST
def voice_correct(request: HttpRequest, voice_id: str) -> HttpResponse:
    found = _visible(voice_id, who(request), "voice.correct")
    _visible(voice_id, who(request), "voice.see")  # what is wrong with the form stands beside the voice
    form = CorrectionForm(request.POST, voice=found, reach=Reach(who(request), "voice.correct"))
    if form.is_valid():
        _correct(form, found, request)
    if form.errors:
        return render(request, "feedback/voice.html", _told(request, found) | {"correction": form}, status=422)
    messages.success(request, _("更正已保存，谢谢。"))
    # A voice given to a unit beyond one's reach is out of sight from now on.
    there = reverse("voice", args=[voice_id]) if _reaches(found.id, who(request)) else reverse("voices")
    return redirect(f"{there}?{request.GET.urlencode()}" if request.GET else there)


def _correct(form: CorrectionForm, found: Voice, request: HttpRequest) -> None:
    """Each field is a verb of its own; what the verb refuses stands beside the form."""
    note, source = form.cleaned_data["note"], audit.origin(request)
    for field, value in form.changes():
        try:
            actions.correct_voice(found.id, field, value, note=note, by=who(request), source=source)
        except ObjectDoesNotExist:
            raise Http404 from None
        except Fault as fault:
            form.add_error(None, faults.told_fault(fault))


def _visible(voice_id: str, staff: Staff, right: str) -> Voice:
    found = questions.voice(facts.lake(), voice_id)
    if found is None or not _within(found, staff.scope(right)):
        raise Http404
    return found


def _within(voice: Voice, codes: frozenset[str] | None) -> bool:
    return codes is None or voice.branch in codes


def _reaches(voice_id: str, staff: Staff) -> bool:
    found = questions.voice(facts.lake(), voice_id)
    return found is not None and _within(found, staff.scope("voice.see"))


def _told(request: HttpRequest, found: Voice) -> dict[str, Any]:
    """All that the page tells of one voice."""
    lake, staff = facts.lake(), who(request)
    similar = questions.similar(lake, found, Slice(branches=staff.scope("voice.see")))
    if similar:
        looks.record(similar, by=staff, source=audit.origin(request), place="similar")
    may_correct = "voice.correct" in staff.rights and _within(found, staff.scope("voice.correct"))
    may_correct = may_correct and found.understood_by != FIGURE
    return {
        "voice": found,
        "query": request.GET.get("q", "")[:100],
        "found": findings.of(found),
        "chances": [(label, getattr(found, label)) for label in LABELS],
        "words": list(dict.fromkeys(found.words))[:MOST_WORDS],
        "has_masks": bool(MARK.search(found.title + found.text)),
        "extra": _extra(found),
        "similar": similar,
        "history": questions.history(lake, found.id, staff.scope("voice.see")),
        "turns": questions.dialogue(lake, found.id),
        "stays": [(stay, OUTCOMES[stay.outcome]) for stay in questions.stays_of(lake, found.id)],
        "corrections": _corrections(found.id),
        "correction": CorrectionForm(voice=found, reach=Reach(staff, "voice.correct")) if may_correct else None,
        "enclosed": _enclosed(found, staff),
        "panels": panels.shown(request, found),
        "may_erase": "voice.erase" in staff.rights and _within(found, staff.scope("voice.erase")),
        "units": unit_names([found, *similar]),
    }


def _enclosed(found: Voice, staff: Staff) -> list[Attachment]:
    """The photos and enclosures that came with it, for who may open them."""
    if "attachment.see" not in staff.rights or not _within(found, staff.scope("attachment.see")):
        return []
    return list(Attachment.objects.filter(voice_id=found.id))


def _extra(found: Voice) -> list[tuple[str, str]]:
    """The source's other columns, as far as they hold anything."""
    return [(name, value) for name, value in json.loads(found.extra or "{}").items() if value]


def _corrections(voice_id: str) -> list[Correction]:
    entries = list(Correction.objects.filter(voice_id=voice_id).select_related("by"))
    units = dict(
        Unit.objects.filter(code__in=[e.after for e in entries] + [e.before for e in entries]).values_list(
            "code", "name"
        )
    )
    for entry in entries:
        entry.before_name = _value_name(entry.field, entry.before, units)  # type: ignore[attr-defined]
        entry.after_name = _value_name(entry.field, entry.after, units)  # type: ignore[attr-defined]
    return entries


def _value_name(field: str, value: str, units: Mapping[str, str]) -> Any:
    if field == Correction.Field.TOPICS:
        return _("、").join(findings.path(code) for code in actions.topics_of(value))
    names: Mapping[str, Any] = {"sentiment": SENTIMENTS, "kind": KINDS, "branch": units}.get(field, {})
    return names.get(value, value)


def unit_names(found: Sequence[Glimpse]) -> dict[str, str]:
    return dict(
        Unit.objects.filter(code__in={voice.branch for voice in found if voice.branch}).values_list("code", "name")
    )


def _cursor(request: HttpRequest) -> Cursor | None:
    text = request.GET.get("before", "")
    try:
        return Cursor.parse(text) if text else None
    except ValueError:
        raise Http404 from None
