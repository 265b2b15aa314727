"""`huixiang surveys answers FILE --survey SLUG`: answers that another program collected, as responses of a survey."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from huixiang.web.bilingual import both

if TYPE_CHECKING:
    from huixiang.apps.feedback.models import Import
    from huixiang.apps.surveys.models import Version

EPILOG = """\
中断后重新运行同一命令，从断处继续 / run the same command again to go on where it was broken off.
改好的表格（left-out --export 写的）也这样交回 / mended rows (of left-out --export) come back the same way."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("file", type=Path, metavar="FILE", help="答案文件 CSV/XLSX / answers, e.g. LimeSurvey's export")
    parser.add_argument("--survey", required=True, metavar="SLUG", help="问卷地址里的代号 / the slug in its address")
    parser.add_argument(
        "--version", type=int, default=0, metavar="N", help="问卷版本，不写为最新 / the newest if omitted"
    )
    parser.add_argument("--mapping", type=Path, metavar="M.toml", help="哪列是哪题 / which column is which question")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.channels.contract import Fault
    from huixiang.web.commands.readiness import ready_database

    ready_database()
    try:
        return _brought(args)
    except (OSError, UnicodeDecodeError) as error:
        name, reason = str(args.file), getattr(error, "strerror", None) or type(error).__name__
        raise Fault("无法读取“%(name)s”：%(reason)s", name=name, reason=reason) from None


def _brought(args: argparse.Namespace) -> int:
    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.feedback import importing, spreadsheet
    from huixiang.apps.feedback.actions import mend_file
    from huixiang.apps.surveys import actions
    from huixiang.channels import survey_answers
    from huixiang.web.commands.import_ import Bar

    if spreadsheet.is_ours(args.file):
        outcome, _imports = mend_file(args.file, by=shell_user())
        return _say(outcome.told)
    by = survey_answers.mapping(args.mapping.read_text("utf-8") if args.mapping else "")
    imported, continued = actions.open_answers(args.file.resolve(), _version(args), by, actor=shell_user())
    if continued:
        print(both("这个文件上次的导入没有完成，从断处继续。"), file=sys.stderr)
    try:
        with Bar(imported.file_name) as bar:
            importing.run(bar, str(imported.pk))
    except KeyboardInterrupt:
        print(both("已中断。重新运行同一命令，从断处继续，不会重复计数。"), file=sys.stderr)
        return 130
    return _told(imported)


def _version(args: argparse.Namespace) -> Version:
    from huixiang.apps.surveys.models import Version
    from huixiang.channels.contract import Fault

    versions = Version.objects.filter(survey__slug=args.survey).select_related("survey").order_by("-number")
    version = versions.filter(number=args.version).first() if args.version else versions.first()
    if version is None:
        raise Fault("没有已发布的问卷“%(slug)s”，或没有这一版", slug=args.survey)
    return version


def _told(imported: Import) -> int:
    """The account in both languages; to where errors go, why the first rows were left out, and where they wait."""
    from huixiang.apps.access.sentences import told
    from huixiang.apps.surveys.answer_files import left_out, missing
    from huixiang.apps.surveys.answer_guest import ANSWERS, version_of

    _say(lambda: told(*ANSWERS.closing(imported)))
    if without := missing(version_of(imported), imported.mapping):
        print(both("文件里没有的题目：%(codes)s", {"codes": "、".join(without)}))
    rows = list(left_out(imported))
    for row in rows:
        print(both(row.message, row.params), file=sys.stderr)
    if rows:
        slug = version_of(imported).survey.slug
        print(both("没有收下的行：huixiang surveys left-out --survey %(slug)s", {"slug": slug}), file=sys.stderr)
    return 0


def _say(sentence: Callable[[], str]) -> int:
    from huixiang.web.commands.import_ import told_in

    print(*(told_in(language, sentence) for language in ("zh-hans", "en")), sep="\n")
    return 0
