"""`huixiang surveys portions [SLUG]`: make anonymous surveys' told figures anew, from what the lake holds."""

from __future__ import annotations

import argparse

from huixiang.channels.contract import Fault


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("survey", metavar="SLUG", nargs="?", default="", help="只做这份问卷 / of this survey only")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.apps.feedback import facts
    from huixiang.apps.surveys import told_cells
    from huixiang.apps.surveys.models import Survey
    from huixiang.apps.surveys.portioning import carry_on
    from huixiang.web.commands.readiness import ready_database

    ready_database()
    surveys = Survey.objects.filter(is_anonymous=True).exclude(versions=None).order_by("slug").distinct()
    chosen = [each for each in surveys if args.survey in ("", each.slug)]
    if args.survey and not chosen:
        raise Fault("没有已发布的匿名问卷“%(found)s”", found=args.survey[:60])
    for survey in chosen:
        looked = carry_on(facts.lake(), survey, afresh=True)
        waiting = told_cells.waiting_of(survey.slug) // 10 * 10
        print(f"{survey.slug}  {looked} 份 / read，约 {waiting} 份等同伴 / about so many wait")
    return 0
