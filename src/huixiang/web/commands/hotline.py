"""`huixiang hotline`: how well was the hotline reached? The measures of the page, as a table or as CSV."""

from __future__ import annotations

import argparse
from datetime import date


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from huixiang.domain.hotline import REPEAT_DAYS, SERVICE_SECONDS, SHORT_SECONDS

    def day(name: str, title: str) -> None:
        parser.add_argument(name, type=date.fromisoformat, metavar="YYYY-MM-DD", help=title)

    day("--since", "从这一天起 / from this day on")
    day("--until", "到这一天为止 / until this day")
    parser.add_argument("--queue", default="", metavar="Q", help="只看这个队列 / of this queue only")
    parser.add_argument(
        "--within", type=int, default=SERVICE_SECONDS, metavar="S", help="几秒内接听算及时 / answered in time within"
    )
    parser.add_argument(
        "--short", type=int, default=SHORT_SECONDS, metavar="S", help="几秒内挂断算短放弃 / hung up at once within"
    )
    parser.add_argument(
        "--days", type=int, default=REPEAT_DAYS, metavar="N", help="几天内再来电算重复 / a call is a repeat within"
    )
    parser.add_argument("--csv", action="store_true", help="输出 CSV，与网页导出相同 / CSV, equal to the page's export")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.apps.feedback import facts, hotline
    from huixiang.lake.questions import CallSlice
    from huixiang.web.commands.readiness import ready_database
    from huixiang.web.commands.tables import shown

    ready_database()
    slice_ = CallSlice(args.since, args.until, (args.queue,) if args.queue else ())
    found = hotline.measures(facts.lake(), slice_, hotline.Rules(args.within, args.short, args.days))
    return shown(hotline.header(), hotline.rows(found), csv=args.csv)
