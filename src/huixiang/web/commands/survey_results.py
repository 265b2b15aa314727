"""`huixiang surveys results SLUG`: the figures of the result page, as a table or as CSV."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from huixiang.channels.contract import Fault, marked

if TYPE_CHECKING:
    from huixiang.apps.surveys.models import Survey
    from huixiang.apps.surveys.result_cells import Choice
    from huixiang.apps.surveys.results import Results

MOST_NAMED = 30  # of what is allowed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("survey", metavar="SLUG", help="问卷地址里的代号 / the slug in its address")
    parser.add_argument("--version", type=int, default=0, metavar="N", help="只看这一版 / of this version only")
    parser.add_argument("--since", default="", metavar="YYYY-MM", help="从这个月起 / from this month on")
    parser.add_argument("--until", default="", metavar="YYYY-MM", help="到这个月为止 / until this month")
    parser.add_argument("--unit", default="", metavar="CODE", help="只看这个机构及下级 / of this unit and those below")
    parser.add_argument("--tier", default="", metavar="TIER", help="只看这个客户等级 / of this tier of customers")
    parser.add_argument("--question", default="", metavar="CODE", help="只看这一题 / this question only")
    parser.add_argument("--without-marked", action="store_true", help="不计带可疑标记的 / leave marked ones out")
    parser.add_argument(
        "--handed", action="store_true", help="只看同事转交的链接 / only answers to links handed over by staff"
    )
    parser.add_argument("--csv", action="store_true", help="输出 CSV，与网页导出相同 / CSV, equal to the page's export")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.apps.feedback import facts
    from huixiang.apps.surveys import result_exports
    from huixiang.apps.surveys.models import Survey
    from huixiang.apps.surveys.result_cells import Choice, asked
    from huixiang.apps.surveys.results import results
    from huixiang.channels import export
    from huixiang.web.commands.readiness import ready_database

    ready_database()
    survey = Survey.objects.filter(slug=args.survey).first()
    if survey is None:
        known = Survey.objects.exclude(versions=None).order_by("slug").values_list("slug", flat=True).distinct()
        raise _unknown("问卷", args.survey, known)
    choice = Choice(
        args.version, args.since, args.until, args.unit, args.tier, not args.without_marked, handed=args.handed
    )
    _check(survey, choice)
    found = results(facts.lake(), asked(survey, choice, None))
    found = _only(found, args.question) if args.question else found
    header, rows = result_exports.figures_header(), list(result_exports.figures(found))
    if args.csv:
        for piece in export.csv_lines(header, rows):
            sys.stdout.write(piece)
    else:
        printed(header, rows)
    return 0


def printed(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*header)
    for row in rows:
        table.add_row(*map(str, row))
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def _check(survey: Survey, choice: Choice) -> None:
    """Raises Fault that names what is allowed: a misspelt choice would else look like a survey nobody answered."""
    from huixiang.apps.access.models import Unit
    from huixiang.apps.feedback import facts
    from huixiang.apps.surveys.forms.results import MONTH
    from huixiang.apps.surveys.results import tiers

    numbers = list(survey.versions.order_by("number").values_list("number", flat=True))
    if not numbers:
        raise Fault("问卷“%(slug)s”还没有发布过，没有结果", slug=survey.slug)
    if choice.version and choice.version not in numbers:
        raise _unknown("版本", str(choice.version), map(str, numbers))
    for month in filter(None, (choice.since, choice.until)):
        if not MONTH.fullmatch(month):
            raise Fault("月份“%(found)s”写法不对；请写作 2026-11", found=month)
    if choice.since and choice.until and choice.since > choice.until:
        raise Fault("起始月份晚于截止月份，请调整后再看。")
    if choice.unit and not Unit.objects.filter(code=choice.unit).exists():
        raise _unknown("机构", choice.unit, Unit.objects.order_by("path").values_list("code", flat=True))
    if choice.tier and choice.tier not in (known := tiers(facts.lake(), survey)):
        raise _unknown("客户等级", choice.tier, known)


def _only(found: Results, code: str) -> Results:
    from dataclasses import replace

    chosen = tuple(result for result in found.questions if result.question.code == code)
    if not chosen:
        raise _unknown("题目", code, [result.question.code for result in found.questions])
    return replace(found, questions=chosen)


def _unknown(what: str, found: str, allowed: Iterable[str]) -> Fault:
    names = list(allowed)
    told = "、".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
    sentences = {
        "问卷": marked("没有已发布的问卷“%(found)s”；可以用：%(allowed)s"),
        "版本": marked("没有版本“%(found)s”；可以用：%(allowed)s"),
        "机构": marked("没有机构“%(found)s”；可以用：%(allowed)s"),
        "客户等级": marked("没有客户等级“%(found)s”；可以用：%(allowed)s"),
        "题目": marked("没有题目“%(found)s”；可以用：%(allowed)s"),
    }
    return Fault(sentences[what], found=found[:60], allowed=told or "—")
