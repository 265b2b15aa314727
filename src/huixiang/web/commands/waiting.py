"""`huixiang waiting`: how long do people wait at the branches? The measures of the page, as a table or as CSV."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--unit", default="", metavar="CODE", help="机构号，默认全行 / a unit; the bank if left out")
    parser.add_argument("--month", default="", metavar="YYYY-MM", help="月份，默认最近 / the newest if left out")
    parser.add_argument(
        "--limit", type=int, choices=(10, 20, 30), default=20, metavar="M", help="超过几分钟算久等 / too long beyond"
    )
    parser.add_argument("--csv", action="store_true", help="输出 CSV，与网页导出相同 / CSV, equal to the page's export")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.apps.access.models import Unit
    from huixiang.apps.feedback import facts
    from huixiang.apps.visits import measures
    from huixiang.apps.visits.views import waiting
    from huixiang.channels.contract import Fault
    from huixiang.web.commands.readiness import ready_database
    from huixiang.web.commands.tables import shown

    ready_database()
    lake = facts.lake()
    unit = Unit.objects.filter(**{"code": args.unit} if args.unit else {"parent": None}).first()
    months = measures.months(lake)
    if unit is None:
        raise Fault("没有机构号为“%(code)s”的机构；请核对机构号", code=args.unit)
    if not months or (args.month and args.month not in months):
        raise Fault("没有这个月的排队叫号记录；有记录的月份：%(months)s", months="、".join(months) or "—")
    first, last = measures.of_month(args.month or months[0])
    found = measures.seen(lake, unit, first, last, 60 * args.limit)
    return shown(waiting.header(), waiting.rows(unit, found), csv=args.csv)
