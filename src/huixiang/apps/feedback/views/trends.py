"""What is spoken of more than it used to be, and what do these voices talk about that no list knows?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.feedback import facts, findings, looks, outside, rises
from huixiang.apps.feedback.models import Rise, Watch
from huixiang.apps.feedback.views.voices import reading_filter, unit_names
from huixiang.channels.contract import Fault
from huixiang.domain.statistics.surveillance import Finding
from huixiang.domain.understanding.topics import Topic, discover
from huixiang.domain.understanding.words import Words
from huixiang.lake import questions
from huixiang.lake.questions import Glimpse, Slice

SHOWN = timedelta(days=365)
MOST_TEXTS = 20_000  # of which topics are found within a second or two
MOST_TOPICS = 15
FEWEST_TEXTS = 60


@dataclass(frozen=True, slots=True)
class Told:
    """One rise as the page tells it: names, the newest numbers while it lasts, those of its alert afterwards."""

    rise: Rise
    topic: str
    unit: str
    found: Finding
    href: str


@requires("overview.see")
@require_safe
def trends(request: HttpRequest) -> HttpResponse:
    staff = who(request)
    shown = Rise.objects.visible_to(staff)
    recent = shown.exclude(ended_on=None).filter(ended_on__gte=timezone.localdate() - SHOWN)
    last = Watch.objects.order_by("-on").first()
    context = {
        "open": told(shown.open(), staff),
        "ended": told(recent, staff),
        "last": last,
        "latest": max((each.alerted_on for each in recent), default=None),
        "is_whole": staff.scope("overview.see") is None,
        "most": f"{rises.RULE.false_alarms_a_year:g}",
    }
    return render(request, "feedback/trends.html", context)


def told(found: Any, staff: Staff) -> list[Told]:
    found = list(found)
    units = dict(Unit.objects.filter(code__in={rise.unit for rise in found}).values_list("code", "name"))
    may_read = "voice.see" in staff.rights
    return [
        Told(
            rise,
            findings.path(rise.topic),
            units.get(rise.unit, rise.unit) if rise.unit else _("全行"),
            rises.finding(rise.alert if rise.ended_on else rise.last),
            f"{reverse('voices')}?{_choice(rise)}" if may_read else "",
        )
        for rise in found
    ]


def _choice(rise: Rise) -> str:
    chosen = {"topic": rise.topic, "branch": rise.unit, "since": rise.since, "until": rise.ended_on or rise.last_on}
    chosen |= {"once": 1}  # a rise does not count copies either
    return urlencode({name: value for name, value in chosen.items() if value})


@never_cache
@requires("voice.see")
@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """Topics found in the very texts of a slice, those that the taxonomy does not know first."""
    lake = facts.lake()
    form = reading_filter(request, lake)
    texts = questions.spoken(lake, form.slice(), MOST_TEXTS)
    found = _found(texts) if len(texts) >= FEWEST_TEXTS else []
    examples = _examples(found, form.slice())
    searched = bool(form.cleaned_data.get("q")) if form.is_valid() else False
    looks.record(
        list(examples.values()), by=who(request), source=audit.origin(request), place="topics", searched=searched
    )
    phrases = [topic.phrases for topic in found]
    names = outside.known_names(phrases)
    context: dict[str, Any] = {
        "form": form,
        "outside": outside.service() if outside.RIGHT in who(request).rights else None,
        "sealed": outside.sealed(phrases),
        "of": len(texts),
        "is_cut": len(texts) == MOST_TEXTS,
        "fewest": FEWEST_TEXTS,
        "topics": [
            (topic, name, [examples[id_] for id_ in topic.examples if id_ in examples][:3])
            for topic, name in zip(found, names, strict=True)
        ],
        "units": unit_names(list(examples.values())),
    }
    return render(request, "feedback/topics.html", context)


@requires(outside.RIGHT)
@require_POST
def topic_names(request: HttpRequest) -> HttpResponse:
    """Ask the outside model for names, as a job; they stand on the page when it is looked at again."""
    try:
        outside.start_names(request.POST.get("topics", ""), by=who(request), source=audit.origin(request))
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        messages.success(request, _("已请外接模型起名；稍后刷新本页即可看到。"))
    return redirect(f"{reverse('trend_topics')}?{request.GET.urlencode()}")


def _found(texts: list[questions.Spoken]) -> list[Topic]:
    names = {name for unit in Unit.objects.all() for name in (unit.name,)}
    return discover(
        [each.searchable for each in texts],
        [each.id for each in texts],
        Words(),
        most=MOST_TOPICS,
        is_known=[bool(each.topics) for each in texts],
        names=names,
    )


def _examples(found: list[Topic], slice_: Slice) -> dict[str, Glimpse]:
    wanted = [id_ for topic in found for id_ in topic.examples[:3]]
    return {each.id: each for each in questions.chosen(facts.lake(), wanted, slice_)} if wanted else {}
