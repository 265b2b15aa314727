"""How is a return told? Its figures as a paper: head with the way of counting, totals, tables, rates, checks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from huixiang.apps.access.models import bank_name
from huixiang.apps.complaints.models import Case, Denominator
from huixiang.apps.complaints.returning import Figures, late_from
from huixiang.apps.complaints.sheets import Cell, Paper, Part, change, count, estimate, opened, words
from huixiang.apps.complaints.templatetags.complaints import TRUSTS
from huixiang.apps.feedback import findings
from huixiang.domain.complaints.periods import read_period
from huixiang.domain.complaints.rules import Trust

TABLES = {
    "business": gettext_lazy("按业务类别（JR/T 0169 B）"),
    "cause": gettext_lazy("按投诉原因（JR/T 0169 C）"),
    "channel": gettext_lazy("按业务办理渠道（JR/T 0169 A）"),
    "way": gettext_lazy("按来源（投诉怎样来的）"),
    "seriousness": gettext_lazy("按投诉等级"),
    "region": gettext_lazy("按地区（分行）"),
    "unit": gettext_lazy("按承办机构"),
}
TOTALS = {
    "received": (gettext_lazy("登记的全部"), {"returned": "all"}),
    "refused": (gettext_lazy("其中不予受理（不计）"), {"returned": "refused"}),
    "raw": (gettext_lazy("投诉件数（合并重复前）"), {"returned": "yes"}),
    "unclassified": (gettext_lazy("其中未分类（待办，不在各表内）"), {"returned": "yes", "classed": "no"}),
    "classed": (gettext_lazy("已分类"), {"returned": "yes", "classed": "yes"}),
    "repeats": (gettext_lazy("其中重复（已并入另一件）"), {"returned": "yes", "classed": "yes", "repeats": "yes"}),
    "merged": (gettext_lazy("合并重复后"), {"returned": "yes", "classed": "yes", "repeats": "no"}),
}
CHECKS = {
    "over": gettext_lazy("报告期已结束"),
    "unclassified": gettext_lazy("全部已按 JR/T 0169 分类"),
    "sums": gettext_lazy("各表合计与总数相符"),
    "merged": gettext_lazy("合并后不多于合并前"),
    "classed_late": gettext_lazy("报送期限之后才分类或改分类的"),
    "no_base": gettext_lazy("没有的分母"),
    "uncoded": gettext_lazy("没有官方编码的分类（标准的编号未查到，由贵行填写）"),
    "backdated": gettext_lazy("期限按补录的时间计的"),
}
MOST_LINES = 300


def paper(figures: Figures, *, mark: str = "", version: str = "") -> Paper:
    """In the reader's language; numbers and links are the same in all."""
    parts = [_totals(figures), *(_table(figures, name) for name in TABLES), _rates(figures)]
    parts += [_ranks(figures, each) for each in figures["ranks"] if each["placed"]]
    parts += [_denominators(figures), _checks(figures)]
    title = _("投诉监管统计报表 %(period)s") % {"period": figures["period"]}
    return Paper(bank_name(), figures["unit"]["name"], title, facts_of(figures, version), parts, mark)


def facts_of(figures: Figures, version: str) -> list[tuple[Any, str]]:
    rules, due = figures["rules"], figures["deadline"]
    scope = _("%(unit)s及其下级") % {"unit": figures["unit"]["name"]}
    part = _("；只含您看得到的投诉") if figures["is_part"] else ""
    facts = [
        (_("报告期"), f"{figures['period']}（{figures['since']} — {figures['until']}）"),
        (_("机构范围"), scope + part),
        (_("统计口径"), _("按收到日期；不予受理的不计；重复投诉合并前、合并后两数并列；比率用合并前件数")),
        (_("口径版本"), f"{named_rate(rules)} {rules['version']}（{rules['source']}）"),
        (_("规则包与分类树"), f"{figures['pack']}；{figures['book']}"),
        (_("计算时间"), figures["drawn_at"]),
        (_("报送期限"), _deadline(due) if due else _("口径里没有写：请合规部门填写")),
        (_("合规"), _("待贵行合规核验")),
    ]
    return [*facts, (_("版本"), version)] if version else facts


def _deadline(due: dict[str, str]) -> str:
    rest = "；".join(filter(None, (due["clause"], str(TRUSTS[Trust(due["trust"])]), due["unsure"])))
    return f"{due['due_on']}（{rest}）"


def asks_of(figures: Figures, when: str = "now") -> dict[str, str]:
    period = read_period(figures["period"])
    of = {"now": period, "before": period.before(), "year": period.year_before()}[when]
    return {"since": of.since.isoformat(), "until": of.until.isoformat(), "unit": figures["unit"]["code"]}


def _headings(figures: Figures) -> list[str]:
    before, year = figures["compared"]
    return [before, _("比 %(period)s") % {"period": before}, year, _("比 %(period)s") % {"period": year}]


def _totals(figures: Figures) -> Part:
    now, before, year = (figures["totals"][when] for when in ("now", "before", "year"))
    rows = []
    for name, (title, more) in TOTALS.items():
        cells = [
            count(found[name], opened(**asks_of(figures, when) | more))
            for when, found in (("now", now), ("before", before), ("year", year))
        ]
        ends = [change(figures["change"][when]) if name == "raw" else words("") for when in ("before", "year")]
        rows.append([words(title), cells[0], cells[1], ends[0], cells[2], ends[1]])
    note = _("变化按每天件数之比，括号内为 95% 区间；区间含 0 即未证实")
    return Part(_("总数"), [_("项目"), figures["period"], *_headings(figures)], rows, note)


def name_of(figures: Figures, table: str, code: str) -> str:
    if table in {"region", "unit"}:
        return str(figures["names"].get(code, [code])[0])
    choices = {"way": Case.Way, "seriousness": Case.Seriousness}.get(table)
    if choices:
        return str(dict(choices.choices).get(code, code))
    return findings.name("taxonomy", code)


def _narrowed(figures: Figures, table: str, code: str) -> dict[str, str]:
    """What the register is asked for beside period, unit and being counted."""
    if table == "unit":
        return {"at": code}
    if table != "region":
        return {table: code}
    region, whole = (figures["names"].get(each, ["", ""])[1] for each in (code, figures["unit"]["code"]))
    if region.count("/") <= 2:  # head office itself is its own region
        return {"at": code}
    return {"unit": code} if region.startswith(whole) else {}


def _table(figures: Figures, table: str) -> Part:
    lines, counted = figures["tables"][table], {"returned": "yes", "classed": "yes"}
    rows = []
    for line in lines[:MOST_LINES]:
        more = counted | _narrowed(figures, table, line["code"])
        hrefs = [opened(**asks_of(figures, when) | more) for when in ("now", "before", "year")]
        rows.append([
            words(name_of(figures, table, line["code"])),
            count(line["raw"], hrefs[0]),
            count(line["merged"], opened(**asks_of(figures) | more | {"repeats": "no"})),
            count(line["before"], hrefs[1]), change(line["change"]),
            count(line["year"], hrefs[2]), change(line["year_change"]),
        ])  # fmt: skip
    sums = [sum(line[name] for line in lines) for name in ("raw", "merged", "before", "year")]
    rows.append(
        [words(_("合计")), count(sums[0]), count(sums[1]), count(sums[2]), words(""), count(sums[3]), words("")]
    )
    note = _("件数多的在前，不是排名")
    if len(lines) > MOST_LINES:
        note += _("；只列前 %(most)s 行，合计含全部") % {"most": MOST_LINES}
    columns = [_("项目"), _("合并前"), _("合并后"), *_headings(figures)]
    return Part(TABLES[table], columns, rows, note)


def named_rate(rate: dict[str, Any]) -> str:
    return str(rate["english"] if (get_language() or "").startswith("en") else rate["title"])


def _rates(figures: Figures) -> Part:
    rows = [
        [words(named_rate(each)), *(estimate(each[when]) for when in ("now", "before", "year")),
         words(f"{each['clause']}；{TRUSTS[Trust(each['trust'])]}")]
        for each in figures["rates"]
    ]  # fmt: skip
    note = _("括号内为 95% 区间（Garwood）；缺分母的不估算，写“无分母”")
    return Part(_("比率"), [_("项目"), figures["period"], *figures["compared"], _("依据")], rows, note)


def _ranks(figures: Figures, ranks: dict[str, Any]) -> Part:
    counted = {"returned": "yes", "classed": "yes"}
    rows = [
        [words(name_of(figures, "unit", each["unit"])),
         count(each["count"], opened(**asks_of(figures) | counted | {"unit": each["unit"]})),
         count(each["base"]), estimate(each["rate"]), words(place(each))]
        for each in ranks["placed"]
    ]  # fmt: skip
    rows += [
        [words(name_of(figures, "unit", code)), words("—"), words(_("无分母")), words("—"), words("—")]
        for code in ranks["no_base"]
    ]
    title = next(named_rate(each) for each in figures["rates"] if each["per"] == ranks["per"])
    columns = [_("机构"), _("件数"), _("分母"), _("比率"), _("名次（低的在前）")]
    note = _("名次是同时成立的 95% 范围：区间相交的分不出先后；未分类的不在内")
    return Part(_("下级机构：%(rate)s") % {"rate": title}, columns, rows, note)


def place(each: dict[str, Any]) -> str:
    """第 2 位, or between which: where intervals touch there is no order."""
    if each["best"] == each["worst"]:
        return _("第 %(place)s 位（共 %(of)s）") % {"place": each["best"], "of": each["of"]}
    if each["best"] == 1 and each["worst"] == each["of"]:
        return _("分不出先后（共 %(of)s）") % {"of": each["of"]}
    return _("第 %(best)s–%(worst)s 位之间（共 %(of)s）") % each


def _denominators(figures: Figures) -> Part:
    kinds = dict(Denominator.Kind.choices)
    rows = [
        [words(kinds[each["kind"]]), count(each["value"]) if each["value"] else words(_("无分母")),
         words(each["on"] or "—"), words(each["source"] or "—")]
        for each in figures["denominators"]
    ]  # fmt: skip
    return Part(_("分母"), [_("项目"), _("数量"), _("哪一天的数"), _("数据来源")], rows)


def _checks(figures: Figures) -> Part:
    late = late_from(figures) or ""
    hrefs = {
        "unclassified": opened(**asks_of(figures), returned="yes", classed="no"),
        "classed_late": opened(**asks_of(figures), returned="yes", classed_after=late),
    }
    rows = []
    for each in figures["checks"]:
        told = _("不通过，不能提交") if each["stops"] else (_("注意") if each["count"] else _("通过"))
        number = Cell(str(each["count"]), each["count"], hrefs.get(each["code"], "") if each["count"] else "")
        rows.append([words(CHECKS[each["code"]]), words(told), number])
    return Part(_("核对"), [_("项目"), _("结果"), _("件（个）数")], rows)
