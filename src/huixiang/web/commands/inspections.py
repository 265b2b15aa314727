"""`huixiang inspections`: who is to look where, what was found, and what leaves for the ledger of problems."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from huixiang.channels.contract import Fault
from huixiang.web.bilingual import both
from huixiang.web.commands import inspections_import

if TYPE_CHECKING:
    from huixiang.apps.access.models import Staff

KINDS, UNIT_KINDS = ("inspection", "mystery", "cross"), ("head_office", "region", "branch", "outlet")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    _plan(verbs.add_parser("plan", help="抽取检查计划，待另一人审批 / draw a plan, to be approved by another"))
    shown = verbs.add_parser("list", help="已完成的检查 / visits that were made")
    inspections_import.add_arguments(verbs)
    out = verbs.add_parser("export", help="导出检查问题 / export findings, as CSV or workbook by its ending")
    out.add_argument("place", type=Path, metavar="FILE", help=".csv 或 .xlsx / .csv or .xlsx")
    out.add_argument(
        "--state", default="confirmed", choices=["open", "disputed", "confirmed", "withdrawn"],
        help="哪些问题 / which findings (confirmed)",
    )  # fmt: skip
    for each in (shown, out):
        each.add_argument("--by", required=True, metavar="NUMBER", help="看的人的工号 / staff number of the reader")


def _plan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", required=True, metavar="NUMBER", help="抽取人的工号 / staff number of who draws")
    parser.add_argument("--title", required=True, metavar="TEXT", help="名称 / title")
    parser.add_argument("--kind", default="inspection", choices=KINDS, help="方式 / as what (inspection)")
    parser.add_argument("--unit", required=True, metavar="CODE", help="从哪个机构以下抽 / below which unit")
    parser.add_argument("--unit-kind", nargs="+", default=["outlet"], choices=UNIT_KINDS, help="级别 / kinds (outlet)")
    parser.add_argument("--standard", nargs="+", required=True, metavar="CODE", help="标准代码 / codes of standards")
    parser.add_argument("--inspector", nargs="+", required=True, metavar="NUMBER", help="检查员工号 / who is sent")
    parser.add_argument("--from", dest="since", required=True, type=date.fromisoformat, metavar="DAY")
    parser.add_argument("--to", dest="until", required=True, type=date.fromisoformat, metavar="DAY")
    for name, most, usual, told in (
        ("each", 12, 1, "每个机构几次 / visits to each unit"),
        ("percent", 100, 100, "抽取机构占比 / per cent of each stratum's units"),
        ("twice", 100, 10, "两人独立打分的占比 / per cent scored by two"),
    ):
        least = 0 if name == "twice" else 1
        parser.add_argument(f"--{name}", type=int, choices=range(least, most + 1), default=usual, metavar="N",
                            help=f"{told} ({usual})")  # fmt: skip
    parser.add_argument("--seed", type=int, metavar="N", help="随机种子 / the same seed draws the same again")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.web.commands.readiness import ready_database

    ready_database()
    deeds = {"plan": _draw, "list": _list, "export": _export, "import": inspections_import.run}
    return deeds[args.verb](args)


def _draw(args: argparse.Namespace) -> int:
    from huixiang.apps.access.models import Unit
    from huixiang.apps.inspections import actions
    from huixiang.apps.inspections.actions import Wanted
    from huixiang.apps.inspections.reach import PLAN

    by, unit = _reader(args.by, PLAN), Unit.objects.filter(code=args.unit).first()
    if unit is None or not by.holds(PLAN, unit):
        raise Fault("您的范围内没有机构“%(code)s”", code=args.unit[:40])
    wanted = Wanted(args.title, args.kind, unit, args.unit_kind, args.standard, args.inspector, args.since, args.until,
                    visits_each=args.each, percent=args.percent, twice_percent=args.twice, seed=args.seed)  # fmt: skip
    plan = actions.draw_plan(wanted, by=by, source="cli")
    for code, day, minute, people in plan.drawn:
        print(f"{day} {minute // 60:02}:{minute % 60:02}  {code}  {' '.join(people)}")
    said = {"count": len(plan.drawn), "id": plan.pk, "seed": str(plan.seed)}
    print(both("已抽取 %(count)s 次检查（计划 %(id)s，种子 %(seed)s），等另一人审批。", said))
    return 0


def _list(args: argparse.Namespace) -> int:
    from huixiang.apps.inspections.models import Visit
    from huixiang.apps.inspections.reach import SEE

    by = _reader(args.by, SEE)
    for row in Visit.objects.visible_to(by).done().select_related("unit", "inspector")[:200]:
        share = "-" if row.share is None else f"{row.share:.1%}"
        print(f"{row.number}  {row.visited_at:%Y-%m-%d %H:%M}  {row.kind}  {row.unit.code}  {share}")
    return 0


def _export(args: argparse.Namespace) -> int:
    from huixiang.apps.inspections import exporting
    from huixiang.apps.inspections.models import Finding
    from huixiang.apps.inspections.reach import EXPORT

    if args.place.suffix not in {".csv", ".xlsx"}:
        raise Fault("文件名须以 .csv 或 .xlsx 结尾")
    by = _reader(args.by, EXPORT)
    rows = Finding.objects.visible_to(by, EXPORT).filter(state=args.state)
    found = list(rows.whole())
    exporting.record(by, "findings", len(found), args.place.suffix[1:], "cli")
    exporting.write(args.place, "检查问题", *exporting.of_findings(found))
    print(both("写出 %(count)s 个检查问题", {"count": len(found)}))
    return 0


def _reader(number: str, right: str) -> Staff:
    """Raises Fault where nobody of this number holds the right."""
    from huixiang.apps.access.models import Staff

    found: Staff | None = Staff.objects.filter(number=number, is_active=True).first()
    if found is None or right not in found.rights:
        raise Fault("工号“%(number)s”没有这个权限", number=number[:40])
    return found
