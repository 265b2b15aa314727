"""What does a saved view say on paper? The numbers of its page, for one person, within her rights; nobody's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from huixiang.apps.access.models import SavedView, Staff, Unit
from huixiang.apps.access.saved import Kept
from huixiang.apps.feedback import facts
from huixiang.apps.visits import fair, measures
from huixiang.apps.visits.forms import FairFilter, WaitingFilter, band_names
from huixiang.apps.visits.measures import Line
from huixiang.apps.visits.templatetags.waits import change_name, group_name, minutes, moved_verdict
from huixiang.domain.statistics import Interval
from huixiang.domain.statistics.mixing import Moved

RIGHT = "waiting.see"
Cells = list[str]


@dataclass(frozen=True, slots=True)
class Report:
    """`words` stand in the mail too, and at the head of the paper."""

    title: str
    facts: list[tuple[str, str]]
    words: list[str]
    columns: Cells
    rows: list[Cells]
    note: str


Make = Callable[[Kept, Staff], Report | None]


def report(view: SavedView, staff: Staff) -> Report | None:
    """None where she may not see it any more, or there is nothing to tell."""
    make = PAGES.get(view.page)
    if make is None or not SavedView.objects.visible_to(staff).filter(pk=view.pk).exists():
        return None
    return make(view.chosen, staff)


def _waiting(chosen: Kept, staff: Staff) -> Report | None:
    form, unit = WaitingFilter(_asked(chosen), months=measures.months(facts.lake())), _unit(chosen, staff)
    if unit is None or not form.is_valid() or not form.cleaned_data["month"]:
        return None
    month, limit = form.cleaned_data["month"], form.cleaned_data["limit"]
    first, last = measures.of_month(month)
    found = measures.seen(facts.lake(), unit, first, last, 60 * limit)
    told = fair.seen(facts.lake(), unit, month, 1, 60 * limit)
    lines = [(unit.name, found.total), *((below.name, line) for below, line in found.units)]
    return Report(
        _("等候 · %(unit)s") % {"unit": unit.name},
        [(_("月份"), month), (_("久等"), _("超过 %(limit)d 分钟") % {"limit": limit})],
        [_headline(found.total), *_moved(told.moved)],
        [_("机构"), _("取号"), _("等待九成位数"), _("久等的占比"), _("区间"), _("弃号")],
        [_row(name, line) for name, line in lines],
        _("区间（百分之九十五）把每个人各算一个；网点之间谁好谁差，看“公平比较”。"),
    )


def _headline(line: Line) -> str:
    if line.is_few:
        return _("只叫到 %(number)d 人：暂无结论。") % {"number": line.called}
    return _("九成的人等候不超过 %(p90)s；久等的占 %(share)s（95%% 区间 %(range)s），弃号占 %(left)s。") % {
        "p90": minutes(line.p90), "share": _percent(line.share_over), "range": _bounds(line.share_over),
        "left": _percent(line.abandonment),
    }  # fmt: skip


def _row(name: str, line: Line) -> Cells:
    if line.is_few:
        return [name, f"{line.tickets}", "—", _("暂无结论"), "", "—"]
    return [name, f"{line.tickets}", minutes(line.p90), _percent(line.share_over), _bounds(line.share_over),
            _percent(line.abandonment)]  # fmt: skip


def _fair(chosen: Kept, staff: Staff) -> Report | None:
    form, unit = FairFilter(_asked(chosen), months=measures.months(facts.lake())), _unit(chosen, staff)
    if unit is None or not form.is_valid() or not form.cleaned_data["month"]:
        return None
    told = form.cleaned_data
    found = fair.seen(facts.lake(), unit, told["month"], told["span"] or 1, 60 * told["limit"], told["band"])
    return Report(
        _("等候的公平比较 · %(unit)s") % {"unit": unit.name},
        [(_("月份"), told["month"]), (_("时段"), str(band_names().get(told["band"], _("全天"))))],
        _moved(found.moved),
        [_("机构"), _("与全行相比"), _("久等的占比"), _("可比的占比"), _("区间"), _("变化")],
        [
            [line.unit.name, group_name(line.stand.group), _percent(line.stand.raw), _percent(line.stand.comparable),
             _bounds(line.stand.comparable), change_name(line.change)]
            for line in found.lines
        ],
        _("按机构排列，不是名次"),
    )  # fmt: skip


def _moved(moved: Moved | None) -> list[str]:
    """What changed since the time before, in short words."""
    if moved is None:
        return [_("与上一段时间相比：暂无结论。")]
    told = _("与上一段时间相比，久等的占比变了 %(points)s 个百分点（95%% 区间 %(low)s 至 %(high)s）。") % {
        name: floatformat(100 * number, 1)
        for name, number in (("points", moved.total.value), ("low", moved.total.low), ("high", moved.total.high))
    }
    return [told, str(moved_verdict(moved.told))]


def _unit(chosen: Kept, staff: Staff) -> Unit | None:
    """The chosen unit while she reaches it; without one the highest that she reaches."""
    seen = Unit.objects.visible_to(staff, RIGHT)
    if code := next(iter(chosen.get("unit", [])), ""):
        return seen.filter(code=code).first()
    return min(seen, key=lambda each: (each.depth, each.path), default=None)


def _asked(chosen: Kept) -> QueryDict:
    asked = QueryDict(mutable=True)
    for name, values in chosen.items():
        asked.setlist(name, list(values))
    return asked


def _percent(part: Interval | None) -> str:
    return "—" if part is None else f"{floatformat(100 * part.value, 1)}%"


def _bounds(part: Interval | None) -> str:
    return "" if part is None else f"{floatformat(100 * part.low, 1)}%–{floatformat(100 * part.high, 1)}%"


PAGES: Mapping[str, Make] = {"waiting": _waiting, "waiting_fair": _fair}
