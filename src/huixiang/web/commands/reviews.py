"""`huixiang reviews`: how is the app judged in the stores? The measures of the page, as a table or as CSV."""

from __future__ import annotations

import argparse
from datetime import date


def add_arguments(parser: argparse.ArgumentParser) -> None:
    for name, title in (("--since", "从这一天起 / from this day on"), ("--until", "到这一天为止 / until this day")):
        parser.add_argument(name, type=date.fromisoformat, metavar="YYYY-MM-DD", help=title)
    parser.add_argument("--store", default="", metavar="S", help="只看这个商店 / of this store only")
    parser.add_argument("--once", action="store_true", help="不计雷同评论 / without copied reviews")
    parser.add_argument("--bursts", action="store_true", help="列出集中涌现 / list the bursts")
    parser.add_argument("--csv", action="store_true", help="输出 CSV，与网页导出相同 / CSV, equal to the page's export")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.apps.feedback import facts
    from huixiang.apps.reputation import app_reviews
    from huixiang.lake.questions import Slice
    from huixiang.web.commands.readiness import ready_database
    from huixiang.web.commands.tables import shown

    ready_database()
    if args.bursts:
        return shown(*_bursts(), csv=args.csv)
    slice_ = Slice(None, ("app_review",), args.since, args.until, platforms=(args.store,) if args.store else ())
    found = app_reviews.measures(facts.lake(), slice_, copied=not args.once)
    return shown(app_reviews.header(), app_reviews.rows(found), csv=args.csv)


def _bursts() -> tuple[list[str], list[list[object]]]:
    from huixiang.apps.reputation import bursts
    from huixiang.apps.reputation.models import Burst

    found = [bursts.told(each) for each in Burst.objects.all()]
    header = ["kind", "store", "since", "alerted", "ended", "days", "observed", "expected", "release", "proven"]
    return header, [
        [each.burst.kind, each.burst.platform or "*", each.burst.since, each.burst.alerted_on,
         each.burst.ended_on or "", each.found.window, each.found.observed, round(each.found.expected, 1),
         each.cause.version if each.cause else "", bool(each.cause and each.cause.is_proven)]
        for each in found
    ]  # fmt: skip
