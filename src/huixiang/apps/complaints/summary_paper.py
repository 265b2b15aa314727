"""How is a quarter told in plain sentences? Each made of its numbers, "not proven" where an interval cannot tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from huixiang.apps.access.models import bank_name
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints import figuring
from huixiang.apps.complaints.return_paper import asks_of, facts_of, name_of, named_rate, place
from huixiang.apps.complaints.returning import Figures
from huixiang.apps.complaints.sheets import Cell, Paper, Part, change, count, estimate, opened, share, words
from huixiang.apps.complaints.templatetags.complaints import verb_name
from huixiang.domain.complaints.moves import Way

COUNTED = {"returned": "yes", "classed": "yes"}


def paper(told: Figures) -> Paper:
    """One page."""
    figures = told["return"]
    parts = [
        Part(_("总体"), words=_overall(told)),
        Part(_("升与降"), words=_moves(told), note=_("同时比较多个数，误报率控制在 5% 以内（Benjamini–Hochberg）")),
        Part(_("时长、超期与一次性解决"), words=_outcomes(told)),
        _causes(told),
        *_units(told),
        Part(_("补偿、核查、异议与升级"), words=_rest(told)),
    ]
    title = _("投诉管理摘要 %(period)s") % {"period": figures["period"]}
    facts = [each for each in facts_of(figures, "") if each[0] not in {_("规则包与分类树"), _("报送期限")}]
    return Paper(bank_name(), figures["unit"]["name"], title, facts, parts)


def _overall(told: Figures) -> list[Cell]:
    figures = told["return"]
    now, before = figures["totals"]["now"], figures["totals"]["before"]
    form = _("收到投诉 %(raw)s 件（合并重复前），%(period)s为 %(before)s 件；每天件数之比：%(change)s。")
    if not told["has_before"]:
        form = _("收到投诉 %(raw)s 件（合并重复前）；%(period)s没有登记簿，无可比数据。")
    said = form % {
        "raw": now["raw"], "period": figures["compared"][0], "before": before["raw"],
        "change": change(figures["change"]["before"]).text,
    }  # fmt: skip
    found = [Cell(said, None, opened(**asks_of(figures), returned="yes"))]
    if now["unclassified"]:
        text = _("其中 %(count)s 件未分类，不在下面的升降与排列里。") % {"count": now["unclassified"]}
        found.append(Cell(text, None, opened(**asks_of(figures), returned="yes", classed="no")))
    rates = [each for each in figures["rates"] if each["now"]]
    found += [Cell(f"{named_rate(each)}{_('：')}{estimate(each['now']).text}") for each in rates]
    return found if rates else [*found, Cell(_("无分母：没有这一期的客户数、网点数等，不给比率。"))]


def _moves(told: Figures) -> list[Cell]:
    figures, found = told["return"], list[Cell]()
    if not told["has_before"]:
        said = _("无可比数据：%(period)s没有登记簿，说不出升降。")
        return [Cell(said % {"period": figures["compared"][0]})]
    for way, name in ((Way.ROSE, _("上升")), (Way.FELL, _("下降"))):
        for each in told["moves"]:
            if each["way"] == way:
                found.append(_said(figures, each, name))
    unproven = sum(each["way"] == Way.UNPROVEN for each in told["moves"])
    if unproven:
        found.append(
            Cell(_("其余 %(count)s 个业务与原因的变化未证实：区间含 0，或可能出于偶然。") % {"count": unproven})
        )
    return found or [Cell(_("暂无数据"))]


def _said(figures: Figures, each: dict[str, Any], way: str) -> Cell:
    form = _("%(name)s%(way)s：%(old)s 件 → %(new)s 件，每天件数 %(change)s")
    if each["change"] is None:
        form = _("%(name)s%(way)s：%(old)s 件 → %(new)s 件")
    text = form % {
        "name": name_of(figures, each["table"], each["code"]), "way": way, "old": each["old"], "new": each["new"],
        "change": change(each["change"]).text,
    }  # fmt: skip
    return Cell(text, None, opened(**asks_of(figures) | COUNTED | {each["table"]: each["code"]}))


def _outcomes(told: Figures) -> list[Cell]:
    found, asks = told["outcomes"], asks_of(told["return"])
    if told["fault"]:
        return [Cell(told_fault(told["fault"]))]
    if not found:
        return [Cell(_("暂无结论：少于 %(least)s 件不给统计。") % {"least": figuring.LEAST})]
    said = [Cell(_("一半答复用时 %(half)s；九成用时 %(most)s。") % {
        "half": _days(found["median"]), "most": _days(found["nine_in_ten"])})]  # fmt: skip
    if "median_before" in found:
        said.append(Cell(_compared(found["median_before"], found["median"])))
    said.append(Cell(_late(found), None, opened(**asks, counted="yes", late="yes") if found["late"] else ""))
    resolved = _("能判断的 %(judged)s 件中 %(resolved)s 件一次性解决：%(share)s；%(change)s") % {
        "judged": found["judged"], "resolved": found["resolved"], "share": share(found["resolved_share"]).text,
        "change": _points(found.get("resolved_change")),
    }  # fmt: skip
    return [*said, Cell(resolved, None, opened(**asks, counted="yes", answer="yes") if found["resolved"] else "")]


def _late(found: dict[str, Any]) -> str:
    return _("答复期限已到的 %(due)s 件中 %(late)s 件超期：%(share)s；%(change)s") % {
        "due": found["due"], "late": found["late"], "share": share(found["late_share"]).text,
        "change": _points(found.get("late_change")),
    }  # fmt: skip


def _days(found: Sequence[float | None]) -> str:
    """12.3（9.0–15.1）天."""
    if found[0] is None:
        return _("观察期内未达到")
    value, low, high = ("?" if each is None else floatformat(each, "1") for each in found)
    return _("%(value)s 天（%(low)s–%(high)s）") % {"value": value, "low": low, "high": high}


def _compared(old: Sequence[float | None], new: Sequence[float | None]) -> str:
    """Told as longer or shorter only where the two intervals do not touch."""
    told = {"old": _days(old)}
    if new[1] is not None and old[2] is not None and new[1] > old[2]:
        return _("上一期一半用 %(old)s：变长") % told
    if new[2] is not None and old[1] is not None and new[2] < old[1]:
        return _("上一期一半用 %(old)s：变短") % told
    return _("上一期一半用 %(old)s：区间相交，变化未证实") % told


def _points(found: Sequence[float] | None) -> str:
    """+3.1 百分点（1.0 至 5.2）."""
    if found is None:
        return _("上一期不足以比较")
    value, low, high = (f"{100 * each:+.1f}" for each in found)
    told = {"value": value, "low": low, "high": high}
    if found[1] <= 0 <= found[2]:
        return _("比上一期 %(value)s 个百分点（%(low)s 至 %(high)s），未证实有变化") % told
    return _("比上一期 %(value)s 个百分点（%(low)s 至 %(high)s）") % told


def _causes(told: Figures) -> Part:
    figures = told["return"]
    rows = [
        [words(name_of(figures, "cause", each["code"])),
         count(each["raw"], opened(**asks_of(figures) | COUNTED | {"cause": each["code"]})), share(each["share"])]
        for each in told["causes"]
    ]  # fmt: skip
    return Part(
        _("主要原因"), [_("项目"), _("件数"), _("占已分类的")], rows, words=[] if rows else [Cell(_("暂无数据"))]
    )


def _units(told: Figures) -> list[Part]:
    """The first rate that has denominators; small units are left out, without their numbers."""
    figures = told["return"]
    ranks = next((each for each in figures["ranks"] if each["placed"]), None)
    if ranks is None:
        return [Part(_("下级机构"), words=[Cell(_("无分母：不列名次。"))])] if figures["ranks"] else []
    shown = [each for each in ranks["placed"] if each["count"] >= told["fewest"]]
    rows = [
        [words(name_of(figures, "unit", each["unit"])),
         count(each["count"], opened(**asks_of(figures) | COUNTED | {"unit": each["unit"]})),
         estimate(each["rate"]), words(place(each))]
        for each in shown
    ]  # fmt: skip
    title = next(named_rate(each) for each in figures["rates"] if each["per"] == ranks["per"])
    hidden = len(ranks["placed"]) - len(shown)
    note = _("区间相交的分不出先后；少于 %(fewest)s 件的 %(hidden)s 个、无分母的 %(none)s 个机构不列") % {
        "fewest": told["fewest"], "hidden": hidden, "none": len(ranks["no_base"])
    }  # fmt: skip
    heading = _("下级机构：%(rate)s") % {"rate": title}
    return [Part(heading, [_("机构"), _("件数"), _("比率"), _("名次（低的在前）")], rows, note)]


def _rest(told: Figures) -> list[Cell]:
    figures, money = told["return"], told["money"]
    asks, counted = asks_of(figures), {"returned": "yes"}
    paid = _("已付补偿 %(yuan)s 元，%(cases)s 件") % {"yuan": f"{money['fen'] / 100:,.2f}", "cases": money["cases"]}
    said = [Cell(paid)]
    for verb, number in told["steps"].items():
        text = _("%(verb)s：%(count)s 件") % {"verb": verb_name(verb), "count": number}
        said.append(Cell(text, None, opened(**asks | counted | {"did": verb}) if number else ""))
    said.append(Cell(_("由监管转办与信访而来：%(count)s 件") % {"count": told["escalated"]}))
    if told["outcomes"]:
        number = told["outcomes"]["to_regulator"]
        href = opened(**asks, counted="yes", why="regulator") if number else ""
        said.append(Cell(_("先在本行投诉、后升级到监管部门：%(count)s 件") % {"count": number}, None, href))
    return said
