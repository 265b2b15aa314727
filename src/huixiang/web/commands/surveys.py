"""`huixiang surveys`: surveys, their links and rounds, answers and results."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from pathlib import Path

from huixiang.channels.contract import Fault
from huixiang.channels.surveys import LARGEST, Reading, written
from huixiang.domain.surveys.plain import from_plain
from huixiang.web.bilingual import both_of
from huixiang.web.commands import (
    survey_answers,
    survey_fairness,
    survey_handouts,
    survey_left_out,
    survey_portions,
    survey_results,
    survey_rounds,
)

OTHERS = {
    "answers": (survey_answers, "导入别的程序收集的答案 / answers collected elsewhere"),
    "fairness": (survey_fairness, "是否只问了满意的 / were only the pleased asked"),
    "left-out": (survey_left_out, "没有收下的答案行，交出修改或重试 / rows of answers that were left out"),
    "portions": (survey_portions, "匿名问卷的成组结果从数据湖重做 / anonymous results made anew from the lake"),
    "results": (survey_results, "看结果 / the results as a table or CSV"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="what", required=True)
    deeds.add_parser("list", help="列出问卷 / list surveys")
    check = deeds.add_parser("check", help="检查问卷文件，无需数据库 / check a file, without a database")
    check.add_argument("file", type=Path, help=".json、.lss、.lsq")
    brought = deeds.add_parser("import", help="导入为草稿 / import as a draft")
    brought.add_argument("file", type=Path, help=".json、.lss、.lsq")
    brought.add_argument("--unit", required=True, help="机构号 / code of the unit")
    brought.add_argument("--name", required=True, help="行内名称 / what staff call it")
    taken = deeds.add_parser("export", help="导出为 JSON 或 .lss / write as JSON or .lss")
    taken.add_argument("survey", type=int, help="问卷号，见 list / its number, see list")
    survey_rounds.add_deeds(deeds)
    survey_handouts.add_deeds(deeds)
    taken.add_argument("--version", type=int, default=0, help="版本，不写则为草稿 / version; else the draft")
    taken.add_argument("--format", choices=("json", "lss"), default="json", help="lss：LimeSurvey")
    for name, (module, summary) in OTHERS.items():
        module.add_arguments(deeds.add_parser(name, help=summary, description=summary))


def run(args: argparse.Namespace) -> int:
    if args.what in OTHERS:
        return int(OTHERS[args.what][0].run(args))
    import django

    django.setup()
    if args.what == "check":
        return _checked(_reading(args.file))
    from huixiang.web.commands.readiness import ready_database

    ready_database()
    if args.what in survey_rounds.DEEDS:
        return survey_rounds.run(args)
    if args.what in survey_handouts.DEEDS:
        return survey_handouts.run(args)
    if args.what == "list":
        return _listed()
    return _imported(args) if args.what == "import" else _exported(args.survey, args.version, args.format)


def _reading(path: Path) -> Reading:
    from huixiang.channels.surveys import read

    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise Fault("读不了文件“%(name)s”：%(why)s", name=path.name, why=error.strerror or "") from None
    return read(data, path.name)


def _checked(reading: Reading) -> int:
    """1 where something bars publishing."""
    from huixiang.apps.surveys import problems

    for loss in reading.losses:
        print(both_of(loss))
    found = problems.told(reading.questionnaire)
    for each in found:
        print(f"{'-' if each.is_hint else '!'} {each.where}：{each.what}。{each.remedy}")
    count = sum(1 for _question in reading.questionnaire.questions())
    print(f"{count} 题 / questions，{len(reading.losses)} 处未照搬 / not taken over，{len(found)} 个问题 / problems")
    return 1 if any(not each.is_hint for each in found) else 0


def _listed() -> int:
    from huixiang.apps.surveys.models import Survey

    for survey in Survey.objects.select_related("unit"):
        version = survey.latest
        number = f"v{version.number}" if version else "—"
        print(f"{survey.pk}  {survey.name}  {survey.unit.code}  {survey.state}  {number}  /s/{survey.slug}/")
    return 0


def _imported(args: argparse.Namespace) -> int:
    from huixiang.apps.access.models import Unit
    from huixiang.apps.surveys import actions
    from huixiang.apps.surveys.actions.settling import titled

    reading = _reading(args.file)
    unit = Unit.objects.filter(code=args.unit, closed_on=None).first()
    if unit is None:
        raise Fault("没有机构“%(code)s”，或它已关闭", code=args.unit)
    questionnaire = titled(reading.questionnaire, args.name)
    by = f"cli:{getpass.getuser()}"
    made = actions.create_survey(unit, actions.Terms(args.name), questionnaire, by=by, start=reading.format)
    print(f"{made.pk}  {made.name}")
    _checked(reading)
    return 0


def _exported(pk: int, number: int, form: str) -> int:
    """What LimeSurvey does not do goes beside the file, to where errors go."""
    from huixiang.apps.surveys.models import Survey

    survey = Survey.objects.filter(pk=pk).first()
    version = survey.versions.filter(number=number).first() if survey and number else None
    if survey is None or (number and version is None):
        raise Fault("没有这份问卷，或没有这一版；见 huixiang surveys list")
    plain = version.definition if version else survey.draft
    if form == "lss":
        writing = written(from_plain(plain), is_anonymous=survey.is_anonymous)
        for loss in writing.losses:
            print(both_of(loss), file=sys.stderr)
        print(writing.data.decode(), end="")
        return 0
    json.dump(plain, sys.stdout, ensure_ascii=False, indent=2)
    print()
    return 0
