"""`huixiang surveys results SLUG`: the figures of the result page, as a table or as CSV."""

from __future__ import annotations

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("survey", metavar="SLUG", help="问卷地址里的代号 / the slug in its address")
    parser.add_argument("--version", type=int, default=0, metavar="N", help="只看这一版 / of this version only")
    parser.add_argument("--since", default="", metavar="YYYY-MM", help="从这个月起 / from this month on")
    parser.add_argument("--until", default="", metavar="YYYY-MM", help="到这个月为止 / until this month")
    parser.add_argument("--unit", default="", metavar="CODE", help="只看这个机构及下级 / of this unit and those below")
    parser.add_argument("--without-marked", action="store_true", help="不计带可疑标记的 / leave marked ones out")
    parser.add_argument("--csv", action="store_true", help="输出 CSV，与网页导出相同 / CSV, equal to the page's export")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.apps.feedback import facts
    from huixiang.apps.surveys import result_exports
    from huixiang.apps.surveys.models import Survey
    from huixiang.apps.surveys.result_cells import Asked, Choice
    from huixiang.apps.surveys.results import results
    from huixiang.channels import export
    from huixiang.channels.contract import Fault
    from huixiang.web.commands.readiness import ready_database

    ready_database()
    survey = Survey.objects.filter(slug=args.survey).first()
    versions = tuple(survey.versions.order_by("-number")) if survey else ()
    if survey is None or not versions:
        raise Fault("没有已发布的问卷“%(slug)s”，或没有这一版", slug=args.survey)
    choice = Choice(args.version, args.since, args.until, args.unit, marked=not args.without_marked)
    rows = list(result_exports.figures(results(facts.lake(), Asked(survey, versions, choice, None))))
    header = result_exports.figures_header()
    if args.csv:
        for piece in export.csv_lines(header, rows):
            sys.stdout.write(piece)
        return 0
    _table(header, rows)
    return 0


def _table(header: list[str], rows: list[list[object]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*header)
    for row in rows:
        table.add_row(*map(str, row))
    Console(width=None if sys.stdout.isatty() else 200).print(table)
