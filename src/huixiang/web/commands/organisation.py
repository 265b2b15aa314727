"""`huixiang organisation import UNITS.csv --staff STAFF.csv`: the tree and the staff from files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    imports = verbs.add_parser("import", help="导入机构与人员 / import units and staff")
    imports.add_argument("units", nargs="?", type=Path, metavar="UNITS", help="机构文件 CSV/XLSX / file of units")
    imports.add_argument("--staff", type=Path, metavar="STAFF", help="人员文件 CSV/XLSX / file of staff and posts")
    imports.add_argument("--dry-run", action="store_true", help="只预览，不写入 / show, write nothing")


def run(args: argparse.Namespace) -> int:
    """0: all rows were taken; 1: some or all were refused, the others are in; 2: nothing was asked."""
    if not args.units and not args.staff:
        print("请给出机构文件或 --staff 人员文件 / name a file of units or --staff", file=sys.stderr)
        return 2
    import django

    django.setup()
    from huixiang.web.commands.readiness import ready_database

    try:
        ready_database(made=True)
        return _import(args)
    except OSError as error:
        print(f"无法读取 / cannot read {error.filename}: {error.strerror}", file=sys.stderr)
    return 1


def _import(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from huixiang.apps.access import audit
    from huixiang.apps.access.roster import files
    from huixiang.apps.access.roster.carrying import carry_out
    from huixiang.web.bilingual import both_of

    plan = files.plan(args.units, args.staff, by="", today=timezone.localdate())
    for refused in plan.refused:
        told = both_of(refused.fault)
        print(f"第 {refused.number} 行 · {refused.fault.column or '—'} · {told}", file=sys.stderr)
    if not args.dry_run:
        given = {name: path for name, path in (("units", args.units), ("staff", args.staff)) if path}
        carry_out(plan, audit.shell_user(), "cli", files=files.fingerprint(given))
    counts = {state: plan.count(state) for state in ("new", "changed", "same")}
    print(
        "新增 {new}，变更 {changed}，相同 {same}，有误 {refused} / "
        "new {new}, changed {changed}, same {same}, refused {refused}".format(**counts, refused=len(plan.refused))
    )
    return 1 if plan.refused else 0
