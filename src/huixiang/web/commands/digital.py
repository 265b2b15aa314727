"""`huixiang digital`: who comes to the counter, how far people come on screens, what was out of order? Table or CSV."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "part",
        nargs="?",
        choices=("people", "use", "outages"),
        default="people",
        help="谁还来柜面、办到哪一步、故障 / who comes to the counter, how far people come, outages",
    )
    parser.add_argument("--unit", default="", metavar="CODE", help="机构号，默认全行 / a unit; the bank if left out")
    parser.add_argument("--month", default="", metavar="YYYY-MM", help="月份，默认最近 / the newest if left out")
    parser.add_argument("--csv", action="store_true", help="输出 CSV，与网页导出相同 / CSV, equal to the page's export")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.apps.access.models import Unit
    from huixiang.apps.feedback import facts
    from huixiang.apps.visits import screen_people, screen_tables
    from huixiang.channels.contract import Fault
    from huixiang.web.commands.readiness import ready_database
    from huixiang.web.commands.tables import shown

    ready_database()
    lake = facts.lake()
    unit = Unit.objects.filter(**{"code": args.unit} if args.unit else {"parent": None}).first()
    months = screen_people.months(lake)
    if unit is None:
        raise Fault("没有机构号为“%(code)s”的机构；请核对机构号", code=args.unit)
    month = args.month or (months[0] if months else "")
    told = screen_tables.lines(lake, args.part, unit, month) if month in months else None
    if told is None:
        message = "没有这个月的电子渠道记录，或没有同一天的柜面记录；有记录的月份：%(months)s"
        raise Fault(message, months="、".join(months) or "—")
    return shown(*told, csv=args.csv)
