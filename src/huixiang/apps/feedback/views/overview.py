"""How are we heard today? The first page: numbers of the month, lines over time, comparisons, words, voices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import facts, findings, looks, timeline, wording
from huixiang.apps.feedback.comparison import Comparison, Line, comparison, ranked, under
from huixiang.apps.feedback.forms.filters import NONE, Filter, Reach, countable, months_before, periods
from huixiang.apps.feedback.models import Import, Quarantined, Rise
from huixiang.apps.feedback.names import CHANNELS
from huixiang.apps.feedback.standing import Months, known_until, months, standing
from huixiang.domain.feedback import Channel
from huixiang.domain.statistics import share
from huixiang.domain.surveys.scores import FEWEST
from huixiang.domain.understanding.contract import LEVELS
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake

FEW = 6  # voices shown as newest and as worst


@requires("overview.see")
def overview(request: HttpRequest) -> HttpResponse:
    lake, reach = facts.lake(), Reach(who(request), "overview.see")
    form = Filter(
        _with_period(request, lake, Slice(reach.codes)),
        lake=lake,
        reach=reach,
        products=questions.distinct(lake, "product", Slice(reach.codes)),
        versions=[],
    )
    slice_ = countable(form.slice(), who(request))
    dated = replace(slice_, dated=True)
    span = questions.span(lake, dated)
    undated = questions.count(lake, countable(form.left_out() or replace(slice_, dated=False), who(request)))
    total, unknown = questions.count(lake, dated), 0 if form.has_period else undated
    context = {"form": form, "fewest": FEWEST, "periods": periods(), "all_voices": total + unknown}
    context |= {"total": total, "unknown": unknown, "left_out": undated - unknown}
    context |= {"on_rivals": questions.on_rivals(lake, slice_)}
    if total or unknown:
        month = months(span[1], known_until(lake, slice_), slice_.since) if span else None
        context |= _over_time(lake, dated, span, form) | _month(lake, slice_, month) | _words(lake, slice_, month)
        context |= {"comparisons": _comparisons(lake, slice_, form, who(request))}
        context |= {"rising": Rise.objects.visible_to(who(request)).open().count()}
        context |= {"risks": _risks(lake, slice_, form, who(request))}
        context |= {"quarantined": _quarantined(who(request))}
        context |= _voices(lake, slice_, request)
    return render(request, "feedback/overview.html", context)


def _with_period(request: HttpRequest, lake: Lake, whole: Slice) -> Any:
    """Without a period in the address: the last twelve months, shown in the form so that nobody wonders.

    Where no voice of them has a date, all there is.
    """
    data = request.GET.copy()
    if not {"since", "until", "all"} & set(data):
        today = timezone.localdate()
        since = months_before(today, 11).replace(day=1)
        if questions.count(lake, replace(whole, since=since, until=today, dated=True)):
            data["since"], data["until"] = since.isoformat(), today.isoformat()
    return data


def _over_time(lake: Lake, dated: Slice, span: tuple[date, date] | None, form: Filter) -> dict[str, Any]:
    if span is None:
        return {"line": [], "chart": {}}
    by = form.cleaned_data["by"] or timeline.fitting(*span)
    line = timeline.steps(questions.volume(lake, dated, by=by), by, timezone.localdate())
    return {"line": line, "chart": timeline.chart(line)}


def _month(lake: Lake, slice_: Slice, month: Months | None) -> dict[str, Any]:
    if month is None:
        return {"standing": None}
    return {"standing": standing(lake, slice_, month)}


def _words(lake: Lake, slice_: Slice, month: Months | None) -> dict[str, Any]:
    """The month's words against the month before; where no voice has a date, all words without comparison."""
    before, now = month.slices(slice_) if month else (None, slice_)
    return {
        "words_compared": month is not None,
        "words_month": month.now[0] if month else None,
        "blame_words": wording.telling(lake, before, now, "negative"),
        "praise_words": wording.telling(lake, before, now, "positive"),
    }


@dataclass(frozen=True, slots=True)
class Part:
    """One comparison on the page: its lines, each with the address of the voices behind it."""

    title: str
    column: str
    found: Comparison
    rows: list[tuple[Line, str]]
    holds_several: bool = False  # of which a voice can hold several: ranked by number

    @property
    def is_tall(self) -> bool:
        return len(self.rows) > 4  # stands beside two short ones


def _comparisons(lake: Lake, slice_: Slice, form: Filter, staff: Staff) -> list[Part]:
    reach = form.reach
    chosen = reach.by_code.get(form.cleaned_data["branch"])
    by_branch = under(questions.shares(lake, slice_, "branch"), reach.units, chosen)
    to_voices = _addresses(form, staff)
    channels = questions.shares(lake, slice_, "channel")
    everything = share(sum(count.negative for count in channels), sum(count.total for count in channels))
    topics = ranked(questions.mentions(lake, slice_, "topics"), findings.short, everything, most=8)
    parts = [
        _part(to_voices, (_("按机构"), _("机构"), "branch"), by_branch, lambda key: _unit(reach, key)),
        _part(to_voices, (_("按渠道"), _("渠道"), "channel"), channels, lambda key: str(CHANNELS.get(key, key))),
        _lines(to_voices, (_("按事项"), _("事项"), "topic"), topics),
        _lines(to_voices, (_("按方面"), _("方面"), "q"), ranked(questions.aspects(lake, slice_), str, None, most=8)),
    ]
    apps = replace(slice_, channels=(Channel.APP_REVIEW.value,))
    if slice_.channels in ((), apps.channels):  # only apps have versions
        versions = questions.shares(lake, apps, "product_version")
        to_apps = to_voices and _Addresses(to_voices.kept | {"channel": Channel.APP_REVIEW.value})
        parts.append(_part(to_apps, (_("按版本"), _("版本"), "version"), versions, lambda key: key or _("未注明版本")))
    return parts


@dataclass(frozen=True, slots=True)
class _Addresses:
    """Where do the voices behind a line stand? The overview's filter, and the line's own value."""

    kept: dict[str, str]

    def of(self, field: str, key: str) -> str:
        return f"{reverse('voices')}?{urlencode(self.kept | {field: key or NONE})}"


def _part(addresses: _Addresses | None, words: tuple[str, str, str], counts: Any, name: Callable[[str], str]) -> Part:
    return _lines(addresses, words, comparison(counts, name))


def _lines(addresses: _Addresses | None, words: tuple[str, str, str], found: Comparison) -> Part:
    title, column, field = words
    rows = [(line, addresses.of(field, line.key) if addresses else "") for line in found.lines]
    return Part(title, column, found, rows, field in {"topic", "q"})


@dataclass(frozen=True, slots=True)
class Danger:
    """One risk: how many voices hold it, and where they stand."""

    name: str
    level: str
    voices: int
    href: str


def _risks(lake: Lake, slice_: Slice, form: Filter, staff: Staff) -> list[Danger]:
    """The most urgent first, then the most frequent."""
    addresses = _addresses(form, staff)
    found = sorted(
        questions.mentions(lake, slice_, "risks"),
        key=lambda count: (LEVELS.index(findings.level(str(count.key)) or "note"), -count.total),
    )
    return [
        Danger(
            findings.name("risks", code := str(count.key)),
            findings.level(code),
            count.total,
            addresses.of("risk", code) if addresses else "",
        )
        for count in found
    ]


def _addresses(form: Filter, staff: Staff) -> _Addresses | None:
    kept = {key: value for key, value in form.data.items() if key in form.fields and key != "by" and value}
    return _Addresses(kept) if "voice.see" in staff.rights else None


def _unit(reach: Reach, code: str) -> str:
    return reach.by_code[code].name if code in reach.by_code else _("未归属到机构")


def _quarantined(staff: Staff) -> int | None:
    if "import.see" not in staff.rights:
        return None
    return Quarantined.objects.filter(of__in=Import.objects.opened_to(staff), state=Quarantined.State.OPEN).count()


def _voices(lake: Lake, slice_: Slice, request: HttpRequest) -> dict[str, Any]:
    """The overview is for all staff; single voices only for those who may read them, and within that reach."""
    staff = who(request)
    if "voice.see" not in staff.rights:
        return {}
    reach = Reach(staff, "voice.see")
    readable = replace(slice_, branches=_both(slice_.branches, reach.codes))
    newest = questions.page(lake, replace(readable, dated=True), size=FEW).voices
    worst = questions.worst(lake, readable, limit=FEW)
    if newest or worst:
        searched, source = bool(slice_.query), audit.origin(request)
        looks.record([*newest, *worst], by=staff, source=source, place="overview", searched=searched)
    return {
        "newest": newest,
        "worst": worst,
        "units": {unit.code: unit.name for unit in reach.units},
    }


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other
