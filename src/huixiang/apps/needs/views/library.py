"""Which needs are there, and how does each stand? The list by importance, and one need with all that bears it out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Unit
from huixiang.apps.feedback import facts, looks
from huixiang.apps.feedback.actions import may_settle_tiers
from huixiang.apps.feedback.forms.filters import Reach
from huixiang.apps.needs import actions, evidence, kano, standing, weighing
from huixiang.apps.needs.forms import NeedFilter
from huixiang.apps.needs.lifecycle import VERBS
from huixiang.apps.needs.models import Need
from huixiang.apps.needs.views.deeds import told
from huixiang.lake import questions
from huixiang.lake.questions import Cursor, Evidence, Glimpse, Page, Slice

PAGE, VOICES, UNITS, DEEDS = 30, 10, 12, 5
FIRST = ("confirm", "decide", "meet")  # what is most often next stands as a button, the rest in a menu
ON_CARDS = {"pin", "link_kano", "unlink_kano"}  # offered where they are seen


@requires("need.see")
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    form = NeedFilter(request.GET, staff=who(request))
    found = weighing.weighed(facts.lake(), evidence.reach(who(request)), list(form.needs().whole()))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    page.object_list = kano.with_classes(facts.lake(), list(page), who(request))
    context = {"form": form, "page": page, "may_propose": "need.manage" in who(request).rights}
    context["may_weigh"] = may_settle_tiers(who(request))
    return render(request, "needs/needs.html", context)


@never_cache
@requires("need.see")
@require_safe
def need(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Need.objects.visible_to(who(request)).whole(), pk=pk)
    verbs = [verb for verb in actions.open_verbs(who(request), found) if verb not in ON_CARDS]
    context = {
        "need": found,
        "rules": [evidence.told(each) for each in found.rules],
        "first": [(verb, VERBS[verb].title) for verb in verbs if verb in FIRST],
        "others": [(verb, VERBS[verb].title) for verb in verbs if verb not in FIRST],
        "kano": kano.told(facts.lake(), found, who(request)),
        "may_kano": actions.may(who(request), "link_kano", found) and "survey.see" in who(request).rights,
        "may_unlink": actions.may(who(request), "unlink_kano", found),
        "steps": found.steps.select_related("by"),
        "merged": found.merged.visible_to(who(request)),
        "deeds": told(request, list(found.deeds.visible_to(who(request)).select_related("unit", "need")[:DEEDS])),
        "may_tell": actions.may_tell(who(request), found),
    }
    reach = evidence.reach(who(request))
    return render(request, "needs/need.html", context | (_borne_out(request, found, reach) if reach else {}))


def _borne_out(request: HttpRequest, found: Need, reach: Slice) -> dict[str, Any]:
    """What the voices within reach say of it."""
    lake, units = facts.lake(), Reach(who(request), "voice.see")
    stands = standing.standing(lake, reach, found)
    branches = standing.by_unit(lake, stands.period, found, units, _("未归属到机构"))[:UNITS]
    return {
        "weighed": stands.weighed,
        "tiers": stands.weighed.tiers,
        "may_weigh": may_settle_tiers(who(request)),
        "period": stands.period,
        "trend": stands.trend,
        "total": stands.total,
        "reach": [
            (_("渠道"), stands.channels, standing.ceiling(stands.channels)),
            (_("机构"), branches, standing.ceiling(branches)),
        ],
        **_voices(request, found, replace(reach, dated=None)),
    }


def _voices(request: HttpRequest, found: Need, everything: Slice) -> dict[str, Any]:
    """A page of the evidence, and a page of what people left out of it: each is turned by itself."""
    lake, asked = facts.lake(), evidence.asked(found)
    page = questions.page(lake, replace(everything, evidence=asked), before=_cursor(request, "before"), size=VOICES)
    left_out = Page([], None)
    if asked.excluded:
        without = replace(everything, evidence=Evidence(pinned=asked.excluded))
        left_out = questions.page(lake, without, before=_cursor(request, "out"), size=VOICES)
    where, after = audit.origin(request), request.GET.get("before", "")
    looks.record([*page.voices, *left_out.voices], by=who(request), source=where, place="need", after=after)
    return {
        "page": page,
        "next": page.next.text() if page.next else "",
        "pinned": set(asked.pinned),
        "excluded": left_out.voices,
        "excluded_next": left_out.next.text() if left_out.next else "",
        "may_pin": actions.may(who(request), "pin", found),
        "units": _unit_names([*page.voices, *left_out.voices]),
    }


def _unit_names(found: list[Glimpse]) -> dict[str, str]:
    codes = {voice.branch for voice in found if voice.branch}
    return dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))


def _cursor(request: HttpRequest, name: str) -> Cursor | None:
    text = request.GET.get(name, "")
    try:
        return Cursor.parse(text) if text else None
    except ValueError:
        raise Http404 from None
