"""`huixiang surveys fairness SLUG`: were only the pleased asked? The tables of the page."""

from __future__ import annotations

import argparse

from huixiang.channels.contract import Fault
from huixiang.domain.statistics import Interval
from huixiang.domain.surveys.fairness import Side


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("survey", metavar="SLUG", help="问卷地址里的代号 / the slug in its address")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.utils import timezone

    from huixiang.apps.feedback import facts
    from huixiang.apps.surveys import pleased
    from huixiang.apps.surveys.handed_scores import handed_scores
    from huixiang.apps.surveys.models import Survey
    from huixiang.web.commands.readiness import ready_database
    from huixiang.web.commands.survey_results import printed

    ready_database()
    survey = Survey.objects.filter(slug=args.survey).first()
    if survey is None:
        raise Fault("没有代号为“%(slug)s”的问卷", slug=args.survey)
    looks = pleased.looks(survey, timezone.localdate(), None)
    header = ["代号 / code", "名称 / name", "不满 / displeased", "其他 / others", "倍数 / times", "剔除 / left out", ""]
    for some in (looks.by_unit, looks.by_staff):
        lines = [(look, look.asked) for look in some]
        printed(
            header,
            [
                [
                    look.code,
                    look.name,
                    f"{a.displeased_asked}/{a.displeased}",
                    f"{a.others_asked}/{a.others}",
                    _interval(look.verdict.times),
                    look.left_out,
                    look.verdict.verdict,
                ]
                for look, a in lines
            ],
        )
    if scores := handed_scores(facts.lake(), survey, None):
        header = ["代号 / code", "名称 / name", "转交 / handed", "抽样 / drawn", "差 / less", ""]
        printed(
            [*header[:-1], scores.code],
            [
                [
                    line.code or "*",
                    line.name or "全部 / all",
                    _side(line.handed),
                    _side(line.drawn),
                    _interval(line.gap.less),
                    line.gap.verdict,
                ]
                for line in scores.lines
            ],
        )
    return 0


def _interval(found: Interval | None) -> str:
    return "—" if found is None else f"{found.value:.2f} ({found.low:.2f} – {found.high:.2f})"


def _side(side: Side | None) -> str:
    return "<10" if side is None else f"{side.mean:.2f} (n={side.n})"
