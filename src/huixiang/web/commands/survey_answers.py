"""`huixiang surveys answers FILE --survey SLUG`: answers that another program collected, as responses of a survey."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huixiang.apps.surveys.answer_files import Account


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="答案文件 CSV/XLSX / answers, e.g. LimeSurvey's export")
    parser.add_argument("--survey", required=True, metavar="SLUG", help="问卷地址里的代号 / the slug in its address")
    parser.add_argument(
        "--version", type=int, default=0, metavar="N", help="问卷版本，不写为最新 / the newest if omitted"
    )
    parser.add_argument("--mapping", type=Path, metavar="M.toml", help="哪列是哪题 / which column is which question")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.surveys import answer_files
    from huixiang.apps.surveys.models import Version
    from huixiang.channels import survey_answers
    from huixiang.channels.contract import Fault
    from huixiang.web.bilingual import both_of
    from huixiang.web.commands.readiness import ready_database

    ready_database()
    versions = Version.objects.filter(survey__slug=args.survey).select_related("survey").order_by("-number")
    version = versions.filter(number=args.version).first() if args.version else versions.first()
    if version is None:
        raise Fault("没有已发布的问卷“%(slug)s”，或没有这一版", slug=args.survey)
    try:
        text = args.mapping.read_text("utf-8") if args.mapping else ""
        by = survey_answers.mapping(text)
        account = answer_files.bring(args.file, version, by, actor=shell_user())
    except (OSError, UnicodeDecodeError) as error:
        name, reason = str(args.file), getattr(error, "strerror", None) or type(error).__name__
        raise Fault("无法读取“%(name)s”：%(reason)s", name=name, reason=reason) from None
    for fault in account.faults:
        print(both_of(fault), file=sys.stderr)
    print(told(account))
    return 0


def told(account: Account) -> str:
    """One sentence in both languages."""
    a = asdict(account)
    missing = "、".join(a["missing"])
    return (
        f"读入 {a['read']} 行：新增 {a['new']} 份，已有 {a['same']} 份，未交 {a['unfinished']} 份，"
        f"已删除不再收 {a['erased']} 份，有误 {a['refused']} 行"
        + (f"；文件里没有的题目：{missing}" if missing else "")
        + f"\n{a['read']} rows: {a['new']} new, {a['same']} known, {a['unfinished']} unfinished, {a['erased']} erased "
        f"before, {a['refused']} refused"
    )
